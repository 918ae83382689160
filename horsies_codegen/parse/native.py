"""libcst's native parser, without what takes longest beside it: a third of the parse.

Having parsed, it makes an object of each node: it imports `libcst`, looks the class up there by name, and calls it. While
`parse_module` runs it finds

- a module in the place of `libcst` whose names are makers of the same nodes (`horsies_codegen.parse.makers`), and blanks and
  line ends that look the same, half of all nodes, are one node;
- an ``__import__`` that does nothing: C code imports with that of the Python code that called it (`PyImport_Import`), then takes
  the module from `sys.modules`.

Trees are equal to those that `libcst.parse_module` gives. No class is changed: what anybody else makes is made and checked as ever.
All of this is how libcst is built, which another version may change: it is tried on a small text first, and libcst's own way is
taken if that does not give libcst's own tree.
"""

from __future__ import annotations

import sys
from functools import cache, lru_cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, cast

import libcst as cst

from horsies_codegen.parse.makers import maker

_SHARED = {kind.__name__: lru_cache(maxsize=None)(maker(kind)) for kind in (cst.SimpleWhitespace, cst.Newline)}
"""Makers that make one node of each text, in the tree that is being made."""


def parse_module(text: str) -> cst.Module:
    """The tree of a text, equal to that of `libcst.parse_module`. Raises what that raises."""
    return _parse_quickly(text) if _is_as_expected() else cst.parse_module(text)


@cache
def _is_as_expected() -> bool:
    """Whether the native parser of this libcst makes its nodes in the way that is described above."""
    try:
        return _parse_quickly(_TRIAL).deep_equals(cst.parse_module(_TRIAL))
    except Exception:  # noqa: BLE001 - whatever another version may raise, its own way is right
        return False


def _parse_quickly(text: str) -> cst.Module:
    for make in _SHARED.values():
        make.cache_clear()
    sys.modules[cst.__name__] = _STAND_IN
    try:
        return cast("cst.Module", _PARSE(text))
    finally:
        sys.modules[cst.__name__] = cst


_TRIAL = """@a.task("b", c=1)\ndef d(*, e: list[int] = (), **f) -> G[H]:\n    return g(i)  # j\n"""

_native: Any = import_module("libcst.native")  # of which libcst tells type checkers nothing


def _parse(text: str) -> object:
    return _native.parse_module(text, encoding="utf-8")


_NOTHING = "".format
"""The call that costs least: it takes anything and makes nothing."""

_PARSE = FunctionType(_parse.__code__, {"_native": _native, "__builtins__": {"__import__": _NOTHING}})


class _Makers(dict[str, Any]):
    """All of libcst by name, a maker for each class of nodes; a name is looked up as the parser asks for it first."""

    def __missing__(self, name: str) -> Any:
        known: object = getattr(cst, name)
        if isinstance(known, type) and issubclass(cast("type[object]", known), cst.CSTNode):
            known = _SHARED.get(name) or maker(cast("type[cst.CSTNode]", known))
        self[name] = known
        return known


class _StandIn(ModuleType):
    """A module whose names are those of the makers. Python's own way to a name, which goes by its types first, takes longer."""

    __getattribute__ = _Makers().__getitem__  # type: ignore[misc]


_STAND_IN = _StandIn(cst.__name__)
