"""Renderers: a report as text for people, editors, programs and CI servers. Each is a pure function.

Invariants: none raises, whatever the report or the source holds; nothing in either can steer a terminal, end a workflow
command or break the document; columns are right on terminals for tabs, wide characters and emoji.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

from horsies_codegen.diagnostic.fingerprint import Sources
from horsies_codegen.diagnostic.model import Report
from horsies_codegen.diagnostic.render.concise import render_concise
from horsies_codegen.diagnostic.render.full import render_full
from horsies_codegen.diagnostic.render.github import render_github
from horsies_codegen.diagnostic.render.junit import render_junit
from horsies_codegen.diagnostic.render.machine import REPORT_SCHEMA_FILE, render_json
from horsies_codegen.diagnostic.render.sarif import render_sarif
from horsies_codegen.diagnostic.render.summary import render_summary
from horsies_codegen.diagnostic.style import PLAIN, Style

__all__ = ["REPORT_SCHEMA_FILE", "Format", "Renderer", "render", "render_summary"]

Renderer: TypeAlias = Callable[[Report, Sources, Style], str]


class Format(StrEnum):
    """The output formats of every command."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"


_RENDERERS: Mapping[Format, Renderer] = {
    Format.FULL: render_full,
    Format.CONCISE: render_concise,
    Format.JSON: render_json,
    Format.SARIF: render_sarif,
    Format.GITHUB: render_github,
    Format.JUNIT: render_junit,
}


def render(report: Report, form: Format, sources: Sources, style: Style = PLAIN) -> str:
    """The report in a format; ends in a line break unless it is empty. Only ``full`` and ``concise`` heed the style."""
    return _RENDERERS[form](report, sources, style)
