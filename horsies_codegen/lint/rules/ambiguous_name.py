"""Which of several definitions a name means depends on a condition that cannot be read.

The two would make two contracts. Conditions on the Python version and ``TYPE_CHECKING`` are understood; others are not
run.

Bad::

    import os

    if os.environ.get("LEGACY"):
        Amount = int
    else:
        Amount = str

    @app.task("charge")
    def charge(*, amount: Amount) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    Amount = str

    @app.task("charge")
    def charge(*, amount: Amount) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC009", __doc__)
