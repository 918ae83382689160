"""A name in a type annotation could not be followed to what it means.

The compiler reads sources and imports nothing. A name that no import and no definition introduces is a guess, and a
guess in a contract is found out by a payload.

Bad::

    @app.task("charge")
    def charge(*, amount: Money) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from decimal import Decimal

    @app.task("charge")
    def charge(*, amount: Decimal) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC003", __doc__)
