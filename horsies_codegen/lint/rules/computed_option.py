"""An option of ``@app.task`` is computed at run time.

Queue, timeout, retries and error codes are part of the contract. A value that depends on code may differ between the
machine that sends and the one that runs.

Bad::

    import os

    @app.task("send", timeout_ms=int(os.environ["TIMEOUT"]))
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("send", timeout_ms=30_000)
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC116", "computed-option", Kind.REFUSAL, __doc__)
