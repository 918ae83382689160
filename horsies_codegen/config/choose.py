"""Which of several projects are meant by some paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from horsies_codegen.config.model import Config


def within(projects: Sequence[Config], paths: Sequence[str]) -> tuple[Config, ...]:
    """The projects that hold some of the paths, each with those it holds; with its own ones where a path holds them."""
    narrowed = [(config, tuple(dict.fromkeys(_common(paths, config.paths)))) for config in projects]
    return tuple(replace(config, paths=own) for config, own in narrowed if own)


def lies_in(inner: str, outer: str) -> bool:
    """Whether a path is another one or lies below it."""
    one, other = Path(inner).resolve(), Path(outer).resolve()
    return one == other or other in one.parents


def _common(paths: Sequence[str], own: Sequence[str]) -> list[str]:
    """What lies in both: of a folder and one inside it, the inner one."""
    return [
        path if lies_in(path, root) else root
        for path in paths
        for root in own
        if lies_in(path, root) or lies_in(root, path)
    ]
