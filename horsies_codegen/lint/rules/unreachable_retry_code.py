"""``UNHANDLED_EXCEPTION`` is retried, and a default code takes its place.

With ``default_unhandled_error_code``, the task's own or the app's, an exception that no mapper names becomes that code.
``UNHANDLED_EXCEPTION`` does not occur any more, and what was meant to be retried is not.

Bad::

    @app.task(
        "sync",
        default_unhandled_error_code="SHOP_DOWN",
        retry_policy=RetryPolicy.fixed([5], auto_retry_for=["UNHANDLED_EXCEPTION"]),
    )
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task(
        "sync",
        default_unhandled_error_code="SHOP_DOWN",
        retry_policy=RetryPolicy.fixed([5], auto_retry_for=["SHOP_DOWN"]),
    )
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution, ResolvedTask
from horsies_core.contract.codes import OperationalErrorCode
from horsies_core.contract.laws import Locus
from horsies_core.contract.retry import RetryPolicy


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every policy that retries ``UNHANDLED_EXCEPTION`` where a default code is given."""
    for task in resolution.tasks:
        policy = task.draft.options.retry_policy
        default = _default_code(task, resolution)
        if (
            isinstance(policy, RetryPolicy)
            and default is not None
            and OperationalErrorCode.UNHANDLED_EXCEPTION in policy.auto_retry_for
        ):
            yield RULE.finding(
                f"UNHANDLED_EXCEPTION is retried, and never occurs: the default code {default} takes its place",
                task.origins.place(Locus("option", "retry_policy")),
                f"retry {default} instead",
            )


def _default_code(task: ResolvedTask, resolution: Resolution) -> str | None:
    own = task.draft.options.default_unhandled_error_code
    if isinstance(own, str):
        return own
    app = resolution.apps.get(task.app)
    return None if own is not None or app is None else app.default_unhandled_error_code


RULE = Rule("HC309", "unreachable-retry-code", Kind.RULE, __doc__, check=check)
