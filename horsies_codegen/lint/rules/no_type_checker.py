"""``build --typecheck`` cannot run mypy.

It is not installed beside horsies-codegen, or it ended without a verdict. The files were written; whether they check is not
known.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC932", "no-type-checker", Kind.TOOL, __doc__)
