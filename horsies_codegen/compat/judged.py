"""What was found against all baselines together: each change once, with everything that it was found against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from horsies_codegen.compat.findings import Judged, change_fingerprint
from horsies_core.contract.compare import (
    Change,
    Comparison,
    Effect,
    LiveChange,
    LiveComparison,
    Mode,
    Relation,
    Standing,
    standing,
)
from horsies_core.contract.compare.catalogue import QUEUED_PAYLOAD_REFUSED
from horsies_core.contract.live import STATES

_IDS_SHOWN = 3
_ORDER = (Standing.PASSES, Standing.BEHAVES_OTHERWISE, Standing.BREAKS)


@dataclass(frozen=True, slots=True)
class Compared:
    """One baseline's name, and what was found against it."""

    name: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ComparedLive:
    """A look at live rows, and what they suffer. Payloads of users are shown only with ``show_values``."""

    name: str
    comparison: LiveComparison
    show_values: bool = False


def judge(compared: Sequence[Compared], live: ComparedLive | None, mode: Mode) -> tuple[Judged, ...]:
    """Every change once, judged by the mode. Live rows are old payloads: they must be taken whatever the mode asks."""
    told = [
        *(
            Judged(change, standing(change, mode), (each.name,))
            for each in compared
            for change in each.comparison.changes
        ),
        *(() if live is None else _of_live(live)),
    ]
    joined: dict[str, Judged] = {}
    for item in told:
        key = change_fingerprint(item.change)
        joined[key] = item if key not in joined else _joined(joined[key], item)
    return tuple(joined.values())


def _of_live(live: ComparedLive) -> Iterator[Judged]:
    for item in live.comparison.changes:
        change = item.change
        if change.kind is QUEUED_PAYLOAD_REFUSED and not live.show_values:
            change = replace(change, effects=tuple(replace(effect, witness=()) for effect in change.effects))
        yield Judged(change, standing(change, Mode.BACKWARD), (live.name,), tuple(_rows(item)))


def _rows(item: LiveChange) -> Iterator[str]:
    """The rows in words: how many in which state, since when, and which ones were looked at and are refused."""
    counts = {state: sum(int(getattr(rows, state)) for rows in item.rows) for state in STATES}
    states = ", ".join(f"{count:,} {state}" for state, count in counts.items() if count)
    oldest = min(rows.oldest for rows in item.rows)
    rows = "1 row" if item.count == 1 else f"{item.count:,} rows"
    contract = item.rows[0].fingerprint
    yield f"{rows} of contract {contract}: {states}; the oldest was sent at {oldest}"
    if item.refused:
        more = ", ..." if len(item.refused) > _IDS_SHOWN else ""
        what = "1 sampled payload is" if len(item.refused) == 1 else f"{len(item.refused):,} sampled payloads are"
        yield f"{what} refused: {', '.join(item.refused[:_IDS_SHOWN])}{more}"


def _joined(one: Judged, other: Judged) -> Judged:
    return Judged(
        _with_effects(one.change, other.change.effects),
        max(one.standing, other.standing, key=_ORDER.index),
        tuple(dict.fromkeys((*one.baselines, *other.baselines))),
        (*one.rows, *other.rows),
    )


def _with_effects(change: Change, more: Iterable[Effect]) -> Change:
    """The change with the worse effect on each relation, one with a witness first."""
    found = (*change.effects, *more)
    worst = [
        max(
            (effect for effect in found if effect.relation is relation),
            key=_weight,
            default=None,
        )
        for relation in Relation
    ]
    return replace(change, effects=tuple(effect for effect in worst if effect is not None))


def _weight(effect: Effect) -> tuple[int, bool]:
    return effect.verdict, bool(effect.witness)
