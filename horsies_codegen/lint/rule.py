"""`Rule`: one code that the tool can report, with its page and, where the linter checks it, its check."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.resolve.model import Resolution, ResolvedApp
from horsies_codegen.source import Place
from horsies_core.contract.laws import DUPLICATE_TASK_NAME, LAWS
from horsies_core.contract.refusals import REFUSALS

Check = Callable[[Resolution], Iterator[Diagnostic]]
"""Judges tasks. It is given those of one file at a time, so it must not compare tasks of different files: see `Across`."""


@dataclass(frozen=True, slots=True)
class Across:
    """A check that compares tasks of different files.

    ``gather`` takes from the tasks of one file what there is to compare: a few small values (named tuples of texts and
    places), which are kept between runs. ``judge`` gets those of all files, in order of path, and the apps as all files
    together describe them.
    """

    gather: Callable[[Resolution], Iterable[Any]]
    judge: Callable[[Iterable[Any], Mapping[str, ResolvedApp]], Iterator[Diagnostic]]


class Kind(StrEnum):
    """Which part of the tool reports a code."""

    LAW = "law"
    """A law of the contract: the decorator refuses it too."""
    REFUSAL = "refusal"
    """Resolving: something could not be read, or has no place on the wire."""
    RULE = "rule"
    """A rule of the linter."""
    CHANGE = "comparison"
    """``breaking``: a difference between two contracts. It is acknowledged, not suppressed."""
    TOOL = "tool"
    """The tool itself: files, settings, suppressions."""


@dataclass(frozen=True)
class Rule:
    """A code, a name that reads after *allow*, and a page.

    The page is the docstring of the file that declares the rule: a first line with what is reported, why it hurts, the
    examples under ``Bad::`` and ``Good::``, and what a fix does. ``level`` is the one it is reported at unless the settings
    say otherwise.
    """

    code: str
    name: str
    kind: Kind
    doc: str | None
    level: Level = Level.ERROR
    check: Check | None = None
    across: Across | None = None

    @cached_property
    def page(self) -> str:
        """The page as text; empty where Python runs without docstrings (``-OO``)."""
        return inspect.cleandoc(self.doc or "")

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]

    def examples(self, heading: str) -> tuple[str, ...]:
        """The source texts under ``Bad::`` or ``Good::``."""
        blocks = re.findall(rf"^{heading}::\n\n((?:(?:    .*)?\n)+)", self.page + "\n", re.MULTILINE)
        return tuple(textwrap.dedent(block).strip() + "\n" for block in blocks)

    @property
    def may_be_suppressed(self) -> bool:
        """Whether a comment or a setting can silence it: not what could not be read, and not the tool's own."""
        return not self.code.startswith("HC0") and self.kind not in (Kind.TOOL, Kind.CHANGE)

    def finding(self, message: str, place: Place | None, *helps: str, task: str | None = None) -> Diagnostic:
        """A diagnostic under this rule."""
        return Diagnostic(
            code=self.code,
            name=self.name,
            level=self.level,
            message=message,
            place=place,
            help=tuple(helps),
            task=task,
        )


def law(code: str, doc: str | None, across: Across | None = None) -> Rule:
    """The rule of a law; its name is the law's."""
    names = {item.code: item.name for item in LAWS} | {DUPLICATE_TASK_NAME[0]: DUPLICATE_TASK_NAME[1]}
    return Rule(code, names[code], Kind.LAW, doc, across=across)


def refusal(code: str, doc: str | None) -> Rule:
    """The rule of a refusal of `horsies_core.contract.refusals`; its name is the refusal's."""
    return Rule(code, REFUSALS[code].name, Kind.REFUSAL, doc)


def app_law(code: str, name: str, doc: str | None) -> Rule:
    """The rule of a law of the app's settings, which ``AppConfig`` refuses too."""
    return Rule(code, name, Kind.LAW, doc)
