"""Diagnostics: values first, rendering apart.

What: `Diagnostic` and `Report` (sorted, each finding once), fingerprints that survive moved lines, the exit code rule, and
one pure renderer a format.

Invariants: a renderer never raises and never lets text of the user's reach the terminal as a control sequence; the same
report renders to the same bytes on every machine; whatever ends a command with another exit code than 0 is a diagnostic.
"""

from horsies_codegen.diagnostic.model import (
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

__all__ = [
    "Diagnostic",
    "Edit",
    "Fix",
    "JsonValue",
    "Level",
    "Related",
    "Report",
    "Safety",
    "in_order",
]
