"""``@app.task`` stands on a class.

A task is a plain function at the top of a module: that is what a worker can find by name and call with the arguments.

Bad::

    @app.task("import_orders")
    class ImportOrders:
        def run(self) -> None: ...

Good::

    @app.task("import_orders")
    def import_orders() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC126", "task-not-a-function", Kind.REFUSAL, __doc__)
