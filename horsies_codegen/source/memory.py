"""Trees that are only in memory: for tests, and for whoever has text and no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from horsies_codegen.source import spelling
from horsies_codegen.source.storage import Kind
from horsies_codegen.source.tree import SourceTree, survey_tree
from horsies_codegen.source.virtual import Node, VirtualStorage


def tree_of(
    files: Mapping[str, str | bytes],
    paths: Sequence[str] = (".",),
    *,
    exclude: Sequence[str] = (),
    roots: Sequence[str] = (),
) -> SourceTree:
    """The tree of files given by path and content (text is UTF-8), walked by the same rules as folders on disk."""
    contents = {
        spelling.as_posix(path): content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        for path, content in files.items()
    }
    nodes = {path: Node(Kind.FILE, path) for path in contents}
    storage = VirtualStorage(nodes, contents.__getitem__, _from_top)
    return survey_tree(storage, paths, exclude=exclude, roots=roots)


def _from_top(path: str) -> str:
    normal = spelling.as_posix(path)
    return "" if normal == spelling.HERE else normal
