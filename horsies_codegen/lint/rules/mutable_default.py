"""The default of a parameter is a list or a dict.

A worker calls the same function many times in one process. What one run puts into such a default, the next one finds.

Bad::

    @app.task("tag")
    def tag(*, labels: list[str] = []) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("tag")
    def tag(*, labels: list[str] | None = None) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (unsafe): None for the default, and a new list or dict made inside. The contract takes None then.
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.laws import Locus
from horsies_core.contract.types import ArrayType, Default, MapType, TypeNode

_IMMUTABLE = ("tuple", "frozenset")


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every parameter whose default is a container that a run could change."""
    for task in resolution.tasks:
        for parameter in task.draft.parameters:
            if _is_mutable(parameter.default, parameter.type):
                yield RULE.finding(
                    f"the default of parameter {parameter.name!r} is shared by all runs in a process",
                    task.origins.place(Locus("default", parameter.name)),
                    f"write {parameter.name}: ... | None = None, and make a new one inside",
                )


def _is_mutable(default: Default | None, node: TypeNode | None) -> bool:
    if default is None or default.json_text is None or default.json_text[0] not in "[{":
        return False
    return isinstance(node, MapType) or (isinstance(node, ArrayType) and node.kind not in _IMMUTABLE)


RULE = Rule("HC118", "mutable-default", Kind.RULE, __doc__, Level.WARNING, check)
