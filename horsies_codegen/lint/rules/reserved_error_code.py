"""An error code, in an option or in a ``TaskError``, is one that horsies gives a meaning of its own.

``TASK_TIMEOUT`` must mean that a timeout killed the task, and nothing else. In ``auto_retry_for`` only those reserved
codes may stand that another try can help against.

Bad::

    @app.task("charge", default_unhandled_error_code="TASK_EXPIRED")
    def charge(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("charge", default_unhandled_error_code="CARD_EXPIRED")
    def charge(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC302", __doc__)
