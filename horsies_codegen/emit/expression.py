"""Type expressions of generated Python, and how they are laid out.

Generated files should not change when a formatter runs over them, whatever line length its owner likes. So an
expression is flat when it fits in `WIDTH`, the narrowest length in common use, and otherwise it is exploded with a comma
after its last item, which formatters leave alone at every length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

WIDTH = 79
INDENT = "    "


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """``import module``, or with ``name`` ``from module import name``."""

    module: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, dotted or not, or a literal; ``needs`` is the import that makes it known."""

    text: str
    needs: Import | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """``head[items]``."""

    head: Name
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``a | b``."""

    members: tuple[Expression, ...]


Expression: TypeAlias = Name | Index | Either

_UNION = Name("Union", Import("typing", "Union"))


def flat(expression: Expression) -> str:
    """The expression on one line."""
    match expression:
        case Name(text=text):
            return text
        case Index(head=head, items=items):
            return f"{head.text}[{', '.join(map(flat, items))}]"
        case Either(members=members):
            return " | ".join(map(flat, members))
        case _:
            assert_never(expression)


@dataclass(frozen=True, slots=True)
class Room:
    """Where an expression stands: its line is indented ``depth`` times, and shares it with so many characters."""

    depth: int = 0
    before: int = 0
    """Characters before it, indentation included."""
    after: int = 0

    def holds(self, expression: Expression) -> bool:
        """Whether the expression fits on the line."""
        return self.before + len(flat(expression)) + self.after <= WIDTH

    @property
    def inside(self) -> Room:
        """The room of an item of the exploded expression."""
        return Room(self.depth + 1, (self.depth + 1) * len(INDENT), 1)


def fitted(expression: Expression, room: Room) -> Expression:
    """The expression with every union that has to be exploded written as ``Union[...]``.

    An exploded ``a | b`` would be joined again by a formatter with longer lines; an exploded subscript stays.
    """
    if room.holds(expression) or isinstance(expression, Name):
        return expression
    items = expression.members if isinstance(expression, Either) else expression.items
    head = _UNION if isinstance(expression, Either) else expression.head
    return Index(head, tuple(fitted(item, room.inside) for item in items))


def laid_out(expression: Expression, room: Room) -> str:
    """The text of a `fitted` expression, without the indentation of its first line."""
    if room.holds(expression) or not isinstance(expression, Index) or not _may_explode(expression):
        return flat(expression)
    comma = "," if len(expression.items) > 1 else ""
    items = [laid_out(item, room.inside) for item in expression.items]
    lines = "".join(f"{INDENT * (room.depth + 1)}{item}{comma}\n" for item in items)
    return f"{expression.head.text}[\n{lines}{INDENT * room.depth}]"


def imports_of(expressions: Iterable[Expression]) -> Iterator[Import]:
    """Every import that the names in some expressions need."""
    for expression in expressions:
        match expression:
            case Name(needs=needs):
                if needs is not None:
                    yield needs
            case Index(head=head, items=items):
                yield from imports_of((head, *items))
            case Either(members=members):
                yield from imports_of(members)
            case _:
                assert_never(expression)


def roots_of(expression: Expression) -> Iterator[str]:
    """The first part of every dotted name in an expression: what its scope must not hide."""
    match expression:
        case Name(text=text):
            yield text.partition(".")[0]
        case Index(head=head, items=items):
            yield from roots_of(head)
            for item in items:
                yield from roots_of(item)
        case Either(members=members):
            for member in members:
                yield from roots_of(member)
        case _:
            assert_never(expression)


def _may_explode(expression: Index) -> bool:
    """Whether exploding is stable: a lone item takes no comma, so something inside it must have one."""
    if len(expression.items) != 1:
        return True
    inner = expression.items[0]
    return isinstance(inner, Index) and _may_explode(inner)
