"""An error code, in an option or in a ``TaskError``, is not in UPPER_SNAKE.

Codes are compared as plain strings by retry policies and by callers. One spelling for all of them is what makes a typo
visible.

Bad::

    @app.task("charge", default_unhandled_error_code="payment-failed")
    def charge(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("charge", default_unhandled_error_code="PAYMENT_FAILED")
    def charge(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): the code in UPPER_SNAKE, at every place of the tree at once; unsafe where the same text stands for something else
too.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC301", __doc__)
