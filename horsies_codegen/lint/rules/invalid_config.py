"""A setting in ``[tool.horsies.codegen]``, or a code on the command line, is wrong.

An unknown key, a value of the wrong type, a code that no rule has. Nothing is run with settings that were not understood.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC907", "invalid-config", Kind.TOOL, __doc__)
