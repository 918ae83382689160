"""Renderers: a report as text for people, editors, programs and CI servers. Each is a pure function.

Invariants: none raises, whatever the report or the source holds; nothing in either can steer a terminal, end a workflow
command or break the document; columns are right on terminals for tabs, wide characters and emoji.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from horsies_codegen.diagnostic.fingerprint import Sources
from horsies_codegen.diagnostic.model import Report
from horsies_codegen.diagnostic.render.summary import render_summary
from horsies_codegen.diagnostic.style import PLAIN, Style

__all__ = ["Format", "Renderer", "render", "render_summary"]

Renderer: TypeAlias = Callable[[Report, Sources, Style], str]


class Format(StrEnum):
    """The output formats of every command."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"


def render(report: Report, form: Format, sources: Sources, style: Style = PLAIN) -> str:
    """The report in a format; ends in a line break unless it is empty. Only ``full`` and ``concise`` heed the style."""
    return _renderer(form)(report, sources, style)


def _renderer(form: Format) -> Renderer:
    """Loaded here, not at the top: a run prints in one format, and most runs have little to print."""
    match form:
        case Format.FULL:
            from horsies_codegen.diagnostic.render.full import render_full

            return render_full
        case Format.CONCISE:
            from horsies_codegen.diagnostic.render.concise import render_concise

            return render_concise
        case Format.JSON:
            from horsies_codegen.diagnostic.render.machine import render_json

            return render_json
        case Format.SARIF:
            from horsies_codegen.diagnostic.render.sarif import render_sarif

            return render_sarif
        case Format.GITHUB:
            from horsies_codegen.diagnostic.render.github import render_github

            return render_github
        case Format.JUNIT:
            from horsies_codegen.diagnostic.render.junit import render_junit

            return render_junit
