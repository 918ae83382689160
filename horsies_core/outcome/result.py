"""`TaskResult` and `TaskError`: what a task returns, and what a waiting caller gets.

A result holds exactly one of ``ok`` and ``err``; ``TaskResult(ok=None)`` is a success. `Ok` and `Err` are its two shapes:
``TaskResult(ok=1)`` makes an `Ok`. They exist as classes because that is what type checkers can tell apart: a caller's
``match`` on ``case Ok(value)`` and ``case Err(error)`` is seen to be complete, and `is_ok` narrows in both branches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Never, NewType, NoReturn, TypeAlias, cast, final, overload

from typing_extensions import TypeIs, TypeVar, override

from horsies_core.outcome.errors import ResultError

JsonLike: TypeAlias = "Mapping[str, JsonLike] | Sequence[JsonLike] | str | int | float | bool | None"
"""What may be given as JSON. Read-only, so that a ``list[str]`` fits; a tuple comes back as a list."""

OtherErrorCode = NewType("OtherErrorCode", str)
"""A code that the reader's contract does not name yet: a newer worker may return it."""

OkT = TypeVar("OkT")
ErrT = TypeVar("ErrT")
OkT_co = TypeVar("OkT_co", covariant=True)
ErrT_co = TypeVar("ErrT_co", covariant=True)
CodeT_co = TypeVar("CodeT_co", bound=str, default=str, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskError(Generic[CodeT_co]):
    """Why a task failed, as a value: a code to act on, a message to read, JSON data to look into.

    ``error_code`` is a string in UPPER_SNAKE of the task's own, or, when horsies reports it, a member of one of the
    built-in families (`OperationalErrorCode`, ...), whose names are reserved.
    """

    error_code: CodeT_co
    message: str | None = None
    data: JsonLike = None


class TaskResult(Generic[OkT_co, ErrT_co]):
    """Exactly one of a value (``ok``) and an error (``err``). Immutable; compares by value.

    Reading the side that is not there raises AttributeError, so ``case TaskResult(ok=value)`` matches successes only.
    Raises TypeError when made of both or of neither.
    """

    __slots__ = ("_value",)
    _value: object

    @overload
    def __new__(cls, *, ok: OkT) -> Ok[OkT]: ...
    @overload
    def __new__(cls, *, err: ErrT) -> Err[ErrT]: ...
    def __new__(cls, **side: object) -> TaskResult[object, object]:
        if side.keys() == {"ok"}:
            return Ok(side["ok"])
        if side.keys() == {"err"}:
            return Err(side["err"])
        raise TypeError("TaskResult takes exactly one of ok=... and err=...")

    @property
    def ok(self) -> OkT_co:
        """The value of a success. Raises AttributeError for a failure."""
        raise AttributeError("this TaskResult is a failure: it has err, and no ok; ask is_ok() first, or use unwrap()")

    @property
    def err(self) -> ErrT_co:
        """The error of a failure. Raises AttributeError for a success."""
        raise AttributeError("this TaskResult is a success: it has ok, and no err; ask is_err() first")

    def is_ok(self) -> bool:
        """Whether this is a success."""
        return isinstance(self, Ok)

    def is_err(self) -> bool:
        """Whether this is a failure."""
        return isinstance(self, Err)

    def unwrap(self) -> OkT_co:
        """The value of a success. Raises `ResultError`, which holds the error, for a failure."""
        raise ResultError(self._value)

    @override
    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a TaskResult is immutable; {name!r} cannot be set")

    @override
    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a TaskResult is immutable; {name!r} cannot be deleted")

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TaskResult):
            return NotImplemented
        return type(self) is type(cast("object", other)) and self._value == other._value

    @override
    def __hash__(self) -> int:
        return hash((type(self), self._value))


@final
class Ok(TaskResult[OkT_co, Never]):
    """A success: ``case Ok(value)``."""

    __slots__ = ()
    __match_args__ = ("ok",)

    def __new__(cls, ok: OkT) -> Ok[OkT]:
        """The same as ``TaskResult(ok=...)``."""
        self = cast("Ok[OkT]", object.__new__(cls))
        object.__setattr__(self, "_value", ok)
        return self

    @property
    @override
    def ok(self) -> OkT_co:
        """The value."""
        return cast("OkT_co", self._value)

    @override
    def unwrap(self) -> OkT_co:
        """The value."""
        return cast("OkT_co", self._value)

    @override
    def __repr__(self) -> str:
        return f"TaskResult(ok={self._value!r})"

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return Ok, (self._value,)


@final
class Err(TaskResult[Never, ErrT_co]):
    """A failure: ``case Err(error)``."""

    __slots__ = ()
    __match_args__ = ("err",)

    def __new__(cls, err: ErrT) -> Err[ErrT]:
        """The same as ``TaskResult(err=...)``."""
        self = cast("Err[ErrT]", object.__new__(cls))
        object.__setattr__(self, "_value", err)
        return self

    @property
    @override
    def err(self) -> ErrT_co:
        """The error."""
        return cast("ErrT_co", self._value)

    @override
    def __repr__(self) -> str:
        return f"TaskResult(err={self._value!r})"

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return Err, (self._value,)


Outcome: TypeAlias = Ok[OkT_co] | Err[ErrT_co]
"""A `TaskResult` as type checkers can take it apart: what a waiting caller gets."""


def is_ok(result: TaskResult[OkT, ErrT]) -> TypeIs[Ok[OkT]]:
    """Whether this is a success; type checkers narrow an outcome in both branches."""
    return isinstance(result, Ok)


def is_err(result: TaskResult[OkT, ErrT]) -> TypeIs[Err[ErrT]]:
    """Whether this is a failure; type checkers narrow an outcome in both branches."""
    return isinstance(result, Err)
