"""The far side of ``horsies-codegen build --allow-import``: imports task modules and writes their contracts down.

Runs in a process of its own, which bounds itself before it imports anything. The answer goes to a file, so that what a module
prints is no part of it. Not for people, and not on the help page.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import click

from horsies_core.contract.wire import Json, JsonObject, encode_contract
from horsies_core.outcome.errors import HorsiesError
from horsies_core.producer.task import Task
from horsies_core.task.discovery import importing


@click.command(hidden=True)
@click.argument("request", type=click.Path(path_type=Path))
@click.argument("answer", type=click.Path(path_type=Path))
def command(*, request: Path, answer: Path) -> None:
    """Write to ANSWER the contracts of the modules that REQUEST names."""
    asked = cast("Mapping[str, object]", json.loads(request.read_text(encoding="utf-8")))
    _bound(cast("int", asked["seconds"]), cast("int", asked["megabytes"]))
    sys.path[:0] = cast("list[str]", asked["roots"])
    tasks: list[Json] = []
    errors: JsonObject = {}
    for module in cast("list[str]", asked["modules"]):
        try:
            tasks.extend(_tasks_of(module, errors))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a module of the user's may raise anything
            errors[module] = f"{type(error).__name__}: {error}"
    answer.write_text(json.dumps({"tasks": tasks, "errors": errors}), encoding="utf-8")
    os._exit(0)  # whatever threads and exit handlers the modules left behind


def _tasks_of(module: str, errors: JsonObject) -> Iterator[Json]:
    """The contracts of the tasks that a module defines; one that cannot be read becomes an error under its source."""
    with importing():
        loaded = importlib.import_module(module)
    for value in tuple(vars(loaded).values()):
        if isinstance(value, Task) and value.definition.function.__module__ == module:
            definition = value.definition
            try:
                yield encode_contract(definition.contract)
            except HorsiesError as error:
                errors[f"{module}:{definition.function.__qualname__}"] = str(error).splitlines()[0]


def _bound(seconds: int, megabytes: int) -> None:
    """Limits that no module can lift: processor time, memory, no core file. Where the system has none, the parent's clock."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    memory = megabytes * 1024 * 1024
    for limit, value in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        _, most = resource.getrlimit(limit)
        bound = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (bound, bound))
