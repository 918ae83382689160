"""The baseline holds entries for what is no longer found.

Each would hide the same mistake if it came back. ``horsies-codegen lint --update-baseline`` removes them; a baseline only
ever shrinks.
"""

from __future__ import annotations

from horsies_codegen.diagnostic import Level
from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC913", "stale-baseline", Kind.TOOL, __doc__, level=Level.WARNING)
