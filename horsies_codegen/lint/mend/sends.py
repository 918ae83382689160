"""Repairs of sends: arguments by name, and names as the task has them."""

from __future__ import annotations

import re

import libcst as cst

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Safety
from horsies_codegen.lint.mend.sheet import Sheet
from horsies_codegen.source import Span

_NAMED = re.compile(r"(\w+)=\.\.\.")
_MEANT = re.compile(r"did you mean '([^']+)'\?")


def by_name(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC128: the names that the finding gives, before the arguments that have none.

    Unsafe: keyword-only parameters may have been put in another order since the call was written.
    """
    names = [name for line in finding.help for name in _NAMED.findall(line)]
    call = None if finding.place is None else _call_with(sheet, finding.place.span)
    if call is None:
        return None
    values = [argument.value for argument in call.args if argument.keyword is None]
    if len(values) != len(names) or any(isinstance(value, cst.GeneratorExp) and not value.lpar for value in values):
        return None
    edits = tuple(sheet.insert(sheet.whole(value).start, f"{name}=") for name, value in zip(names, values, strict=True))
    return Fix(f"Pass {', '.join(names)} by name", Safety.UNSAFE, edits)


def renamed(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC129: the parameter that is spelled nearly so."""
    found = next((match for match in map(_MEANT.match, finding.help) if match), None)
    if found is None or finding.place is None:
        return None
    edit = _rewritten(sheet, finding.place.span, found[1])
    return None if edit is None else Fix(f"Write {found[1]}", Safety.UNSAFE, (edit,))


def _call_with(sheet: Sheet, first: Span) -> cst.Call | None:
    """The call whose first argument without a name stands at a place."""
    for argument in sheet.all_of(cst.Arg):
        if argument.keyword is None and not argument.star and sheet.span(argument.value) == first:
            call = sheet.parent(argument)
            if isinstance(call, cst.Call):
                return call
    return None


def _rewritten(sheet: Sheet, place: Span, name: str) -> Edit | None:
    """A keyword, or the key of a payload, in other words."""
    keyword = sheet.at(place, cst.Name)
    if keyword is not None:
        return sheet.replace(keyword, name)
    key = sheet.at(place, cst.SimpleString)
    return None if key is None else sheet.replace(key, f"{key.quote}{name}{key.quote}")
