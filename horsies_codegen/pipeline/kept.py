"""Results of earlier runs: which of them still hold."""

from __future__ import annotations

from horsies_codegen.cache import Cache, key_of
from horsies_codegen.config import Config
from horsies_codegen.pipeline.judged import Judged
from horsies_codegen.pipeline.sift import Candidate
from horsies_codegen.resolve.modules import Answer, Notes, Question, answer_to
from horsies_codegen.source import Entry, SourceTree


class Kept:
    """What the cache holds for the files of one tree. With no cache it holds nothing."""

    def __init__(self, tree: SourceTree, config: Config, cache: Cache | None) -> None:
        self._tree = tree
        self._cache = cache
        self._settings = (sorted(config.types.items()), config.python)
        self._answers: dict[Question, Answer | None] = {}

    def judged(self, candidate: Candidate) -> Judged | None:
        """The verdict on a file, if one is there and all that it depends on is as it was."""
        if self._cache is None:
            return None
        found = self._cache.get(self._key(candidate.entry, candidate.digest), Judged)
        return found if found is not None and self._holds(found.notes) else None

    def keep(self, entry: Entry, digest: str, result: Judged) -> None:
        """Keep the verdict on a file whose bytes have this hash."""
        if self._cache is not None:
            self._cache.put(self._key(entry, digest), result)

    def _key(self, entry: Entry, digest: str) -> str:
        return key_of("judged", self._settings, entry.path, entry.module, entry.root, entry.is_package, digest)

    def _holds(self, notes: Notes) -> bool:
        if any((name in self._tree.packages) != found for name, found in notes.namespaces.items()):
            return False
        return all(self._answer(question) == answer for question, answer in notes.modules.items())

    def _answer(self, question: Question) -> Answer | None:
        if question not in self._answers:
            self._answers[question] = answer_to(question, self._tree, None)
        return self._answers[question]
