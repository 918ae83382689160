"""Repairs of error codes: UPPER_SNAKE, at every place of the tree where the code stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Safety
from horsies_codegen.lint.mend.sheet import Sheet
from horsies_codegen.lint.mend.uses import Sheets
from horsies_core.contract.codes import RESERVED_CODES, is_well_formed_code

_KEYWORDS = frozenset({"error_code", "auto_retry_for", "exception_mapper", "default_unhandled_error_code"})
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_LETTER = re.compile(r"[^A-Za-z0-9]+")


def upper_snake(finding: Diagnostic, sheet: Sheet, sheets: Sheets) -> Fix | None:
    """HC301: the code as it should be spelled.

    Safe where the text stands in the tree only as an error code: then all of these places change together.
    """
    wrong = re.search(r"'([^']*)'", finding.message)
    if wrong is None or finding.place is None:
        return None
    right = spelled(wrong[1])
    if right is None:
        return None
    edits: list[Edit] = []
    is_certain = True
    for path in _paths(sheets, wrong[1]):
        other = sheets.of(path)
        if other is None:
            is_certain = False
            continue
        for literal in _literals(other, wrong[1]):
            if _is_code(other, literal):
                edits.append(other.replace(literal, f"{literal.quote}{right}{literal.quote}"))
            else:
                is_certain = False
    if not any(edit.place.path == sheet.file.path for edit in edits):
        return None
    return Fix(f"Write {right}", Safety.SAFE if is_certain else Safety.UNSAFE, tuple(edits))


def spelled(code: str) -> str | None:
    """A code in UPPER_SNAKE, or None where nothing well-formed and free comes of it."""
    words = _NO_LETTER.sub("_", _HUMP.sub("_", code)).strip("_").upper()
    return words if is_well_formed_code(words) and words not in RESERVED_CODES else None


def _paths(sheets: Sheets, code: str) -> Iterator[str]:
    needle = code.encode()
    return (file.path for file in sheets.tree.files() if needle in file.data)


def _literals(sheet: Sheet, code: str) -> Iterator[cst.SimpleString]:
    return (node for node in sheet.all_of(cst.SimpleString) if node.evaluated_value == code)


def _is_code(sheet: Sheet, literal: cst.SimpleString) -> bool:
    """Whether a literal stands where error codes do: in an option, in a ``TaskError``, compared with ``error_code``."""
    node: cst.CSTNode | None = literal
    while node is not None and not isinstance(node, cst.BaseStatement | cst.BaseSmallStatement):
        if isinstance(node, cst.Arg) and node.keyword is not None:
            return node.keyword.value in _KEYWORDS
        if isinstance(node, cst.MatchKeywordElement):
            return node.key.value == "error_code"
        if isinstance(node, cst.Comparison):
            return any(_is_error_code(part) for part in (node.left, *(item.comparator for item in node.comparisons)))
        node = sheet.parent(node)
    return False


def _is_error_code(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "error_code"
