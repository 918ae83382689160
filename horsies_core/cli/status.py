"""``horsies status``: what waits, what runs, what has ended, who works."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence

import click

from horsies_core.cli.database import database_options, settings_of
from horsies_core.store.status import QueueCounts, Status, Unserved, read_status
from horsies_core.store.store import Store

_ENDED = ("COMPLETED", "FAILED", "CANCELLED", "EXPIRED")


@click.command()
@database_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(*, app_path: str | None, url: str | None, schema: str | None, as_json: bool) -> None:
    """Show how many tasks wait, run and have ended in each queue, which ones no worker serves, and the workers."""
    store = Store(settings_of(app_path, url, schema))
    try:
        status = store.run(read_status())
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(status), default=str, indent=2))
    else:
        for line in _lines(status):
            click.echo(line)


def _lines(status: Status) -> Iterator[str]:
    header = ("queue", "ready", "delayed", "claimed", "running", *(state.lower() for state in _ENDED))
    yield from _table([header, *(_counts(queue) for queue in status.queues)])
    yield ""
    if status.unserved:
        yield "waiting for a capable worker:"
        yield from _table(
            [
                ("task", "queue", "count", "oldest", "contract", "why"),
                *(_waiting(each) for each in status.unserved),
            ]
        )
        yield ""
    alive = [worker for worker in status.workers if worker.is_alive]
    yield f"{len(alive)} worker{'' if len(alive) == 1 else 's'}, {sum(worker.processes for worker in alive)} processes"
    for worker in status.workers:
        note = "" if worker.is_alive else "  (its lease ran out; its tasks are about to be recovered)"
        yield f"  {worker.id}: {worker.host} pid {worker.pid}, queues {', '.join(worker.queues)}{note}"


def _waiting(each: Unserved) -> tuple[str, ...]:
    why = "no worker can read this contract" if each.is_known else "no worker has this task in this queue"
    return each.name, each.queue, str(each.count), f"{each.oldest:%Y-%m-%d %H:%M:%S%z}", each.fingerprint, why


def _counts(queue: QueueCounts) -> tuple[str, ...]:
    live = (queue.ready, queue.delayed, queue.claimed, queue.running)
    return (queue.queue, *(str(count) for count in (*live, *(queue.ended.get(state, 0) for state in _ENDED))))


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
