"""A type is made at run time.

``create_model``, a class inside a function, a conditional expression: what it is depends on code that the compiler does
not run. Write the type out, map it in ``[tool.horsies.codegen.types]``, or define it in a way that can be read.

Bad::

    from pydantic import create_model

    Order = create_model("Order", order_id=(int, ...))

    @app.task("place")
    def place(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from pydantic import BaseModel

    class Order(BaseModel):
        order_id: int

    @app.task("place")
    def place(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC004", __doc__)
