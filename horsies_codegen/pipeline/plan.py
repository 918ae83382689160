"""Portions → what a build wants of its out folder: the hash of every file, and the texts of those that are not there yet.

What is printed for one source module depends on its own tasks and on the names that fall to it, so the hashes of its files are
kept under exactly these. A module is printed when its hashes are not known, or when one of its files is not known to be as
wanted: in several processes where there are many.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from horsies_codegen.cache import Pack, key_of
from horsies_codegen.emit import ClientOptions, Names, Portion, Printer, emit, names_of
from horsies_codegen.pipeline.drawn import entries_of
from horsies_codegen.pipeline.effort import Effort
from horsies_codegen.pipeline.spread import spread
from horsies_codegen.write import digest_of
from horsies_core.contract.lock import Tombstone
from horsies_core.contract.types import Definition
from horsies_core.contract.wire import decode_definition

SHARE_MODULES = 8


class Plan(Mapping[str, str]):
    """``{path: text}``. Every path has a hash; texts are there once they were `prepare`-d."""

    def __init__(
        self, digests: Mapping[str, str], texts: dict[str, str], units: Sequence[_Unit], effort: Effort
    ) -> None:
        self.digests = dict(sorted(digests.items()))
        self._texts = texts
        self._units = units
        self._effort = effort

    def prepare(self, settled: Container[str] = ()) -> None:
        """Print whatever may be asked for: every file that is not known to be as wanted."""
        lacking = [
            unit for unit in self._units if any(path not in settled and path not in self._texts for path in unit.paths)
        ]
        for texts in _printed(lacking, self._effort):
            self._texts |= texts

    def __getitem__(self, path: str) -> str:
        if path not in self._texts and path in self.digests:
            self.prepare([other for other in self.digests if other != path])
        return self._texts[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)

    def __contains__(self, path: object) -> bool:
        return path in self.digests


class Order(NamedTuple):
    """What a client is printed with."""

    package: str
    options: ClientOptions


class _Unit(NamedTuple):
    """A part of the build that is printed as one. ``module`` is None for what stands once in a client."""

    order: Order
    module: str | None
    portions: tuple[Portion, ...]
    names: Names
    paths: tuple[str, ...] = ()

    def printed(self) -> dict[str, str]:
        printer = Printer(self.order.package, self.order.options)
        if self.module is not None:
            return printer.module(self.module, entries_of(self.portions), self.portions, self.names)
        return {**printer.client_once(self.portions, self.names), **printer.models(_definitions(self.portions))}


def plan_of(portions: Sequence[Portion], order: Order, tombstones: Sequence[Tombstone], effort: Effort) -> Plan:
    """What a build of these portions wants. Raises `TemplateError` for what a user's own templates do wrong."""
    if order.options.templates is not None:  # they may print what they like: nothing is known before
        texts = emit(entries_of(portions), package=order.package, tombstones=tombstones, options=order.options)
        return Plan({path: digest_of(text) for path, text in texts.items()}, texts, (), effort)
    names = names_of(portions)
    texts = Printer(order.package, order.options).once(portions, tombstones)
    digests = {path: digest_of(text) for path, text in texts.items()}
    units = _with_paths(_units(portions, names, order), digests, texts, effort)
    return Plan(digests, texts, units, effort)


def _units(portions: Sequence[Portion], names: Names, order: Order) -> list[_Unit]:
    modules: dict[str, list[Portion]] = {}
    for portion in portions:
        modules.setdefault(portion.module, []).append(portion)
    once = _Unit(order, None, tuple(portions), names)
    return [once, *(_Unit(order, name, tuple(own), names.of(name, own)) for name, own in modules.items())]


class _Hashes(NamedTuple):
    """The hashes of the files of one unit: what the cache keeps."""

    files: Mapping[str, str]


def _with_paths(units: Sequence[_Unit], digests: dict[str, str], texts: dict[str, str], effort: Effort) -> list[_Unit]:
    """The units with the paths of their files; their hashes and, of those that are printed for it, texts are added."""
    keys = [_key(unit) for unit in units]
    cache, pack = effort.cache, None
    known: list[_Hashes | None] = [None] * len(keys)
    if cache is not None:
        pack = Pack(cache, key_of("all printed", units[0].order), len(units))
        known = [pack.get(key, _Hashes) or cache.get(key, _Hashes) for key in keys]
    lacking = [index for index, hashes in enumerate(known) if hashes is None]
    for index, printed in zip(lacking, _printed([units[index] for index in lacking], effort), strict=True):
        texts |= printed
        known[index] = _Hashes({path: digest_of(text) for path, text in printed.items()})
        if cache is not None:
            cache.put(keys[index], known[index])
    if pack is not None:
        pack.keep(dict(zip(keys, known, strict=True)))
    placed: list[_Unit] = []
    for unit, hashes in zip(units, known, strict=True):
        files = _Hashes({}).files if hashes is None else hashes.files
        digests |= files
        placed.append(unit._replace(paths=tuple(files)))
    return placed


def _key(unit: _Unit) -> str:
    """An edited task changes nothing of what stands once in a client, unless its name or its summary is edited."""
    shown = [portion.shown_digest if unit.module is None else portion.digest for portion in unit.portions]
    return key_of("printed", unit.order, unit.module, unit.names.exactly, shown)


def _printed(units: Sequence[_Unit], effort: Effort) -> Iterator[dict[str, str]]:
    """The texts of each unit, in their order."""
    shares = [units[first : first + SHARE_MODULES] for first in range(0, len(units), SHARE_MODULES)]
    for texts in spread(_print, shares, effort.processes):
        yield from texts


def _print(units: Sequence[_Unit]) -> list[dict[str, str]]:
    return [unit.printed() for unit in units]


def _definitions(portions: Sequence[Portion]) -> dict[str, Definition]:

    blocks = {identity: block for portion in portions for identity, block in portion.types.items()}
    return {identity: decode_definition(identity, json.loads(block), "/types") for identity, block in blocks.items()}
