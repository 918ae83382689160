"""``retry_policy`` is no RetryPolicy, or one that never retries anything.

A policy names the error codes that it retries. With none, it does nothing, and nobody notices until a task should have
been tried again.

Bad::

    @app.task("sync", retry_policy=3)
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(err=TaskError(error_code="SHOP_DOWN"))

Good::

    @app.task("sync", retry_policy=RetryPolicy.fixed([5, 30, 60], auto_retry_for=["SHOP_DOWN"]))
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(err=TaskError(error_code="SHOP_DOWN"))
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC306", __doc__)
