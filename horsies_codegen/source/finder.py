"""From a dotted module name to a file, by looking at paths as the import system would: nothing is imported.

A folder's names are listed once and kept, so thousands of look-ups cost one listing a folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from horsies_codegen.source.storage import Kind, Refusal, Resolved, Storage


@dataclass(frozen=True, slots=True)
class Found:
    """A module's file: its real location, the folder of the search path it was found in, and the way from there."""

    location: str
    search: str
    parts: tuple[str, ...]
    is_package: bool


@dataclass(frozen=True, slots=True)
class ModuleFinder:
    """Finds modules below the folders of a search path (locations), first come first served.

    In one folder a regular package goes before a module, and both before a namespace package (PEP 420), whose portions
    may lie in several folders.
    """

    storage: Storage
    search: Sequence[str]
    _listings: dict[str, Mapping[str, Kind]] = field(default_factory=dict[str, Mapping[str, Kind]], repr=False)

    def find(self, module: str) -> Found | None:
        """The file of a module, or None when there is none: a namespace package and a compiled module have none."""
        *packages, last = module.split(".")
        if not all(module.split(".")):
            return None
        portions = [_Portion(folder, folder) for folder in self.search]
        for package in packages:
            portions = self._enter(portions, package)
        for portion in portions:
            found = self._in_folder(portion, last)
            if found is not None:
                return found
        return None

    def _enter(self, portions: Sequence[_Portion], package: str) -> list[_Portion]:
        """The folders in which the modules of a package are looked for: one if it is regular, else all its portions."""
        inner: list[_Portion] = []
        for portion in portions:
            folder = self._folder_in(portion, package)
            if folder is not None and "__init__.py" in self._names(folder.location):
                return [folder]
            if self._holds(portion.location, f"{package}.py", Kind.FILE):
                return []
            if folder is not None:
                inner.append(folder)
        return inner

    def _in_folder(self, portion: _Portion, name: str) -> Found | None:
        folder = self._folder_in(portion, name)
        found = None if folder is None else self._file_in(folder, "__init__.py")
        return found or self._file_in(portion, f"{name}.py")

    def _folder_in(self, portion: _Portion, name: str) -> _Portion | None:
        if not self._holds(portion.location, name, Kind.FOLDER):
            return None
        resolved = self.storage.resolve(self.storage.join(portion.location, name))
        if not isinstance(resolved, Resolved) or resolved.kind is not Kind.FOLDER:
            return None
        return _Portion(resolved.location, portion.search, (*portion.parts, name))

    def _file_in(self, portion: _Portion, name: str) -> Found | None:
        if not self._holds(portion.location, name, Kind.FILE):
            return None
        resolved = self.storage.resolve(self.storage.join(portion.location, name))
        if not isinstance(resolved, Resolved) or resolved.kind is not Kind.FILE:
            return None
        return Found(resolved.location, portion.search, (*portion.parts, name), name == "__init__.py")

    def _holds(self, folder: str, name: str, kind: Kind) -> bool:
        return self._names(folder).get(name) in (kind, Kind.LINK)

    def _names(self, folder: str) -> Mapping[str, Kind]:
        names = self._listings.get(folder)
        if names is None:
            scanned = self.storage.scan(folder)
            names = self._listings[folder] = {} if isinstance(scanned, Refusal) else scanned
        return names


@dataclass(frozen=True, slots=True)
class _Portion:
    """One folder that modules are looked for in, and how the search came there."""

    location: str
    search: str
    parts: tuple[str, ...] = ()
