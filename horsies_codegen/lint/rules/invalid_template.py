"""A template of one's own cannot be used.

It has a mistake, asks for what the view does not have, does what the sandbox forbids, is written for another version of the
view, is never used, or what it prints is no Python. Nothing is written. The view is described in the documentation on
templates; a template begins with the version that it is written for: ``{# horsies view 1 #}``.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC930", "invalid-template", Kind.TOOL, __doc__)
