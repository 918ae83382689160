"""The default of a parameter is no value of its type.

The function would run with a value that no sender could pass. Where None is meant to be possible, the type has to say so.

Bad::

    @app.task("tag")
    def tag(*, limit: int = None) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("tag")
    def tag(*, limit: int | None = None) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): ``| None``, where the default is None. Nothing that could be passed is refused by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.fits import fits
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.laws import Locus


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every parameter whose known default its type refuses."""
    for task in resolution.tasks:
        for parameter in task.draft.parameters:
            default = parameter.default
            if parameter.type is None or default is None or default.json_text is None:
                continue
            if not fits(json.loads(default.json_text), parameter.type, task.draft.definitions):
                yield RULE.finding(
                    f"the default of parameter {parameter.name!r} is {default.json_text}, which its type does not allow",
                    task.origins.place(Locus("default", parameter.name)),
                    "change the default, or widen the type: ... | None for None",
                )


RULE = Rule("HC119", "default-of-wrong-type", Kind.RULE, __doc__, check=check)
