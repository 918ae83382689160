"""A task's name is computed, so it cannot be told by reading.

Names are what rows in the queue hold. A name that depends on code may differ between producer and worker, and no check
can see that two tasks share it.

Bad::

    import os

    @app.task(os.environ["PREFIX"] + "send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("shop.send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC110", "computed-task-name", Kind.REFUSAL, __doc__)
