"""Contracts → one Markdown page on all tasks: what each takes, gives back, fails with, and how it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from horsies_codegen.emit.expression import flat
from horsies_codegen.emit.models import type_names
from horsies_codegen.emit.python_types import Side, TypePrinter, two_sided
from horsies_codegen.emit.templates import Templates
from horsies_codegen.emit.view import DocsView, ParameterDocView, TaskDocView, TypeDocView
from horsies_codegen.emit.words import how_it_runs, left_out, said_bounds
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.types import (
    AliasDefinition,
    Default,
    Definition,
    EnumDefinition,
    ObjectDefinition,
    TupleDefinition,
    TypeNode,
)

PAGE = "docs/tasks.md.j2"


def markdown_text(entries: Sequence[LockEntry], *, title: str, templates: str | None = None) -> str:
    """The page; tasks and types sorted by name. Raises `TemplateError` for what a user's own template does wrong."""
    ordered = sorted(entries, key=lambda entry: entry.contract.name)
    definitions = {name: item for entry in ordered for name, item in entry.contract.definition_table.items()}
    sided = two_sided(definitions)
    printer = TypePrinter(type_names(definitions, sided), sided)
    view = DocsView(
        title=title,
        tasks=tuple(_task(entry, printer) for entry in ordered),
        types=tuple(
            _type(definition, printer, side)
            for name, definition in sorted(definitions.items())
            for side in (("accept", "emit") if name in sided else ("accept",))
        ),
    )
    return Templates(templates).render(PAGE, docs=view)


def _task(entry: LockEntry, printer: TypePrinter) -> TaskDocView:
    contract = entry.contract
    return TaskDocView(
        name=contract.name,
        doc=entry.doc or "",
        runs=how_it_runs(contract),
        source=contract.source,
        parameters=tuple(
            _place(parameter.name, parameter.type, parameter.default, printer, "accept")
            for parameter in contract.parameters
        ),
        result=_code(printer, contract.result, "emit"),
        error_codes=entry.error_codes,
        codes_open=entry.codes_open,
    )


def _type(definition: Definition, printer: TypePrinter, side: Side) -> TypeDocView:
    return TypeDocView(
        name=printer.class_name(definition.name, side),
        source=definition.name,
        fields=tuple(_fields(definition, printer, side)),
        values=tuple(value for _, value in definition.members) if isinstance(definition, EnumDefinition) else (),
        target=_code(printer, definition.target, side) if isinstance(definition, AliasDefinition) else "",
    )


def _fields(definition: Definition, printer: TypePrinter, side: Side) -> Iterator[ParameterDocView]:
    if isinstance(definition, ObjectDefinition | TupleDefinition):
        for field in definition.fields:
            name = field.emit if side == "emit" else next(iter(field.accept), None)
            if name is not None:
                yield _place(name, field.type, field.default, printer, side)


def _place(name: str, kind: TypeNode, default: Default | None, printer: TypePrinter, side: Side) -> ParameterDocView:
    return ParameterDocView(
        name=name,
        type=_code(printer, kind, side),
        constraints=_cell(said_bounds(kind)),
        default=_cell(left_out(default)),
    )


def _code(printer: TypePrinter, node: TypeNode, side: Side) -> str:
    return _cell(flat(printer.expression(node, side)))


def _cell(text: str) -> str:
    """A text that stands in one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
