"""A look at a queue's live rows: which contracts their payloads were encoded by, how many rows each, since when.

Made by ``horsies live``, which speaks to the database; read by ``horsies-codegen breaking``, which does not. JSON goes
between them, so either may run where the other cannot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from horsies_core.contract.task import TaskContract
from horsies_core.contract.wire import Json, JsonObject, WireError, decode_contract
from horsies_core.contract.wire.untrusted import (
    join,
    read_closed,
    read_int,
    read_key,
    read_list,
    read_object,
    read_text,
)

LIVE_FORMAT = 1
"""Raised when a reader of the old format would misread the new one."""

STATES = ("waiting", "delayed", "retrying", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRows:
    """The rows of one task in one queue whose payloads were encoded by one contract.

    ``fingerprint`` is the contract's, ``oldest`` when the oldest of them was sent, as ISO 8601. ``retrying`` rows wait after
    an attempt, ``delayed`` ones before the first; ``running`` ones are held by a worker.
    """

    name: str
    queue: str
    fingerprint: str
    waiting: int = 0
    delayed: int = 0
    retrying: int = 0
    running: int = 0
    oldest: str

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.waiting + self.delayed + self.retrying + self.running


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePayload:
    """The payload of one row, as JSON text."""

    id: str
    name: str
    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSnapshot:
    """Everything in one look. ``contracts`` are the wire forms that workers registered, by fingerprint."""

    taken_at: str
    rows: tuple[LiveRows, ...]
    contracts: Mapping[str, Json]
    payloads: tuple[LivePayload, ...] = ()

    def contract(self, fingerprint: str) -> TaskContract | None:
        """The contract; None for one that no worker registered, or that this version cannot read."""
        if fingerprint not in self.contracts:
            return None
        try:
            return decode_contract(self.contracts[fingerprint])
        except WireError:
            return None


def write_live(snapshot: LiveSnapshot) -> str:
    """The snapshot as JSON text."""
    rows: list[Json] = [
        {
            "name": rows.name,
            "queue": rows.queue,
            "fingerprint": rows.fingerprint,
            **{state: cast("int", getattr(rows, state)) for state in STATES},
            "oldest": rows.oldest,
        }
        for rows in snapshot.rows
    ]
    payloads: list[Json] = [
        {"id": each.id, "name": each.name, "fingerprint": each.fingerprint, "text": each.text}
        for each in snapshot.payloads
    ]
    data: JsonObject = {
        "format": LIVE_FORMAT,
        "taken_at": snapshot.taken_at,
        "rows": rows,
        "contracts": dict(snapshot.contracts),
        "payloads": payloads,
    }
    return json.dumps(data, indent=1, allow_nan=False) + "\n"


def read_live(text: str) -> LiveSnapshot:
    """The snapshot in a text. Raises `WireError` for anything else."""
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("", f"this is not JSON: {error}") from None
    body = read_object(data, "")
    found = read_int(read_key(body, "format", ""), "/format")
    if found != LIVE_FORMAT:
        raise WireError("/format", f"the snapshot has format {found}, this version of horsies reads {LIVE_FORMAT}")
    read_closed(body, frozenset({"format", "taken_at", "rows", "contracts", "payloads"}), "")
    return LiveSnapshot(
        taken_at=read_text(read_key(body, "taken_at", ""), "/taken_at"),
        rows=tuple(_rows(item, f"/rows/{index}") for index, item in enumerate(_list(body, "rows"))),
        contracts=read_object(read_key(body, "contracts", ""), "/contracts"),
        payloads=tuple(_payload(item, f"/payloads/{index}") for index, item in enumerate(_list(body, "payloads"))),
    )


def _list(body: JsonObject, key: str) -> list[Json]:
    return read_list(read_key(body, key, ""), join("", key))


def _rows(data: object, at: str) -> LiveRows:
    texts, counts = ("name", "queue", "fingerprint", "oldest"), STATES
    body = read_closed(data, frozenset({*texts, *counts}), at)
    name, queue, fingerprint, oldest = (read_text(read_key(body, key, at), join(at, key)) for key in texts)
    waiting, delayed, retrying, running = (read_int(read_key(body, key, at), join(at, key)) for key in counts)
    return LiveRows(
        name=name,
        queue=queue,
        fingerprint=fingerprint,
        waiting=waiting,
        delayed=delayed,
        retrying=retrying,
        running=running,
        oldest=oldest,
    )


def _payload(data: object, at: str) -> LivePayload:
    keys = ("id", "name", "fingerprint", "text")
    body = read_closed(data, frozenset(keys), at)
    row, name, fingerprint, text = (read_text(read_key(body, key, at), join(at, key)) for key in keys)
    return LivePayload(id=row, name=name, fingerprint=fingerprint, text=text)
