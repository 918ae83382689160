"""Repairs of signatures: the bare star, missing types, defaults."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Safety
from horsies_codegen.lint.mend.sheet import Sheet, parameters_of
from horsies_codegen.lint.mend.uses import CallUse, UseFinder
from horsies_codegen.source import Place, Position

_TYPES: dict[type[cst.BaseExpression], str] = {
    cst.Integer: "int",
    cst.Float: "float",
    cst.SimpleString: "str",
    cst.ConcatenatedString: "str",
    cst.FormattedString: "str",
}


def star(finding: Diagnostic, sheet: Sheet, uses: UseFinder) -> Fix | None:
    """HC101: a bare ``*`` before all parameters, and the arguments of calls by position named.

    Safe where every mention of the function in the tree is a call that could be rewritten, or passes nothing.
    """
    function = _function(finding, sheet)
    if function is None:
        return None
    names = [parameter.name.value for parameter in _bindable(function)]
    edits = _star_edits(sheet, function)
    if not edits or names[:1] in (["self"], ["cls"]):
        return None
    found = uses.of(sheet, function)
    is_certain = found.is_certain
    calls: list[Edit] = []
    for use in found.calls:
        named = _named(use, names)
        if named is None:
            is_certain = False
        else:
            calls.extend(named)
    also = f", and name the arguments of {len(calls)} calls" if len(calls) > 1 else ", and name the argument of a call"
    title = f"Put a bare * before the parameters{also if calls else ''}"
    return Fix(title, Safety.SAFE if is_certain else Safety.UNSAFE, (*edits, *calls))


def annotation(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC103: the type of a literal default, where there is one."""
    parameter = _parameter(finding.place, sheet)
    if parameter is None or parameter.annotation is not None or parameter.default is None:
        return None
    kind = literal_type(parameter.default)
    if kind is None:
        return None
    edit = sheet.edit(sheet.end(parameter.name), sheet.whole(parameter.default).start, f": {kind} = ")
    return Fix(f"Annotate it with {kind}, the type of its default", Safety.UNSAFE, (edit,))


def literal_type(value: cst.BaseExpression) -> str | None:
    """The type of a literal that is text, a number or a truth value."""
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        value = value.expression
    if isinstance(value, cst.Name) and value.value in ("True", "False"):
        return "bool"
    if isinstance(value, cst.SimpleString) and "b" in value.prefix.lower():
        return None
    return _TYPES.get(type(value))


def or_none(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC119: ``| None`` for a parameter whose default is None. Nothing that could be passed is refused by it."""
    parameter = _defaulted(finding.place, sheet)
    if parameter is None or not (isinstance(parameter.default, cst.Name) and parameter.default.value == "None"):
        return None
    edit = _widened(sheet, parameter)
    return None if edit is None else Fix("Let the type take None", Safety.SAFE, (edit,))


def made_inside(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC118: None for the default, and a new list or dict made inside."""
    parameter = _defaulted(finding.place, sheet)
    function = None if parameter is None else sheet.function_at(Place(sheet.file.path, sheet.span(parameter)))
    if parameter is None or parameter.default is None or function is None:
        return None
    start, edit = sheet.body_start(function), _widened(sheet, parameter)
    if start is None or edit is None:
        return None
    at, indent = start
    name, default = parameter.name.value, sheet.text(parameter.default)
    made = f"{indent}{name} = {default} if {name} is None else {name}{sheet.module.default_newline}"
    edits = (edit, sheet.replace(parameter.default, "None"), sheet.insert(at, made))
    return Fix("Use None for the default, and make a new one inside", Safety.UNSAFE, edits)


def plain_function(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC105: ``def`` for an ``async def`` that awaits nothing."""
    function = _function(finding, sheet)
    if function is None or function.asynchronous is None or _awaits(function):
        return None
    edit = sheet.edit(sheet.start(function.asynchronous), _def_of(sheet, function), "")
    return Fix("Make it a plain function: it awaits nothing", Safety.UNSAFE, (edit,))


def _def_of(sheet: Sheet, function: cst.FunctionDef) -> Position:
    assert function.asynchronous is not None
    end = sheet.end(function.asynchronous)
    rest = sheet.between(end, sheet.start(function.name))
    offset = sheet.file.source.offset(end) + rest.index("def")
    return sheet.file.source.position(offset)


def _awaits(function: cst.FunctionDef) -> bool:
    finder = _AwaitFinder()
    function.body.visit(finder)
    return finder.found


class _AwaitFinder(cst.CSTVisitor):
    """Finds what only an async function may hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def visit_Await(self, node: cst.Await) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        self.found = True
        return False

    def visit_Asynchronous(self, node: cst.Asynchronous) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        self.found = True
        return False


def _star_edits(sheet: Sheet, function: cst.FunctionDef) -> list[Edit]:
    """The edits that put ``*`` first and take away the slash and the star that stand there; none if it cannot be."""
    parameters = function.params
    bindable = _bindable(function)
    if not bindable or isinstance(parameters.star_arg, cst.Param):
        return []
    edits = [sheet.insert(sheet.start(bindable[0]), "*, ")]
    for mark in (parameters.posonly_ind, parameters.star_arg):
        if isinstance(mark, cst.ParamSlash | cst.ParamStar):
            edit = _without(sheet, function, mark)
            if edit is None:
                return []
            edits.append(edit)
    return edits


def _without(sheet: Sheet, function: cst.FunctionDef, mark: cst.CSTNode) -> Edit | None:
    """A slash or star gone with what separates it from the next parameter, or from the one before if it is the last."""
    parts = parameters_of(function.params)
    index = parts.index(mark)
    if index + 1 < len(parts):
        start, end = sheet.start(mark), sheet.start(parts[index + 1])
        if "#" in sheet.between(start, end):
            return None
        return sheet.edit(start, end, "")
    start, end = sheet.end_of_parameter(parts[index - 1]), sheet.start(mark)
    if "#" in sheet.between(start, end):
        return None
    offset = sheet.file.source.offset(end) + 1
    return sheet.edit(start, sheet.file.source.position(offset), "")


def _bindable(function: cst.FunctionDef) -> Sequence[cst.Param]:
    return (*function.params.posonly_params, *function.params.params)


def _named(use: CallUse, names: Sequence[str]) -> list[Edit] | None:
    """The edits that name the arguments which a call passes by position; None if one cannot be."""
    arguments = use.call.args
    placed = [argument for argument in arguments if argument.keyword is None and not argument.star]
    given = {argument.keyword.value for argument in arguments if argument.keyword is not None}
    if any(argument.star == "*" for argument in arguments) or len(placed) > len(names):
        return None
    if any(_needs_parentheses(argument.value) for argument in placed) or given.intersection(names[: len(placed)]):
        return None
    return [
        use.sheet.insert(use.sheet.start(argument), f"{name}=") for name, argument in zip(names, placed, strict=False)
    ]


def _needs_parentheses(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.GeneratorExp | cst.NamedExpr | cst.Yield)


def _widened(sheet: Sheet, parameter: cst.Param) -> Edit | None:
    """``| None`` behind an annotation, within the quotes of one that is a string."""
    if parameter.annotation is None:
        return None
    kind = parameter.annotation.annotation
    end = sheet.whole(kind).end
    if isinstance(kind, cst.SimpleString):
        offset = sheet.file.source.offset(sheet.end(kind)) - len(kind.quote)
        return sheet.insert(sheet.file.source.position(offset), " | None")
    if isinstance(kind, cst.Lambda | cst.IfExp | cst.ConcatenatedString):
        return None
    return sheet.insert(end, " | None")


def _function(finding: Diagnostic, sheet: Sheet) -> cst.FunctionDef | None:
    return None if finding.place is None else sheet.function_at(finding.place)


def _parameter(place: Place | None, sheet: Sheet) -> cst.Param | None:
    """The parameter whose name stands at a place."""
    if place is None:
        return None
    return next((item for item in sheet.all_of(cst.Param) if sheet.span(item.name) == place.span), None)


def _defaulted(place: Place | None, sheet: Sheet) -> cst.Param | None:
    """The parameter whose default stands at a place."""
    if place is None:
        return None
    return next(
        (
            item
            for item in sheet.all_of(cst.Param)
            if item.default is not None and item.annotation is not None and sheet.span(item.default) == place.span
        ),
        None,
    )
