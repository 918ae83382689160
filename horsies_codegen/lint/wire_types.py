"""The types that one task puts on the wire, each with the part of the definition that brings it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from horsies_core.contract.draft import TaskDraft
from horsies_core.contract.laws import RETURN, Locus
from horsies_core.contract.types import Definition, Ref, TypeNode, definition_children, walk

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
            yield from _inside(Locus("parameter", parameter.name), parameter.type, draft.definitions, seen)
    if draft.returns.result is not None:
        yield from _inside(RETURN, draft.returns.result, draft.definitions, seen)


def _inside(
    locus: Locus, root: TypeNode, definitions: Mapping[str, Definition], seen: set[str]
) -> Iterator[tuple[Locus, TypeNode]]:
    waiting = [root]
    while waiting:
        for node in walk(waiting.pop()):
            yield locus, node
            if isinstance(node, Ref) and node.name not in seen and node.name in definitions:
                seen.add(node.name)
                waiting.extend(definition_children(definitions[node.name]))
