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
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution, ResolvedApp, ResolvedTask


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """The first task of every module that its app does not list."""
    seen: set[str] = set()
    for task in resolution.tasks:
        app = resolution.apps.get(task.app)
        if app is None or task.module in seen or _is_found(task, app):
            continue
        seen.add(task.module)
        yield RULE.finding(
            f"no discover_tasks lists the module {task.module}, so a worker does not know its tasks",
            task.origins.decorator,
            f'add "{task.module}" to the list that is given to discover_tasks',
        )


def _is_found(task: ResolvedTask, app: ResolvedApp) -> bool:
    """Whether a worker loads the module, or may: the app's own module, a listed one, one that a listed one imports."""
    if app.discovery_open or not app.discovered or task.module == app.identity.partition(":")[0]:
        return True
    return any(task.module in entry.loads or _is_file(entry.entry, task.path) for entry in app.discovered)


def _is_file(entry: str, path: str) -> bool:
    return entry.endswith(".py") and f"/{path}".endswith(f"/{entry.removeprefix('./').lstrip('/')}")


RULE = Rule("HC117", "undiscovered-module", Kind.RULE, __doc__, Level.WARNING, check)
