"""libcst's native parser, without what takes longest beside it: a third of the parse.

Having parsed, it makes an object of each node: it imports `libcst`, looks the class up there by name, and calls it. While
`parse_module` runs it finds

- a module in the place of `libcst` whose names are makers of the same nodes (`horsies_codegen.parse.makers`), and blanks and
  line ends that look the same, half of all nodes, are one node;
- an ``__import__`` that does nothing: C code imports with that of the Python code that called it (`PyImport_Import`), then takes
  the module from `sys.modules`.

Trees are equal to those that `libcst.parse_module` gives. No class is changed: what anybody else makes is made and checked as ever.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, cast

import libcst as cst

from horsies_codegen.parse.makers import maker, shared

_SHARED = ("SimpleWhitespace", "Newline")
_blanks: dict[str, dict[str | None, cst.CSTNode]] = {name: {} for name in _SHARED}
"""Those of the tree that is being made, by their text."""


def parse_module(text: str) -> cst.Module:
    """The tree of a text, equal to that of `libcst.parse_module`. Raises what that raises."""
    for known in _blanks.values():
        known.clear()
    sys.modules[cst.__name__] = _STAND_IN
    try:
        return cast("cst.Module", _PARSE(text))
    finally:
        sys.modules[cst.__name__] = cst


_native: Any = import_module("libcst.native")  # of which libcst tells type checkers nothing


def _parse(text: str) -> object:
    return _native.parse_module(text, encoding="utf-8")


_NOTHING = "".format
"""The call that costs least: it takes anything and makes nothing."""

_PARSE = FunctionType(_parse.__code__, {"_native": _native, "__builtins__": {"__import__": _NOTHING}})


def _stand_in() -> ModuleType:
    """All of libcst, each name as the parser asks for it first."""
    module = ModuleType(cst.__name__)

    def find(name: str) -> object:
        made = _made(name, getattr(cst, name))
        setattr(module, name, made)
        return made

    setattr(module, "__getattr__", find)  # noqa: B010 - PEP 562, for a module without a file
    return module


def _made(name: str, known: object) -> object:
    """What stands for a name of libcst's: a maker for a class of nodes."""
    if not (isinstance(known, type) and issubclass(cast("type[object]", known), cst.CSTNode)):
        return known
    make = maker(cast("type[cst.CSTNode]", known))
    return shared(make, _blanks[name]) if name in _SHARED else make


_STAND_IN = _stand_in()
