"""Wanted texts × the folder as it is → what would have to change, and what stands in the way."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from horsies_codegen.write.manifest import Manifest, digest_of, read_manifest


class ChangeKind(StrEnum):
    """How one path differs from what the build wants."""

    MISSING = "missing"
    """Wanted and not there."""
    OUTDATED = "outdated"
    """Ours, as we wrote it, and wanted otherwise now."""
    STALE = "stale"
    """Ours, as we wrote it, and wanted no more."""
    EDITED = "edited"
    """Ours, and changed by somebody else since."""
    FOREIGN = "foreign"
    """Something that is not ours stands where a file is wanted."""

    @property
    def is_obstacle(self) -> bool:
        """Whether a person has to decide before anything can be written."""
        return self in (ChangeKind.EDITED, ChangeKind.FOREIGN)


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs. ``old`` is the text that stands there, ``new`` the wanted one; None is *no file*."""

    path: str
    kind: ChangeKind
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes by path, how many files are as wanted, and the manifest that was found."""

    changes: tuple[Change, ...]
    unchanged: int
    manifest: Manifest

    @property
    def obstacles(self) -> tuple[Change, ...]:
        """The changes that must not be made."""
        return tuple(change for change in self.changes if change.kind.is_obstacle)


def compare(
    out: Path,
    files: Mapping[str, str],
    digests: Mapping[str, str] | None = None,
    settled: Container[str] = (),
) -> Comparison:
    """How the folder differs from ``{posix path: text}``.

    ``digests`` holds the hash of every text, where texts are made only when asked for: then only those of changed files are.
    ``settled`` are paths that are known to be as wanted, and are not looked at.

    Raises `ManifestFormatError` for a manifest of another format, OSError for what cannot be read.
    """
    manifest = read_manifest(out)
    wanted = _Wanted(files, digests)
    paths = sorted(path for path in frozenset(files) | manifest.owned if path not in settled)
    found = [_change(out, path, wanted, manifest) for path in paths]
    changes = tuple(change for change in found if change is not None)
    return Comparison(changes, len(files) - sum(change.new is not None for change in changes), manifest)


class _Wanted:
    """The texts that are wanted, each asked for only when it must be."""

    def __init__(self, files: Mapping[str, str], digests: Mapping[str, str] | None) -> None:
        self._files = files
        self._digests = digests

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def is_text(self, path: str, text: str, digest: str) -> bool:
        """Whether a text with this hash is the wanted one."""
        return text == self._files[path] if self._digests is None else digest == self._digests[path]

    def text(self, path: str) -> str | None:
        """The wanted text; None if no file is wanted."""
        return self._files.get(path)


def _change(out: Path, path: str, wanted: _Wanted, manifest: Manifest) -> Change | None:
    is_wanted = path in wanted
    try:
        old = _text_of(out / path)
    except (IsADirectoryError, NotADirectoryError):
        return Change(path, ChangeKind.FOREIGN, None, wanted.text(path)) if is_wanted else None
    if old is None:
        return Change(path, ChangeKind.MISSING, None, wanted.text(path)) if is_wanted else None
    digest = digest_of(old)
    if is_wanted and wanted.is_text(path, old, digest):
        return None
    if manifest.knows(path, digest):
        return Change(path, ChangeKind.OUTDATED if is_wanted else ChangeKind.STALE, old, wanted.text(path))
    return Change(path, ChangeKind.EDITED if path in manifest.owned else ChangeKind.FOREIGN, old, wanted.text(path))


def _text_of(path: Path) -> str | None:
    """The text of a file with ``\\n`` for line breaks; bytes that are no UTF-8 are text that nobody wants.

    Raises IsADirectoryError or NotADirectoryError where something else stands: a folder, a link, a file as a parent.
    """
    if path.is_symlink():
        raise IsADirectoryError(f"{path} is a link")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
