"""What must hold of a task's upcasters, judged on drafts: each is a former signature, and returns a payload of today."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeAlias

from horsies_core.contract.draft import (
    UNKNOWN,
    ParameterDraft,
    ParameterKind,
    TaskDraft,
    UpcasterDraft,
    upcasters_of,
)
from horsies_core.contract.fingerprint import payload_fingerprint
from horsies_core.contract.task import Parameter, Upcaster, reachable
from horsies_core.contract.types import ObjectDefinition, Ref, TypeNode

Problems: TypeAlias = Iterator[tuple[str, str]]
"""What is wrong and what to do about it."""

_LIST = "write upcasters=[from_order_id], with functions of the task's own module"
_FORMER = "give it the former parameters of the task, after a bare *, with the types that they had"
_TODAY = "let it return a TypedDict whose keys are the parameters of the task as they are now"


def upcaster_problems(draft: TaskDraft, has_holes: Callable[[UpcasterDraft], bool]) -> Problems:
    """Everything that is wrong. ``has_holes`` says of an upcaster that a type of it cannot be told."""
    given = draft.options.upcasters
    if given is None or given is UNKNOWN:
        return
    if not isinstance(given, tuple):
        yield f"upcasters is {_shown(given)}, not a list of functions", _LIST
        return
    sound: list[UpcasterDraft] = []
    for item in upcasters_of(draft.options):
        if not isinstance(item, UpcasterDraft):
            yield f"upcasters holds {_shown(item)}, which is no function", _LIST
            continue
        problems = list(_shape(draft, item))
        if not problems and item.is_read and not has_holes(item):
            problems = list(_types(draft, item, sound))
            sound.append(item)
        yield from problems


def _shape(draft: TaskDraft, upcaster: UpcasterDraft) -> Problems:
    name = upcaster.function
    if upcaster.source.partition(":")[0] != draft.source.partition(":")[0]:
        yield f"upcaster {name} is defined in another module than its task", _LIST
        return
    if upcaster.is_async or upcaster.is_generator:
        yield f"upcaster {name} is no plain function", "write def, and return the payload"
    for parameter in upcaster.parameters:
        if parameter.kind is not ParameterKind.KEYWORD_ONLY:
            yield f"parameter {parameter.name!r} of upcaster {name} is not keyword-only", _FORMER
        elif parameter.type is None:
            yield f"parameter {parameter.name!r} of upcaster {name} has no type", _FORMER
    if upcaster.returns.shown is None:
        yield f"upcaster {name} does not say what it returns", _TODAY


def _types(draft: TaskDraft, upcaster: UpcasterDraft, earlier: list[UpcasterDraft]) -> Problems:
    """What is wrong with the types, once all of them are read."""
    from horsies_core.contract.compare.resolved import Typed, resolve
    from horsies_core.contract.compare.upcast import witness_against

    parameters = _parameters(draft.parameters)
    result = upcaster.returns.result
    written = None if result is None else resolve(result, upcaster.definitions)
    if result is None or not isinstance(written, ObjectDefinition) or written.kind != "typeddict":
        yield f"upcaster {upcaster.function} returns {upcaster.returns.shown}, which is no TypedDict", _TODAY
        return
    found = witness_against(Typed(result, upcaster.definitions), parameters, Typed(Ref(""), draft.definitions))
    if found is not None:
        example = f": {json.dumps(found.witness[0], ensure_ascii=False)} is refused" if found.witness else ""
        where = f" at {'.'.join(found.path)}" if found.path else ""
        message = f"what upcaster {upcaster.function} returns does not fit the parameters of the task{where}{example}"
        yield message, _TODAY
    own = Upcaster(source="", parameters=parameters, definitions=reachable(_roots(parameters), draft.definitions))
    taken = {_payload(each): f"upcaster {each.function}" for each in reversed(earlier)}
    taken[payload_fingerprint(own)] = "the task itself"
    if _payload(upcaster) in taken:
        who = taken[_payload(upcaster)]
        yield f"upcaster {upcaster.function} takes what {who} takes, so it is never used", _FORMER


def _payload(draft: UpcasterDraft) -> str:
    parameters = _parameters(draft.parameters)
    definitions = reachable(_roots(parameters), draft.definitions)
    return payload_fingerprint(Upcaster(source=draft.source, parameters=parameters, definitions=definitions))


def _parameters(drafts: tuple[ParameterDraft, ...]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name=draft.name, type=draft.type, default=draft.default) for draft in drafts if draft.type is not None
    )


def _roots(parameters: tuple[Parameter, ...]) -> Iterator[TypeNode]:
    return (parameter.type for parameter in parameters)


def _shown(value: object) -> str:
    text = repr(value)
    return f"{text if len(text) <= _LONGEST else text[: _LONGEST - 3] + '...'} ({type(value).__name__})"


_LONGEST = 60
