"""``Annotated`` holds a call whose effect on the wire cannot be read.

Constraints of pydantic and annotated_types are known. Anything else may change the value before it is validated.

Bad::

    from typing import Annotated
    from somewhere import Cleaned

    @app.task("index")
    def index(*, text: Annotated[str, Cleaned(lower=True)]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from typing import Annotated
    from pydantic import Field

    @app.task("index")
    def index(*, text: Annotated[str, Field(min_length=1)]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC006", __doc__)
