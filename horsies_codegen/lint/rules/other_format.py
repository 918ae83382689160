"""The manifest of the out folder has a format that this version does not read.

It was written by another version of horsies-codegen, or it is damaged. Use that version, or delete the generated folder
and build again.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC906", "other-format", Kind.TOOL, __doc__)
