"""A module has tasks, and no ``discover_tasks`` of their app lists it.

A worker imports the modules that are listed, exactly those. Tasks elsewhere are sent and never run, unless a listed module
imports theirs.

Bad::

    # file: shop/app.py
    from horsies import Horsies

    app = Horsies()
    app.discover_tasks(["shop.orders"])
    # file: shop/orders.py
    # file: shop/email.py
    from horsies import TaskError, TaskResult
    from shop.app import app

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    # file: shop/app.py
    from horsies import Horsies

    app = Horsies()
    app.discover_tasks(["shop.orders", "shop.email"])
    # file: shop/orders.py
    # file: shop/email.py
    from horsies import TaskError, TaskResult
    from shop.app import app

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (unsafe): the module goes into the list, where the app has one list only. A worker then imports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Level, Safety
from horsies_codegen.lint.rule import Across, Kind, Rule
from horsies_codegen.resolve.model import DiscoveredEntry, Resolution, ResolvedApp
from horsies_codegen.source import Place, Span


class Definition(NamedTuple):
    """The first task of a module for one app, and where it is decorated."""

    module: str
    path: str
    app: str
    place: Place


def gather(resolution: Resolution) -> Iterable[Definition]:
    """The first task of every module and app."""
    firsts: dict[tuple[str, str], Definition] = {}
    for task in resolution.tasks:
        key = (task.module, task.app)
        firsts.setdefault(key, Definition(task.module, task.path, task.app, task.origins.decorator))
    return firsts.values()


def judge(definitions: Iterable[Definition], apps: Mapping[str, ResolvedApp]) -> Iterator[Diagnostic]:
    """The first task of every module that its app does not list."""
    seen: set[str] = set()
    for definition in definitions:
        app = apps.get(definition.app)
        if app is None or definition.module in seen or _is_found(definition, app):
            continue
        seen.add(definition.module)
        finding = RULE.finding(
            f"no discover_tasks lists the module {definition.module}, so a worker does not know its tasks",
            definition.place,
            f'add "{definition.module}" to the list that is given to discover_tasks',
        )
        yield finding if len(app.listings) != 1 else replace(finding, fix=_listed(definition.module, app.discovered))


def _listed(module: str, entries: Sequence[DiscoveredEntry]) -> Fix:
    """The module behind the last entry; where each has a line of its own, above the last, whose comment stays with it."""
    places = [entry.place for entry in entries]
    last = places[-1].span
    if len(places) > 1 and places[-2].span.start.line != last.start.line:
        at, text = last.start, f'"{module}",\n{" " * (last.start.column - 1)}'
    else:
        at, text = last.end, f', "{module}"'
    edit = Edit(Place(places[-1].path, Span(at, at)), text)
    return Fix(f"List {module} for discovery", Safety.UNSAFE, (edit,))


def _is_found(definition: Definition, app: ResolvedApp) -> bool:
    """Whether a worker loads the module, or may: the app's own module, a listed one, one that a listed one imports."""
    if app.discovery_open or not app.discovered or definition.module == app.identity.partition(":")[0]:
        return True
    return any(_loads(entry, definition) for entry in app.discovered)


def _loads(entry: DiscoveredEntry, definition: Definition) -> bool:
    below = (name.removesuffix("*") for name in entry.loads if name.endswith(".*"))
    return (
        definition.module in entry.loads
        or definition.module.startswith(tuple(below))
        or _is_file(entry.entry, definition.path)
    )


def _is_file(entry: str, path: str) -> bool:
    return entry.endswith(".py") and f"/{path}".endswith(f"/{entry.removeprefix('./').lstrip('/')}")


RULE = Rule("HC117", "undiscovered-module", Kind.RULE, __doc__, Level.WARNING, across=Across(gather, judge))
