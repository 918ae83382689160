"""How nodes are made without what libcst's classes do beyond it.

They are frozen dataclasses with slots. Their ``__init__`` sets each field by a call that goes round the freeze, and then has the
node check itself, which cannot fail on a tree that the parser built. A maker sets the slots and is done: it takes half as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache
from types import CodeType, FunctionType, MemberDescriptorType
from typing import Any, TypeAlias

import libcst as cst

Maker: TypeAlias = Callable[..., cst.CSTNode]
"""Called as the class of a node is, with its fields by name."""

_CHECK = "__post_init__"


def maker(kind: type[cst.CSTNode]) -> Maker:
    """What makes nodes of a class as its ``__init__`` does; the class itself, if it is not built as these are in libcst 1.x."""
    if not _is_plain(kind):
        return kind
    names = [field.name for field in fields(kind)]
    code = _code(len(names))
    setters = {f"set_{index}": getattr(kind, name).__set__ for index, name in enumerate(names)}
    made = FunctionType(
        code.replace(co_name=kind.__name__, co_varnames=(*names, "node")),
        {"new": object.__new__, "kind": kind, **setters},
    )
    made.__kwdefaults__ = _defaults(kind)
    return made


def _is_plain(kind: type[cst.CSTNode]) -> bool:
    """Whether all that the class does for a new node is to set slots and to check them."""
    return (
        kind.__new__ is object.__new__
        and kind.__dataclass_params__.init  # type: ignore[attr-defined]
        and getattr(kind, _CHECK, None) is getattr(cst.CSTNode, _CHECK, None)
        and all(
            field.init and isinstance(getattr(kind, field.name, None), MemberDescriptorType) for field in fields(kind)
        )
    )


def _defaults(kind: type[cst.CSTNode]) -> dict[str, Any]:
    """What the fields are that need not be given. Nodes do not change, so one will do for all."""
    given = {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    made = {field.name: field.default_factory() for field in fields(kind) if field.default_factory is not MISSING}
    return {**given, **made}


@cache
def _code(count: int) -> CodeType:
    """The code of a maker for so many fields. Compiling it for each class would take longer than many a file."""
    names = [f"field_{index}" for index in range(count)]
    lines = [
        f"def make({'*, ' if names else ''}{', '.join(names)}):",
        " node = new(kind)",
        *(f" set_{index}(node, {name})" for index, name in enumerate(names)),
        " return node",
    ]
    namespace: dict[str, Any] = {}
    exec("\n".join(lines), namespace)  # noqa: S102 - nothing of it comes from outside
    code = namespace["make"].__code__
    assert isinstance(code, CodeType)
    return code
