"""One look at the live rows, for a comparison of contracts: read only, in one snapshot, and never for long."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from horsies_core.contract.live import LivePayload, LiveRows, LiveSnapshot
from horsies_core.store.exchange import Rows
from horsies_core.store.operation import Atomic, Operation, Statement


def read_live_rows(*, timeout_s: float, sample: int = 0) -> Operation[LiveSnapshot]:
    """Count the live rows by contract, with ``sample`` payloads of each.

    The transaction can write nothing. A statement that takes longer than ``timeout_s`` is given up, with
    `StoreUnavailableError`; so is waiting for a lock.
    """
    [[snapshot]] = yield Atomic(_look(timeout_s, sample))
    return snapshot  # type: ignore[no-any-return]  # the row of an Atomic step is its operation's result


def _look(timeout_s: float, sample: int) -> Operation[LiveSnapshot]:
    yield Statement("read_only")
    yield Statement("limit_time", {"ms": str(max(1, round(timeout_s * 1000)))})
    [clock] = yield Statement("read_clock")
    [rows] = yield Statement("live_rows")
    fingerprints = sorted({row.fingerprint for row in rows})
    [contracts] = yield Statement("contracts", {"fingerprints": fingerprints})
    payloads: Rows = ()
    if sample:
        [payloads] = yield Statement("live_payloads", {"most": sample})
    return LiveSnapshot(
        taken_at=_shown(datetime.fromtimestamp(clock[0].now, UTC)),
        rows=tuple(map(_rows, rows)),
        contracts={row.fingerprint: json.loads(row.body) for row in contracts},
        payloads=tuple(
            LivePayload(id=str(row.id), name=row.name, fingerprint=row.fingerprint, text=row.payload)
            for row in payloads
        ),
    )


def _rows(row: Any) -> LiveRows:
    return LiveRows(
        name=row.name,
        queue=row.queue,
        fingerprint=row.fingerprint,
        waiting=row.waiting,
        delayed=row.delayed,
        retrying=row.retrying,
        running=row.running,
        oldest=_shown(row.oldest),
    )


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
