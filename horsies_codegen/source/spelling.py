"""Paths as the user sees them: posix, relative where they were given so, changed only by spelling."""

from __future__ import annotations

import os
import posixpath

HERE = "."


def as_posix(path: str | os.PathLike[str]) -> str:
    """A path as it was given, with forward slashes and no needless parts."""
    text = os.fspath(path)
    if os.sep != "/":
        text = text.replace(os.sep, "/")
    normal = posixpath.normpath(text)
    return normal[1:] if normal.startswith("//") else normal


def below(folder: str, name: str) -> str:
    """The spelling of a name in a folder."""
    if folder == HERE:
        return name
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def above(path: str) -> str:
    """The spelling of the folder that a path is in."""
    if path == HERE:
        return ".."
    head, _, last = path.rpartition("/")
    if last == "..":
        return f"{path}/.."
    return head or ("/" if path.startswith("/") else HERE)
