"""Repairs of what a task returns: its annotation, and values that are no ``TaskResult``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Safety
from horsies_codegen.lint.mend.imports import can_import, import_edits
from horsies_codegen.lint.mend.parameters import literal_type
from horsies_codegen.lint.mend.sheet import Sheet
from horsies_codegen.source import Position

RESULT = "TaskResult"
ERROR = "TaskError"
JSON = "JsonValue"
_BUILTINS = frozenset({"str", "int", "float", "bool", "len", "repr", "round"})


@dataclass(frozen=True)
class Outcome:
    """One way out of a function: the value of a success (None for a failure), and whether it is a result already."""

    statement: cst.Return
    value: cst.BaseExpression | None
    is_result: bool
    is_failure: bool = False


def annotated(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC102: the annotation that the returned literals decide, and the raw ones among them wrapped."""
    function = None if finding.place is None else sheet.function_at(finding.place)
    if function is None or function.returns is not None or not _is_plain(function):
        return None
    at = sheet.after_signature(function)
    outcomes = _outcomes(function)
    kind = _decided(outcomes, _declared(sheet, function), ends_bare=_ends_bare(function, outcomes))
    if at is None or kind is None:
        return None
    wraps = _wraps(sheet, function, outcomes)
    if wraps is None:
        return None
    text = f"{RESULT}[{kind}, {ERROR}]"
    return _fix(sheet, f"Declare -> {text}", kind, sheet.insert(at, f" -> {text}"), wraps)


def redeclared(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC104: the annotation made the type of a success, and what is returned wrapped."""
    function = None if finding.place is None else sheet.function_at(finding.place)
    if function is None or function.returns is None or not _is_plain(function):
        return None
    declared = function.returns.annotation
    outcomes = _outcomes(function)
    kind = _success_type(sheet, function, declared, outcomes)
    if kind is None:
        return None
    is_task_result = _callee(declared.value if isinstance(declared, cst.Subscript) else declared) == RESULT
    wraps = [] if is_task_result else _wraps(sheet, function, outcomes, takes_all=True)
    if wraps is None:
        return None
    text = f"{RESULT}[{kind}, {ERROR}]"
    return _fix(sheet, f"Declare -> {text}", kind, sheet.replace(declared, text), wraps)


def wrapped(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC125: one raw value in ``TaskResult(ok=...)``, or a result at the end of a function that has none."""
    function = None if finding.place is None else sheet.function_at(finding.place)
    if function is None or finding.place is None or not _is_plain(function):
        return None
    outcomes = _outcomes(function)
    span = finding.place.span
    if sheet.span(function.name) == span and _takes_none(sheet, function):
        edits = _result_at_end(sheet, function, outcomes)
    else:
        here = [outcome for outcome in outcomes if _stands_at(sheet, outcome, span.start)]
        edits = [] if not here or not _may_be(sheet, function, here[0]) else _wrapped(sheet, here[0])
    if not edits or not can_import(sheet, {RESULT}):
        return None
    return Fix(f"Return it in {RESULT}(ok=...)", Safety.UNSAFE, (*edits, *import_edits(sheet, {RESULT})))


def _may_be(sheet: Sheet, function: cst.FunctionDef, outcome: Outcome) -> bool:
    """Whether what comes out may be a success: nothing is one only where the annotation says so."""
    is_none = outcome.value is None or (isinstance(outcome.value, cst.Name) and outcome.value.value == "None")
    return not is_none or _takes_none(sheet, function)


def _takes_none(sheet: Sheet, function: cst.FunctionDef) -> bool:
    return function.returns is not None and re.search(r"\bNone\b", sheet.text(function.returns.annotation)) is not None


def _fix(sheet: Sheet, title: str, kind: str, annotation: Edit, wraps: Sequence[Edit]) -> Fix | None:
    names = {RESULT, ERROR, *((JSON,) if JSON in kind else ())}
    if not can_import(sheet, names):
        return None
    safety = Safety.UNSAFE if wraps else Safety.SAFE
    title += f", and return {RESULT}(ok=...)" if wraps else ""
    return Fix(title, safety, (annotation, *wraps, *import_edits(sheet, names)))


def _is_plain(function: cst.FunctionDef) -> bool:
    finder = _ReturnFinder()
    function.body.visit(finder)
    return not finder.yields


def _outcomes(function: cst.FunctionDef) -> list[Outcome]:
    finder = _ReturnFinder()
    function.body.visit(finder)
    return [_outcome(statement) for statement in finder.found]


def _outcome(statement: cst.Return) -> Outcome:
    value = statement.value
    if isinstance(value, cst.Call):
        callee = _callee(value.func)
        given = {argument.keyword.value: argument.value for argument in value.args if argument.keyword is not None}
        if callee == "Err" or (callee == RESULT and "err" in given):
            return Outcome(statement, None, is_result=True, is_failure=True)
        if callee == RESULT and "ok" in given:
            return Outcome(statement, given["ok"], is_result=True)
        if callee == "Ok" and len(value.args) == 1:
            return Outcome(statement, value.args[0].value, is_result=True)
    return Outcome(statement, value, is_result=False)


def _callee(function: cst.BaseExpression) -> str | None:
    """The last word of what is called, type arguments left out."""
    match function:
        case cst.Name(value=name):
            return name
        case cst.Attribute(attr=cst.Name(value=name)):
            return name
        case cst.Subscript(value=value):
            return _callee(value)
        case _:
            return None


def _declared(sheet: Sheet, function: cst.FunctionDef) -> Mapping[str, str]:
    """The annotations of the parameters, as written."""
    parameters = (*function.params.posonly_params, *function.params.params, *function.params.kwonly_params)
    return {
        parameter.name.value: sheet.text(parameter.annotation.annotation)
        for parameter in parameters
        if parameter.annotation is not None
    }


def _decided(outcomes: Sequence[Outcome], declared: Mapping[str, str], *, ends_bare: bool) -> str | None:
    """The type of a success, if literals and parameters decide it: one type, perhaps None beside it."""
    kinds: list[str] = ["None"] if ends_bare else []
    for outcome in outcomes:
        if outcome.is_failure:
            continue
        value = outcome.value
        kind = declared.get(value.value) if isinstance(value, cst.Name) else None
        kind = kind or ("None" if value is None else _type_of(value))
        if kind is None:
            return None
        kinds.append(kind)
    distinct = [kind for kind in dict.fromkeys(kinds) if kind != "None"]
    if len(distinct) > 1 or not (kinds or outcomes):
        return None
    if not distinct:
        return "None"
    return f"{distinct[0]} | None" if "None" in kinds else distinct[0]


def _type_of(value: cst.BaseExpression) -> str | None:
    match value:
        case cst.Name(value="None"):
            return "None"
        case cst.Dict() | cst.DictComp():
            return f"dict[str, {JSON}]"
        case cst.List() | cst.ListComp():
            return f"list[{JSON}]"
        case cst.Comparison() | cst.UnaryOperation(operator=cst.Not()):
            return "bool"
        case cst.Call(func=cst.Name(value=name)) if name in _BUILTINS:
            return {"len": "int", "repr": "str", "round": None}.get(name, name)
        case _:
            return literal_type(value)


def _success_type(
    sheet: Sheet, function: cst.FunctionDef, declared: cst.BaseExpression, outcomes: Sequence[Outcome]
) -> str | None:
    """The type inside ``TaskResult[...]`` that an annotation stands for."""
    if isinstance(declared, cst.SimpleString | cst.ConcatenatedString):
        return None
    if _callee(declared) != RESULT:
        return sheet.text(declared)
    if isinstance(declared, cst.Subscript):
        first = declared.slice[0].slice if len(declared.slice) == 1 else None
        return sheet.text(first.value) if isinstance(first, cst.Index) else None
    return _decided(outcomes, _declared(sheet, function), ends_bare=False)


def _wraps(
    sheet: Sheet, function: cst.FunctionDef, outcomes: Sequence[Outcome], *, takes_all: bool = False
) -> list[Edit] | None:
    """The edits that make every way out a result; None if one cannot be told."""
    edits = _result_at_end(sheet, function, outcomes)
    for outcome in outcomes:
        if outcome.is_result:
            continue
        if not takes_all and outcome.value is not None and _type_of(outcome.value) is None:
            return None
        edits.extend(_wrapped(sheet, outcome))
    return edits


def _wrapped(sheet: Sheet, outcome: Outcome) -> list[Edit]:
    if outcome.is_result:
        return []
    if outcome.value is None:
        start = sheet.start(outcome.statement)
        end = Position(start.line, start.column + len("return"))
        return [sheet.edit(start, end, f"return {RESULT}(ok=None)")]
    value = outcome.value
    span = sheet.whole(value)
    opening, closing = ("(", ")") if isinstance(value, cst.Tuple) and not value.lpar else ("", "")
    return [sheet.insert(span.start, f"{RESULT}(ok={opening}"), sheet.insert(span.end, f"{closing})")]


def _ends_bare(function: cst.FunctionDef, outcomes: Sequence[Outcome]) -> bool:
    """Whether a function does something and has neither a return nor another end."""
    finder = _ReturnFinder()
    function.body.visit(finder)
    return not outcomes and not finder.ends_otherwise and _does_something(function)


def _does_something(function: cst.FunctionDef) -> bool:
    statements = function.body.body if isinstance(function.body, cst.IndentedBlock) else [function.body]
    return any(not _is_idle(statement) for statement in statements)


def _is_idle(statement: cst.CSTNode) -> bool:
    body = getattr(statement, "body", None)
    if not isinstance(statement, cst.SimpleStatementLine | cst.SimpleStatementSuite) or body is None:
        return False
    return all(
        isinstance(small, cst.Pass)
        or (
            isinstance(small, cst.Expr)
            and isinstance(small.value, cst.Ellipsis | cst.SimpleString | cst.ConcatenatedString)
        )
        for small in statement.body
    )


def _result_at_end(sheet: Sheet, function: cst.FunctionDef, outcomes: Sequence[Outcome]) -> list[Edit]:
    """A ``return`` behind the last statement of a function that has none."""
    if not _ends_bare(function, outcomes) or not isinstance(function.body, cst.IndentedBlock):
        return []
    start = sheet.body_start(function)
    if start is None:
        return []
    last = function.body.body[-1]
    line = sheet.module.default_newline
    end = sheet.end(last)
    rest = sheet.file.line(end.line)[end.column - 1 :]
    at = Position(end.line, end.column + len(rest))
    return [sheet.insert(at, f"{line}{start[1]}return {RESULT}(ok=None)")]


def _stands_at(sheet: Sheet, outcome: Outcome, start: Position) -> bool:
    if outcome.value is None:
        return sheet.start(outcome.statement) == start
    return sheet.start(outcome.value) == start


class _ReturnFinder(cst.CSTVisitor):
    """The returns of a function's own body, whether it yields, and whether it may end in other ways."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[cst.Return] = []
        self.yields = False
        self.ends_otherwise = False

    def visit_Return(self, node: cst.Return) -> bool:  # noqa: N802 - libcst's name
        self.found.append(node)
        return True

    def visit_Yield(self, node: cst.Yield) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        self.yields = True
        return True

    def visit_Raise(self, node: cst.Raise) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        self.ends_otherwise = True
        return True

    def visit_While(self, node: cst.While) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        self.ends_otherwise = True
        return True

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        return False
