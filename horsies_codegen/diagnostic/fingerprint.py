"""Fingerprints: what a finding is recognised by when lines have moved, for baselines and code scanning."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeAlias

from horsies_codegen.diagnostic.model import Diagnostic
from horsies_codegen.source.text import SourceText

Sources: TypeAlias = Callable[[str], str | None]
"""The text of a file by the path that places name it by, or None if there is none to show."""


def fingerprints(diagnostics: Iterable[Diagnostic], sources: Sources) -> tuple[str, ...]:
    """A fingerprint for each diagnostic of a report, in their order: 32 hexadecimal digits.

    Made of code, path, the stripped text of the line, the task, and which of several alike it is. So it survives other
    lines being added, moved or indented, and changes when its own line is edited.
    """
    lines = SourceLines(sources)
    seen: Counter[tuple[str, ...]] = Counter()
    result: list[str] = []
    for diagnostic in diagnostics:
        key = (diagnostic.code, diagnostic.path or "", lines.under(diagnostic).strip(), diagnostic.task or "")
        result.append(_digest((*key, str(seen[key]))))
        seen[key] += 1
    return tuple(result)


class SourceLines:
    """Texts with their line tables, each made once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._texts: dict[str, SourceText | None] = {}

    def of(self, path: str) -> SourceText | None:
        """The text of a file, or None."""
        if path not in self._texts:
            text = self._sources(path)
            self._texts[path] = None if text is None else SourceText(text)
        return self._texts[path]

    def under(self, diagnostic: Diagnostic) -> str:
        """The line at which a diagnostic begins; empty if it has no place or the text is not at hand."""
        if diagnostic.place is None:
            return ""
        text = self.of(diagnostic.place.path)
        return "" if text is None else text.line(diagnostic.place.span.start.line)


def _digest(parts: tuple[str, ...]) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
