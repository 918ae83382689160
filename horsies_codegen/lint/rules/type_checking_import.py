"""A type of a parameter or a result is imported for type checkers only.

The worker decodes by the type, so it must be there at run time. Imported under ``if TYPE_CHECKING:`` it is not.

Bad::

    from __future__ import annotations
    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from datetime import date

    @app.task("remind")
    def remind(*, on: date) -> TaskResult[None, TaskError]:
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
