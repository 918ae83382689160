"""A task's return annotation is not ``TaskResult[T, TaskError]``.

A task that fails must say so as a value: whoever waits for it in another process cannot catch its exceptions. ``T`` is
the type of the value on success, None for tasks that give nothing back.

Bad::

    @app.task("count")
    def count(*, text: str) -> int:
        return len(text)

Good::

    @app.task("count")
    def count(*, text: str) -> TaskResult[int, TaskError]:
        return TaskResult(ok=len(text))

Fix (unsafe): declare ``TaskResult[..., TaskError]`` around the annotation and wrap what is returned; safe where all of it is a
``TaskResult`` already.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC104", __doc__)
