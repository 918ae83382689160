"""A model changes its JSON form by code: a before, plain or wrap validator, a serializer, a computed field.

The schema would say one thing and the wire another. Validators that run after validation are fine: they only refuse.

Bad::

    from pydantic import BaseModel, field_validator

    class Order(BaseModel):
        tags: list[str]

        @field_validator("tags", mode="before")
        @classmethod
        def split(cls, value: object) -> object:
            return str(value).split(",")

    @app.task("place")
    def place(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from pydantic import BaseModel, field_validator

    class Order(BaseModel):
        tags: list[str]

        @field_validator("tags")
        @classmethod
        def not_empty(cls, value: list[str]) -> list[str]:
            if not value:
                raise ValueError("no tags")
            return value

    @app.task("place")
    def place(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC007", __doc__)
