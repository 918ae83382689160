"""A suppression silences nothing.

It would go on to silence what comes later.

Fix (safe): remove the comment, or the codes in it that silence nothing.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC910", "unused-suppression", Kind.TOOL, __doc__)
