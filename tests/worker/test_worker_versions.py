"""Yesterday's payloads at today's worker: what fits is run, what breaks is left for a worker that can."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

from store_support import a_task, query
from store_support import send as store_tasks
from worker_support import PATIENCE_S, TIMEOUT_MS, Sends, WorkerProcess, wait_until

from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.task import Parameter, TaskContract
from horsies_core.contract.types import NumberType, StringType
from horsies_core.contract.wire import encode_contract
from horsies_core.store.store import Store

StartWorker = Callable[..., WorkerProcess]


def yesterday(store: Store, send: Sends, *parameters: Parameter) -> str:
    """Register another contract of the task ``add``, as an older worker did; its fingerprint."""
    task = send.app.registry.get("add")
    assert task is not None
    contract = TaskContract(name="add", source="old:add", parameters=parameters, result=task.contract.result)
    text = "INSERT INTO {s}.contract (fingerprint, name, body) VALUES (%s, 'add', %s)"
    query(store, text, fingerprint(contract), json.dumps(encode_contract(contract)))
    return fingerprint(contract)


def test_incompatible_payload_is_left_alone(start_worker: StartWorker, send: Sends, store: Store) -> None:
    old = yesterday(store, send, Parameter(name="a", type=StringType()), Parameter(name="b", type=StringType()))
    stale = a_task(name="add", payload=b'{"a":"1","b":"2"}', fingerprint=old)
    store_tasks(store, stale)
    worker = start_worker()
    assert send("add", a=1, b=2).get(timeout_ms=TIMEOUT_MS).ok == 3
    event = "payloads of another contract cannot be read here; they are left for a worker that can"
    wait_until(lambda: worker.has(event), "it says so")
    wait_until(lambda: query(store, "SELECT id, worker, attempt FROM {s}.task") == [(stale.id, None, 0)], "it waits")
    before = query(store, "SELECT claims FROM {s}.task")
    assert send("add", a=2, b=2).get(timeout_ms=TIMEOUT_MS).ok == 4
    assert query(store, "SELECT claims FROM {s}.task") == before  # it is not claimed again and again
    assert worker.stop() == 0


def test_compatible_payload_of_another_contract_is_run(start_worker: StartWorker, send: Sends, store: Store) -> None:
    integer = NumberType(kind="int", ge=0)
    old = yesterday(store, send, Parameter(name="a", type=integer), Parameter(name="b", type=integer))
    unknown = a_task(name="add", payload=b'{"a":1,"b":1}', fingerprint="0" * 32)
    known = a_task(name="add", payload=b'{"a":1,"b":2}', fingerprint=old)
    store_tasks(store, unknown, known)
    start_worker()
    for task, result in ((unknown, b'{"ok":2}'), (known, b'{"ok":3}')):
        outcome = store.wait(task.id, PATIENCE_S)
        assert outcome is not None
        assert outcome.result == result


def test_retry_and_timeout_are_those_of_the_workers_code(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    """The producer's version of these tasks knew no retry and no timeout. The row carries neither."""
    paths = str(notes), str(notes.with_suffix(".hang"))
    flaky = a_task(
        name="flaky",
        payload=json.dumps({"path": paths[0], "failures": 1}).encode(),
        fingerprint=_plain(store, send, "flaky"),
    )
    hang = a_task(name="hang", payload=json.dumps({"path": paths[1]}).encode(), fingerprint=_plain(store, send, "hang"))
    store_tasks(store, flaky, hang)
    start_worker()
    retried, timed_out = store.wait(flaky.id, PATIENCE_S), store.wait(hang.id, PATIENCE_S)
    assert retried is not None
    assert (retried.state, retried.attempt) == ("COMPLETED", 2)
    assert timed_out is not None
    assert timed_out.error_code == "TASK_TIMEOUT"


def _plain(store: Store, send: Sends, name: str) -> str:
    """Register the task's contract without retry and timeout, as an older worker did; its fingerprint."""
    task = send.app.registry.get(name)
    assert task is not None
    contract = dataclasses.replace(task.contract, retry=None, timeout_ms=None)
    text = "INSERT INTO {s}.contract (fingerprint, name, body) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
    query(store, text, fingerprint(contract), name, json.dumps(encode_contract(contract)))
    return fingerprint(contract)
