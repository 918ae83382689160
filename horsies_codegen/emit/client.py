"""Lock entries → the client package, as paths below its folder and their texts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from horsies_codegen.emit.expression import INDENT, WIDTH
from horsies_codegen.emit.identifiers import attribute_ladder, distinct, module_ladder
from horsies_codegen.emit.literals import string_literal
from horsies_codegen.emit.models import Models
from horsies_codegen.emit.tasks import MODELS, class_names, task_module_view
from horsies_codegen.emit.templates import Templates
from horsies_codegen.emit.view import AttributeView, ClientView, SchemasView
from horsies_codegen.emit.words import summary
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.types import Definition

BANNER = "# Written by horsies-codegen. Change the tasks and build again, not this file."
TASKS = "tasks"
SCHEMAS = "_schemas"


def client_files(entries: Sequence[LockEntry], lock: str, templates: Templates) -> dict[str, str]:
    """The files of the client package of these tasks, sorted by name; ``lock`` is the text of their lock."""
    render = templates.render
    locks = _LockText(lock)
    modules = _by_module(entries)
    stems = distinct({module: module_ladder(module) for module in modules})
    attributes = _attributes(entries)
    models = Models(_definitions(entries))
    printer = models.printer("models.", MODELS)
    files = {
        "__init__.py": render("client/__init__.py.j2", banner=BANNER, client=_client_view(modules, stems, attributes)),
        "models.py": render("client/models.py.j2", banner=BANNER, models=models.view()),
        "py.typed": "",
        f"{TASKS}/__init__.py": _package(templates, "The stubs, a module for each module of tasks."),
        f"{SCHEMAS}/__init__.py": _package(
            templates, "What payloads are checked against, a module for each module of tasks."
        ),
    }
    for module, members in modules.items():
        stem = stems[module]
        view = task_module_view(module, stem, members, attributes, printer)
        files[f"{TASKS}/{stem}.py"] = render("client/tasks.py.j2", banner=BANNER, module=view)
        schemas = SchemasView(module=module, stem=stem, lock=locks.of(members))
        files[f"{SCHEMAS}/{stem}.py"] = render("client/schemas.py.j2", banner=BANNER, schemas=schemas)
    return files


def _package(templates: Templates, doc: str) -> str:
    return templates.render("client/package.py.j2", banner=BANNER, doc=doc)


def _by_module(entries: Sequence[LockEntry]) -> dict[str, list[LockEntry]]:
    ordered = sorted(entries, key=lambda entry: (_module(entry), entry.contract.name))
    return {module: list(members) for module, members in groupby(ordered, key=_module)}


def _module(entry: LockEntry) -> str:
    return entry.contract.source.partition(":")[0]


def _attributes(entries: Sequence[LockEntry]) -> dict[str, str]:
    return distinct({entry.contract.name: attribute_ladder(entry.contract.name) for entry in entries})


def _definitions(entries: Sequence[LockEntry]) -> dict[str, Definition]:
    return {name: item for entry in entries for name, item in entry.contract.definition_table.items()}


def _client_view(
    modules: Mapping[str, Sequence[LockEntry]], stems: Mapping[str, str], attributes: Mapping[str, str]
) -> ClientView:
    views: list[AttributeView] = []
    for module, members in modules.items():
        names = class_names(members)
        views.extend(_attribute_view(attributes, stems[module], names, entry) for entry in members)
    return ClientView(
        imports=tuple(_alias_import(stem) for stem in sorted(stems.values())),
        attributes=tuple(sorted(views, key=lambda view: view.name)),
    )


def _attribute_view(
    attributes: Mapping[str, str], stem: str, names: Mapping[str, str], entry: LockEntry
) -> AttributeView:
    attribute = attributes[entry.contract.name]
    class_name = names[entry.contract.name]
    return AttributeView(
        name=attribute,
        key=string_literal(attribute),
        annotation=f"_{stem}.{class_name}",
        doc=summary(entry),
        target=string_literal(f".{TASKS}.{stem}:{class_name}"),
    )


def _alias_import(stem: str) -> str:
    """Under a private alias, so that no attribute of the client can hide a module that a later one names."""
    line = f"from .{TASKS} import {stem} as _{stem}"
    if len(INDENT + line) <= WIDTH:
        return line
    return f"from .{TASKS} import (\n{INDENT * 2}{stem} as _{stem},\n{INDENT})"


class _LockText:
    """The whole lock, from which the locks of single modules are cut: encoding a contract twice would cost as much again."""

    def __init__(self, text: str) -> None:
        self._data: dict[str, Any] = json.loads(text)

    def of(self, entries: Sequence[LockEntry]) -> str:
        """The lock of some entries, a line for each task and type, in ASCII so that nothing invisible stands in a source."""
        types = sorted({definition.name for entry in entries for definition in entry.contract.definitions})
        parts = {
            "tasks": _lines(self._data["tasks"], [entry.contract.name for entry in entries]),
            "types": _lines(self._data["types"], types),
        }
        body = ",\n".join(f"{json.dumps(key)}: {part}" for key, part in parts.items())
        return f'{{"format": {self._data["format"]},\n{body}}}'


def _lines(table: Mapping[str, object], names: Sequence[str]) -> str:
    if not names:
        return "{}"
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(table[name])}" for name in names) + "\n}"
