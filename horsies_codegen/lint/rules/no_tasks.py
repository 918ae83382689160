"""A build found no task.

Nothing under the given paths is decorated with ``@app.task(...)`` of a ``Horsies`` app that could be followed. A build that
compiled nothing proves nothing, so it does not pass.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC912", "no-tasks", Kind.TOOL, __doc__)
