"""There is nothing to compare with.

The ref is not in this clone, the lock cannot be read, or neither a lock nor a task stands there. A check that compared
nothing must not be green; the message says what to fetch or to build.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC923", "missing-baseline", Kind.TOOL, __doc__)
