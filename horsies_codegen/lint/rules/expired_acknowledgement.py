"""An acknowledgement of a breaking change is past its date.

An acknowledgement says that a break is intended, until when. Past the date the break counts again: extend the date with a
reason, or finish the change.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC920", "expired-acknowledgement", Kind.TOOL, __doc__)
