"""A type of a parameter or a result is imported for type checkers only.

The worker decodes by the type, so it must be there at run time. Imported under ``if TYPE_CHECKING:`` it is not.

Bad::

    # file: shop/tasks.py
    from __future__ import annotations
    from typing import TYPE_CHECKING
    from horsies import Horsies, TaskError, TaskResult
    if TYPE_CHECKING:
        from decimal import Decimal

    app = Horsies()

    @app.task("charge")
    def charge(*, amount: Decimal) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from __future__ import annotations
    from datetime import date

    @app.task("remind")
    def remind(*, on: date) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC206", __doc__)
