"""Laws: what must hold of every contract, judged on drafts.

One law, two courts: the decorator raises the first broken law, the linter reports every one at its place, with the
same code and the same message. A law looks at the draft alone; what needs the source text is a rule of the linter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple, cast

from horsies_core.contract.codes import (
    RESERVED_CODES,
    RETRYABLE_RESERVED_CODES,
    OperationalErrorCode,
    is_well_formed_code,
)
from horsies_core.contract.draft import UNKNOWN, ParameterKind, TaskDraft, UpcasterDraft, upcasters_of
from horsies_core.contract.names import queue_name_problem, task_name_problem
from horsies_core.contract.refusals import REFUSALS
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.types import Definition, TypeNode, UnresolvedType, walk_into
from horsies_core.contract.upcasting import upcaster_problems

MIN_TIMEOUT_MS = 1_000
MAX_TIMEOUT_MS = 7 * 24 * 3600 * 1000

LocusKind = Literal["function", "name", "parameter", "default", "return", "option"]


class Locus(NamedTuple):
    """Which part of the definition breaks the law; ``key`` is the parameter's or the option's name."""

    kind: LocusKind
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken law: its code and name, where, what is wrong, and what to do about it."""

    code: str
    name: str
    message: str
    locus: Locus
    help: str


@dataclass(frozen=True, slots=True)
class Law:
    """A code, a name that reads after *allow*, and the check itself."""

    code: str
    name: str
    check: Callable[[TaskDraft], Iterator[tuple[Locus, str, str]]]


Findings = Iterator[tuple[Locus, str, str]]

FUNCTION = Locus("function")
NAME = Locus("name")
RETURN = Locus("return")

MALFORMED_CODE = ("HC301", "malformed-error-code")
RESERVED_CODE = ("HC302", "reserved-error-code")
_UPPER_SNAKE = "error codes are letters A to Z, digits and single underscores, such as RATE_LIMITED"

_POSITIONAL = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)
_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)


def _well_formed_name(draft: TaskDraft) -> Findings:
    if draft.name is UNKNOWN:
        return
    remedy = 'write the name as a plain string: @app.task("send_email")'
    if draft.name is None:
        yield NAME, f"task function {draft.function} is given no name", remedy
        return
    if not isinstance(draft.name, str):
        yield NAME, f"the task name of {draft.function} is {_shown(draft.name)}, not a string", remedy
        return
    problem = task_name_problem(draft.name)
    if problem is not None:
        yield NAME, problem, remedy


def _not_async(draft: TaskDraft) -> Findings:
    if draft.is_async:
        yield (
            FUNCTION,
            f"task {_task(draft)} is an async function; tasks are plain functions",
            "write def instead of async def; the producer's side has send_async and get_async",
        )


def _not_a_generator(draft: TaskDraft) -> Findings:
    if draft.is_generator:
        yield (
            FUNCTION,
            f"task {_task(draft)} is a generator; a task returns one TaskResult",
            "return a list instead of yielding",
        )


def _keyword_only(draft: TaskDraft) -> Findings:
    for parameter in draft.parameters:
        if parameter.kind in _POSITIONAL:
            yield (
                Locus("parameter", parameter.name),
                f"parameter {parameter.name!r} of task {_task(draft)} can be passed by position",
                "put a bare * before it: the queue transmits arguments by name only",
            )


def _not_variadic(draft: TaskDraft) -> Findings:
    for parameter in draft.parameters:
        if parameter.kind in _VARIADIC:
            stars = "*" if parameter.kind is ParameterKind.VAR_POSITIONAL else "**"
            yield (
                Locus("parameter", parameter.name),
                f"task {_task(draft)} takes {stars}{parameter.name}: its payload would have no fixed shape",
                "name every parameter; pass a variable number of values as one list or dict parameter",
            )


def _annotated_parameters(draft: TaskDraft) -> Findings:
    for parameter in draft.parameters:
        if parameter.type is None and parameter.kind not in _VARIADIC:
            yield (
                Locus("parameter", parameter.name),
                f"parameter {parameter.name!r} of task {_task(draft)} has no type annotation",
                f"write its type: {parameter.name}: str",
            )


def _annotated_return(draft: TaskDraft) -> Findings:
    if draft.returns.shown is None:
        yield (
            RETURN,
            f"task {_task(draft)} has no return type annotation",
            "declare what it returns: -> TaskResult[T, TaskError] (TaskResult[None, TaskError] for nothing)",
        )


def _returns_task_result(draft: TaskDraft) -> Findings:
    if draft.returns.shown is not None and draft.returns.result is None:
        yield (
            RETURN,
            f"task {_task(draft)} returns {draft.returns.shown}, not TaskResult[T, TaskError]",
            "declare -> TaskResult[T, TaskError], where T is the type of the value on success",
        )


def _known_options(draft: TaskDraft) -> Findings:
    for key in draft.options.extra:
        if key == "good_until":
            remedy = "a deadline belongs to one send: task.with_options(good_until=...).send(...)"
        else:
            near = nearest_option(key)
            guess = "" if near is None else f"did you mean {near}? "
            remedy = f"{guess}the options are {', '.join(OPTION_NAMES)}"
        yield Locus("option", key), f"@app.task has no option {key!r}", remedy


def nearest_option(word: str) -> str | None:
    """The option of ``@app.task`` that is spelled nearly like a word, or None."""
    return next(iter(get_close_matches(word, OPTION_NAMES, n=1, cutoff=0.7)), None)


def _queue_name(draft: TaskDraft) -> Findings:
    queue_name = draft.options.queue_name
    if queue_name is None or queue_name is UNKNOWN:
        return
    locus = Locus("option", "queue_name")
    if not isinstance(queue_name, str):
        yield locus, f"queue_name is {_shown(queue_name)}, not a string", 'write queue_name="critical"'
        return
    problem = queue_name_problem(queue_name)
    if problem is not None:
        yield locus, problem, 'write queue_name="critical"'


def _timeout(draft: TaskDraft) -> Findings:
    timeout_ms = draft.options.timeout_ms
    if timeout_ms is None or timeout_ms is UNKNOWN:
        return
    locus = Locus("option", "timeout_ms")
    if not isinstance(timeout_ms, int) or isinstance(timeout_ms, bool):
        yield (
            locus,
            f"timeout_ms is {_shown(timeout_ms)}, not an int",
            "give whole milliseconds: timeout_ms=120_000",
        )
    elif timeout_ms < MIN_TIMEOUT_MS:
        yield (
            locus,
            f"timeout_ms is {timeout_ms}; the least is {MIN_TIMEOUT_MS} (one second)",
            "timeout_ms counts milliseconds; size it as a backstop well above the normal run time",
        )
    elif timeout_ms > MAX_TIMEOUT_MS:
        yield (
            locus,
            f"timeout_ms is {timeout_ms}; the most is {MAX_TIMEOUT_MS} (seven days)",
            "timeout_ms counts milliseconds",
        )


def _retry_policy(draft: TaskDraft) -> Findings:
    policy = draft.options.retry_policy
    if policy is not None and policy is not UNKNOWN and not isinstance(policy, RetryPolicy):
        yield (
            Locus("option", "retry_policy"),
            f"retry_policy is {_shown(policy)}, not a RetryPolicy",
            "build one with RetryPolicy.fixed([...], auto_retry_for=[...]) or RetryPolicy.exponential(...)",
        )
    if isinstance(policy, RetryPolicy) and not policy.auto_retry_for:
        yield (
            Locus("option", "retry_policy"),
            "auto_retry_for is empty, so this policy never retries anything",
            'name the error codes to retry: auto_retry_for=["TIMEOUT"]',
        )


def _mapper(draft: TaskDraft) -> Findings:
    mapper = draft.options.exception_mapper
    if mapper is not None and mapper is not UNKNOWN and not isinstance(mapper, tuple):
        yield (
            Locus("option", "exception_mapper"),
            f"exception_mapper is {_shown(mapper)}, not a dict of exception classes to error codes",
            'write exception_mapper={TimeoutError: "TIMEOUT"}',
        )


def _well_formed_codes(draft: TaskDraft) -> Findings:
    for key, code in _codes(draft):
        if not isinstance(code, str):
            yield (
                Locus("option", key),
                f"{key} holds {_shown(code)}, which is not an error code",
                "error codes are strings",
            )
        elif not is_well_formed_code(code):
            yield (
                Locus("option", key),
                f"error code {code!r} is not in UPPER_SNAKE",
                _UPPER_SNAKE,
            )


def _codes_not_reserved(draft: TaskDraft) -> Findings:
    for key, code in _codes(draft):
        allowed = RETRYABLE_RESERVED_CODES if key == "retry_policy" else frozenset[str]()
        if isinstance(code, str) and code in RESERVED_CODES - allowed:
            what = (
                "cannot be retried" if key == "retry_policy" else "is reserved: horsies gives it a meaning of its own"
            )
            yield Locus("option", key), f"error code {code!s} {what}", "choose a code of your own"


def _timeout_retry(draft: TaskDraft) -> Findings:
    policy = draft.options.retry_policy
    if (
        isinstance(policy, RetryPolicy)
        and OperationalErrorCode.TASK_TIMEOUT in policy.auto_retry_for
        and draft.options.timeout_ms is None
    ):
        yield (
            Locus("option", "retry_policy"),
            "TASK_TIMEOUT is retried, but the task has no timeout_ms, so it never times out",
            "give timeout_ms=..., or remove TASK_TIMEOUT from auto_retry_for",
        )


def _aliases(draft: TaskDraft) -> Findings:
    aliases = draft.options.aliases
    if aliases is None or aliases is UNKNOWN:
        return
    locus = Locus("option", "aliases")
    remedy = 'write aliases=["old_name"]'
    if not isinstance(aliases, tuple):
        yield locus, f"aliases is {_shown(aliases)}, not a list of task names", remedy
        return
    for alias in cast("tuple[object, ...]", aliases):
        problem = task_name_problem(alias) if isinstance(alias, str) else f"aliases holds {_shown(alias)}, not a string"
        if problem is not None:
            yield locus, problem, remedy
        elif alias == draft.name:
            yield locus, f"{alias!r} is the task's own name, so it is no alias", "remove it"


def _upcasters(draft: TaskDraft) -> Findings:
    if draft.options.upcasters is None:
        return
    own = any(True for _, root in _roots(draft) for _ in holes(root, draft.definitions))
    for message, remedy in upcaster_problems(draft, lambda each: own or _has_holes(each)):
        yield Locus("option", "upcasters"), message, remedy


def _has_holes(upcaster: UpcasterDraft) -> bool:
    return any(True for root in _upcaster_roots(upcaster) for _ in holes(root, upcaster.definitions))


def _upcaster_roots(upcaster: UpcasterDraft) -> Iterator[TypeNode]:
    types = (upcaster.returns.result, *(parameter.type for parameter in upcaster.parameters))
    return (node for node in types if node is not None)


LAWS: tuple[Law, ...] = (
    Law("HC101", "positional-parameter", _keyword_only),
    Law("HC102", "missing-return-type", _annotated_return),
    Law("HC103", "missing-parameter-type", _annotated_parameters),
    Law("HC104", "return-not-task-result", _returns_task_result),
    Law("HC105", "async-task", _not_async),
    Law("HC106", "generator-task", _not_a_generator),
    Law("HC107", "variadic-parameter", _not_variadic),
    Law("HC109", "invalid-task-name", _well_formed_name),
    Law("HC112", "unknown-option", _known_options),
    Law(*MALFORMED_CODE, _well_formed_codes),
    Law(*RESERVED_CODE, _codes_not_reserved),
    Law("HC304", "timeout-retry-without-timeout", _timeout_retry),
    Law("HC306", "invalid-retry-policy", _retry_policy),
    Law("HC307", "invalid-exception-mapper", _mapper),
    Law("HC403", "invalid-timeout", _timeout),
    Law("HC404", "invalid-queue-name", _queue_name),
    Law("HC405", "invalid-alias", _aliases),
    Law("HC410", "invalid-upcaster", _upcasters),
)
"""The laws on one draft. Holes in types carry codes of their own, and `duplicate_names` needs all tasks."""

DUPLICATE_TASK_NAME = ("HC108", "duplicate-task-name")

OPTION_NAMES: tuple[str, ...] = (
    "queue_name",
    "retry_policy",
    "exception_mapper",
    "default_unhandled_error_code",
    "timeout_ms",
    "aliases",
    "upcasters",
)


def violations(draft: TaskDraft) -> Iterator[Violation]:
    """Every broken law of one draft, in the order of the codes, then every hole in its types under the hole's code."""
    for law in LAWS:
        for locus, message, remedy in law.check(draft):
            yield Violation(code=law.code, name=law.name, message=message, locus=locus, help=remedy)
    roots = tuple(_roots(draft))
    for locus, root in roots if _any_hole(draft, roots) else ():
        for hole in holes(root, draft.definitions):
            refusal = REFUSALS[hole.code]
            message = f"{_what(locus)} of task {_task(draft)}: {hole.reason}"
            yield Violation(code=hole.code, name=refusal.name, message=message, locus=locus, help=refusal.help)
    yield from _upcaster_holes(draft)


def code_problem(code: str) -> tuple[tuple[str, str], str, str] | None:
    """What is wrong with an error code of a task's own: the law's code and name, the message, the remedy; or None."""
    if not is_well_formed_code(code):
        return MALFORMED_CODE, f"error code {code!r} is not in UPPER_SNAKE", _UPPER_SNAKE
    if code in RESERVED_CODES:
        message = f"error code {code!s} is reserved: horsies gives it a meaning of its own"
        return RESERVED_CODE, message, "choose a code of your own"
    return None


def _upcaster_holes(draft: TaskDraft) -> Iterator[Violation]:
    """Every hole in the types of the upcasters, under the hole's code."""
    for item in upcasters_of(draft.options):
        if isinstance(item, UpcasterDraft):
            for root in _upcaster_roots(item):
                for hole in holes(root, item.definitions):
                    refusal = REFUSALS[hole.code]
                    message = f"upcaster {item.function} of task {_task(draft)}: {hole.reason}"
                    locus = Locus("option", "upcasters")
                    yield Violation(code=hole.code, name=refusal.name, message=message, locus=locus, help=refusal.help)


def duplicate_names(owners: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    """The names that more than one source claims, from ``(name, source)`` pairs, with their sources in order."""
    sources: dict[str, list[str]] = {}
    for name, source in owners:
        sources.setdefault(name, []).append(source)
    return {name: tuple(claims) for name, claims in sources.items() if len(claims) > 1}


def _any_hole(draft: TaskDraft, roots: Sequence[tuple[Locus, TypeNode]]) -> bool:
    """Whether there is a hole at all, in one walk over all types: nearly always there is none."""
    return any(
        type(node) is UnresolvedType for node in walk_into([root for _, root in roots], draft.definitions, set())
    )


def holes(root: TypeNode, definitions: Mapping[str, Definition]) -> Iterator[UnresolvedType]:
    """Every hole in a type, definitions included, each definition looked into once."""
    return (node for node in walk_into([root], definitions, set()) if isinstance(node, UnresolvedType))


def _roots(draft: TaskDraft) -> Iterator[tuple[Locus, TypeNode]]:
    for parameter in draft.parameters:
        if parameter.type is not None:
            yield Locus("parameter", parameter.name), parameter.type
    if draft.returns.result is not None:
        yield RETURN, draft.returns.result


def _codes(draft: TaskDraft) -> Iterator[tuple[str, object]]:
    options = draft.options
    if isinstance(options.retry_policy, RetryPolicy):
        yield from (("retry_policy", code) for code in options.retry_policy.auto_retry_for)
    mapper = options.exception_mapper
    if isinstance(mapper, tuple):
        yield from (("exception_mapper", code) for code in cast("tuple[object, ...]", mapper))
    if options.default_unhandled_error_code not in (None, UNKNOWN):
        yield "default_unhandled_error_code", options.default_unhandled_error_code


def _task(draft: TaskDraft) -> str:
    return repr(draft.name) if isinstance(draft.name, str) else draft.function


def _what(locus: Locus) -> str:
    return f"parameter {locus.key!r}" if locus.kind == "parameter" else "the result type"


def _shown(value: object) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"
