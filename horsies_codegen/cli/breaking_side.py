"""The new side of ``breaking``: today's contracts, from the sources or from the lock on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from horsies_codegen.cli.options import refuse
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.compat import BaselineError, from_file
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.source import SourceTree, discover
from horsies_core.contract.lock import LOCK_FILE_NAME, Lock, Tombstone

if TYPE_CHECKING:  # loading the compiler takes longer than comparing two locks
    from horsies_codegen.pipeline import Analysis
    from horsies_codegen.resolve.model import ResolvedTask


@dataclass(frozen=True, slots=True)
class NewSide:
    """What is compared: the lock of today, and the tasks and files behind it where sources were compiled."""

    lock: Lock
    tasks: Mapping[str, ResolvedTask]
    tree: SourceTree | None
    files: int

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
        return NewSide(from_file(path).lock, {}, None, 1)
    except BaselineError as error:
        refuse_baseline(error, form)


def compiled_side(config: Config, form: str) -> NewSide:
    """What the sources compile to. Where they do not, says so and exits with 2."""
    from horsies_codegen.compat.compiled import analysed
    from horsies_codegen.pipeline import lock_entries

    out = () if Path(config.out) == Path() else (f"/{Path(config.out).as_posix()}",)
    with discover(config.paths, exclude=(*config.exclude, *out), roots=config.roots) as tree:
        analysis = analysed(tree, config)
        if analysis.has_errors or not analysis.resolution.tasks:
            _refuse_sources(analysis, tree, form)
        entries = lock_entries(analysis.resolution)
        tasks = {str(task.draft.name): task for task in analysis.resolution.tasks}
        return NewSide(Lock(entries=entries, tombstones=_tombstones(config)), tasks, tree, analysis.resolution.files)


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


def _refuse_sources(analysis: Analysis, tree: SourceTree, form: str) -> NoReturn:
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
