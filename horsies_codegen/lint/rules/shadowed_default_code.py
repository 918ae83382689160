"""``default_unhandled_error_code`` can never be given: the task's mapper names ``Exception`` itself.

Every exception has a nearest class in ``exception_mapper`` then, and the default is what remains when none fits. One of the
two is not what was meant.

Bad::

    @app.task("sync", exception_mapper={Exception: "SHOP_BROKEN"}, default_unhandled_error_code="SHOP_DOWN")
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("sync", exception_mapper={TimeoutError: "SHOP_SLOW"}, default_unhandled_error_code="SHOP_DOWN")
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.laws import Locus

_EVERYTHING = ("Exception", "BaseException", "builtins.Exception", "builtins.BaseException")


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every default code beside a mapper that leaves nothing to it."""
    for task in resolution.tasks:
        if not isinstance(task.draft.options.default_unhandled_error_code, str):
            continue
        catch_all = next((key for key in task.mapped_exceptions if key in _EVERYTHING), None)
        if catch_all is not None:
            yield RULE.finding(
                f"exception_mapper names {catch_all}, so default_unhandled_error_code is never given",
                task.origins.place(Locus("option", "default_unhandled_error_code")),
                "remove one of the two",
            )


RULE = Rule("HC308", "shadowed-default-code", Kind.RULE, __doc__, Level.WARNING, check)
