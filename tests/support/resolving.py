"""Resolving of texts in memory, and what a finding points at."""

from __future__ import annotations

from collections.abc import Mapping

from horsies_codegen.diagnostic.model import Diagnostic
from horsies_codegen.resolve import Resolution, ResolveOptions, resolve
from horsies_codegen.source.memory import tree_of
from horsies_codegen.source.span import Place
from horsies_codegen.source.text import SourceText

PREAMBLE = """from __future__ import annotations

from horsies import Horsies, RetryPolicy, TaskError, TaskResult

app = Horsies()

"""


def resolve_files(files: Mapping[str, str], options: ResolveOptions | None = None) -> Resolution:
    """What is read of files by path."""
    return resolve(tree_of(files), options)


def resolve_text(text: str, options: ResolveOptions | None = None, **others: str) -> Resolution:
    """What is read of one module of tasks; ``others`` are modules beside it by name."""
    files = {"tasks.py": PREAMBLE + text, **{f"{name}.py": other for name, other in others.items()}}
    return resolve_files(files, options)


def one_parameter(annotation: str, before: str = "", default: str = "", **others: str) -> Resolution:
    """What is read of a task with one parameter ``x``."""
    rest = f" = {default}" if default else ""
    body = f'{before}\n\n@app.task("run")\ndef run(*, x: {annotation}{rest}) -> TaskResult[None, TaskError]: ...\n'
    return resolve_text(body, None, **others)


def under(text: str, place: Place | None) -> str:
    """The text under a place."""
    assert place is not None
    return SourceText(text).slice(place.span)


def codes(found: Resolution) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in found.diagnostics]


def only(found: Resolution) -> Diagnostic:
    """The one finding."""
    (finding,) = found.diagnostics
    return finding
