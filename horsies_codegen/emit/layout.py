"""Pieces of generated Python that more than one module prints: import blocks, TypedDicts."""

from __future__ import annotations

from collections.abc import Iterable

from horsies_codegen.emit.expression import (
    INDENT,
    WIDTH,
    Expression,
    Import,
    Index,
    Name,
    Room,
    fitted,
    flat,
    imports_of,
    laid_out,
    roots_of,
)
from horsies_codegen.emit.identifiers import is_plain_key
from horsies_codegen.emit.literals import string_literal
from horsies_codegen.emit.view import FieldView, ObjectView

NOT_REQUIRED = Name("NotRequired", Import("typing", "NotRequired"))
TYPED_DICT = Import("typing_extensions", "TypedDict")


class Keys:
    """The keys of a TypedDict to be declared: wire name, type, and whether it may be left out."""

    def __init__(self, entries: Iterable[tuple[str, Expression, bool]]) -> None:
        self._entries = [(key, kind if required else Index(NOT_REQUIRED, (kind,))) for key, kind, required in entries]
        self.hides = not self._hides_nothing_it_uses()
        self.is_functional = self.hides or not all(is_plain_key(key) for key, _ in self._entries)
        self.expressions = tuple(fitted(kind, self._room(key)) for key, kind in self._entries)

    def view(self, class_name: str, doc: str, *, quoted: bool) -> ObjectView:
        """The TypedDict; ``quoted`` writes the types of a functional one as strings, which may name later classes."""
        lines = (
            self._line(key, kind, quoted=quoted) for (key, _), kind in zip(self._entries, self.expressions, strict=True)
        )
        fields = tuple(FieldView(declaration=line) for line in lines)
        return ObjectView(class_name=class_name, doc=doc, fields=fields, is_functional=self.is_functional)

    def _hides_nothing_it_uses(self) -> bool:
        """A key declared in a class body hides the name that a later annotation of the same class means."""
        used = {root for _, kind in self._entries for root in roots_of(kind)}
        return used.isdisjoint(key for key, _ in self._entries)

    def _room(self, key: str) -> Room:
        if not self.is_functional:
            return Room(1, len(INDENT) + len(key) + 2)
        return Room(2, 2 * len(INDENT) + len(string_literal(key)) + 2, 1)

    def _line(self, key: str, kind: Expression, *, quoted: bool) -> str:
        if not self.is_functional:
            return f"{key}: {laid_out(kind, self._room(key))}"
        text = string_literal(flat(kind)) if quoted else laid_out(kind, self._room(key))
        return f"{string_literal(key)}: {text},"


def header(expressions: Iterable[Expression], *, hides: bool = False, has_other_self: bool = False) -> tuple[str, ...]:
    """The comment that tells ruff why a file is written as it is, where some of its rules would have it otherwise.

    UP007: an exploded ``Union[...]``, see `expression.fitted`. UP013: a TypedDict written as a call because a key would
    hide a type (``hides``). N805: a method whose task has a parameter called ``self``. RUF100: where these are not enabled.
    """
    has_union = Import("typing", "Union") in set(imports_of(expressions))
    codes = [code for code, holds in (("N805", has_other_self), ("UP007", has_union), ("UP013", hides)) if holds]
    return (f"# ruff: noqa: {', '.join(sorted([*codes, 'RUF100']))}",) if codes else ()


def import_block(imports: Iterable[Import]) -> tuple[str, ...]:
    """Import statements as a sorter of imports leaves them: standard library, installed packages, own modules."""
    wanted = frozenset(imports)
    groups: dict[int, set[Import]] = {0: set(), 1: set(), 2: set()}
    for item in wanted:
        groups[_group(item)].add(item)
    sections = [_section(group) for group in groups.values() if group]
    return tuple(line for index, section in enumerate(sections) for line in (("", *section) if index else section))


def _group(item: Import) -> int:
    if item.module.startswith("."):
        return 2
    return 1 if item.module.partition(".")[0] in ("horsies", "pydantic", "typing_extensions") else 0


def _section(imports: set[Import]) -> list[str]:
    plain = [f"import {item.module}" for item in sorted(imports) if not item.name]
    names: dict[str, list[str]] = {}
    for item in sorted(imports):
        if item.name:
            names.setdefault(item.module, []).append(item.name)
    return plain + [_from(module, names[module]) for module in names]


def _from(module: str, names: list[str]) -> str:
    ordered = sorted(names, key=_isort_key)
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"{INDENT}{name},\n" for name in ordered) + ")"


def _isort_key(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, each by name."""
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return rank, name
