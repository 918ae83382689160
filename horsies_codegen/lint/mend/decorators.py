"""Repairs of ``@app.task(...)``: its call, its keywords and their values."""

from __future__ import annotations

import re
from collections import Counter

import libcst as cst

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Safety
from horsies_codegen.lint.mend.sheet import Sheet
from horsies_core.contract.laws import MIN_TIMEOUT_MS, nearest_option

_MEANT = re.compile(r"did you mean '?([^'?]+)'?\?")
_OTHER_WORDS = {"queue": "queue_name"}
"""What other queues call an option of ours, where the value means the same."""

_SECONDS = frozenset({"timeout", "time_limit", "timeout_s", "timeout_seconds", "hard_time_limit"})
"""What other queues call a timeout in seconds."""


def called(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC111: the call, with the function's name for the task's."""
    function = None if finding.place is None else sheet.function_at(finding.place)
    if function is None or finding.place is None:
        return None
    edit = sheet.insert(finding.place.span.end, f'("{function.name.value}")')
    return Fix("Give the task the name of its function", Safety.SAFE, (edit,))


def named(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC109: the function's name, for a name that is missing or empty."""
    function = None if finding.place is None else sheet.function_at(finding.place)
    if function is None or finding.place is None:
        return None
    name = f'"{function.name.value}"'
    literal = sheet.at(finding.place.span, cst.SimpleString)
    call = sheet.at(finding.place.span, cst.Call)
    if literal is not None and not literal.raw_value:
        edit = sheet.replace(literal, name)
    elif call is not None and all(item.keyword is not None and item.keyword.value != "name" for item in call.args):
        edit = _first_argument(sheet, call, name)
    else:
        return None
    return Fix("Give the task the name of its function", Safety.SAFE, (edit,))


def _first_argument(sheet: Sheet, call: cst.Call, text: str) -> Edit:
    if call.args:
        return sheet.insert(sheet.start(call.args[0]), f"{text}, ")
    end = sheet.file.source.offset(sheet.end(call)) - 1
    return sheet.insert(sheet.file.source.position(end), text)


def renamed_option(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC112: ``name=`` as other queues have it, or the option that is spelled nearly so."""
    argument = _argument(finding, sheet)
    if argument is None or argument.keyword is None:
        return None
    call = sheet.parent(argument)
    if not isinstance(call, cst.Call):
        return None
    given = {item.keyword.value for item in call.args if item.keyword is not None}
    word = argument.keyword.value
    if word == "name" and "task_name" not in given and all(item.keyword is not None for item in call.args):
        return Fix("Give the name as horsies takes it", Safety.SAFE, (_positional(sheet, call, argument),))
    if word in _SECONDS:
        return None if "timeout_ms" in given else _in_seconds(sheet, argument)
    near = _OTHER_WORDS.get(word) or nearest_option(word)
    if near is None or near in given:
        return None
    return Fix(f"Write {near}", Safety.UNSAFE, (sheet.replace(argument.keyword, near),))


def _in_seconds(sheet: Sheet, argument: cst.Arg) -> Fix | None:
    """``timeout_ms`` with a thousand times the whole number that is given in seconds."""
    value = argument.value
    if argument.keyword is None or not isinstance(value, cst.Integer) or value.evaluated_value < 1:
        return None
    text = f"{value.evaluated_value * 1_000:_}"
    edits = (sheet.replace(argument.keyword, "timeout_ms"), sheet.replace(value, text))
    return Fix(f"Write timeout_ms={text}, if {value.value} was meant in seconds", Safety.UNSAFE, edits)


def _positional(sheet: Sheet, call: cst.Call, argument: cst.Arg) -> Edit:
    """The keyword gone where the argument is the first; a keyword that is taken anywhere else."""
    assert argument.keyword is not None
    if call.args[0] is argument:
        return sheet.edit(sheet.start(argument.keyword), sheet.whole(argument.value).start, "")
    return sheet.replace(argument.keyword, "task_name")


def in_milliseconds(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC403: a small whole number taken for seconds."""
    value = None if finding.place is None else sheet.at(finding.place.span, cst.Integer)
    if value is None or not 0 < value.evaluated_value < MIN_TIMEOUT_MS:
        return None
    text = f"{value.evaluated_value * 1_000:_}"
    return Fix(f"Write {text}, if {value.value} was meant in seconds", Safety.UNSAFE, (sheet.replace(value, text),))


def meant(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC303, HC401: the name that is spelled nearly so."""
    found = next((match for match in map(_MEANT.match, finding.help) if match), None)
    if found is None or finding.place is None:
        return None
    wrong = _wrong_word(finding)
    literals = [
        node
        for node in sheet.all_of(cst.SimpleString)
        if node.evaluated_value == wrong and finding.place.span.start <= sheet.start(node) < finding.place.span.end
    ]
    if len(literals) != 1:
        return None
    edit = sheet.replace(literals[0], _quoted_like(literals[0], found[1]))
    return Fix(f"Write {found[1]}", Safety.UNSAFE, (edit,))


def _wrong_word(finding: Diagnostic) -> str:
    """The name that a message ends with or holds in quotes."""
    quoted = re.search(r"'([^']*)'", finding.message)
    return quoted[1] if quoted else finding.message.rpartition(" ")[2]


def kept_once(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC305: the earlier entries of a key gone. The last one is the one that counts."""
    mapper = None if finding.place is None else sheet.at(finding.place.span, cst.Dict)
    if mapper is None:
        return None
    keys = [sheet.text(item.key) if isinstance(item, cst.DictElement) else None for item in mapper.elements]
    left = Counter(keys)
    edits: list[Edit] = []
    for index, (key, item) in enumerate(zip(keys, mapper.elements, strict=True)):
        left[key] -= 1
        if key is not None and left[key]:
            start, end = sheet.start(item), sheet.start(mapper.elements[index + 1])
            if "#" in sheet.between(start, end):
                return None
            edits.append(sheet.edit(start, end, ""))
    return Fix("Remove the entries that never count", Safety.SAFE, tuple(edits)) if edits else None


def _argument(finding: Diagnostic, sheet: Sheet) -> cst.Arg | None:
    """The argument whose keyword stands at a finding's place."""
    if finding.place is None:
        return None
    span = finding.place.span
    return next((item for item in sheet.all_of(cst.Arg) if item.keyword and sheet.span(item.keyword) == span), None)


def _quoted_like(literal: cst.SimpleString, text: str) -> str:
    return f"{literal.quote}{text}{literal.quote}"
