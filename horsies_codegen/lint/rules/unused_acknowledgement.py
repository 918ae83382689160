"""An acknowledgement fits no breaking change.

The change it was written for is gone: shipped, reverted, or changed further. Remove the entry, so that the file says what
is intended now.
"""

from __future__ import annotations

from horsies_codegen.diagnostic import Level
from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC921", "unused-acknowledgement", Kind.TOOL, __doc__, level=Level.WARNING)
