"""A path that was to be read is missing or unreadable, or holds no Python file.

A run that read nothing proves nothing, so it does not pass.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC908", "path-problem", Kind.TOOL, __doc__)
