"""Bringing names of horsies into a file that a repair is going to use."""

from __future__ import annotations

import libcst as cst

from horsies_codegen.diagnostic import Edit
from horsies_codegen.lint.mend.sheet import Sheet
from horsies_codegen.source import Position

PACKAGE = "horsies"


def can_import(sheet: Sheet, names: set[str]) -> bool:
    """Whether each name means that of horsies at the top of the file, or is free there."""
    return all(name not in sheet.bound or name in _imported(sheet) for name in names)


def speaks_of_horsies(sheet: Sheet) -> bool:
    """Whether the file imports anything of horsies, so that one more name makes it depend on nothing new."""
    return bool(_import_statements(sheet))


def import_edits(sheet: Sheet, names: set[str]) -> tuple[Edit, ...]:
    """The edits after which the file has imported the names; none if it has them all."""
    missing = sorted(names - _imported(sheet))
    if not missing:
        return ()
    for statement in _import_statements(sheet):
        edit = _added_to(sheet, statement, missing)
        if edit is not None:
            return (edit,)
    return (sheet.insert(_line_for_imports(sheet), f"from {PACKAGE} import {', '.join(missing)}{_line_break(sheet)}"),)


def _imported(sheet: Sheet) -> set[str]:
    return {
        alias.name.value
        for statement in _import_statements(sheet)
        if not isinstance(statement.names, cst.ImportStar)
        for alias in statement.names
        if isinstance(alias.name, cst.Name) and alias.asname is None
    }


def _import_statements(sheet: Sheet) -> list[cst.ImportFrom]:
    """The ``from horsies import ...`` at the top of the module, none below a condition."""
    return [
        small
        for statement in sheet.module.body
        if isinstance(statement, cst.SimpleStatementLine)
        for small in statement.body
        if isinstance(small, cst.ImportFrom)
        and isinstance(small.module, cst.Name)
        and small.module.value == PACKAGE
        and not small.relative
    ]


def _added_to(sheet: Sheet, statement: cst.ImportFrom, missing: list[str]) -> Edit | None:
    """The names put before the first one that sorts after them, or at the end."""
    if isinstance(statement.names, cst.ImportStar):
        return None
    text = ", ".join(missing)
    for alias in statement.names:
        if isinstance(alias.name, cst.Name) and alias.name.value > missing[-1]:
            return sheet.insert(sheet.start(alias.name), f"{text}, ")
    last = statement.names[-1]
    return sheet.insert(sheet.end(last if last.asname is not None else last.name), f", {text}")


def _line_for_imports(sheet: Sheet) -> Position:
    """The beginning of the line after the last import at the top, else after the docstring, else the first line of code."""
    after: cst.CSTNode | None = None
    for index, statement in enumerate(sheet.module.body):
        if not isinstance(statement, cst.SimpleStatementLine):
            continue
        is_doc = index == 0 and sheet.module.get_docstring(clean=False) is not None
        if is_doc or any(isinstance(small, cst.Import | cst.ImportFrom) for small in statement.body):
            after = statement
    if after is not None:
        return Position(sheet.end(after).line + 1, 1)
    first = sheet.module.body[0] if sheet.module.body else None
    return Position(1, 1) if first is None else Position(sheet.start(first).line, 1)


def _line_break(sheet: Sheet) -> str:
    return sheet.module.default_newline
