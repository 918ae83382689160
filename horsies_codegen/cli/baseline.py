"""``lint --baseline``: the file, and what follows from it for a report."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from horsies_codegen.cli.files import replace_files
from horsies_codegen.diagnostic import Diagnostic, Level, Sources
from horsies_codegen.diagnostic.fingerprint import SourceLines
from horsies_codegen.lint import Selection
from horsies_codegen.lint.baseline import (
    Baseline,
    BaselineFormatError,
    Entry,
    baseline_of,
    new_findings,
    read,
    written,
)
from horsies_codegen.pipeline import Inspection
from horsies_codegen.source import START, Place, SourceTree, Span

REMEDY = "write one with: horsies-codegen lint --baseline FILE --update-baseline"


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings that are left, what to say on stderr, and the file that is to be written, if any."""

    findings: tuple[Diagnostic, ...]
    remark: str
    text: str | None = None


class BaselineFile:
    """A baseline and where it is kept. Raises `BaselineFormatError` if the file is none."""

    def __init__(self, path: str, *, may_be_missing: bool) -> None:
        self.path = path
        try:
            self._baseline: Baseline | None = read(Path(path).read_text(encoding="utf-8"))
        except FileNotFoundError:
            if not may_be_missing:
                raise BaselineFormatError("there is no such file") from None
            self._baseline = None
        except (OSError, UnicodeDecodeError) as error:
            raise BaselineFormatError(f"it cannot be read: {error}") from None

    def judge(self, inspection: Inspection, selection: Selection, tree: SourceTree, *, is_updating: bool) -> Judged:
        """What is left of the findings. A baseline that is updated loses what is gone; one that is new takes all there is."""
        lines = SourceLines(tree.text)
        present = baseline_of(inspection.findings, lines, self._spelled)
        known = present if self._baseline is None else self._baseline
        shrunk = known.shrunk(present, self._judge(selection, tree))
        remaining = tuple(new_findings(inspection.findings, shrunk, lines, self._spelled))
        held = len(inspection.findings) - len(remaining)
        gone = known.size - shrunk.size
        if is_updating and inspection.is_complete:
            remark = f"{self.path}: holds back {_count(held)}; {gone:,} removed"
            return Judged(remaining, remark, written(shrunk))
        stale = (self._stale(gone),) if gone else ()
        return Judged((*remaining, *stale), f"{_count(held)} held back by {self.path}")

    def write(self, text: str) -> None:
        """Bring the file to this text; a file that has it already is not touched. Raises OSError."""
        data = text.encode()
        path = Path(self.path)
        if not path.is_file() or path.read_bytes() != data:
            replace_files({self.path: data})

    def _judge(self, selection: Selection, tree: SourceTree) -> Callable[[Entry], bool]:
        """Whether this run would have found what an entry stands for: it read the file, or the file is gone."""
        read_paths = {self._spelled(entry.path) for entry in tree.entries}

        def is_judged(entry: Entry) -> bool:
            path = self._folder / entry.path
            if entry.path not in read_paths:
                return not path.exists()
            return selection.reports(entry.code, _from_here(path))

        return is_judged

    @property
    def _folder(self) -> Path:
        return Path(self.path).absolute().parent

    def _spelled(self, path: str) -> str:
        return Path(os.path.relpath(path, self._folder)).as_posix()

    def _stale(self, count: int) -> Diagnostic:
        noun = "entry" if count == 1 else "entries"
        return Diagnostic(
            code="HC913",
            name="stale-baseline",
            level=Level.WARNING,
            message=f"{count:,} {noun} of the baseline stand for what is no longer found",
            place=Place(self.path, Span(START, START)),
            help=("remove them with: horsies-codegen lint --update-baseline",),
        )


def baseline_problem(path: str, error: BaselineFormatError | OSError) -> Diagnostic:
    """The finding about a file that is no baseline, or cannot be written."""
    return Diagnostic(
        code="HC914",
        name="invalid-baseline",
        level=Level.ERROR,
        message=f"the baseline {path} cannot be used: {error}",
        help=(REMEDY,),
    )


def with_baseline(sources: Sources, path: str) -> Sources:
    """The texts of a tree, and none for the baseline: no line of it is worth an excerpt."""
    return lambda wanted: None if wanted == path else sources(wanted)


def _from_here(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


def _count(number: int) -> str:
    return f"{number:,} finding{'s' * (number != 1)}"
