"""Two tasks have the same name, or one has a name that another keeps as an alias.

A worker finds a task by its name alone. Two functions under one name in one process are refused when the second is
registered; in two modules that no process loads together they are worse: each worker runs its own.

Bad::

    @app.task("refund")
    def refund_order(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    @app.task("refund")
    def refund_parcel(*, parcel_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("refund_order")
    def refund_order(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    @app.task("refund_parcel")
    def refund_parcel(*, parcel_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple, cast

from horsies_codegen.diagnostic import Diagnostic, Level, Related
from horsies_codegen.lint.rule import Across, law
from horsies_codegen.resolve.model import Resolution, ResolvedApp, ResolvedTask
from horsies_codegen.source import Place
from horsies_core.contract.laws import DUPLICATE_TASK_NAME, NAME


class Claim(NamedTuple):
    """A name or an alias of a task, the function that claims it, and where its name is written."""

    name: str
    source: str
    place: Place
    function: Place


def gather(resolution: Resolution) -> Iterable[Claim]:
    """Every claim of every task."""
    for task in resolution.tasks:
        for name in dict.fromkeys(_claimed(task)):
            yield Claim(name, task.draft.source, task.origins.place(NAME), task.origins.function)


def judge(claims: Iterable[Claim], apps: Mapping[str, ResolvedApp]) -> Iterator[Diagnostic]:  # noqa: ARG001 - as all
    """HC108 at every definition but the first, which is shown beside it."""
    owners: dict[str, Claim] = {}
    for claim in claims:
        first = owners.setdefault(claim.name, claim)
        if (first.source, first.function) != (claim.source, claim.function):
            yield duplicate(first, claim)


def duplicate(first: Claim, second: Claim) -> Diagnostic:
    """The finding at the second claim of a name."""
    code, rule_name = DUPLICATE_TASK_NAME
    finding = Diagnostic(
        code=code,
        name=rule_name,
        level=Level.ERROR,
        message=f"the task name {second.name!r} is already taken by {first.source}",
        place=second.place,
        related=(Related(first.place, "first taken here"),),
        help=("give one of them another name: a worker finds a task by its name alone",),
        task=second.name,
    )
    return replace(finding, related=()) if first.place == second.place else finding


def _claimed(task: ResolvedTask) -> Iterator[str]:
    if isinstance(task.draft.name, str):
        yield task.draft.name
    aliases = task.draft.options.aliases
    if isinstance(aliases, tuple):
        yield from (alias for alias in cast("tuple[object, ...]", aliases) if isinstance(alias, str))


RULE = law("HC108", __doc__, across=Across(gather, judge))
