"""Where imports begin: the root and the packages of a folder, whether the walk came to it or the user named it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from horsies_codegen.source import layout, spelling
from horsies_codegen.source.storage import Kind, Resolved, Storage


@dataclass(frozen=True, slots=True)
class Home:
    """The folder where imports begin, as it is spelled, and the packages from there."""

    root: str
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Homes:
    """Finds homes in a storage. ``explicit_roots`` are locations at which imports begin whatever the layout says."""

    storage: Storage
    explicit_roots: frozenset[str]
    _known: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]], repr=False)
    """What was asked about the folders above: ``lint`` may be given a thousand files of one folder."""

    def of_given(self, path: str) -> Home:
        """The home of a folder that the user named: climbs to where imports begin, then steps down again."""
        chain = list(self._ancestors(path))
        base = self._base(chain)
        home = Home(chain[base].path)
        for index in reversed(range(base)):
            step = chain[index]
            beside_project = layout.is_project(chain[index + 1].names)
            home = self.below(home, step.path, step.name, step.names, beside_project=beside_project)
        return home

    def below(self, home: Home, path: str, name: str, names: Collection[str], *, beside_project: bool) -> Home:
        """The home of a folder, given that of the folder above it and the names in it."""
        is_explicit = bool(self.explicit_roots) and self.storage.locate(path) in self.explicit_roots
        if is_explicit or layout.begins_imports(name, names, beside_project=beside_project):
            return Home(path)
        return Home(home.root, (*home.packages, name))

    def _base(self, chain: Sequence[_Ancestor]) -> int:
        """The ancestor (0 is the folder itself) from which imports can begin: named, or above packages, or a ``src``."""
        for index, step in enumerate(chain):
            if step.location in self.explicit_roots:
                return index
        return _layout_base(chain)

    def _ancestors(self, path: str) -> Iterator[_Ancestor]:
        """A folder and all above it, nearest first. Asks for single names: the folders above may be huge."""
        location: str | None = self.storage.locate(path)
        while location is not None:
            yield _Ancestor(path, location, self.storage.name(location), self._telling_names(location))
            path, location = spelling.above(path), self.storage.parent(location)

    def _telling_names(self, location: str) -> frozenset[str]:
        known = self._known.get(location)
        if known is None:
            known = frozenset(name for name in layout.TELLING_NAMES if self._holds(location, name))
            self._known[location] = known
        return known

    def _holds(self, location: str, name: str) -> bool:
        found = self.storage.resolve(self.storage.join(location, name))
        return isinstance(found, Resolved) and found.kind is Kind.FILE


@dataclass(frozen=True, slots=True)
class _Ancestor:
    path: str
    location: str
    name: str
    names: frozenset[str]


def _layout_base(chain: Sequence[_Ancestor]) -> int:
    last = len(chain) - 1
    climbed = 0
    while climbed < last and any(layout.is_package(step.names) for step in chain[climbed : climbed + 2]):
        climbed += 1
    sources = (index for index in range(climbed, last) if _is_source_folder(chain[index], chain[index + 1]))
    return next(sources, climbed)


def _is_source_folder(folder: _Ancestor, above: _Ancestor) -> bool:
    return folder.name == "src" and not layout.is_package(folder.names) and layout.is_project(above.names)
