"""``exception_mapper`` names the same exception twice.

In a dict the later entry wins, and the earlier one is silently lost.

Bad::

    @app.task("sync", exception_mapper={TimeoutError: "SHOP_SLOW", TimeoutError: "SHOP_DOWN"})
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("sync", exception_mapper={TimeoutError: "SHOP_SLOW", ConnectionError: "SHOP_DOWN"})
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): the earlier entries gone. They never counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.laws import Locus


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every exception that a mapper names more than once."""
    for task in resolution.tasks:
        for exception, count in Counter(task.mapped_exceptions).items():
            if count > 1:
                yield RULE.finding(
                    f"exception_mapper names {exception} {count} times; the last entry wins",
                    task.origins.place(Locus("option", "exception_mapper")),
                    "keep one entry for each exception class",
                )


RULE = Rule("HC305", "repeated-mapper-key", Kind.RULE, __doc__, check=check)
