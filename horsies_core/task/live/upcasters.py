"""Live upcasters: the functions of ``upcasters=[...]`` → drafts, and the Python types behind them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

from horsies_core.codec.task import PythonTypes
from horsies_core.contract.draft import OptionsDraft, ReturnDraft, UpcasterDraft, upcasters_of
from horsies_core.task.live.classes import read_class
from horsies_core.task.live.front import (
    UNREAD,
    hints_of,
    parameter_drafts,
    read_parameter,
    shown_annotation,
    sorted_definitions,
    source_of,
)
from horsies_core.task.live.reader import TypeReader

AnyFunction: TypeAlias = Callable[..., object]


@dataclass(frozen=True, slots=True)
class LiveUpcaster:
    """An upcaster's function, and the annotations of its parameters."""

    function: AnyFunction
    types: PythonTypes


def upcaster_drafts(upcasters: object) -> object:
    """The drafts with their types unread; what is no list, or no function, as it is, for the laws to refuse."""
    if not isinstance(upcasters, list | tuple):
        return upcasters
    return tuple(map(_draft, cast("Sequence[object]", upcasters)))


def _draft(function: object) -> object:
    if not inspect.isfunction(function):
        return function
    signature = inspect.signature(function)
    annotation = signature.return_annotation
    shown = None if annotation is inspect.Signature.empty else shown_annotation(annotation)
    return UpcasterDraft(
        source=source_of(function),
        parameters=parameter_drafts(signature),
        returns=ReturnDraft(shown=shown, result=None if shown is None else UNREAD),
        is_async=inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function),
        is_generator=inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function),
        is_read=False,
    )


def read_upcasters(
    options: OptionsDraft, functions: tuple[AnyFunction, ...], stand_ins: Mapping[str, object]
) -> tuple[OptionsDraft, tuple[LiveUpcaster, ...]]:
    """The options with the types of the upcasters read, as `read_types` reads those of the task. Raises `NotYetDefinedError`."""
    read = [_read(draft, function, stand_ins) for draft, function in zip(upcasters_of(options), functions, strict=True)]
    if not read:
        return options, ()
    return replace(options, upcasters=tuple(draft for draft, _ in read)), tuple(live for _, live in read)


def _read(draft: object, function: AnyFunction, stand_ins: Mapping[str, object]) -> tuple[UpcasterDraft, LiveUpcaster]:
    assert isinstance(draft, UpcasterDraft)
    hints = hints_of(function)
    reader = TypeReader(read_class, stand_ins)
    result = reader.read(hints["return"]) if "return" in hints else None
    parameters = tuple(read_parameter(reader, item, hints) for item in draft.parameters)
    whole = replace(
        draft,
        parameters=parameters,
        returns=replace(draft.returns, result=result),
        definitions=sorted_definitions(reader.definitions),
        is_read=True,
    )
    types = PythonTypes({item.name: hints[item.name] for item in draft.parameters if item.name in hints}, None)
    return whole, LiveUpcaster(function, types)
