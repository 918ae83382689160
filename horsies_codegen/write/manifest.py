"""The manifest: which files of an out folder are ours, and what they hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from horsies_core.contract.wire.printed import printed_texts

MANIFEST_NAME = ".horsies-manifest.json"
MANIFEST_FORMAT = 1
"""Raised when a reader of the old format would misread the new one."""


class ManifestFormatError(Exception):
    """The manifest cannot be read, or has another format than this version writes; the text says which."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Owned paths (posix, below the out folder) with the hash of their text.

    ``pending`` holds what a build was about to write: one that was killed leaves some files old and some new.
    """

    files: Mapping[str, str] = field(default_factory=dict[str, str])
    pending: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def owned(self) -> frozenset[str]:
        """Every path that is ours."""
        return frozenset(self.files) | frozenset(self.pending)

    def knows(self, path: str, digest: str) -> bool:
        """Whether we wrote a file with this hash to this path."""
        return digest in (self.files.get(path), self.pending.get(path))


def digest_of(text: str) -> str:
    """The hash of a text: 32 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_manifest(out: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none.

    Raises `ManifestFormatError` for one that this version does not read, OSError for one that cannot be opened.
    """
    path = out / MANIFEST_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest()
    except UnicodeDecodeError:
        raise ManifestFormatError("the manifest is not UTF-8 text") from None
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        raise ManifestFormatError("the manifest is not JSON") from None
    return _decoded(data)


def manifest_text(manifest: Manifest) -> str:
    """The manifest as it stands in the file: sorted, two spaces of indentation, a newline at the end."""
    tables = {"files": manifest.files, **({"pending": manifest.pending} if manifest.pending else {})}
    parts = [f'  "{name}": {printed_texts(dict(sorted(files.items())), "  ")}' for name, files in tables.items()]
    return ",\n".join((f'{{\n  "format": {MANIFEST_FORMAT}', *parts)) + "\n}\n"


def _decoded(data: object) -> Manifest:
    body = _hashes(data, "the manifest")
    if body.get("format") != MANIFEST_FORMAT:
        raise ManifestFormatError(
            f"the manifest has format {body.get('format')!r}, this version of horsies-codegen writes {MANIFEST_FORMAT}"
        )
    return Manifest(_texts(body.get("files", {})), _texts(body.get("pending", {})))


def _texts(data: object) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path, digest in _hashes(data, "a part of the manifest").items():
        if not isinstance(digest, str) or not _stays_inside(path):
            raise ManifestFormatError(f"the manifest's entry {path!r} is no path with a hash")
        texts[path] = digest
    return texts


def _hashes(data: object, what: str) -> dict[str, object]:
    if not isinstance(data, dict):
        raise ManifestFormatError(f"{what} is not a JSON object")
    return cast("dict[str, object]", data)


def _stays_inside(path: str) -> bool:
    """Whether a path leads to a place below the folder: an entry must not make us delete anything elsewhere."""
    return bool(path) and path[0] != "/" and "\\" not in path and (".." not in path or ".." not in path.split("/"))
