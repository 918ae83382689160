"""The walk: which files stand under some paths, and what each is called.

Written against `Storage`, so a folder and a git tree give the same names. Real folders come before links to them,
whatever they are called, so that a file has the name its own folder gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

from horsies_codegen.source import layout, spelling
from horsies_codegen.source.glob import path_filter
from horsies_codegen.source.home import Home, Homes
from horsies_codegen.source.problem import Problem, ProblemKind
from horsies_codegen.source.storage import Kind, Refusal, Resolved, Storage


class Entry(NamedTuple):
    """A file that was found and not yet read. ``location`` is real: no link leads to it."""

    path: str
    module: str
    is_package: bool
    root: str
    location: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a walk found: entries by path, import roots in the order they were met, problems by path.

    ``given`` are those of the entries whose files were named themselves.
    """

    entries: tuple[Entry, ...]
    roots: tuple[str, ...]
    problems: tuple[Problem, ...]
    given: tuple[Entry, ...]


def survey(storage: Storage, paths: Iterable[str], exclude: Sequence[str], roots: Iterable[str]) -> Listing:
    """Walks the given files and folders. Given paths are read even where the walk would pass them by.

    ``exclude`` holds patterns as `path_filter` reads them, and goes before everything. ``roots`` are folders where
    imports begin, for projects whose layout does not say so.
    """
    explicit_roots = frozenset(storage.locate(spelling.as_posix(root)) for root in roots)
    walk = _Walk(storage, path_filter(exclude), Homes(storage, explicit_roots))
    for path in paths:
        walk.given(spelling.as_posix(path))
    walk.follow_links()
    return walk.listing()


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder about to be walked. ``location`` is real; ``home`` is its own, or where it was not given that of above."""

    path: str
    location: str
    home: Home
    is_given: bool = False
    in_project_top: bool = False
    below_given: bool = False


@dataclass(frozen=True, slots=True)
class _Link:
    """A symbolic link, and the folder that it might stand for."""

    name: str
    location: str
    folder: _Folder


class _Walk:
    def __init__(self, storage: Storage, excluded: Callable[[str], bool], homes: Homes) -> None:
        self._storage = storage
        self._excluded = excluded
        self._homes = homes
        self._entries: dict[str, Entry] = {}
        self._roots: dict[str, None] = {}
        self._problems: list[Problem] = []
        self._given: set[str] = set()
        self._seen: set[str] = set()
        self._links: list[_Link] = []

    def given(self, path: str) -> None:
        """Takes up a path that the user named."""
        if self._excluded(path):
            return
        location = self._storage.locate(path)
        found = self._storage.resolve(location)
        match found:
            case Refusal():
                self._problems.append(found.of(path))
            case Resolved(kind=Kind.FILE):
                home = self._homes.of_given(spelling.above(path))
                self._roots.setdefault(home.root)
                self._add(path, self._storage.name(location), home, found.location)
                self._given.add(found.location)
            case Resolved(kind=Kind.FOLDER):
                self._walk(_Folder(path, found.location, self._homes.of_given(path), is_given=True))
            case _:
                self._no_file(path, found.kind)

    def follow_links(self) -> None:
        """Follows the symbolic links met so far, and those met on the way, to what has not been seen yet."""
        while self._links:
            links, self._links = sorted(self._links, key=lambda link: link.folder.path), []
            for link in links:
                self._follow(link)

    def listing(self) -> Listing:
        """Everything found, in an order that no file system decides."""
        entries = sorted(self._entries.values(), key=attrgetter("path"))
        problems = sorted(self._problems, key=lambda problem: (problem.path, problem.kind))
        given = tuple(entry for entry in entries if entry.location in self._given) if self._given else ()
        return Listing(tuple(entries), tuple(self._roots), tuple(problems), given)

    def _walk(self, start: _Folder) -> None:
        pending = [start]
        while pending:
            pending.extend(reversed(self._enter(pending.pop())))

    def _enter(self, folder: _Folder) -> list[_Folder]:
        """Takes up the files of a folder that was not seen before; returns the folders in it."""
        if folder.location in self._seen:
            return []
        self._seen.add(folder.location)
        names = self._storage.scan(folder.location)
        if isinstance(names, Refusal):
            self._problems.append(names.of(folder.path))
            return []
        home = folder.home if folder.is_given else self._home_in_walk(folder, names)
        if home is None:
            return []
        self._roots.setdefault(home.root)
        return self._take(folder, home, names)

    def _home_in_walk(self, folder: _Folder, names: Mapping[str, Kind]) -> Home | None:
        """The home of a folder that the walk came to, or None if it holds nothing of the project's own."""
        name = folder.path.rpartition("/")[2]
        if layout.is_foreign(name, names, in_project_top=folder.in_project_top):
            return None
        beside_project = folder.in_project_top or folder.below_given
        return self._homes.below(folder.home, folder.path, name, names, beside_project=beside_project)

    def _take(self, folder: _Folder, home: Home, names: Mapping[str, Kind]) -> list[_Folder]:
        """Sorts the names of a folder into files, folders, links and problems; returns the folders."""
        inner: list[_Folder] = []
        in_project_top = layout.is_project(names)
        below_given = folder.is_given and not layout.is_package(names)
        for name in sorted(name for name in names if not layout.is_foreign_name(name)):
            kind = names[name]
            if kind in (Kind.FILE, Kind.OTHER) and not name.endswith(".py"):
                continue
            path = spelling.below(folder.path, name)
            if self._excluded(path):
                continue
            location = self._storage.join(folder.location, name)
            if kind is Kind.FILE:
                self._add(path, name, home, location)
            elif kind is Kind.FOLDER:
                inner.append(_Folder(path, location, home, False, in_project_top, below_given))
            elif kind is Kind.LINK:
                target = _Folder(path, location, home, False, in_project_top, below_given)
                self._links.append(_Link(name, location, target))
            else:
                self._no_file(path, kind)
        return inner

    def _follow(self, link: _Link) -> None:
        found = self._storage.resolve(link.location)
        is_python = link.name.endswith(".py")
        match found:
            case Refusal(kind=kind) if is_python or kind is ProblemKind.LINK_LOOP:
                self._problems.append(found.of(link.folder.path))
            case Resolved(kind=Kind.FILE) if is_python:
                self._add(link.folder.path, link.name, link.folder.home, found.location)
            case Resolved(kind=Kind.FOLDER) if not self._is_above(found.location, link.location):
                self._walk(replace(link.folder, location=found.location))
            case Resolved(kind=Kind.OTHER | Kind.SUBMODULE) if is_python:
                self._no_file(link.folder.path, found.kind)
            case _:
                pass

    def _add(self, path: str, name: str, home: Home, location: str) -> None:
        if location not in self._entries:
            module, is_package = layout.module_name(home.packages, name)
            self._entries[location] = Entry(path, module, is_package, home.root, location)

    def _no_file(self, path: str, kind: Kind) -> None:
        if kind is Kind.SUBMODULE:
            reason = "is a git submodule; its files are in another repository and were not read"
            self._problems.append(Problem(ProblemKind.SUBMODULE, path, reason))
        else:
            self._problems.append(Problem(ProblemKind.NOT_A_FILE, path, "is neither a file nor a folder"))

    def _is_above(self, folder: str, location: str) -> bool:
        """Whether a link to the folder leads back up the way that the walk came."""
        at = self._storage.parent(location)
        while at is not None and at != folder:
            at = self._storage.parent(at)
        return at == folder
