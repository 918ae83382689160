"""A type is ``bytes``, which travels as UTF-8 text.

JSON has no bytes. Those that are no UTF-8 (a picture, a digest) are refused when they are sent. Send a reference to where
they are stored, or their Base64 text.

Bad::

    @app.task("scan")
    def scan(*, image: bytes) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("scan")
    def scan(*, image_path: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.wire_types import nodes_of
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.types import BytesType


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every parameter or result that holds plain ``bytes``."""
    for task in resolution.tasks:
        loci = (locus for locus, node in nodes_of(task.draft) if type(node) is BytesType and node == _PLAIN)
        for locus in dict.fromkeys(loci):
            yield RULE.finding(
                "bytes travel as UTF-8 text, and other bytes are refused when they are sent",
                task.origins.place(locus),
                "send a reference to where the bytes are stored, or their Base64 text",
            )


_PLAIN = BytesType()

RULE = Rule("HC207", "bytes-as-text", Kind.RULE, __doc__, Level.WARNING, check)
