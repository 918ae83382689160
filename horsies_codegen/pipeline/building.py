"""A tree → its inspection and the portions of its build; and the way past all of it when nothing has changed.

A build that ends well leaves a `Snapshot` under everything that it was made of: settings, the names of all files, the bytes of
those that speak of tasks; in it, the look-ups that it rests on. If these come to the same again and the out folder is as the
build left it, there is nothing to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from horsies_codegen.cache import key_of
from horsies_codegen.config import Config
from horsies_codegen.emit import LOCK_PATH, Portion
from horsies_codegen.imported import Ask, filled, needs_asking
from horsies_codegen.lint import Selection
from horsies_codegen.pipeline.burial import keep_served
from horsies_codegen.pipeline.drawn import portion_of_file
from horsies_codegen.pipeline.effort import Effort
from horsies_codegen.pipeline.inspection import Inspection, functions_of, inspection_of
from horsies_codegen.pipeline.installed import installed
from horsies_codegen.pipeline.judged import judged
from horsies_codegen.pipeline.kept import Kept
from horsies_codegen.pipeline.sift import Candidate, sift, sift_callers
from horsies_codegen.pipeline.work import work_all
from horsies_codegen.pipeline.worked import Worked
from horsies_codegen.resolve import ResolveOptions, Resolver
from horsies_codegen.resolve.modules import Notes
from horsies_codegen.source import SourceTree
from horsies_codegen.write import MANIFEST_NAME, Record, Signature, read_again, record_of, settled_by, signatures


class Snapshot(NamedTuple):
    """What a build came to: what it found (without the names that tasks claim), what that rests on, what it left.

    It rests on look-ups, and on the files that send a task of these functions, by path and hash.
    """

    inspection: Inspection
    notes: Notes
    functions: tuple[str, ...]
    callers: tuple[tuple[str, str], ...]
    outputs: str
    """A hash of the hashes of all files."""


class Building:
    """One project on its way to its out folder.

    ``ask`` tells the contracts of live modules, for tasks that cannot be read. What it told is not kept for later builds.
    """

    def __init__(
        self, tree: SourceTree, config: Config, selection: Selection, effort: Effort, ask: Ask | None = None
    ) -> None:
        self._ask = ask
        self._is_repeatable = True
        self._tree = tree
        self._config = config
        self._selection = selection
        self._effort = effort
        self._sifted = sift(tree)
        self._notes = Notes({}, {})
        self._functions: frozenset[str] = frozenset()
        self._callers: tuple[Candidate, ...] = ()
        self._before: Mapping[str, Signature] = {}

    def unchanged(self) -> tuple[Inspection, int] | None:
        """What an earlier build found, and how many files it left, if this one would come to the same."""
        if self._tree.problems:  # no part of the key: a path can come to be missing without an entry that goes with it
            return None
        cache = None if self._config.templates is not None else self._effort.cache  # they may ask for anything
        snapshot = None if cache is None else cache.get(self._key, Snapshot)
        if cache is None or snapshot is None or not Kept(self._tree, self._config, cache).holds(snapshot.notes):
            return None
        if _digests(self._calling(frozenset(snapshot.functions))) != snapshot.callers:
            return None
        record = cache.get(self._record_key, Record)
        if record is None or _hash_of(record) != snapshot.outputs:
            return None
        found = signatures(Path(self._config.out), record.files)
        if any(found.get(path) != signature for path, (signature, _) in record.files.items()):
            return None
        read = read_again(Path(self._config.out), record)
        if read is None:
            return None
        if read.fresh != record.fresh:
            cache.put(self._record_key, read)
        return snapshot.inspection, len(record.files) - 1

    def inspect(self) -> tuple[Inspection, tuple[Portion, ...]]:
        """What is found, as a build sees it, and the portions of all files with tasks that have contracts."""
        parts = work_all(self._tree, self._config, self._sifted.candidates, self._effort, is_building=True)
        if self._ask is not None:
            parts = self._with_imported(parts, self._ask)
        self._functions = functions_of(parts)
        self._callers = self._calling(self._functions)
        if self._callers:
            effort = self._effort.after(len(parts))
            calling = work_all(self._tree, self._config, self._callers, effort, is_building=False)
            parts = [*parts, *calling]
        self._notes = _union([part.judged.notes for part in parts])
        inspection = inspection_of(self._tree, self._selection, self._sifted, [part.judged for part in parts])
        return inspection.gated(), tuple(part.portion for part in parts if part.portion is not None)

    def _calling(self, functions: frozenset[str]) -> tuple[Candidate, ...]:
        return sift_callers(self._tree, self._sifted, functions, self._effort.processes)

    def _with_imported(self, parts: Sequence[Worked], ask: Ask) -> list[Worked]:
        """The parts, those with tasks that cannot be read made again with what their live modules say."""
        unread = [index for index, part in enumerate(parts) if needs_asking(part.judged.collected.holes)]
        if not unread:
            return list(parts)
        self._is_repeatable = False
        options = ResolveOptions(types=self._config.types, python=self._config.python)
        resolver = Resolver(self._tree, options, outside=installed(self._config))
        entries = [self._sifted.candidates[index].entry for index in unread]
        made = list(parts)
        for index, file in zip(
            unread, filled([resolver.file(self._tree.read(it)) for it in entries], ask), strict=True
        ):
            made[index] = Worked(judged(file), portion_of_file(file))
        return made

    def settled(self, digests: Mapping[str, str]) -> frozenset[str]:
        """The files that an earlier build left, and that are still as this one wants them."""
        self._before = signatures(Path(self._config.out), (*digests, MANIFEST_NAME))
        cache = self._effort.cache
        record = None if cache is None else cache.get(self._record_key, Record)
        return frozenset() if record is None else settled_by(Path(self._config.out), record, self._before, digests)

    def finished(
        self,
        inspection: Inspection,
        portions: Sequence[Portion],
        digests: Mapping[str, str],
        written: Collection[str],
    ) -> None:
        """Keep what a later build need not do again. The folder now holds these texts; ``written`` are those that are new."""
        cache = self._effort.cache
        if cache is None:
            return
        files: dict[str, str | None] = {**digests, MANIFEST_NAME: None}
        found = {path: it for path, it in self._before.items() if path not in written}
        found |= signatures(Path(self._config.out), [path for path in written if path in files])
        record = record_of(found, files)
        cache.put(self._record_key, record)
        if LOCK_PATH in written:
            keep_served(digests[LOCK_PATH], portions, cache)
        if len(record.files) == len(files) and self._is_repeatable:
            functions, callers = tuple(sorted(self._functions)), _digests(self._callers)
            found_now = replace(inspection, claims=())
            cache.put(self._key, Snapshot(found_now, self._notes, functions, callers, _hash_of(record)))

    @property
    def _record_key(self) -> str:
        return key_of("out", str(Path(self._config.out).absolute()))

    @property
    def _key(self) -> str:
        listing = hashlib.blake2b(digest_size=16)
        for entry in self._tree.entries:
            listing.update(
                repr((entry.path, entry.module, entry.root, entry.is_package)).encode("utf-8", "surrogatepass")
            )
        digests = list(_digests(self._sifted.candidates))
        comments = [repr(comment) for comment in self._sifted.comments]
        return key_of("build", repr(self._config), repr(self._selection), listing.hexdigest(), digests, comments)


def _digests(candidates: Sequence[Candidate]) -> tuple[tuple[str, str], ...]:
    return tuple((item.entry.path, item.digest) for item in candidates)


def _union(notes: list[Notes]) -> Notes:
    modules = {question: answer for part in notes for question, answer in part.modules.items()}
    namespaces = {name: found for part in notes for name, found in part.namespaces.items()}
    return Notes(modules, namespaces)


def _hash_of(record: Record) -> str:
    lines = "\n".join(sorted(f"{path}\0{digest}" for path, (_, digest) in record.files.items()))
    return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
