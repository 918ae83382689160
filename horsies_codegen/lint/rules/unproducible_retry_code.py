"""``auto_retry_for`` names a code that nothing produces.

No ``TaskError`` in the function has it, neither the task's mapper and default nor the app's can give it, and it is not
reserved. Usually it is a typo, and the task will not be retried when it should be.

Bad::

    @app.task("sync", retry_policy=RetryPolicy.fixed([5], auto_retry_for=["SHOP_DONW"]))
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(err=TaskError(error_code="SHOP_DOWN"))

Good::

    @app.task("sync", retry_policy=RetryPolicy.fixed([5], auto_retry_for=["SHOP_DOWN"]))
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(err=TaskError(error_code="SHOP_DOWN"))

Fix (unsafe): the code that is spelled nearly so.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.codes import produced_codes
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.codes import RESERVED_CODES
from horsies_core.contract.laws import Locus
from horsies_core.contract.retry import RetryPolicy


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every retried code that cannot occur, in tasks all of whose codes are known."""
    for task in resolution.tasks:
        policy = task.draft.options.retry_policy
        produced = produced_codes(task, resolution)
        if not isinstance(policy, RetryPolicy) or produced is None:
            continue
        for code in policy.auto_retry_for:
            if code not in produced and code not in RESERVED_CODES:
                near = difflib.get_close_matches(code, sorted(produced), n=1)
                yield RULE.finding(
                    f"nothing in task function {task.draft.function} produces the error code {code}",
                    task.origins.place(Locus("option", "retry_policy")),
                    f"did you mean {near[0]}?" if near else "remove it, or return a TaskError that has it",
                )


RULE = Rule("HC303", "unproducible-retry-code", Kind.RULE, __doc__, check=check)
