"""Diagnostics: values first, rendering apart.

What: `Diagnostic` and `Report` (sorted, each finding once), fingerprints that survive moved lines, the rule of exit
codes, and in `render` one pure function for each output format.

Invariants: a renderer never raises and never lets text of the user's reach a terminal as a control sequence; the same
report renders to the same bytes on every machine; whatever ends a command with another exit code than 0 is a diagnostic.
"""

from horsies_codegen.diagnostic.exits import ExitCode, exit_code
from horsies_codegen.diagnostic.fingerprint import Sources, fingerprints
from horsies_codegen.diagnostic.model import (
    Built,
    Diagnostic,
    Edit,
    Fix,
    JsonValue,
    Level,
    Related,
    Report,
    Safety,
    in_order,
)
from horsies_codegen.diagnostic.style import PLAIN, ColorChoice, Style, choose_style

__all__ = [
    "PLAIN",
    "Built",
    "ColorChoice",
    "Diagnostic",
    "Edit",
    "ExitCode",
    "Fix",
    "JsonValue",
    "Level",
    "Related",
    "Report",
    "Safety",
    "Sources",
    "Style",
    "choose_style",
    "exit_code",
    "fingerprints",
    "in_order",
]
