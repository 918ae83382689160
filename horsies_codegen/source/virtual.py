"""A tree of files that is not on disk: its names are in memory, its bytes come from elsewhere when they are asked for.

Git trees and tests are both read through it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from horsies_codegen.source.problem import ProblemKind
from horsies_codegen.source.storage import Kind, Refusal, Resolved

_MAX_LINK_HOPS = 40
"""As many as Linux follows."""


@dataclass(frozen=True, slots=True)
class Node:
    """A name in a virtual tree; ``key`` is what its bytes (a link's target) are fetched by."""

    kind: Kind
    key: str


def _nothing_to_close() -> None:
    return None


@dataclass(frozen=True, slots=True)
class VirtualStorage:
    """Files by their paths from the top (posix, no leading slash; the top is the empty string).

    ``where`` turns a path as the user gave it into a location. ``fetch`` gives the bytes of a node's key.
    """

    nodes: Mapping[str, Node]
    fetch: Callable[[str], bytes | Refusal]
    where: Callable[[str], str]
    at_close: Callable[[], None] = _nothing_to_close
    folders: dict[str, dict[str, Kind]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folders", _folders(self.nodes))

    def locate(self, path: str) -> str:
        """The path from the top."""
        return self.where(path)

    def parent(self, location: str) -> str | None:
        """The folder above, None for the top."""
        return posixpath.dirname(location) if location else None

    def name(self, location: str) -> str:
        """The last part of a location."""
        return posixpath.basename(location)

    def join(self, location: str, name: str) -> str:
        """The location of a name in a folder."""
        return f"{location}/{name}" if location else name

    def resolve(self, location: str) -> Resolved | Refusal:
        """What stands at a location, symbolic links followed within the tree, in folders on the way too."""
        pending = [part for part in reversed(location.split("/")) if part]
        at, hops = "", 0
        while pending:
            part = pending.pop()
            at = posixpath.dirname(at) if part == ".." else self.join(at, part)
            node = self.nodes.get(at)
            if node is not None and node.kind is Kind.LINK:
                hops += 1
                target = self._target(at, node, hops)
                if isinstance(target, Refusal):
                    return target
                pending.extend(part for part in reversed(target.split("/")) if part not in ("", "."))
                at = posixpath.dirname(at)
            elif node is None and at not in self.folders:
                return _missing(was_linked=hops > 0)
        return Resolved(Kind.FOLDER if at in self.folders else self.nodes[at].kind, at)

    def scan(self, location: str) -> Mapping[str, Kind] | Refusal:
        """The names in a folder."""
        names = self.folders.get(location)
        return Refusal(ProblemKind.UNREADABLE, "is not a folder") if names is None else names

    def read(self, location: str) -> bytes | Refusal:
        """The bytes of a file."""
        node = self.nodes.get(location)
        if node is None or node.kind is not Kind.FILE:
            return Refusal(ProblemKind.NOT_A_FILE, "is not a regular file")
        return self.fetch(node.key)

    def close(self) -> None:
        """Ends whatever fetches."""
        self.at_close()

    def _target(self, at: str, node: Node, hops: int) -> str | Refusal:
        if hops > _MAX_LINK_HOPS:
            return Refusal(ProblemKind.LINK_LOOP, "is a symbolic link that leads back to itself")
        fetched = self.fetch(node.key)
        if isinstance(fetched, Refusal):
            return fetched
        target = fetched.decode("utf-8", "surrogateescape")
        depth = at.count("/")
        if target.startswith("/") or _climbs(target) > depth:
            return Refusal(ProblemKind.DANGLING_LINK, f"is a symbolic link out of the tree: {target}")
        return target


def _folders(nodes: Mapping[str, Node]) -> dict[str, dict[str, Kind]]:
    """Every folder with the names in it, from the paths of the files."""
    folders: dict[str, dict[str, Kind]] = {"": {}}
    for path, node in nodes.items():
        kind, child = node.kind, path
        while True:
            folder, _, name = child.rpartition("/")
            known = folder in folders
            folders.setdefault(folder, {})[name] = kind
            if known:
                break
            kind, child = Kind.FOLDER, folder
    return folders


def _climbs(target: str) -> int:
    """How many folders up a relative link leads at most."""
    depth = highest = 0
    for part in target.split("/"):
        depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
        highest = max(highest, -depth)
    return highest


def _missing(*, was_linked: bool) -> Refusal:
    if was_linked:
        return Refusal(ProblemKind.DANGLING_LINK, "is a symbolic link to nothing in the tree")
    return Refusal(ProblemKind.MISSING, "does not exist")
