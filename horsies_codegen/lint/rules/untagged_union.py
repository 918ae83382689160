"""A union has several objects, and nothing on the wire tells them apart.

The reader tries them in turn and takes the one that fits best. A field added to one of them later can change which one an
old payload becomes. A discriminator settles it.

Bad::

    from pydantic import BaseModel

    class Card(BaseModel):
        number: str

    class Transfer(BaseModel):
        iban: str

    @app.task("pay")
    def pay(*, means: Card | Transfer) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from typing import Annotated, Literal
    from pydantic import BaseModel, Field

    class Card(BaseModel):
        kind: Literal["card"] = "card"
        number: str

    class Transfer(BaseModel):
        kind: Literal["transfer"] = "transfer"
        iban: str

    @app.task("pay")
    def pay(*, means: Annotated[Card | Transfer, Field(discriminator="kind")]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.wire_types import nodes_of
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.types import Definition, ObjectDefinition, Ref, UnionType


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every parameter or result with a union of objects that has no tag."""
    for task in resolution.tasks:
        for locus, node in nodes_of(task.draft):
            if isinstance(node, UnionType) and _is_ambiguous(node, task.draft.definitions):
                yield RULE.finding(
                    "nothing on the wire tells the objects of this union apart",
                    task.origins.place(locus),
                    'give each a Literal field and say Field(discriminator="kind")',
                )


def _is_ambiguous(node: UnionType, definitions: Mapping[str, Definition]) -> bool:
    if node.tag is not None:
        return False
    refs = [member.name for member in node.members if isinstance(member, Ref)]
    return sum(isinstance(definitions.get(name), ObjectDefinition) for name in refs) > 1


RULE = Rule("HC204", "untagged-union", Kind.RULE, __doc__, Level.WARNING, check)
