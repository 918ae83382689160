"""Enum definitions → views of Enum classes of the client's own.

A client has classes and not Literals for enums, so that a value is a member on the way in and on the way out, and
``match`` over its members is checked for completeness. Members that are all strings make a StrEnum, all integers an
IntEnum: they compare equal to the plain values that the worker's side may have stored or printed.
"""

from __future__ import annotations

import json

from horsies_codegen.emit.identifiers import is_plain_key
from horsies_codegen.emit.literals import scalar_literal
from horsies_codegen.emit.view import EnumView, MemberView
from horsies_core.contract.types import EnumDefinition

BASES = ("Enum", "IntEnum", "StrEnum")

_METHODS_OF_STR = (
    "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii "
    "isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip "
    "maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split "
    "splitlines startswith strip swapcase title translate upper zfill"
)
_METHODS_OF_INT = (
    "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes"
)
_TAKEN_BY_STR = frozenset(_METHODS_OF_STR.split())
_TAKEN_BY_INT = frozenset(_METHODS_OF_INT.split())
_TAKEN_BY_ENUM = frozenset({"mro", "name", "value"})


def enum_view(definition: EnumDefinition, class_name: str, doc: str) -> EnumView:
    """The view of one enum. A repeated value becomes an alias of the first member that has it."""
    names = [_member_name(name) for name, _ in definition.members]
    first: dict[str, str] = {}
    members: list[MemberView] = []
    for name, (_, json_text) in zip(names, definition.members, strict=True):
        value = first.get(json_text) or scalar_literal(json.loads(json_text))
        first.setdefault(json_text, name)
        members.append(MemberView(name=name, value=value))
    return EnumView(class_name=class_name, base=enum_base(definition), doc=doc, members=tuple(members))


def enum_base(definition: EnumDefinition) -> str:
    """Which class of the standard library the enum derives from; never one whose methods a member would hide."""
    kinds = {_kind(value) for _, value in definition.members}
    names = {name for name, _ in definition.members}
    if kinds == {str} and names.isdisjoint(_TAKEN_BY_STR):
        return "StrEnum"
    if kinds == {int} and names.isdisjoint(_TAKEN_BY_INT):
        return "IntEnum"
    return "Enum"


def _member_name(name: str) -> str:
    if name in _TAKEN_BY_ENUM:
        return f"{name}_"
    if is_plain_key(name) and not name.startswith("_"):
        return name
    return "member_" + "".join(character if ("a" + character).isidentifier() else "_" for character in name).strip("_")


def _kind(json_text: str) -> type[object]:
    value: object = json.loads(json_text)
    return type(value)
