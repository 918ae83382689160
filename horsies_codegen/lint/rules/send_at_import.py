"""A task is sent while a module of the app is imported.

Every process that imports the module sends it again: each producer, each worker at each start. A worker refuses it
while it loads task modules, and does not start; a producer sends rows that nobody asked for.

Bad::

    @app.task("warm_up")
    def warm_up() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    warm_up.send()

Good::

    @app.task("warm_up")
    def warm_up() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def on_deploy() -> None:
        warm_up.send()

    if __name__ == "__main__":
        on_deploy()
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC120", "send-at-import", Kind.RULE, __doc__)
