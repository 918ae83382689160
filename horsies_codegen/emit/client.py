"""Lock entries → the client package, as paths below its folder and their texts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from horsies_codegen.config.model import ModelStyle
from horsies_codegen.emit.expression import INDENT, WIDTH
from horsies_codegen.emit.literals import string_literal
from horsies_codegen.emit.models import Models
from horsies_codegen.emit.portion import Names, Portion, definitions_of
from horsies_codegen.emit.python_types import TypePrinter, unhashable
from horsies_codegen.emit.tasks import MODELS, class_names, task_module_view
from horsies_codegen.emit.templates import Templates
from horsies_codegen.emit.view import AttributeView, ClientView, SchemasView
from horsies_core.contract.lock import LOCK_FORMAT, LockEntry
from horsies_core.contract.types import Definition

BANNER = "# Written by horsies-codegen. Change the tasks and build again, not this file."
TASKS = "tasks"
SCHEMAS = "_schemas"


def client_module(
    module: str, entries: Sequence[LockEntry], portions: Sequence[Portion], names: Names, templates: Templates
) -> dict[str, str]:
    """The files of one source module; ``portions`` are those of the entries, ``names`` at least those that concern them."""
    ordered = sorted(entries, key=lambda entry: entry.contract.name)
    stem = names.stems[module]
    held = unhashable(definitions_of(ordered))
    printer = TypePrinter(names.types, names.two_sided, unhashable=held, prefix="models.", needs=MODELS)
    view = task_module_view(module, stem, ordered, names.attributes, printer)
    schemas = SchemasView(module=module, stem=stem, lock=_lock_of(portions))
    return {
        f"{TASKS}/{stem}.py": templates.render("client/tasks.py.j2", banner=BANNER, module=view),
        f"{SCHEMAS}/{stem}.py": templates.render("client/schemas.py.j2", banner=BANNER, schemas=schemas),
    }


def client_face(portions: Sequence[Portion], names: Names, templates: Templates) -> dict[str, str]:
    """What stands once in a client, besides its models."""
    view = _client_view(portions, names)
    return {
        "__init__.py": templates.render("client/__init__.py.j2", banner=BANNER, client=view),
        "py.typed": "",
        f"{TASKS}/__init__.py": _package(templates, "The stubs, a module for each module of tasks."),
        f"{SCHEMAS}/__init__.py": _package(
            templates, "What payloads are checked against, a module for each module of tasks."
        ),
    }


def client_models(
    definitions: Mapping[str, Definition], templates: Templates, style: ModelStyle = "typed-dict"
) -> dict[str, str]:
    """The module of the user's types."""
    return {
        "models.py": templates.render("client/models.py.j2", banner=BANNER, models=Models(definitions, style).view())
    }


def _package(templates: Templates, doc: str) -> str:
    return templates.render("client/package.py.j2", banner=BANNER, doc=doc)


def _client_view(portions: Sequence[Portion], names: Names) -> ClientView:
    members: dict[str, list[str]] = {}
    for portion in portions:
        members.setdefault(portion.module, []).extend(portion.names)
    classes = {module: class_names(tasks) for module, tasks in members.items()}
    views = (
        _attribute_view(names.attributes[task], names.stems[portion.module], classes[portion.module][task], doc)
        for portion in portions
        for task, doc in zip(portion.names, portion.summaries, strict=True)
    )
    return ClientView(
        imports=tuple(_alias_import(stem) for stem in sorted(names.stems.values())),
        attributes=tuple(sorted(views, key=lambda view: view.name)),
    )


def _attribute_view(attribute: str, stem: str, class_name: str, doc: str) -> AttributeView:
    return AttributeView(
        name=attribute,
        key=string_literal(attribute),
        annotation=f"{_alias(stem)}.{class_name}",
        doc=doc,
        target=string_literal(f".{TASKS}.{stem}:{class_name}"),
    )


def _alias_import(stem: str) -> str:
    """Under a private alias, so that no attribute of the client can hide a module that a later one names."""
    line = f"from .{TASKS} import {stem} as {_alias(stem)}"
    if len(INDENT + line) <= WIDTH:
        return line
    return f"from .{TASKS} import (\n{INDENT * 2}{stem} as {_alias(stem)},\n{INDENT})"


def _alias(stem: str) -> str:
    """The name of a module inside the client. ``_tasks`` is the client's own table of tasks."""
    return "_tasks_" if stem == "tasks" else f"_{stem}"


def _lock_of(portions: Sequence[Portion]) -> str:
    """The lock of one module, a line for each task and type, in ASCII so that nothing invisible stands in a source."""
    tasks = {name: block for portion in portions for name, block in zip(portion.names, portion.blocks, strict=True)}
    types = {identity: block for portion in portions for identity, block in portion.types.items()}
    return f'{{"format": {LOCK_FORMAT},\n"tasks": {_lines(tasks)},\n"types": {_lines(types)}}}'


def _lines(blocks: Mapping[str, str]) -> str:
    """Blocks as they stand in the lock, each on a line: encoding a contract twice would cost as much again."""
    lines = [f"{json.dumps(name)}: {json.dumps(json.loads(blocks[name]))}" for name in sorted(blocks)]
    return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"
