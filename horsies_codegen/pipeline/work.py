"""Judges files: from the cache where that holds, the others in several processes.

Processes are forked where that is safe and cheap (Linux), else started anew and told the tree, which is small: files are read
by whoever works on them. Each takes a few files at a time, so that no core waits for the longest share. A worker process
that dies (out of memory, killed) costs nothing but time: what it did not do is done here.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator, Sequence
from itertools import islice

from horsies_codegen.cache import Cache
from horsies_codegen.config import Config
from horsies_codegen.pipeline.effort import Effort
from horsies_codegen.pipeline.judged import Judged, judged
from horsies_codegen.pipeline.kept import Kept
from horsies_codegen.pipeline.sift import Candidate
from horsies_codegen.resolve import ResolveOptions, Resolver
from horsies_codegen.source import Entry, SourceTree

PARALLEL_BYTES = 150_000
"""Bytes to parse (about a quarter of a second) below which starting processes costs more than it saves."""

SHARE_BYTES = 120_000
SHARE_FILES = 16


def judge_all(tree: SourceTree, config: Config, candidates: Sequence[Candidate], effort: Effort) -> list[Judged]:
    """What each candidate comes to, in their order."""
    kept = Kept(tree, config, effort.cache)
    found = [kept.judged(candidate) for candidate in candidates]
    missing = [index for index, part in enumerate(found) if part is None]
    effort.progress(len(candidates) - len(missing), len(candidates))
    work = _fresh(tree, config, [candidates[index] for index in missing], effort)
    for done, (index, part) in enumerate(zip(missing, work, strict=True), 1):
        found[index] = part
        effort.progress(len(candidates) - len(missing) + done, len(candidates))
    return [part for part in found if part is not None]


def _fresh(tree: SourceTree, config: Config, candidates: Sequence[Candidate], effort: Effort) -> Iterator[Judged]:
    job = _Job(tree, config, effort.cache)
    shares = _shares(candidates)
    if effort.processes == 1 or len(shares) == 1 or sum(item.size for item in candidates) < PARALLEL_BYTES:
        return (job.judged(candidate.entry) for candidate in candidates)
    return _parallel(job, shares, min(effort.processes, len(shares)))


def _parallel(job: _Job, shares: Sequence[Sequence[Entry]], processes: int) -> Iterator[Judged]:
    from concurrent.futures import ProcessPoolExecutor  # not at the top: 20 ms that few runs need
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    context = get_context("fork" if sys.platform == "linux" else "spawn")
    gc.freeze()  # pages of what is loaded stay shared with the children
    done = 0
    with ProcessPoolExecutor(processes, context, _begin, (job,)) as pool:
        try:
            for results in pool.map(_share, shares):
                done += 1
                yield from results
        except BrokenProcessPool:
            pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for share in islice(shares, done, None):
        yield from map(job.judged, share)


def _shares(candidates: Sequence[Candidate]) -> list[list[Entry]]:
    """The files in order, a few at a time."""
    shares: list[list[Entry]] = []
    size = SHARE_BYTES
    for candidate in candidates:
        if size >= SHARE_BYTES or len(shares[-1]) >= SHARE_FILES:
            shares.append([])
            size = 0
        shares[-1].append(candidate.entry)
        size += candidate.size
    return shares


class _Job:
    """The work of one process."""

    def __init__(self, tree: SourceTree, config: Config, cache: Cache | None) -> None:
        self._tree = tree
        self._kept = Kept(tree, config, cache)
        self._resolver = Resolver(tree, ResolveOptions(types=config.types, python=config.python))

    def judged(self, entry: Entry) -> Judged:
        """One file, read now."""
        file = self._tree.read(entry)
        result = judged(self._resolver.file(file))
        self._kept.keep(entry, file.digest, result)
        return result


_hired: list[_Job] = []
"""The job of this process, if it is a worker."""


def _begin(job: _Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends its children
    _hired[:] = [job]


def _share(entries: Sequence[Entry]) -> list[Judged]:
    (job,) = _hired
    return [job.judged(entry) for entry in entries]
