"""libcst's parser without the check of every node that it has just made.

A tree that the native parser built cannot break the rules for trees that are put together by hand, yet libcst runs them on each
of its nodes: an eighth of the parse. They are off while `parse_module` runs and on for every tree that anybody else makes.
"""

from __future__ import annotations

import libcst as cst

_HOOK = "__post_init__"
_CHECK = vars(cst.CSTNode).get(_HOOK)
"""What libcst calls for a new node; None in a version that has no such hook, where nothing is changed."""


def parse_module(text: str) -> cst.Module:
    """The tree of a text, the same as `libcst.parse_module` gives. Raises what that raises."""
    if _CHECK is None:
        return cst.parse_module(text)
    setattr(cst.CSTNode, _HOOK, tuple)  # the call that costs least: it makes nothing
    try:
        return cst.parse_module(text)
    finally:
        setattr(cst.CSTNode, _HOOK, _CHECK)
