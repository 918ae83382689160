"""Modules outside the project: installed packages and the standard library, read as source and never imported."""

from __future__ import annotations

import ast
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from horsies_codegen.source import spelling
from horsies_codegen.source.disk import DiskStorage
from horsies_codegen.source.file import SourceFile
from horsies_codegen.source.finder import Found, ModuleFinder
from horsies_codegen.source.storage import Refusal


class ExternalModules:
    """Finds modules on a search path by looking at folders only. Folders that do not exist are passed over."""

    def __init__(self, search: Sequence[str | os.PathLike[str]]) -> None:
        self._storage = DiskStorage(os.path.abspath(Path.cwd()))  # noqa: PTH100 - keeps links
        self.search = tuple(_with_path_files(self._storage.locate(os.fspath(folder)) for folder in search))
        self._finder = ModuleFinder(self._storage, self.search)
        self._editable = _editable_packages(self.search)
        self._known: dict[str, Found | None] = {}

    def find(self, module: str) -> SourceFile | None:
        """The file of a module, or None: not installed, compiled, built in, or a namespace package.

        A file that is there and cannot be read comes back with its ``problem``.
        """
        if module not in self._known:
            self._known[module] = self._finder.find(module) or self._find_editable(module)
        found = self._known[module]
        return None if found is None else self._read(found, module)

    def text(self, path: str) -> str | None:
        """The text of a file that `find` gave, by its path: for renderers. None for any other path."""
        for module, found in self._known.items():
            if found is not None and spelling.as_posix(found.location) == path:
                return self._read(found, module).text
        return None

    def _find_editable(self, module: str) -> Found | None:
        folder = self._editable.get(module.partition(".")[0])
        return None if folder is None else ModuleFinder(self._storage, (folder,)).find(module)

    def _read(self, found: Found, module: str) -> SourceFile:
        path, root = spelling.as_posix(found.location), spelling.as_posix(found.search)
        data = self._storage.read(found.location)
        if isinstance(data, Refusal):
            return SourceFile(path, module, found.is_package, root, b"", data.of(path))
        return SourceFile(path, module, found.is_package, root, data)


def environment_paths(project: str | os.PathLike[str], environ: Mapping[str, str]) -> tuple[str, ...]:
    """The search path for a project's own environment, best first; only folders that exist.

    The active virtual environment, else ``.venv`` or ``venv`` in the project's folder or one above it; then where this
    compiler itself is installed, and the standard library that runs it.
    """
    environments = [*_active(environ)] or [*_beside(Path(project))]
    own = [sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib")]
    found = [*(str(site) for environment in environments for site in _site_packages(environment)), *own]
    return tuple(dict.fromkeys(folder for folder in found if Path(folder).is_dir()))


def _active(environ: Mapping[str, str]) -> Iterator[Path]:
    named = environ.get("VIRTUAL_ENV") or environ.get("CONDA_PREFIX")
    if named and Path(named).is_dir():
        yield Path(named)


def _beside(project: Path) -> Iterator[Path]:
    start = Path(os.path.abspath(project))  # noqa: PTH100 - keeps links
    for folder in (start, *start.parents):
        for name in (".venv", "venv"):
            if (folder / name / "pyvenv.cfg").is_file():
                yield folder / name
                return


def _site_packages(environment: Path) -> list[Path]:
    """The folders of installed packages; newest Python first if an environment holds several."""
    if sys.platform == "win32":
        return [environment / "Lib" / "site-packages"]
    return sorted(environment.glob("lib*/python3.*/site-packages"), key=_python_version, reverse=True)


def _python_version(site_packages: Path) -> tuple[int, str]:
    minor = site_packages.parent.name.removeprefix("python3.")
    return (int(minor) if minor.isdecimal() else 0, str(site_packages))


def _with_path_files(folders: Iterator[str]) -> Iterator[str]:
    """Each folder and those that its ``.pth`` files add, as ``site`` does; lines that would run code are passed over."""
    for folder in folders:
        yield folder
        for path_file in sorted(Path(folder).glob("*.pth")):
            yield from _added(Path(folder), path_file)


def _added(folder: Path, path_file: Path) -> Iterator[str]:
    try:
        lines = path_file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in lines:
        if line.strip() and not line.startswith(("#", "import ", "import\t")):
            added = folder / line.strip()
            if added.is_dir():
                yield str(added)


def _editable_packages(folders: Sequence[str]) -> dict[str, str]:
    """Top-level names of packages that setuptools installed in place, and the folders that hold them.

    Its finder modules state them as a literal, ``MAPPING``; it is read, not run. ``.pth`` files serve the other tools.
    """
    packages: dict[str, str] = {}
    for folder in folders:
        for finder in sorted(Path(folder).glob("__editable___*_finder.py")):
            for name, path in _mapping(finder).items():
                if Path(path).stem == name:
                    packages.setdefault(name, str(Path(path).parent))
    return packages


def _mapping(finder: Path) -> dict[str, str]:
    try:
        tree = ast.parse(finder.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    for statement in tree.body:
        match statement:
            case ast.AnnAssign(target=ast.Name("MAPPING"), value=ast.Dict(keys=keys, values=values)):
                pairs = zip(keys, values, strict=True)
                return {
                    key.value: value.value
                    for key, value in pairs
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                    if isinstance(value, ast.Constant) and isinstance(value.value, str)
                }
            case _:
                pass
    return {}
