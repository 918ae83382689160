"""Two classes that tasks use have the same module and the same name, in two folders that both are import roots.

A contract knows a class by ``module:name``. One lock and one client have room for one of them, and one process can import only
one. What is built would say of one task what is true of the other. Two classes that say the same are not reported.

Bad::

    # file: order-service/shop/models.py
    from pydantic import BaseModel

    class Order(BaseModel):
        sku: str
    # file: order-service/shop/tasks.py
    from horsies import Horsies, TaskError, TaskResult
    from shop.models import Order

    app = Horsies()

    @app.task("pack")
    def pack(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
    # file: billing-service/shop/models.py
    from pydantic import BaseModel

    class Order(BaseModel):
        amount_cents: int
    # file: billing-service/shop/tasks.py
    from horsies import Horsies, TaskError, TaskResult
    from shop.models import Order

    app = Horsies()

    @app.task("bill")
    def bill(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    # file: order-service/shop/models.py
    from pydantic import BaseModel

    class Order(BaseModel):
        sku: str
    # file: order-service/shop/tasks.py
    from horsies import Horsies, TaskError, TaskResult
    from shop.models import Order

    app = Horsies()

    @app.task("pack")
    def pack(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
    # file: billing-service/invoices/models.py
    from pydantic import BaseModel

    class Order(BaseModel):
        amount_cents: int
    # file: billing-service/invoices/tasks.py
    from horsies import Horsies, TaskError, TaskResult
    from invoices.models import Order

    app = Horsies()

    @app.task("bill")
    def bill(*, order: Order) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from horsies_codegen.diagnostic import Diagnostic, Related
from horsies_codegen.lint.rule import Across, Kind, Rule
from horsies_codegen.resolve.model import Resolution, ResolvedApp
from horsies_codegen.source import Place
from horsies_core.contract.types import UnresolvedType, definition_children, walk


class Meaning(NamedTuple):
    """What a name stands for in one file: a digest of the definition, and the first task there that uses it."""

    name: str
    digest: int
    task: str
    place: Place


def gather(resolution: Resolution) -> Iterable[Meaning]:
    """Every named type that the tasks use, once. What a live module was asked for is not compared with what a source says."""
    seen: set[int] = set()
    for task in resolution.tasks:
        for name, definition in task.draft.definitions.items() if task.provenance == "source" else ():
            if id(definition) not in seen:  # the tasks of a file share it
                seen.add(id(definition))
                nodes = (node for child in definition_children(definition) for node in walk(child))
                if not any(isinstance(node, UnresolvedType) for node in nodes):
                    digest = zlib.crc32(repr(definition).encode())
                    yield Meaning(name, digest, str(task.draft.name), task.origins.function)


def judge(meanings: Iterable[Meaning], apps: Mapping[str, ResolvedApp]) -> Iterator[Diagnostic]:  # noqa: ARG001 - as all
    """HC010 for every file in which a name means another class than in the first."""
    first: dict[str, Meaning] = {}
    for meaning in meanings:
        known = first.setdefault(meaning.name, meaning)
        if known.digest != meaning.digest:
            yield _repeated(known, meaning)


def _repeated(first: Meaning, second: Meaning) -> Diagnostic:
    module = second.name.partition(":")[0]
    finding = RULE.finding(
        f"{second.name} is one class for task {second.task!r} and another for task {first.task!r}",
        second.place,
        f"two folders hold a module {module}: rename one, or make each folder a project of its own in pyproject.toml",
        task=second.task,
    )
    return replace(finding, related=(Related(first.place, "the other one is used here"),))


RULE = Rule("HC010", "repeated-class", Kind.RULE, __doc__, across=Across(gather, judge))
