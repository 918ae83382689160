"""Results of earlier runs: which of them still hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from horsies_codegen.cache import Cache, Pack, key_of
from horsies_codegen.config import Config
from horsies_codegen.emit import Portion
from horsies_codegen.pipeline.installed import installed
from horsies_codegen.pipeline.judged import Judged
from horsies_codegen.pipeline.sift import Candidate
from horsies_codegen.pipeline.worked import Worked
from horsies_codegen.resolve.modules import Answer, Notes, Question, answer_to
from horsies_codegen.source import Entry, SourceTree

FEW = 16
"""Files; where nothing is known of more, they are worked on by several processes anyway."""


class Kept:
    """What the cache holds for the files of one tree. With no cache it holds nothing."""

    def __init__(self, tree: SourceTree, config: Config, cache: Cache | None) -> None:
        self._tree = tree
        self._cache = cache
        self._settings = (sorted(config.types.items()), config.python)
        self._pack: Pack | None = None
        self._out = config.out
        self._answers: dict[Question, Answer | None] = {}
        self.outside = installed(config)

    def all_built(self, candidates: Sequence[Candidate]) -> list[Worked | None]:
        """What each of these files comes to in a build, as far as it is known."""
        pack = self._pack_for(candidates)
        if pack is None:
            return [None] * len(candidates)
        keys = map(self._key_of, candidates)
        return [
            self._packed(pack, key) or self.worked(item, is_building=True)
            for item, key in zip(candidates, keys, strict=True)
        ]

    def unknown(self, candidates: Sequence[Candidate]) -> list[int]:
        """Which of these files nothing is known of, as far as that is known without reading much."""
        pack, cache = self._pack_for(candidates), self._cache
        if pack is None or cache is None:
            return []
        keys = list(map(self._key_of, candidates))
        lacking = frozenset(pack.lacks(keys))
        if len(lacking) > FEW:
            return []
        return [index for index, key in enumerate(keys) if key in lacking and cache.get(key, Judged) is None]

    def keep_together(self, candidates: Sequence[Candidate], parts: Sequence[Worked]) -> None:
        """Keep what all files of a build came to where `all_built` of the next one finds it at once."""
        pack = self._pack_for(candidates)
        if pack is not None:
            pack.keep(dict(zip(map(self._key_of, candidates), parts, strict=True)))

    def worked(self, candidate: Candidate, *, is_building: bool) -> Worked | None:
        """What a file comes to, if it is there and all that it depends on is as it was."""
        if self._cache is None:
            return None
        key = self._key_of(candidate)
        judged = self._cache.get(key, Judged)
        if judged is None or not self.holds(judged.notes):
            return None
        if not is_building or not judged.tasks:
            return Worked(judged)
        portion = self._cache.get(self._portion_key(key, judged.notes), Portion)
        return None if portion is None else Worked(judged, portion)

    def keep(self, entry: Entry, digest: str, judged: Judged, portion: Portion | None) -> None:
        """Keep what a file comes to whose bytes have this hash."""
        if self._cache is None:
            return
        key = self._key(entry, digest)
        self._cache.put(key, judged)
        if portion is not None:
            self._cache.put(self._portion_key(key, judged.notes), portion)

    def _pack_for(self, candidates: Sequence[Candidate]) -> Pack | None:
        if self._pack is None and self._cache is not None:
            key = key_of("worked", self._settings, str(Path(self._out).absolute()))
            self._pack = Pack(self._cache, key, len(candidates))
        return self._pack

    def _packed(self, pack: Pack, key: str) -> Worked | None:
        worked = pack.get(key, Worked)
        return worked if worked is not None and self.holds(worked.judged.notes) else None

    def _key_of(self, candidate: Candidate) -> str:
        return self._key(candidate.entry, candidate.digest)

    def _key(self, entry: Entry, digest: str) -> str:
        return key_of("judged", self._settings, entry.path, entry.module, entry.root, entry.is_package, digest)

    def _portion_key(self, key: str, notes: Notes) -> str:
        """Beside the verdict: one that `lint` brought up to date must not be joined with an older portion."""
        modules = sorted(map(repr, notes.modules.items()))
        return key_of("portion", key, modules, sorted(notes.namespaces.items()))

    def holds(self, notes: Notes) -> bool:
        """Whether every look-up comes to the same now."""
        if any((name in self._tree.packages) != found for name, found in notes.namespaces.items()):
            return False
        return all(self._answer(question) == answer for question, answer in notes.modules.items())

    def _answer(self, question: Question) -> Answer | None:
        if question not in self._answers:
            self._answers[question] = answer_to(question, self._tree, self.outside)
        return self._answers[question]
