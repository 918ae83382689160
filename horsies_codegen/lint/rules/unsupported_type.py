"""A type has no JSON form.

Functions, files, connections and live objects belong to a process. Send what the other process needs to make its own.

A set has a JSON form only if Python can hold its items: they need a hash. A model has one with ``frozen=True``, a dataclass with
``frozen=True``, ``eq=False`` or ``unsafe_hash=True``, and either with a ``__hash__`` of its own; a list, a dict, a set and a
``TypedDict`` never have one: write ``tuple[X, ...]``, a frozen class, ``frozenset[X]``.

Bad::

    from collections.abc import Callable

    @app.task("run")
    def run(*, what: Callable[[], None]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("run")
    def run(*, what: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Bad::

    from pydantic import BaseModel

    class Line(BaseModel):
        sku: str

    @app.task("restock")
    def restock(*, lines: set[Line]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from pydantic import BaseModel, ConfigDict

    class Line(BaseModel):
        model_config = ConfigDict(frozen=True)
        sku: str

    @app.task("restock")
    def restock(*, lines: set[Line]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC203", __doc__)
