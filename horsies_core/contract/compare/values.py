"""Two types of one value, compared both ways: mismatches become changes.

The verdicts follow the table in the documentation. What old writers wrote and new readers refuse is breaking, but for parts
that may be absent (conditional). What new writers write and old readers refuse is conditional where producers may keep to
what both know, else breaking; consumers of results cannot choose, so only new values and looser limits are conditional
there. Whatever has no proof is breaking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from horsies_core.contract.compare import catalogue
from horsies_core.contract.compare.catalogue import Kind
from horsies_core.contract.compare.change import Change, Effect, Relation, Verdict, pointer
from horsies_core.contract.compare.inclusion import Prover
from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.resolved import AnyType, Table
from horsies_core.contract.compare.shown import shown
from horsies_core.contract.wire import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What is compared: the payload or the result, with the relations of either direction."""

    name: str
    old_to_new: Relation
    new_to_old: Relation

    def witness(self, value: Json) -> Json:
        """The whole JSON document that a value of the area stands in."""
        return value if self.name == "parameters" else {"ok": value}

    def part(self, path: tuple[str, ...]) -> str:
        """What a change at the path is about, in words."""
        if self.name == "parameters":
            return f"parameter {path[0]!r}" if len(path) == 1 else f"{'.'.join(path)} of the payload"
        return f"{'.'.join(path)} of the result" if path else "the result"


PAYLOAD = Area(name="parameters", old_to_new=Relation.OLD_PAYLOADS, new_to_old=Relation.NEW_PAYLOADS)
RESULT = Area(name="result", old_to_new=Relation.OLD_RESULTS, new_to_old=Relation.NEW_RESULTS)


def value_changes(task: str, area: Area, old: tuple[AnyType, Table], new: tuple[AnyType, Table]) -> tuple[Change, ...]:
    """Every change between two types of the same value, by pointer."""
    open_objects = area is RESULT
    forward = Prover(old[1], new[1], open_objects=open_objects).mismatches(old[0], new[0])
    backward = Prover(new[1], old[1], open_objects=open_objects).mismatches(new[0], old[0])
    told: list[_Told] = [
        *(_Told(area.old_to_new, mismatch) for mismatch in forward),
        *(_Told(area.new_to_old, mismatch) for mismatch in backward),
    ]
    return tuple(
        change
        for path in sorted({item.mismatch.path for item in told})
        for change in _at(task, area, path, [item for item in told if item.mismatch.path == path])
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A mismatch and the relation it was found in."""

    relation: Relation
    mismatch: Mismatch

    @property
    def is_forward(self) -> bool:
        """Whether old values meet new readers."""
        return self.relation in (Relation.OLD_PAYLOADS, Relation.OLD_RESULTS)


_PRESENCE = frozenset({Cause.MISSING, Cause.EXTRA, Cause.IGNORED})
_SIDES = frozenset({Cause.DEFAULT, Cause.VALIDATOR})


def _at(task: str, area: Area, path: tuple[str, ...], told: list[_Told]) -> Iterator[Change]:
    """The changes at one place: of its presence, of its type, of its default, of its validators."""
    presence = [item for item in told if item.mismatch.cause in _PRESENCE and not _is_of_free_keys(item)]
    if presence:
        yield _made(task, area, path, _presence_kind(area, path, presence), presence)
    for kind, is_forward in ((catalogue.MODEL_CLOSED, True), (catalogue.MODEL_OPENED, False)):
        keys = [item for item in told if _is_of_free_keys(item) and item.is_forward is is_forward]
        if keys:
            yield _made(task, area, path, kind, keys)
    types = [item for item in told if item.mismatch.cause not in _PRESENCE | _SIDES]
    for kind, items in _type_kinds(types):
        yield _made(task, area, path, kind, items)
    for cause, kind in ((Cause.DEFAULT, catalogue.DEFAULT_CHANGED), (Cause.VALIDATOR, catalogue.VALIDATOR_CHANGED)):
        items = [item for item in told if item.mismatch.cause is cause]
        if items:
            yield _made(task, area, path, kind, items)


def _presence_kind(area: Area, path: tuple[str, ...], told: list[_Told]) -> Kind:
    """Whether the place was added, removed, made required or optional, and whether it is a parameter or a field."""
    is_parameter = area is PAYLOAD and len(path) == 1
    facts = {(item.is_forward, item.mismatch.cause, item.mismatch.always) for item in told}
    if (True, Cause.MISSING, True) in facts:
        return catalogue.REQUIRED_PARAMETER_ADDED if is_parameter else catalogue.REQUIRED_FIELD_ADDED
    if any((True, cause, always) in facts for cause in (Cause.EXTRA, Cause.IGNORED) for always in (True, False)):
        return catalogue.PARAMETER_REMOVED if is_parameter else catalogue.FIELD_REMOVED
    if (False, Cause.MISSING, True) in facts:
        return catalogue.PARAMETER_REMOVED if is_parameter else catalogue.FIELD_REMOVED
    if (True, Cause.MISSING, False) in facts:
        return catalogue.PARAMETER_MADE_REQUIRED if is_parameter else catalogue.FIELD_MADE_REQUIRED
    if (False, Cause.MISSING, False) in facts:
        return catalogue.PARAMETER_MADE_OPTIONAL if is_parameter else catalogue.FIELD_MADE_OPTIONAL
    return catalogue.OPTIONAL_PARAMETER_ADDED if is_parameter else catalogue.OPTIONAL_FIELD_ADDED


def _is_of_free_keys(item: _Told) -> bool:
    """Whether whole objects are closed or opened, not one property of theirs."""
    return item.mismatch.cause is Cause.EXTRA and item.mismatch.reader is not None


def _type_kinds(told: list[_Told]) -> Iterator[tuple[Kind, list[_Told]]]:
    """The kinds of change between two types, each with the mismatches it is told by."""
    causes = {item.mismatch.cause for item in told}
    ways = {item.is_forward for item in told}
    if Cause.TAG in causes:
        yield catalogue.TAG_CHANGED, told
    elif causes & {Cause.KIND, Cause.UNPROVEN}:
        yield (
            (
                catalogue.TYPE_CHANGED
                if len(ways) == 2
                else (catalogue.TYPE_NARROWED if True in ways else catalogue.TYPE_WIDENED)
            ),
            told,
        )
    else:
        yield from _limits(told)


def _limits(told: list[_Told]) -> Iterator[tuple[Kind, list[_Told]]]:
    for cause, is_forward, kind in (
        (Cause.VALUES, True, catalogue.VALUES_REMOVED),
        (Cause.VALUES, False, catalogue.VALUES_ADDED),
        (Cause.BOUND, True, catalogue.CONSTRAINT_TIGHTENED),
        (Cause.BOUND, False, catalogue.CONSTRAINT_RELAXED),
    ):
        items = [item for item in told if item.mismatch.cause is cause and item.is_forward is is_forward]
        if items:
            yield kind, items
    patterns = [item for item in told if item.mismatch.cause is Cause.PATTERN]
    if patterns:
        yield catalogue.PATTERN_CHANGED, patterns


def _made(task: str, area: Area, path: tuple[str, ...], kind: Kind, told: list[_Told]) -> Change:
    first = told[0]
    old, new = first.mismatch.writer, first.mismatch.reader
    if not first.is_forward:
        old, new = new, old
    effects = tuple(_effects(area, told))
    return Change(
        kind=kind,
        task=task,
        pointer=pointer(area.name, *path),
        message=_message(area, path, kind, shown(old), shown(new), told),
        effects=effects,
        old=shown(old),
        new=shown(new),
        help=(kind.remedy,),
    )


def _effects(area: Area, told: list[_Told]) -> Iterator[Effect]:
    """One effect a relation, the worst of its mismatches."""
    for relation in (area.old_to_new, area.new_to_old):
        items = [item for item in told if item.relation is relation]
        if items:
            worst = max(items, key=lambda item: (verdict_of(item.relation, item.mismatch), bool(item.mismatch.witness)))
            yield Effect(
                relation,
                verdict_of(relation, worst.mismatch),
                tuple(area.witness(value) for value in worst.mismatch.witness),
                unproven=worst.mismatch.is_fatal and not worst.mismatch.witness,
            )


def verdict_of(relation: Relation, mismatch: Mismatch) -> Verdict:
    """The verdict on one mismatch, by the table of the documentation."""
    if not mismatch.is_fatal:
        return Verdict.BEHAVIOUR
    if not mismatch.witness or mismatch.cause in (Cause.UNPROVEN, Cause.PATTERN, Cause.TAG):
        return Verdict.BREAKING
    if mismatch.cause in (Cause.MISSING, Cause.EXTRA):
        is_result = relation in (Relation.OLD_RESULTS, Relation.NEW_RESULTS)
        return Verdict.BREAKING if mismatch.always or is_result else Verdict.CONDITIONAL
    if relation is Relation.NEW_PAYLOADS:
        return Verdict.CONDITIONAL if mismatch.overlaps else Verdict.BREAKING
    if relation is Relation.NEW_RESULTS and mismatch.cause in (Cause.VALUES, Cause.BOUND) and mismatch.overlaps:
        return Verdict.CONDITIONAL
    return Verdict.BREAKING


def _message(
    area: Area, path: tuple[str, ...], kind: Kind, old: str | None, new: str | None, told: Iterable[_Told]
) -> str:
    part = area.part(path)
    items = tuple(told)
    forward = [item.mismatch.detail for item in items if item.is_forward and item.mismatch.detail]
    backward = [item.mismatch.detail for item in items if not item.is_forward and item.mismatch.detail]
    details = ", ".join(dict.fromkeys(forward or backward))
    match kind:
        case catalogue.VALUES_REMOVED:
            return f"{part} no longer takes {details or new}"
        case catalogue.VALUES_ADDED:
            return f"{part} may be {details or new} now"
        case catalogue.DEFAULT_CHANGED:
            return f"the default of {part} changed: {details}"
        case catalogue.VALIDATOR_CHANGED:
            return f"a validator of {part} was {'added' if any(item.is_forward for item in items) else 'removed'}"
        case catalogue.MODEL_CLOSED | catalogue.MODEL_OPENED:
            return f"{part} {'refuses' if kind is catalogue.MODEL_CLOSED else 'may have'} unknown keys now"
        case _:
            return _PRESENCE_WORDS.get(kind.name, "{part} changed: {old} -> {new}").format(part=part, old=old, new=new)


_PRESENCE_WORDS = {
    "required-parameter-added": "required {part} was added",
    "optional-parameter-added": "optional {part} was added",
    "parameter-removed": "{part} was removed",
    "parameter-made-required": "{part} is required now",
    "parameter-made-optional": "{part} may be left out now",
    "required-field-added": "required {part} was added",
    "optional-field-added": "optional {part} was added",
    "field-removed": "{part} was removed",
    "field-made-required": "{part} is required now",
    "field-made-optional": "{part} may be left out now",
    "type-narrowed": "{part} takes less: {old} -> {new}",
    "type-widened": "{part} may be more: {old} -> {new}",
}
