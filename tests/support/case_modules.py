"""The golden cases: read by the compiler, and imported in a process of their own names, so that both can be compared."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schema_normal import is_since

from horsies_codegen.resolve import Resolution, resolve
from horsies_codegen.source.tree import discover
from horsies_core.app import Horsies

CASES = Path(__file__).resolve().parent.parent / "codegen" / "cases"


SINCE = {"settings_by_name": "2.11", "read_only_keys": "2.11", "closed_dicts": "2.14"}
"""The cases that show what a minor version of pydantic brought."""


def case_names() -> list[str]:
    """Every case that this pydantic knows, by the name of its folder."""
    return sorted(path.name for path in CASES.iterdir() if path.is_dir() and is_since(SINCE.get(path.name, "2.0")))


def resolved(folder: Path) -> Resolution:
    """What the compiler reads of a folder."""
    return resolve(discover([folder], roots=[folder]))


@contextmanager
def imported(folder: Path) -> Iterator[list[Horsies]]:
    """The apps of a folder's modules, imported; afterwards the modules are forgotten again."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        names = [_module_name(folder, path) for path in sorted(folder.rglob("*.py"))]
        modules = [importlib.import_module(name) for name in names]
        apps = [value for module in modules for value in vars(module).values() if isinstance(value, Horsies)]
        yield list({id(app): app for app in apps}.values())
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if _is_below(folder, name):
                del sys.modules[name]


def _module_name(folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_below(folder: Path, name: str) -> bool:
    origin = getattr(sys.modules[name], "__file__", None)
    return origin is not None and Path(origin).is_relative_to(folder)
