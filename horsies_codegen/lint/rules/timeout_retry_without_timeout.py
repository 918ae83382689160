"""``TASK_TIMEOUT`` is retried, but the task has no ``timeout_ms``.

A task without a timeout never times out, so the policy promises what cannot happen.

Bad::

    @app.task("scan", retry_policy=RetryPolicy.fixed([60], auto_retry_for=["TASK_TIMEOUT"]))
    def scan(*, path: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("scan", timeout_ms=30_000, retry_policy=RetryPolicy.fixed([60], auto_retry_for=["TASK_TIMEOUT"]))
    def scan(*, path: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC304", __doc__)
