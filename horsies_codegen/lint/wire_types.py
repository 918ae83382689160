"""The types that one task puts on the wire, each with the part of the definition that brings it in."""

from __future__ import annotations

from collections.abc import Iterator

from horsies_core.contract.draft import TaskDraft
from horsies_core.contract.laws import RETURN, Locus
from horsies_core.contract.types import TypeNode, walk_into

_MAX_KEPT = 256
_kept: dict[int, tuple[TaskDraft, tuple[tuple[Locus, TypeNode], ...]]] = {}
"""The nodes of some drafts, by identity: one rule after the other asks for those of the same tasks."""


def nodes_of(draft: TaskDraft) -> tuple[tuple[Locus, TypeNode], ...]:
    """Every node in the parameters and the result, named types looked into once each."""
    known = _kept.get(id(draft))
    if known is None or known[0] is not draft:
        if len(_kept) >= _MAX_KEPT:
            _kept.clear()
        known = _kept[id(draft)] = (draft, tuple(_nodes_of(draft)))
    return known[1]


def _nodes_of(draft: TaskDraft) -> Iterator[tuple[Locus, TypeNode]]:
    seen: set[str] = set()
    for parameter in draft.parameters:
        if parameter.type is not None:
            locus = Locus("parameter", parameter.name)
            for node in walk_into([parameter.type], draft.definitions, seen):
                yield locus, node
    if draft.returns.result is not None:
        for node in walk_into([draft.returns.result], draft.definitions, seen):
            yield RETURN, node
