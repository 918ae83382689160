"""The codes of ``breaking``: a page for each kind of change, from the engine's own catalogue."""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule
from horsies_core.contract.compare.catalogue import KINDS
from horsies_core.contract.compare.catalogue import Kind as Change


def _page(change: Change) -> str:
    return (
        f"{change.about}\n\n"
        f"What to do: {change.remedy}.\n\n"
        "Reported by `horsies-codegen breaking`, as an error where the mode asks for what it breaks, as a warning where only "
        "behaviour changes, as a note elsewhere. An intended break is acknowledged by its fingerprint; see "
        "docs/compatibility.md."
    )


CHANGE_RULES: tuple[Rule, ...] = tuple(Rule(kind.code, kind.name, Kind.CHANGE, _page(kind)) for kind in KINDS)
"""HC5xx, in the order of the codes."""
