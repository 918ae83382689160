"""The new side of ``breaking``: today's contracts, from the sources or from the lock on disk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from horsies_codegen.cli.options import cache_of, refuse, selection_of
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.compat import BaselineError, from_file
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.source import SourceTree, available_cores, discover
from horsies_core.contract.lock import LOCK_FILE_NAME, Lock, Tombstone

if TYPE_CHECKING:  # loading the compiler takes longer than comparing two locks
    from horsies_codegen.pipeline import Inspection
    from horsies_codegen.resolve import ResolvedTask, ResolveOptions


@dataclass(frozen=True, slots=True)
class NewSide:
    """What is compared: the lock of today, and where sources were compiled, those."""

    lock: Lock
    files: int
    tree: SourceTree | None = None
    options: ResolveOptions | None = None

    def tasks(self, names: Collection[str]) -> Mapping[str, ResolvedTask]:
        """The tasks of these names with their places: only the files that define them are resolved for it."""
        if self.tree is None or not names:
            return {}
        from horsies_codegen.resolve import Resolver

        sources = {entry.contract.name: entry.contract.source for entry in self.lock.entries}
        modules = {sources[name].partition(":")[0] for name in names if name in sources}
        resolver = Resolver(self.tree, self.options)
        found = (resolver.file(file) for file in self.tree.files() if file.module in modules)
        return {str(task.draft.name): task for resolved in found for task in resolved.tasks}

    def text(self, path: str) -> str | None:
        """The text of a source file, for excerpts."""
        if self.tree is not None and (found := self.tree.text(path)) is not None:
            return found
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None


def locked_side(config: Config, form: str) -> NewSide:
    """The lock on disk. Where there is none, says so and exits with 2."""
    path = (Path(config.out) / LOCK_FILE_NAME).as_posix()
    try:
        return NewSide(from_file(path).lock, 1)
    except BaselineError as error:
        refuse_baseline(error, form)


def compiled_side(config: Config, form: str, *, no_cache: bool) -> NewSide:
    """What the sources compile to. Where they do not, says so and exits with 2."""
    from horsies_codegen.pipeline import Building, Effort, entries_of
    from horsies_codegen.resolve import ResolveOptions

    out = () if Path(config.out) == Path() else (f"/{Path(config.out).as_posix()}",)
    with discover(config.paths, exclude=(*config.exclude, *out), roots=config.roots) as tree:
        effort = Effort(available_cores(), cache_of(config, no_cache=no_cache))
        inspection, portions = Building(tree, config, selection_of(config, form), effort).inspect()
        if inspection.has_errors or not inspection.tasks:
            _refuse_sources(inspection, tree, form)
        lock = Lock(entries=entries_of(portions), tombstones=_tombstones(config))
        return NewSide(lock, inspection.files, tree, ResolveOptions(types=config.types, python=config.python))


def refuse_baseline(error: BaselineError, form: str) -> NoReturn:
    """Say that there is nothing to compare with, and exit with 2."""
    missing = Diagnostic(
        code="HC923", name="missing-baseline", level=Level.ERROR, message=error.message, help=tuple(error.help)
    )
    refuse((missing,), form)


def _tombstones(config: Config) -> tuple[Tombstone, ...]:
    """The names that the lock on disk has buried; a lock that cannot be read has buried none."""
    try:
        return from_file((Path(config.out) / LOCK_FILE_NAME).as_posix()).lock.tombstones
    except BaselineError:
        return ()


def _refuse_sources(analysis: Inspection, tree: SourceTree, form: str) -> NoReturn:
    """The sources of today do not compile: there is no contract to compare."""
    nothing = Diagnostic(
        code="HC912",
        name="no-tasks",
        level=Level.ERROR,
        message="no task was found: nothing here is decorated with @app.task(...) of a Horsies app",
        help=("name the folder that holds the tasks, and the one that holds the app they import",),
    )
    report = analysis.report(() if analysis.has_errors else (nothing,), is_complete=False)
    print_report(report, Format(form), tree.text)
    note("nothing was compared")
    finish(report)
