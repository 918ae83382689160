"""The tree of source files: what was found, reading on demand, and look-up by dotted name."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import overload

from horsies_codegen.source import layout, spelling
from horsies_codegen.source.disk import DiskStorage
from horsies_codegen.source.file import SourceFile, may_hide
from horsies_codegen.source.finder import Found, ModuleFinder
from horsies_codegen.source.overlay import overlaid
from horsies_codegen.source.problem import Problem, ProblemKind
from horsies_codegen.source.sieve import MANY, sieved
from horsies_codegen.source.storage import Refusal, Storage
from horsies_codegen.source.survey import Entry, Listing, survey

Paths = Sequence[str | os.PathLike[str]]


def discover(
    paths: Paths,
    *,
    exclude: Sequence[str] = (),
    roots: Paths = (),
    cwd: str | os.PathLike[str] | None = None,
    overlay: Mapping[str, bytes] | None = None,
) -> SourceTree:
    """The tree of Python files under files and folders on disk. Never raises: what is wrong is in ``problems``.

    Relative paths count from ``cwd`` (the process's own by default). ``exclude`` holds patterns in the manner of
    ``.gitignore``. ``roots`` are folders where imports begin, where the layout does not say so: it says so by packages, a
    project's ``src``, nested projects, and names that no import can say. ``overlay`` gives bytes to be read instead of
    those of a path.
    """
    storage = overlaid(DiskStorage(os.path.abspath(cwd or Path.cwd())), overlay or {})  # noqa: PTH100 - keeps links
    return survey_tree(storage, paths, exclude=exclude, roots=roots)


def survey_tree(storage: Storage, paths: Paths, *, exclude: Sequence[str] = (), roots: Paths = ()) -> SourceTree:
    """The tree of Python files under some paths of any storage."""
    listing = survey(storage, [os.fspath(path) for path in paths], exclude, [os.fspath(root) for root in roots])
    return SourceTree(storage, listing)


class SourceTree:
    """Python files with their module names. Contents are read when asked for and not kept.

    Close it, or use it in a ``with`` statement, when it stands for a git tree: a process helps with reading.
    """

    def __init__(self, storage: Storage, listing: Listing) -> None:
        self._storage = storage
        self._listing = listing
        self._finders: dict[str, ModuleFinder] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The files, not read, in order of their paths."""
        return self._listing.entries

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders where imports begin, in the order they were met."""
        return self._listing.roots

    @property
    def given(self) -> tuple[Entry, ...]:
        """Those of them that were named by themselves, and not found in a folder."""
        return self._listing.given

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Paths that are missing, cannot be listed, or lead nowhere. What is wrong within a file is the file's."""
        return self._listing.problems

    @cached_property
    def duplicates(self) -> tuple[Problem, ...]:
        """Files that have the module name of another. Matters where the module holds tasks; two ``conftest.py`` do no harm.

        The problem is that of the later file; ``related`` names the one that goes before it.
        """
        return tuple(problem for entries in self._by_module.values() for problem in _rivals(entries))

    def files(self) -> Sequence[SourceFile]:
        """Every file in order of its path, read each time it is reached. One that cannot be read has a ``problem``."""
        return _Files(self, self.entries)

    def sifted(
        self, is_wanted: Callable[[bytes], bool], processes: int = 1, *, without: Collection[str] = ()
    ) -> Iterator[tuple[Entry, SourceFile]]:
        """The files whose bytes are wanted, each with its entry, in order of path; none whose path is in ``without``.

        Besides these, the files of which bytes tell nothing: those that cannot be read, and those in an encoding that is not
        ASCII's own. The others cost their reading and the asking, no more; of very many, in several processes.
        """
        entries, read = self.entries, self._storage.read
        if without:
            entries = tuple(entry for entry in entries if entry.path not in without)

        def is_told(data: bytes | Refusal) -> bool:
            return isinstance(data, Refusal) or is_wanted(data) or may_hide(data)

        if processes > 1 and len(entries) > MANY and isinstance(self._storage, DiskStorage):
            for number in sieved(len(entries), lambda number: is_told(read(entries[number].location)), processes):
                yield entries[number], self.read(entries[number])
            return
        for entry in entries:
            data = read(entry.location)
            if is_told(data):
                yield entry, self._file(data, entry.path, entry.module, entry.root, is_package=entry.is_package)

    def read(self, entry: Entry) -> SourceFile:
        """The file of an entry, read now."""
        data = self._storage.read(entry.location)
        return self._file(data, entry.path, entry.module, entry.root, is_package=entry.is_package)

    def file(self, path: str) -> SourceFile | None:
        """The file that a path names, as it is spelled in places; also one beside the tree that `module` gave."""
        entry = self._by_path.get(path)
        return None if entry is None else self.read(entry)

    def text(self, path: str) -> str | None:
        """The text of a file that a place names: what renderers ask for."""
        file = self.file(path)
        return None if file is None or file.unread else file.text

    def module(self, name: str, near: str | None = None) -> SourceFile | None:
        """The file of a module, looked for below each import root, first below the root ``near``, as Python would.

        Files below a root are found even if they are not under the given paths, so that ``lint one_file.py`` knows
        what the file imports. Namespace packages have no file: None.
        """
        entry = self.locate(name, near)
        return None if entry is None else self.read(entry)

    def locate(self, name: str, near: str | None = None) -> Entry | None:
        """The same, not read."""
        for root in self._roots_from(near):
            found = self._entry(root, name)
            if found is not None:
                return found
        return None

    def close(self) -> None:
        """Ends whatever helps with reading."""
        self._storage.close()

    def __enter__(self) -> SourceTree:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _file(self, data: bytes | Refusal, path: str, module: str, root: str, *, is_package: bool) -> SourceFile:
        if isinstance(data, Refusal):
            return SourceFile(path, module, is_package, root, b"", data.of(path))
        return SourceFile(path, module, is_package, root, data)

    def _roots_from(self, near: str | None) -> Iterator[str]:
        if near is not None:
            yield near
        yield from (root for root in self.roots if root != near)

    def _entry(self, root: str, name: str) -> Entry | None:
        """The entry of a module below a root; made and remembered if the walk did not meet its file."""
        known = self._by_root.get((root, name))
        if known is not None:
            return known
        found = self._finder(root).find(name)
        if found is None:
            return None
        entry = self._by_location.get(found.location) or _beside(found, root, name)
        self._by_root[root, name] = entry
        self._by_path.setdefault(entry.path, entry)
        return entry

    def _finder(self, root: str) -> ModuleFinder:
        finder = self._finders.get(root)
        if finder is None:
            finder = self._finders[root] = ModuleFinder(self._storage, (self._storage.locate(root),))
        return finder

    @cached_property
    def packages(self) -> frozenset[str]:
        """The dotted names of all packages, those without a file of their own among them."""
        names = {entry.module.rpartition(".")[0] for entry in self.entries}
        return frozenset(
            ".".join(parts[:depth])
            for parts in (name.split(".") for name in names if name)
            for depth in range(1, len(parts) + 1)
        )

    @cached_property
    def _by_path(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def _by_location(self) -> dict[str, Entry]:
        return {entry.location: entry for entry in self.entries}

    @cached_property
    def _by_root(self) -> dict[tuple[str, str], Entry]:
        """The first file of each module of each root."""
        return {(entry.root, name): entry for name, entries in self._by_module.items() for entry in reversed(entries)}

    @cached_property
    def _by_module(self) -> dict[str, list[Entry]]:
        """The files of each module that can be imported by name, best first: roots in order, packages before modules."""
        order = {root: index for index, root in enumerate(self.roots)}
        modules: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if all(map(layout.is_importable, entry.module.split("."))):
                modules[entry.module].append(entry)
        for entries in modules.values():
            entries.sort(key=lambda entry: (order[entry.root], not entry.is_package, entry.path))
        return dict(modules)


class _Files(Sequence[SourceFile]):
    """Files that are read as they are reached."""

    def __init__(self, tree: SourceTree, entries: Sequence[Entry]) -> None:
        self._tree = tree
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> SourceFile: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SourceFile]: ...
    def __getitem__(self, index: int | slice) -> SourceFile | Sequence[SourceFile]:
        if isinstance(index, slice):
            return _Files(self._tree, self._entries[index])
        return self._tree.read(self._entries[index])

    def __iter__(self) -> Iterator[SourceFile]:
        return map(self._tree.read, self._entries)


def _rivals(entries: Sequence[Entry]) -> Iterator[Problem]:
    first = entries[0]
    for other in entries[1:]:
        reason = f"is module {other.module}, and so is {first.path}, which Python finds first"
        yield Problem(ProblemKind.DUPLICATE_MODULE, other.path, reason, related=(first.path,))


def _beside(found: Found, root: str, name: str) -> Entry:
    path = root
    for part in found.parts:
        path = spelling.below(path, part)
    return Entry(path, name, found.is_package, root, found.location)
