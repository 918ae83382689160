"""The view: all that a template is given, with every string ready to print.

`VIEW_VERSION` changes when something here is renamed, removed or means something else; a template of one's own says which
version it was written for. Values that hold line breaks are laid out for the place where the built-in templates print
them. A template decides nothing about types and names; it only puts words around them.
"""

from __future__ import annotations

from dataclasses import dataclass

VIEW_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One key of a TypedDict or one place of a NamedTuple, as a whole line of its declaration."""

    declaration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A field of a dataclass whose wire name is another: both as literals."""

    name: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectView:
    """A TypedDict, dataclass or pydantic model (``style``: ``typed-dict``, ``dataclass``, ``pydantic``).

    ``is_functional``: some key of a TypedDict cannot be declared in a class body, so it is written as a call. ``keys``: the
    wire names that a dataclass's fields do not have.
    """

    class_name: str
    doc: str
    fields: tuple[FieldView, ...]
    is_functional: bool
    style: str = "typed-dict"
    keys: tuple[KeyView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTupleView:
    """A NamedTuple."""

    class_name: str
    doc: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member of an enum: its name and its value as a literal (or the name of an earlier member it repeats)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumView:
    """An enum; ``base`` is ``StrEnum``, ``IntEnum`` or ``Enum``."""

    class_name: str
    base: str
    doc: str
    members: tuple[MemberView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasView:
    """Another name of a type. ``statement`` is the whole assignment."""

    statement: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsView:
    """``models.py``: the user's types. Aliases are in an order in which each knows those before it."""

    imports: tuple[str, ...]
    header: tuple[str, ...]
    enums: tuple[EnumView, ...]
    objects: tuple[ObjectView, ...]
    named_tuples: tuple[NamedTupleView, ...]
    aliases: tuple[AliasView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """One keyword of ``send``: its declaration, and how it gets into the payload under its wire name.

    ``passed`` hands it on by that name, ``argument`` puts it into a dict.
    """

    declaration: str
    argument: str
    passed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeView:
    """A known error code, as the whole line that declares its constant."""

    declaration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One task: ``class_name`` is its stub; payload, error codes and constants are declared before it."""

    name_in_doc: str
    task_literal: str
    class_name: str
    attribute: str
    summary: str
    doc: str
    send_doc: str
    self_name: str
    payload: ObjectView
    error_code_statement: str
    codes_class: str
    codes: tuple[CodeView, ...]
    base: str
    handle: str
    contracts: str
    parameters: tuple[ParameterView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskModuleView:
    """``tasks/<stem>.py``: the stubs of one source module, sorted by task name."""

    module: str
    stem: str
    header: tuple[str, ...]
    imports: tuple[str, ...]
    tasks: tuple[TaskView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemasView:
    """``_schemas/<stem>.py``: the contracts of one source module as text of a lock, printable in a raw string."""

    module: str
    stem: str
    lock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeView:
    """One attribute of the client: its name, the same as a literal, its type, and where its class stands."""

    name: str
    key: str
    annotation: str
    doc: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """``__init__.py``: the client, with one attribute a task, sorted by name."""

    imports: tuple[str, ...]
    attributes: tuple[AttributeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDocView:
    """A row of a table: a parameter or a field, its Python type, its constraints and its default in words."""

    name: str
    type: str
    constraints: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDocView:
    """One task on the page of documentation. ``doc`` is the docstring, ``runs`` says queue, timeout and retries."""

    name: str
    doc: str
    runs: str
    source: str
    parameters: tuple[ParameterDocView, ...]
    result: str
    error_codes: tuple[str, ...]
    codes_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDocView:
    """One of the user's types: an object has fields, an enum values (as JSON), another name of a type a target."""

    name: str
    source: str
    fields: tuple[ParameterDocView, ...]
    values: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocsView:
    """``docs/tasks.md``: all tasks and types, sorted by name."""

    title: str
    tasks: tuple[TaskDocView, ...]
    types: tuple[TypeDocView, ...]
