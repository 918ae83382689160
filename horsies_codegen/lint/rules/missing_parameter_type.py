"""A parameter of a task has no type annotation.

A payload is checked against the types when it is sent and again before the function is called. A parameter without one
would take anything, and fail at night.

Bad::

    @app.task("greet")
    def greet(*, name) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("greet")
    def greet(*, name: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (unsafe): the type of the default, where that is a literal.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC103", __doc__)
