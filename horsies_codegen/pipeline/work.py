"""Judges files: from the cache where that holds, the others in several processes.

Each process takes a few files at a time, so that no core waits for the longest share; it reads them itself, so what travels is
small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from horsies_codegen.cache import Cache
from horsies_codegen.config import Config
from horsies_codegen.parse import is_loaded
from horsies_codegen.pipeline.ahead import CAN_FORK, Ahead
from horsies_codegen.pipeline.drawn import portion_of_file
from horsies_codegen.pipeline.effort import Effort
from horsies_codegen.pipeline.judged import judged
from horsies_codegen.pipeline.kept import Kept
from horsies_codegen.pipeline.sift import Candidate
from horsies_codegen.pipeline.spread import spread
from horsies_codegen.pipeline.worked import Worked
from horsies_codegen.resolve import ResolveOptions, Resolver
from horsies_codegen.source import Entry, SourceTree

PARALLEL_BYTES = 150_000
"""Bytes to parse (about a quarter of a second) below which starting processes costs more than it saves."""

SHARE_BYTES = 120_000
SHARE_FILES = 16


def work_all(
    tree: SourceTree, config: Config, candidates: Sequence[Candidate], effort: Effort, *, is_building: bool
) -> list[Worked]:
    """What each candidate comes to, in their order."""
    kept = Kept(tree, config, effort.cache)
    job = _Job(tree, config, effort.cache, is_building=is_building)
    found = (
        _built(job, kept, candidates, effort)
        if is_building
        else [kept.worked(it, is_building=False) for it in candidates]
    )
    missing = [index for index, part in enumerate(found) if part is None]
    effort.progress(len(candidates) - len(missing), len(candidates))
    fresh = _fresh(job, [candidates[index] for index in missing], effort.processes)
    for done, (index, part) in enumerate(zip(missing, fresh, strict=True), 1):
        found[index] = part
        effort.progress(len(candidates) - len(missing) + done, len(candidates))
    parts = [part for part in found if part is not None]
    if is_building:
        kept.keep_together(candidates, parts)
    return parts


def _built(job: _Job, kept: Kept, candidates: Sequence[Candidate], effort: Effort) -> list[Worked | None]:
    """What is known of the files for a build; a few of which nothing is known are worked on while the rest is read."""
    unknown = kept.unknown(candidates) if CAN_FORK and effort.processes > 1 and not is_loaded() else []
    is_little = sum(candidates[index].size for index in unknown) < PARALLEL_BYTES
    ahead = Ahead(job, [candidates[index].entry for index in unknown]) if unknown and is_little else None
    found = kept.all_built(candidates)
    fresh = None if ahead is None else ahead.result()
    for index, part in zip(unknown, fresh or (), strict=False):
        found[index] = part
    return found


def _fresh(job: _Job, candidates: Sequence[Candidate], processes: int) -> Iterator[Worked]:
    is_little = sum(item.size for item in candidates) < PARALLEL_BYTES
    for results in spread(job, _shares(candidates, processes), 1 if is_little else processes):
        yield from results


def _shares(candidates: Sequence[Candidate], processes: int) -> list[list[Entry]]:
    """The files in order, a few at a time; fewer and fewer at the end, so that all processes end at about the same time."""
    shares: list[list[Entry]] = []
    size = SHARE_BYTES
    for done, candidate in enumerate(candidates):
        files = min(SHARE_FILES, (len(candidates) - done) // (2 * processes) + 1)
        if size >= SHARE_BYTES or len(shares[-1]) >= files:
            shares.append([])
            size = 0
        shares[-1].append(candidate.entry)
        size += candidate.size
    return shares


class _Job:
    """The work of one process."""

    def __init__(self, tree: SourceTree, config: Config, cache: Cache | None, *, is_building: bool) -> None:
        self._tree = tree
        self._is_building = is_building
        self._kept = Kept(tree, config, cache)
        options = ResolveOptions(types=config.types, python=config.python)
        self._resolver = Resolver(tree, options, outside=self._kept.outside)

    def __call__(self, entries: Sequence[Entry]) -> list[Worked]:
        return [self.work(entry) for entry in entries]

    def work(self, entry: Entry) -> Worked:
        """One file, read now."""
        file = self._tree.read(entry)
        resolved = self._resolver.file(file)
        result = Worked(judged(resolved), portion_of_file(resolved) if self._is_building else None)
        self._kept.keep(entry, file.digest, result.judged, result.portion)
        return result
