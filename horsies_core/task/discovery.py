"""Which modules hold an app's tasks, and importing exactly these."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import threading
import traceback
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from horsies_core.contract.names import task_module_problem
from horsies_core.outcome.errors import DiscoveryError, HorsiesError

_state = threading.local()
_PACKAGE = Path(__file__).parents[1]


@contextmanager
def importing() -> Generator[None]:
    """While it lasts, this thread is importing task modules, and every send of its is refused."""
    _state.depth = getattr(_state, "depth", 0) + 1
    try:
        yield
    finally:
        _state.depth -= 1


def is_importing() -> bool:
    """Whether this thread is importing task modules."""
    return getattr(_state, "depth", 0) > 0


class Discovery:
    """The entries given to ``discover_tasks``, in order and once each. Nothing is imported until `import_all`."""

    def __init__(self) -> None:
        self._entries: dict[str, None] = {}

    @property
    def entries(self) -> tuple[str, ...]:
        """The entries so far."""
        return tuple(self._entries)

    def add(self, entries: Iterable[str]) -> None:
        """Add entries: dotted modules, or paths that end in ``.py``. Raises `DiscoveryError` for anything else."""
        if isinstance(entries, str):
            raise _invalid(f"discover_tasks takes a list: discover_tasks([{entries!r}])")
        for entry in entries:
            _check_entry(entry)
            self._entries[entry] = None

    def import_all(self) -> None:
        """Import exactly the entries. Raises `DiscoveryError`, which names the entry and holds the cause."""
        with importing():
            for entry in self._entries:
                import_entry(entry)


def _check_entry(entry: object) -> None:
    if not isinstance(entry, str):
        raise _invalid(f"discover_tasks takes dotted modules and .py paths as strings, not {entry!r}")
    problem = task_module_problem(entry)
    if problem is not None:
        raise _invalid(problem)


def _invalid(message: str) -> DiscoveryError:
    return DiscoveryError(f"HC122 invalid-discovery: {message}", code="HC122")


def _unknown(message: str) -> DiscoveryError:
    return DiscoveryError(f"HC121 unknown-task-module: {message}", code="HC121")


def _is_path(entry: str) -> bool:
    return entry.endswith(".py")


def import_entry(entry: str) -> ModuleType:
    """Import one entry: a dotted module by its name, a ``.py`` path by its file. Raises `DiscoveryError`."""
    try:
        return _import_file(Path(entry)) if _is_path(entry) else importlib.import_module(entry)
    except HorsiesError:
        raise
    except ModuleNotFoundError as error:
        message = f"discover_tasks: {entry} cannot be imported: ModuleNotFoundError: {error}"
        raise (_unknown(message) if _is_itself(entry, error.name) else DiscoveryError(message)) from error
    except (Exception, SystemExit) as error:
        raise DiscoveryError(f"discover_tasks: {entry} cannot be imported: {what_happened(error)}") from error


def _is_itself(entry: str, missing: str | None) -> bool:
    """Whether what is missing is the entry or a package around it, not something that it imports."""
    return missing is not None and f"{entry}.".startswith(f"{missing}.")


def what_happened(error: BaseException) -> str:
    """An exception in one line: its class, its text, and the line of user code that raised it."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):  # its text says where
        return text
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_users(frame.filename)]
    return f"{text} ({frames[-1].filename}, line {frames[-1].lineno})" if frames else text


def _is_users(filename: str) -> bool:
    return not (
        filename.startswith("<") or filename in (__file__, importlib.__file__) or _PACKAGE in Path(filename).parents
    )


def _import_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise _unknown(f"discover_tasks: there is no file {path} (looked in {Path.cwd()})")
    path = path.resolve()
    loaded = next(_loaded_from(path), None)
    return loaded if loaded is not None else _load(path, _module_name(path))


def _loaded_from(path: Path) -> Iterator[ModuleType]:
    """The modules that were made of this file, under whatever name."""
    for module in tuple(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.endswith(path.name) and Path(file).resolve() == path:
            yield module


def _module_name(path: Path) -> str:
    """The name that ``import`` would know the file by, if it is on the search path; else one of its own."""
    root = path.parent
    parts = [] if path.name == "__init__.py" else [path.stem]
    while (root / "__init__.py").is_file():
        parts.insert(0, root.name)
        root = root.parent
    dotted = ".".join(parts)
    if any(Path(entry or ".").resolve() == root for entry in sys.path) and dotted not in sys.modules:
        return dotted
    return f"{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"


def _load(path: Path, name: str) -> ModuleType:
    if "." in name:
        importlib.import_module(name.rpartition(".")[0])
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise DiscoveryError(f"discover_tasks: {path} is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module
