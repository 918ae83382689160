"""A storage with some files replaced: what an editor holds and has not saved (``--stdin-filename``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from horsies_codegen.source.storage import Kind, Refusal, Resolved, Storage


@dataclass(frozen=True, slots=True)
class OverlayStorage:
    """Reads from ``below``, but the bytes of some locations from memory. Those need not exist below."""

    below: Storage
    contents: Mapping[str, bytes]

    def locate(self, path: str) -> str:
        """As below."""
        return self.below.locate(path)

    def parent(self, location: str) -> str | None:
        """As below."""
        return self.below.parent(location)

    def name(self, location: str) -> str:
        """As below."""
        return self.below.name(location)

    def join(self, location: str, name: str) -> str:
        """As below."""
        return self.below.join(location, name)

    def resolve(self, location: str) -> Resolved | Refusal:
        """As below, but a file that is only in memory is a file too, at the location it was given."""
        found = self.below.resolve(location)
        if isinstance(found, Refusal) and location in self.contents:
            return Resolved(Kind.FILE, location)
        return found

    def scan(self, location: str) -> Mapping[str, Kind] | Refusal:
        """As below: files that are only in memory are found when they are named, not by walking."""
        return self.below.scan(location)

    def read(self, location: str) -> bytes | Refusal:
        """The bytes in memory, else those below."""
        held = self.contents.get(location)
        return self.below.read(location) if held is None else held

    def close(self) -> None:
        """Closes what is below."""
        self.below.close()


def overlaid(storage: Storage, contents: Mapping[str, bytes]) -> Storage:
    """A storage in which the paths (as the user gave them) hold these bytes; the storage itself if there are none."""
    if not contents:
        return storage
    return OverlayStorage(storage, {_real(storage, path): data for path, data in contents.items()})


def _real(storage: Storage, path: str) -> str:
    location = storage.locate(path)
    found = storage.resolve(location)
    return found.location if isinstance(found, Resolved) else location
