"""`TaskContract`: everything that a producer and a worker must agree on, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from horsies_core.contract.names import DEFAULT_QUEUE
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.types import Default, Definition, Ref, TypeNode, definition_children, walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One keyword of the task. ``default`` is None for a required one."""

    name: str
    type: TypeNode
    default: Default | None = None


class Signature(Protocol):
    """Parameters, with the types that they refer to."""

    @property
    def parameters(self) -> tuple[Parameter, ...]: ...

    @property
    def definitions(self) -> tuple[Definition, ...]: ...

    @property
    def definition_table(self) -> Mapping[str, Definition]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcaster:
    """A function that makes a payload of today from one that was written for a former signature of the task.

    ``parameters`` are that signature. ``definitions`` holds exactly the named types reachable from it, sorted by name.
    """

    source: str
    parameters: tuple[Parameter, ...]
    definitions: tuple[Definition, ...] = ()

    @property
    def definition_table(self) -> Mapping[str, Definition]:
        """The definitions by name."""
        return {definition.name: definition for definition in self.definitions}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContract:
    """The contract of one task.

    ``definitions`` holds exactly the named types reachable from the parameters and the result, sorted by name.
    ``mapped_codes`` are the error codes that the exception mapper and the default can produce, sorted.
    ``source`` is ``module:qualname``; it is for people and is no part of the fingerprint. Neither are ``upcasters``: they
    put nothing on the wire.
    """

    name: str
    source: str
    parameters: tuple[Parameter, ...]
    result: TypeNode
    definitions: tuple[Definition, ...] = ()
    queue: str = DEFAULT_QUEUE
    timeout_ms: int | None = None
    retry: RetryPolicy | None = None
    mapped_codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = field(default=())
    upcasters: tuple[Upcaster, ...] = ()

    @property
    def definition_table(self) -> Mapping[str, Definition]:
        """The definitions by name."""
        return {definition.name: definition for definition in self.definitions}


def all_definitions(contract: TaskContract) -> tuple[Definition, ...]:
    """The definitions of a contract and of its upcasters, sorted by name."""
    table = {**contract.definition_table}
    for upcaster in contract.upcasters:
        table.update(upcaster.definition_table)
    return tuple(table[name] for name in sorted(table))


def reachable(
    roots: Iterator[TypeNode] | tuple[TypeNode, ...], table: Mapping[str, Definition]
) -> tuple[Definition, ...]:
    """The definitions that the roots refer to, directly or not, sorted by name.

    Raises KeyError for an unknown reference.
    """
    found: dict[str, Definition] = {}
    waiting = list(roots)
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Ref) and node.name not in found:
                found[node.name] = table[node.name]
                waiting.extend(definition_children(table[node.name]))
    return tuple(found[name] for name in sorted(found))
