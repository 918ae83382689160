"""Results of earlier runs: which of them still hold."""

from __future__ import annotations

from horsies_codegen.cache import Cache, key_of
from horsies_codegen.config import Config
from horsies_codegen.emit import Portion
from horsies_codegen.pipeline.installed import installed
from horsies_codegen.pipeline.judged import Judged
from horsies_codegen.pipeline.sift import Candidate
from horsies_codegen.pipeline.worked import Worked
from horsies_codegen.resolve.modules import Answer, Notes, Question, answer_to
from horsies_codegen.source import Entry, SourceTree


class Kept:
    """What the cache holds for the files of one tree. With no cache it holds nothing."""

    def __init__(self, tree: SourceTree, config: Config, cache: Cache | None) -> None:
        self._tree = tree
        self._cache = cache
        self._settings = (sorted(config.types.items()), config.python)
        self._answers: dict[Question, Answer | None] = {}
        self.outside = installed(config)

    def worked(self, candidate: Candidate, *, is_building: bool) -> Worked | None:
        """What a file comes to, if it is there and all that it depends on is as it was."""
        if self._cache is None:
            return None
        key = self._key(candidate.entry, candidate.digest)
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
