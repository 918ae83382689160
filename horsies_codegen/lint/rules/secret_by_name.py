"""A parameter's name says that it holds a secret.

Payloads are stored in the database, kept as long as outcomes are, and shown by tools. Send a reference to the secret and
read it inside the task.

Bad::

    @app.task("login")
    def login(*, user: str, password: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("login")
    def login(*, user: str, credential_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.laws import Locus
from horsies_core.contract.types import BytesType, StringType, TypeNode, UnionType

_SECRET = re.compile(
    r"(?:.*_)?(?:passwo?r?d|passphrase|secret|private_key|api_?key|secret_key|access_key|(?:access|auth|bearer|refresh|api)_token)"
)


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every parameter that may hold text and is called like a secret."""
    for task in resolution.tasks:
        for parameter in task.draft.parameters:
            if _SECRET.fullmatch(parameter.name.lower()) and _may_be_text(parameter.type):
                yield RULE.finding(
                    f"parameter {parameter.name!r} looks like a secret, and payloads are stored in clear text",
                    task.origins.place(Locus("parameter", parameter.name)),
                    "send a reference to the secret and read it inside the task",
                )


def _may_be_text(node: TypeNode | None) -> bool:
    if isinstance(node, UnionType):
        return any(map(_may_be_text, node.members))
    return isinstance(node, StringType | BytesType)


RULE = Rule("HC208", "secret-by-name", Kind.RULE, __doc__, Level.WARNING, check)
