"""The front end of the decorator: a live function and its options → `TaskDraft`, and the Python types behind it.

What needs only the signature (kinds of parameters, missing annotations, ``async``) is read at once. Annotations may name
what the module defines further down; then `read_types` says so, and is asked again when the task is first used.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, TypeAlias, get_args, get_origin

from horsies_core.codec.task import PythonTypes
from horsies_core.contract.draft import OptionsDraft, ParameterDraft, ParameterKind, ReturnDraft, TaskDraft
from horsies_core.contract.types import Default, Definition, JsonType, TypeNode, UnresolvedType
from horsies_core.outcome.result import TaskError, TaskResult
from horsies_core.task.live.classes import read_class
from horsies_core.task.live.defaults import default_of
from horsies_core.task.live.reader import NO_STAND_INS, NotYetDefinedError, TypeReader

AnyFunction: TypeAlias = Callable[..., object]

_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: ParameterKind.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD: ParameterKind.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL: ParameterKind.VAR_POSITIONAL,
    inspect.Parameter.KEYWORD_ONLY: ParameterKind.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD: ParameterKind.VAR_KEYWORD,
}
UNREAD = JsonType()
"""Stands for an annotation that is there, in a draft whose types have not been read."""


@dataclass(frozen=True, slots=True)
class LiveTask:
    """A draft with its types read, and the annotations themselves."""

    draft: TaskDraft
    types: PythonTypes


def signature_draft(name: object, function: AnyFunction, options: OptionsDraft, source: str) -> TaskDraft:
    """The draft of a function with its types unread: enough for the laws on everything but types."""
    signature = inspect.signature(function)
    return TaskDraft(
        name=name,
        source=source,
        function=function.__name__,
        parameters=parameter_drafts(signature),
        returns=_unread_return(signature.return_annotation),
        options=options,
        is_async=inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function),
        is_generator=inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function),
    )


def parameter_drafts(signature: inspect.Signature) -> tuple[ParameterDraft, ...]:
    """The parameters of a function with their types unread."""
    return tuple(
        ParameterDraft(
            name=parameter.name,
            kind=_KINDS[parameter.kind],
            type=None if parameter.annotation is parameter.empty else UNREAD,
            default=None if parameter.default is parameter.empty else default_of(parameter.default),
        )
        for parameter in signature.parameters.values()
    )


def source_of(function: AnyFunction) -> str:
    """``module:qualname``; of a program started with ``python -m``, the module that it would be imported by."""
    spec = getattr(sys.modules.get(function.__module__), "__spec__", None)
    module = spec.name if function.__module__ == "__main__" and spec is not None else function.__module__
    return f"{module}:{function.__qualname__}"


def read_types(draft: TaskDraft, function: AnyFunction, stand_ins: Mapping[str, object] = NO_STAND_INS) -> LiveTask:
    """The same draft with its types read, those that ``stand_ins`` names as what stands for them.

    Raises `NotYetDefinedError` where the module has not defined a name yet.
    """
    hints = hints_of(function)
    reader = TypeReader(read_class, stand_ins)
    returns, result = _read_return(reader, draft.returns, hints.get("return", inspect.Parameter.empty))
    parameters = tuple(read_parameter(reader, item, hints) for item in draft.parameters)
    read = replace(draft, parameters=parameters, returns=returns, definitions=sorted_definitions(reader.definitions))
    types = PythonTypes({item.name: hints[item.name] for item in draft.parameters if item.name in hints}, result)
    return LiveTask(read, types)


def draft_of(name: object, function: AnyFunction, options: OptionsDraft | None = None) -> TaskDraft:
    """The whole draft of a function. Raises `NotYetDefinedError`."""
    source = f"{function.__module__}:{function.__qualname__}"
    return read_types(signature_draft(name, function, options or OptionsDraft(), source), function).draft


def hints_of(function: AnyFunction) -> Mapping[str, Any]:
    """The evaluated annotations. A default of None makes no annotation optional."""
    try:
        return typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise NotYetDefinedError(str(error)) from None
    except Exception:  # noqa: BLE001 -- an annotation is an expression of the user's: evaluating it may raise anything
        return {name: _evaluated(function, name) for name in function.__annotations__}


def _evaluated(function: AnyFunction, name: str) -> Any:
    """One annotation alone; a hole where evaluating it raises."""
    holder = SimpleNamespace(__annotations__={name: function.__annotations__[name]})
    try:
        return typing.get_type_hints(holder, globalns=function.__globals__, include_extras=True)[name]
    except NameError as error:
        raise NotYetDefinedError(str(error)) from None
    except Exception as error:  # noqa: BLE001 -- as above
        return UnresolvedType(f"its annotation cannot be evaluated: {error}", "HC003")


def read_parameter(reader: TypeReader, draft: ParameterDraft, hints: Mapping[str, Any]) -> ParameterDraft:
    """One parameter with its type read."""
    if draft.name not in hints:
        return draft
    node = _without_alias(reader.read(hints[draft.name]), hints[draft.name])
    if draft.default == Default(None):
        node = UnresolvedType("its default has no JSON form", "HC008")
    return replace(draft, type=node)


def _without_alias(node: TypeNode, annotation: Any) -> TypeNode:
    """A parameter's key on the wire is its name: an alias on it would be two names for one thing."""
    if get_origin(annotation) is not typing.Annotated:
        return node
    for item in get_args(annotation)[1:]:
        names = [getattr(item, key, None) for key in ("alias", "validation_alias", "serialization_alias")]
        if any(name is not None for name in names):
            return UnresolvedType("an alias on a parameter: its name is its key on the wire", "HC006")
    return node


def _unread_return(annotation: object) -> ReturnDraft:
    if annotation is inspect.Signature.empty:
        return ReturnDraft(shown=None)
    return ReturnDraft(shown=shown_annotation(annotation), result=UNREAD)


def _read_return(reader: TypeReader, draft: ReturnDraft, annotation: Any) -> tuple[ReturnDraft, object]:
    inner = tuple(_result_arguments(annotation))
    if not inner:
        return ReturnDraft(shown=draft.shown), None
    return ReturnDraft(shown=draft.shown, result=reader.read(inner[0])), inner[0]


def _result_arguments(annotation: Any) -> Iterator[object]:
    """The type of the value, if the annotation is ``TaskResult[T, TaskError]``; nothing otherwise."""
    if get_origin(annotation) is not TaskResult:
        return
    value, error = get_args(annotation)
    if error is TaskError or get_origin(error) is TaskError:
        yield value


def shown_annotation(annotation: object) -> str:
    """An annotation as text."""
    if isinstance(annotation, str):
        return annotation
    return annotation.__qualname__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")


def sorted_definitions(definitions: Mapping[str, Definition]) -> Mapping[str, Definition]:
    """Definitions by name."""
    return {name: definitions[name] for name in sorted(definitions)}
