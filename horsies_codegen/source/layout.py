"""How projects are laid out: which folders hold no source of the project's own, and at which folder imports begin.

Pure rules over names; walking is elsewhere.
"""

from __future__ import annotations

import keyword
from collections.abc import Collection

PROJECT_MARKERS = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})
"""Files that mark the top folder of a Python project."""

TELLING_NAMES = PROJECT_MARKERS | {"__init__.py"}
"""Every name that these rules look for to say at which folder imports begin."""

_FOREIGN_FOLDERS = frozenset({"__pycache__", "__pypackages__", "node_modules", "site-packages", "dist-packages"})
_ENVIRONMENT_MARKERS = frozenset({"pyvenv.cfg", "conda-meta"})
_BUILD_OUTPUT = frozenset({"build", "dist"})


def is_project(names: Collection[str]) -> bool:
    """Whether a folder with these names is the top of a Python project."""
    return not PROJECT_MARKERS.isdisjoint(names)


def is_package(names: Collection[str]) -> bool:
    """Whether a folder with these names is a regular package.

    The top of a project is none, even with an ``__init__.py``: those are strays, and imports begin there or below.
    """
    return "__init__.py" in names and not is_project(names)


def is_foreign_name(name: str) -> bool:
    """Whether a name found while walking says that nothing of the project's own is there: hidden, a cache, installed."""
    return name.startswith(".") or name in _FOREIGN_FOLDERS


def is_foreign(name: str, names: Collection[str], *, in_project_top: bool) -> bool:
    """Whether a folder found while walking holds nothing of the project's own, judged by what is in it and where it is.

    So for virtual environments, whatever they are called; and for ``build`` and ``dist``, but only at the top of a
    project, where tools put copies of the source: deeper down they are names like any other.
    """
    if not _ENVIRONMENT_MARKERS.isdisjoint(names):
        return True
    return name in _BUILD_OUTPUT and in_project_top and not is_package(names)


def begins_imports(name: str, names: Collection[str], *, beside_project: bool) -> bool:
    """Whether imports begin at a folder found while walking, instead of at the folder above it.

    So for a name that no import statement can say, the top of a nested project, and the ``src`` of a project.
    """
    if not is_importable(name):
        return True
    if is_package(names):
        return False
    return is_project(names) or (name == "src" and beside_project)


def is_importable(name: str) -> bool:
    """Whether one part of a dotted name can stand in an import statement."""
    return name.isidentifier() and not keyword.iskeyword(name)


def module_name(packages: tuple[str, ...], file_name: str) -> tuple[str, bool]:
    """The dotted name of a file in these packages, and whether it is a package itself."""
    stem = file_name.removesuffix(".py")
    if stem == "__init__" and packages:
        return ".".join(packages), True
    return ".".join((*packages, stem)), False
