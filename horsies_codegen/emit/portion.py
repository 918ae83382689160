"""What the tasks of one file bring to a build, and what all of them agree on: the names.

A file's portion says all that other files' output needs of it, in texts: its blocks in the lock, its names, its summaries.
Names are given out to all portions together; what is printed for one module depends on its own tasks and on the names that
fall to it, and on nothing else. So modules are printed in any process, and again only if one of these changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from horsies_codegen.emit.identifiers import attribute_ladder, distinct, module_ladder
from horsies_codegen.emit.models import type_names
from horsies_codegen.emit.python_types import two_sided
from horsies_codegen.emit.words import summary
from horsies_core.contract.lock import LockEntry, task_block, type_block
from horsies_core.contract.task import all_definitions
from horsies_core.contract.types import Definition


class Portion(NamedTuple):
    """The tasks of one file, sorted by name, as others see them."""

    module: str
    names: tuple[str, ...]
    served: tuple[str, ...]
    """Names and aliases."""
    summaries: tuple[str, ...]
    blocks: tuple[str, ...]
    """The block of each task in the lock."""
    types: Mapping[str, str]
    """The identity of every named type, and its block in the lock."""
    two_sided: tuple[str, ...]
    """The types whose accepted and emitted Python types differ."""
    digest: str
    """A hash of all of the above."""
    shown_digest: str
    """A hash of what those parts of a client show that stand in it once: all but the tasks' blocks."""


class Names(NamedTuple):
    """What things are called in a client: all of them, or those that concern one module."""

    stems: Mapping[str, str]
    """Source module → the name of its client module."""
    attributes: Mapping[str, str]
    """Task → attribute of the client."""
    types: Mapping[str, str]
    """Identity of a type → class name."""
    two_sided: frozenset[str]

    def of(self, module: str, portions: Iterable[Portion]) -> Names:
        """The names that the output for one module depends on; ``portions`` are those of the module."""
        members = tuple(portions)
        types = sorted({identity for portion in members for identity in portion.types})
        return Names(
            {module: self.stems[module]},
            {name: self.attributes[name] for portion in members for name in portion.names},
            {identity: self.types[identity] for identity in types},
            self.two_sided & frozenset(types),
        )

    @property
    def exactly(self) -> tuple[object, ...]:
        """The same in an order that nothing decides, for keys."""
        tables = (sorted(table.items()) for table in (self.stems, self.attributes, self.types))
        return (*tables, sorted(self.two_sided))


def portion_of(module: str, entries: Iterable[LockEntry]) -> Portion:
    """The portion of the tasks of one file."""
    ordered = sorted(entries, key=lambda entry: entry.contract.name)
    definitions = definitions_of(ordered)
    names = tuple(entry.contract.name for entry in ordered)
    served = tuple(name for entry in ordered for name in (entry.contract.name, *entry.contract.aliases))
    summaries = tuple(map(summary, ordered))
    blocks = tuple(map(task_block, ordered))
    types = {item.name: type_block(item) for item in _in_lock(ordered)}
    sided = tuple(sorted(two_sided(definitions)))
    shown = (module, names, summaries, types, sided)
    return Portion(
        module, names, served, summaries, blocks, types, sided, _digest(shown, served, blocks), _digest(shown)
    )


def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def names_of(portions: Sequence[Portion]) -> Names:
    """The names in a client of all portions."""
    sided = frozenset(name for portion in portions for name in portion.two_sided)
    identities = frozenset(identity for portion in portions for identity in portion.types)
    return Names(
        stems=distinct({portion.module: module_ladder(portion.module) for portion in portions}),
        attributes=distinct({name: attribute_ladder(name) for portion in portions for name in portion.names}),
        types=type_names(identities, sided),
        two_sided=sided,
    )


def _in_lock(entries: Iterable[LockEntry]) -> list[Definition]:
    """Every named type of some tasks and of their upcasters, by name. A client has no use for those of upcasters."""
    found = {item.name: item for entry in entries for item in all_definitions(entry.contract)}
    return [found[name] for name in sorted(found)]


def definitions_of(entries: Iterable[LockEntry]) -> dict[str, Definition]:
    """Every named type of some tasks."""
    return {name: item for entry in entries for name, item in entry.contract.definition_table.items()}
