"""A task has no return type annotation.

Without it nobody knows what a stored result holds: neither the worker that checks it on the way out, nor the caller who
reads it, perhaps days later. The decorator raises TypeError.

Bad::

    @app.task("report")
    def report(*, month: str):
        return TaskResult(ok=month)

Good::

    @app.task("report")
    def report(*, month: str) -> TaskResult[str, TaskError]:
        return TaskResult(ok=month)

Fix (safe): declare the type that the returned literals and parameters decide; unsafe where values that are no ``TaskResult``
have to be wrapped for it.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC102", __doc__)
