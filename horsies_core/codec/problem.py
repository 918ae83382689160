"""Where and why a value does not fit, and the exception that carries it out of decoding."""

from __future__ import annotations

from collections.abc import Iterable

from horsies_core.outcome.errors import HorsiesError, PayloadProblem

MAX_PROBLEMS = 20
"""How many problems of one payload are reported."""


class PayloadInvalidError(HorsiesError):
    """A stored payload does not fit the contract of the task that should take it; user code was not called."""

    def __init__(self, task: str, problems: tuple[PayloadProblem, ...]) -> None:
        self.task = task
        self.problems = problems
        super().__init__(f"the payload does not fit the contract of task {task!r}: {in_words(problems)}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.task, self.problems)


class Misfit(Exception):  # noqa: N818 -- inside the codec only: a verdict on its way to the one who names it
    """A value does not fit. Never leaves the codec."""

    def __init__(self, problems: Iterable[PayloadProblem]) -> None:
        self.problems = tuple(problems)[:MAX_PROBLEMS]
        super().__init__(in_words(self.problems))


def misfit(pointer: str, message: str) -> Misfit:
    """A misfit of one problem."""
    return Misfit((PayloadProblem(pointer, message),))


def in_words(problems: tuple[PayloadProblem, ...]) -> str:
    """The problems in one line."""
    return "; ".join(f"at {problem.pointer or '/'}: {problem.message}" for problem in problems)


def pointer(parts: Iterable[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path. Lone surrogates in keys are spelled out, so it can always be printed and stored."""
    path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return path.encode(errors="backslashreplace").decode()
