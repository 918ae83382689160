"""A type comes from a package whose source does not say what it looks like on the wire.

Map it in ``[tool.horsies.codegen.types]`` to the annotation that stands for it, or pass what it is made of.

Bad::

    from fancy_money import Money

    @app.task("charge")
    def charge(*, amount: Money) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from decimal import Decimal

    @app.task("charge")
    def charge(*, amount: Decimal, currency: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC005", __doc__)
