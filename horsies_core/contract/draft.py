"""Drafts: what a front end read of one decorated function, before the laws have judged it.

A draft can hold all that a law refuses (a positional parameter, no return annotation, a timeout of the wrong type); a
`TaskContract` cannot. Both front ends, the compiler's and the decorator's, build drafts; `contract_from` turns a lawful
one into the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TypeVar, cast

from horsies_core.contract.names import DEFAULT_QUEUE
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract, Upcaster, reachable
from horsies_core.contract.types import Default, Definition, TypeNode, UnresolvedType

T = TypeVar("T")


class ParameterKind(StrEnum):
    """How Python binds a parameter."""

    POSITIONAL_ONLY = "positional-only"
    POSITIONAL_OR_KEYWORD = "positional-or-keyword"
    VAR_POSITIONAL = "variadic positional"
    KEYWORD_ONLY = "keyword-only"
    VAR_KEYWORD = "variadic keyword"


class Unknown(Enum):
    """A value that static reading cannot tell. Laws pass over it; the decorator judges it when the module is loaded."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDraft:
    """One parameter as written. ``type`` is None where there is no annotation."""

    name: str
    kind: ParameterKind
    type: TypeNode | None
    default: Default | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDraft:
    """The return annotation as text, and the result type if it is ``TaskResult[T, TaskError]``."""

    shown: str | None
    result: TypeNode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcasterDraft:
    """One function of ``upcasters=[...]``, as a front end read it. ``is_read``: its types are."""

    source: str
    parameters: tuple[ParameterDraft, ...]
    returns: ReturnDraft
    """``result`` is the type that is annotated, of whatever kind."""
    definitions: Mapping[str, Definition] = field(default_factory=dict[str, Definition])
    is_async: bool = False
    is_generator: bool = False
    is_read: bool = True

    @property
    def function(self) -> str:
        """The function's name."""
        return self.source.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsDraft:
    """The keywords of ``@app.task`` as given; None is *not given*, `UNKNOWN` is *cannot be told statically*.

    Values may have any type: the laws say what is wrong with them. ``extra`` holds the names that are no option.
    """

    queue_name: object = None
    timeout_ms: object = None
    retry_policy: object = None
    exception_mapper: object = None
    """The mapper's values as a tuple; anything else stands for a mapper that is no dict."""
    default_unhandled_error_code: object = None
    aliases: object = None
    upcasters: object = None
    """`UpcasterDraft` values as a tuple; anything else in it, or in its place, is no upcaster."""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """One decorated function, as a front end read it. ``name`` may be anything the user wrote, or `UNKNOWN`."""

    name: object
    source: str
    function: str
    parameters: tuple[ParameterDraft, ...]
    returns: ReturnDraft
    options: OptionsDraft = OptionsDraft()
    definitions: Mapping[str, Definition] = field(default_factory=dict[str, Definition])
    is_async: bool = False
    is_generator: bool = False


def contract_from(draft: TaskDraft) -> TaskContract:
    """The contract of a draft that breaks no law. Raises ValueError if it breaks one after all."""
    parameters = tuple(
        Parameter(name=parameter.name, type=_known(parameter.type), default=parameter.default)
        for parameter in draft.parameters
    )
    result = _known(draft.returns.result)
    options = draft.options
    return TaskContract(
        name=_of_type(draft.name, str),
        source=draft.source,
        parameters=parameters,
        result=result,
        definitions=reachable((*(parameter.type for parameter in parameters), result), draft.definitions),
        queue=DEFAULT_QUEUE if options.queue_name in (None, UNKNOWN) else _of_type(options.queue_name, str),
        timeout_ms=_optional(options.timeout_ms, int),
        retry=_optional(options.retry_policy, RetryPolicy),
        mapped_codes=tuple(sorted({*_texts(options.exception_mapper), *_text(options.default_unhandled_error_code)})),
        aliases=tuple(sorted(set(_texts(options.aliases)))),
        upcasters=tuple(map(_upcaster, upcasters_of(options))),
    )


def upcasters_of(options: OptionsDraft) -> tuple[object, ...]:
    """What stands in ``upcasters``; nothing where there is no list."""
    given = options.upcasters
    return cast("tuple[object, ...]", given) if isinstance(given, tuple) else ()


def _upcaster(value: object) -> Upcaster:
    draft = _of_type(value, UpcasterDraft)
    parameters = tuple(
        Parameter(name=parameter.name, type=_known(parameter.type), default=parameter.default)
        for parameter in draft.parameters
    )
    definitions = reachable(tuple(parameter.type for parameter in parameters), draft.definitions)
    return Upcaster(source=draft.source, parameters=parameters, definitions=definitions)


def _known(node: TypeNode | None) -> TypeNode:
    if node is None or isinstance(node, UnresolvedType):
        raise ValueError("the draft holds a type that was not resolved")
    return node


def _of_type(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise ValueError(f"the draft holds {value!r} where a {kind.__name__} is needed")  # noqa: TRY004
    return value


def _optional(value: object, kind: type[T]) -> T | None:
    return None if value is None or value is UNKNOWN else _of_type(value, kind)


def _texts(value: object) -> tuple[str, ...]:
    if value is None or value is UNKNOWN:
        return ()
    return tuple(str(_of_type(item, str)) for item in cast("tuple[object, ...]", _of_type(value, tuple)))


def _text(value: object) -> tuple[str, ...]:
    return () if value is None or value is UNKNOWN else (str(_of_type(value, str)),)
