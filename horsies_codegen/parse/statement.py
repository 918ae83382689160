"""Statements as the resolver reads them: what binds a name, under which conditions, and what classes and functions hold.

Offsets are in code points into the file's text. ``start`` and ``end`` of a binding are those of the token that names it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple, TypeAlias

from horsies_codegen.parse.expression import Argument, Attribute, Call, Expr, Name
from horsies_core.contract.draft import ParameterKind


class GuardKind(StrEnum):
    """Which part of a compound statement another statement stands in."""

    IF = "if"
    """The test holds."""
    ELSE = "else"
    """The test does not hold."""
    TRY = "try"
    EXCEPT = "except"
    """The test is the exception caught; None for a bare ``except``."""
    UNKNOWN = "unknown"
    """A loop, a ``match``, a ``with`` that may swallow exceptions: whether and how often it runs is not known."""


class Guard(NamedTuple):
    """One condition under which a statement runs. ``block`` tells apart the compound statements of a file."""

    kind: GuardKind
    test: Expr | None
    block: int


Guards: TypeAlias = tuple[Guard, ...]


class ImportModule(NamedTuple):
    """``import a.b as c`` binds ``c`` to ``a.b``; ``import a.b`` binds ``a`` to ``a``."""

    start: int
    end: int
    guards: Guards
    name: str
    target: str


class ImportName(NamedTuple):
    """``from ..a import b as c``"""

    start: int
    end: int
    guards: Guards
    name: str
    level: int
    module: str
    attribute: str


class ImportStar(NamedTuple):
    """``from a import *``"""

    start: int
    end: int
    guards: Guards
    level: int
    module: str


class Assign(NamedTuple):
    """``name: annotation = value``; at least one of the two is there."""

    start: int
    end: int
    guards: Guards
    name: str
    annotation: Expr | None
    value: Expr | None


class Extend(NamedTuple):
    """``name += value``"""

    start: int
    end: int
    guards: Guards
    name: str
    value: Expr


class Effect(NamedTuple):
    """A call that stands alone, where its text says it may matter (``app.discover_tasks(...)``, ``task.send(...)``)."""

    start: int
    end: int
    guards: Guards
    call: Expr


class OpaqueBinding(NamedTuple):
    """A name bound by something that is not followed: a loop, a ``with``, an unpacking."""

    start: int
    end: int
    guards: Guards
    name: str
    what: str


class TypeParameter(NamedTuple):
    """One of PEP 695's: ``T: bound = default``, ``*Ts``, ``**P``."""

    name: str
    kind: Literal["var", "tuple", "spec"]
    bound: Expr | None
    default: Expr | None


class TypeAlias_(NamedTuple):  # noqa: N801 - the plain name is typing's
    """``type Name[T] = value``"""

    start: int
    end: int
    guards: Guards
    name: str
    parameters: tuple[TypeParameter, ...]
    value: Expr


class Parameter(NamedTuple):
    """One parameter of a function."""

    start: int
    end: int
    name: str
    kind: ParameterKind
    annotation: Expr | None
    default: Expr | None


class BodyValue(NamedTuple):
    """An expression in a function's body that may hold an error: returned, bound to ``name``, or standing elsewhere.

    A ``return`` of nothing (``bare``) has None for its value, placed at the keyword.
    """

    role: Literal["return", "bare", "assign", "other"]
    name: str
    value: Expr


class Body(NamedTuple):
    """What is known of a function's body."""

    is_generator: bool
    values: tuple[BodyValue, ...]
    falls_through: bool
    """Whether it does something, and ends without any ``return``, ``raise`` or endless loop in it."""
    statements: tuple[Statement, ...]
    """The bindings inside, read only where the text says a task may be defined there or tasks be discovered."""


class FunctionDef(NamedTuple):
    """A function. Signature and body are read only if it is decorated or its text speaks of errors or tasks, or if it may be
    one of a task's upcasters: where the module speaks of those.
    """

    start: int
    end: int
    guards: Guards
    name: str
    decorators: tuple[Expr, ...]
    is_async: bool
    is_read: bool
    type_parameters: tuple[TypeParameter, ...]
    parameters: tuple[Parameter, ...]
    returns: Expr | None
    header_end: int
    """Just after the ``)`` of the signature."""
    doc: Expr | None
    body: Body


class ClassDef(NamedTuple):
    """A class with its bases (keywords among them) and the statements of its body, docstring left out."""

    start: int
    end: int
    guards: Guards
    name: str
    decorators: tuple[Expr, ...]
    type_parameters: tuple[TypeParameter, ...]
    bases: tuple[Argument, ...]
    body: tuple[Statement, ...]


Statement: TypeAlias = (
    ImportModule
    | ImportName
    | ImportStar
    | Assign
    | Extend
    | Effect
    | OpaqueBinding
    | TypeAlias_
    | FunctionDef
    | ClassDef
)


class Send(NamedTuple):
    """``task.send(...)`` or another call of a method that takes a task's arguments, in a function or not."""

    verb: str
    task: Name | Attribute
    """What is sent, as written, without its options."""
    call: Call
    each: Expr | None
    """The one payload that is written in ``send_many([{...} for ... in ...])``."""
    imports: tuple[ImportModule | ImportName, ...]
    """Those in a function around the call that bind the first name of ``task``; where there are none, the module binds it."""


class SyntaxProblem(NamedTuple):
    """Why a text is no Python: what is wrong, where, and the place that has part in it (an opening bracket)."""

    message: str
    start: int
    end: int
    related: int | None = None
    related_message: str = ""


class Module(NamedTuple):
    """The summary of one file: what its text binds, in order. Empty when ``problem`` says that it could not be read."""

    path: str
    name: str
    is_package: bool
    root: str
    statements: tuple[Statement, ...]
    problem: SyntaxProblem | None = None
    sends: tuple[Send, ...] = ()
    """Calls that may send tasks, in order."""
