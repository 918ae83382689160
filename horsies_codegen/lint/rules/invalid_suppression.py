"""A suppression gives no code, an unknown one, one that cannot be suppressed, or no reason.

Write ``# horsies: ignore[HC204] -- why`` on the line of the finding, or alone on the line above. The reason is for whoever
reads it next year.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC911", "invalid-suppression", Kind.TOOL, __doc__)
