"""mypy does not accept the generated client.

``build --typecheck`` runs mypy, strict and with none of the project's settings, on what it wrote. With the built-in templates
this is a defect of horsies-codegen, please report it; with templates of your own it is most likely one of theirs.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC931", "client-type-error", Kind.TOOL, __doc__)
