"""A real worker on a real database: what comes of each kind of task."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from store_support import query
from worker_support import PATIENCE_S, TIMEOUT_MS, Sends, WorkerProcess, is_alive, lines_of, wait_until
from worker_tasks import let_go

from horsies_core.store.enqueue import insert, insert_many
from horsies_core.store.ids import new_id
from horsies_core.store.rows import NewTask
from horsies_core.store.store import Store

StartWorker = Callable[..., WorkerProcess]

SOON_S = 10.0
"""What comes at once even on a busy machine. A worker that has to wait for its own next look, every 20 s here, comes later."""


def raw(send: Sends, name: str, **changes: Any) -> NewTask:
    """A row as a producer of another version might store it."""
    task = send.app.registry.get(name)
    new = NewTask(id=new_id(), name=name, queue="default", payload=b"{}", fingerprint=task.fingerprint if task else "?")
    return new._replace(**changes)


def test_result_comes_back(start_worker: StartWorker, send: Sends) -> None:
    start_worker()
    assert send("add", a=1, b=2).get(timeout_ms=TIMEOUT_MS).ok == 3


def test_error_cases_come_back_as_values(start_worker: StartWorker, send: Sends) -> None:
    start_worker()
    handles = {
        "UNHANDLED_EXCEPTION": send("raise_value", kind="value"),
        "MISSING": send("raise_value", kind="key"),
        "RESULT_INVALID": send("lie"),
    }
    for code, handle in handles.items():
        assert handle.get(timeout_ms=TIMEOUT_MS).err.error_code == code
    message = handles["UNHANDLED_EXCEPTION"].get().err.message
    assert message == "Unhandled exception in task raise_value: ValueError: Something went wrong"
    assert send("raise_exit").get(timeout_ms=TIMEOUT_MS).err.error_code == "UNHANDLED_EXCEPTION"


def test_invalid_payload_never_reaches_user_code(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    start_worker()
    payload = b'{"path":"%s","text":7}' % str(notes).encode()
    task = raw(send, "note", payload=payload)
    store.run(insert(task, store.bell))
    outcome = store.wait(task.id, PATIENCE_S)
    assert outcome is not None
    assert outcome.error_code == "PAYLOAD_INVALID"
    assert outcome.result is not None
    assert b'"/text"' in outcome.result
    assert not notes.exists()
    assert query(store, "SELECT payload FROM {s}.history") == [(payload.decode(),)]


def test_dead_child_takes_nobody_with_it(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    worker = start_worker()
    neighbour = send("sleep", path=str(notes), seconds=1.5)
    wait_until(lambda: lines_of(notes), "the neighbour runs")
    died, crashed = send("exit"), send("segfault")
    assert "exit code 3" in died.get(timeout_ms=TIMEOUT_MS).err.message
    assert "SIGSEGV" in crashed.get(timeout_ms=TIMEOUT_MS).err.message
    assert died.get().err.error_code == "WORKER_CRASHED"
    assert neighbour.get(timeout_ms=TIMEOUT_MS).is_ok()
    assert len(lines_of(notes)) == 2
    assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2
    assert worker.process.poll() is None


def test_timeout_kills_the_culprit_and_what_it_started(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    """When the time is over: long before the worker's next look at the database."""
    start_worker(poll_s=60.0)
    neighbour = send("hold", path=str(notes.with_suffix(".n")))
    hanging = send("hang", path=str(notes))
    result = hanging.get(timeout_ms=TIMEOUT_MS)
    assert result.err.error_code == "TASK_TIMEOUT"
    assert "2000 ms" in result.err.message
    wait_until(lambda: not is_alive(int(lines_of(notes)[0])), "its subprocess is gone")
    let_go(notes.with_suffix(".n"))
    assert neighbour.get(timeout_ms=TIMEOUT_MS).is_ok()
    info = hanging.info()
    assert 1.9 < (info.finished_at - info.started_at).total_seconds() < 2 + SOON_S


@pytest.mark.parametrize("way", ["busy", "deaf", "holding the interpreter", "catching everything"])
def test_timeout_fires_whatever_user_code_does(start_worker: StartWorker, send: Sends, way: str) -> None:
    start_worker(processes=1)
    result = send("stubborn", way=way).get(timeout_ms=TIMEOUT_MS)
    assert result.err.error_code == "TASK_TIMEOUT"
    assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2


def test_deadline_before_user_code_starts_only_requeues(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    start_worker(processes=1)
    child = send("pid").get(timeout_ms=TIMEOUT_MS).ok
    os.kill(child, signal.SIGSTOP)
    handle = send("hang", path=str(notes))
    wait_until(lambda: lines_of(notes), "the stopped child was killed, and another one took the task")
    assert handle.get(timeout_ms=TIMEOUT_MS).err.error_code == "TASK_TIMEOUT"
    info = handle.info()
    assert (info.attempt, info.losses, info.past_attempts) == (1, 1, ())
    assert len(lines_of(notes)) == 1


def test_timeout_is_retried_where_the_policy_says_so(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    start_worker()
    handle = send("hang_twice", path=str(notes))
    assert handle.get(timeout_ms=TIMEOUT_MS).err.error_code == "TASK_TIMEOUT"
    assert lines_of(notes) == ["run", "run"]
    info = handle.info()
    assert [past.error_code for past in info.past_attempts] == ["TASK_TIMEOUT"]
    assert info.attempt == 2


def test_retry_comes_when_it_is_due(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    start_worker(poll_s=60.0)
    handle = send("flaky", path=str(notes), failures=2)
    assert handle.get(timeout_ms=TIMEOUT_MS).ok == 3
    first, second, third = (float(line) for line in lines_of(notes))
    assert second - first < SOON_S
    assert 0.7 < third - second < 1.25 + SOON_S
    assert [past.message for past in handle.info().past_attempts] == ["attempt 1", "attempt 2"]


def test_delayed_task_wakes_the_worker_when_due(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    start_worker(poll_s=60.0)
    handle = send("note", {"delay": 1.0}, path=str(notes), text="late")
    handle.get(timeout_ms=TIMEOUT_MS)
    info = handle.info()
    assert 1.0 <= (info.started_at - info.created_at).total_seconds() < 1 + SOON_S


def test_expired_task_is_never_started(start_worker: StartWorker, send: Sends, store: Store, notes: Path) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.6)
    busy = [send("sleep", path=str(notes) + str(number), seconds=1.2) for number in range(2)]
    late = send("note", {"good_until": soon}, path=str(notes), text="never")
    start_worker()
    assert late.get(timeout_ms=TIMEOUT_MS).err.error_code == "TASK_EXPIRED"
    assert all(handle.get(timeout_ms=TIMEOUT_MS).is_ok() for handle in busy)
    assert not notes.exists()
    assert late.info().attempt == 0


def test_waiting_and_running_tasks_are_cancelled(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    start_worker(processes=1, poll_s=60.0)
    running = send("hold", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    waiting = send("note", path=str(notes), text="never")
    assert waiting.cancel()
    began = time.monotonic()
    assert running.cancel()
    assert running.get(timeout_ms=TIMEOUT_MS).err.error_code == "TASK_CANCELLED"
    assert time.monotonic() - began < SOON_S
    assert waiting.get(timeout_ms=TIMEOUT_MS).err.error_code == "TASK_CANCELLED"
    assert len(lines_of(notes)) == 1
    assert not running.cancel()


def test_unknown_task_is_left_for_a_capable_worker(start_worker: StartWorker, send: Sends, store: Store) -> None:
    start_worker()
    unknown = raw(send, "unknown")
    store.run(insert(unknown, store.bell))
    assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2
    assert query(store, "SELECT id, claims FROM {s}.task") == [(unknown.id, 0)]


def test_queues_are_served_by_priority_and_choice(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    later = [send("note", path=str(notes), text="default") for _ in range(3)]
    urgent = [send("note_urgent", path=str(notes), text="urgent") for _ in range(3)]
    chosen = start_worker(["urgent"], processes=1)
    for handle in urgent:
        handle.get(timeout_ms=TIMEOUT_MS)
    time.sleep(0.3)
    assert lines_of(notes) == ["urgent"] * 3
    assert chosen.stop() == 0
    more = [send("note_urgent", path=str(notes), text="urgent") for _ in range(3)]
    start_worker(processes=1)
    for handle in (*later, *more):
        handle.get(timeout_ms=TIMEOUT_MS)
    assert lines_of(notes)[3:] == ["urgent"] * 3 + ["default"] * 3


def test_limit_holds_over_two_workers(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    handles = [send("few", path=str(notes), seconds=0.15) for _ in range(12)]
    start_worker(processes=2)
    start_worker(processes=2)
    for handle in handles:
        handle.get(timeout_ms=TIMEOUT_MS)
    running = most = 0
    for line in sorted(lines_of(notes), key=lambda line: float(line[1:])):
        running += 1 if line[0] == "+" else -1
        most = max(most, running)
    assert most == 2


def test_freed_place_of_a_limited_queue_is_taken_at_once(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    start_worker(processes=4, poll_s=60.0)
    send("add", a=1, b=2).get(timeout_ms=TIMEOUT_MS)
    time.sleep(0.3)  # asleep: nobody rings for tasks that wait for a place, not for a worker
    began = time.monotonic()
    for handle in [send("few", path=str(notes), seconds=0.1) for _ in range(6)]:
        handle.get(timeout_ms=TIMEOUT_MS)
    assert time.monotonic() - began < SOON_S


def test_long_task_does_not_hold_back_short_ones(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    start_worker()
    fast = [raw(send, "pid") for _ in range(300)]
    store.run(insert_many(fast, store.bell))  # the worker learns that they are short
    for task in fast:
        store.wait(task.id, PATIENCE_S)
    slow = raw(send, "hold", payload=b'{"path":"%s"}' % str(notes).encode())
    more = [raw(send, "pid") for _ in range(400)]
    store.run(insert_many([*more[:50], slow, *more[50:]], store.bell))
    wait_until(lambda: query(store, "SELECT id FROM {s}.task") == [(slow.id,)], "all others are done")
    let_go(notes)
    outcome = store.wait(slow.id, PATIENCE_S)
    assert outcome is not None
    assert outcome.error_code is None
    assert query(store, "SELECT sum(claims), sum(attempt) FROM {s}.task") == [(None, None)]
    assert query(store, "SELECT count(*), sum(attempt) FROM {s}.history") == [(701, 701)]


def test_large_payloads_and_results_pass(start_worker: StartWorker, send: Sends) -> None:
    start_worker()
    text = "äb" * 300_000
    assert send("big", text=text[:400_000]).get(timeout_ms=TIMEOUT_MS).ok == text[:400_000][::-1]


def test_output_of_user_code_passes_through(start_worker: StartWorker, send: Sends) -> None:
    worker = start_worker()
    send("say", text="hello from a task").get(timeout_ms=TIMEOUT_MS)
    wait_until(lambda: worker.output == ["hello from a task\n"], "the line is there")


def test_what_user_code_forks_it_can_stop(start_worker: StartWorker, send: Sends) -> None:
    start_worker()
    assert send("stop_own_process").get(timeout_ms=TIMEOUT_MS).ok == -signal.SIGTERM


def test_child_that_writes_into_its_pipe_is_replaced(start_worker: StartWorker, send: Sends) -> None:
    worker = start_worker()
    assert send("garbage").get(timeout_ms=TIMEOUT_MS).err.error_code == "WORKER_CRASHED"
    assert send("add", a=2, b=2).get(timeout_ms=TIMEOUT_MS).ok == 4
    wait_until(lambda: any("garbage" in event["event"] for event in worker.events), "it is logged")


def test_children_are_recycled_by_count(start_worker: StartWorker, send: Sends) -> None:
    start_worker(processes=1, max_tasks_per_child=3)
    pids = [send("pid").get(timeout_ms=TIMEOUT_MS).ok for _ in range(9)]
    assert len(set(pids)) == 3
    assert pids == sorted(pids, key=pids.index)


@pytest.mark.parametrize("most", [1, 4])
def test_no_child_takes_more_tasks_than_it_may(start_worker: StartWorker, send: Sends, most: int) -> None:
    """Not even of a backlog, of which lines are filled."""
    handles = [send("pid") for _ in range(40)]
    start_worker(processes=2, max_tasks_per_child=most)
    counts = Counter(handle.get(timeout_ms=TIMEOUT_MS).ok for handle in handles)
    assert sum(counts.values()) == len(handles)
    assert max(counts.values()) <= most


def test_first_children_end_at_different_counts(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    for _ in range(200):  # more than are needed, in case one child is long in coming
        send("sleep", path=str(notes), seconds=0.05)
    worker = start_worker(processes=2, max_tasks_per_child=6)
    wait_until(lambda: {slot for slot, _ in replaced(worker)} == {0, 1}, "both are replaced")
    first = dict(reversed(replaced(worker)))
    assert first == {0: 6, 1: 3}


def replaced(worker: WorkerProcess) -> list[tuple[int, int]]:
    """The children that had taken all their tasks, oldest first: the slot, and how many they took."""
    lines = [line for line in worker.events if line["event"] == "replacing a child"]
    return [(line["slot"], line["served"]) for line in lines]


def test_children_are_recycled_by_memory(start_worker: StartWorker, send: Sends) -> None:
    worker = start_worker(processes=1, max_child_memory_mb=150)
    first = send("eat", megabytes=200).get(timeout_ms=TIMEOUT_MS).ok
    wait_until(lambda: worker.has("replacing a child"), "it is replaced")
    assert send("pid").get(timeout_ms=TIMEOUT_MS).ok != first


def test_log_lines_name_task_attempt_and_contract(start_worker: StartWorker, send: Sends) -> None:
    worker = start_worker()
    handle = send("raise_value", kind="value")
    handle.get(timeout_ms=TIMEOUT_MS)
    wait_until(lambda: worker.has("task settled"), "it is logged")
    for event in ("task settled", "user code raised"):
        line = next(line for line in worker.events if line["event"] == event)
        assert line["task"] == "raise_value"
        assert line["id"] == str(handle.task_id)
        assert line["attempt"] == 1
        assert line["contract"] == send.app.registry.get("raise_value").fingerprint  # type: ignore[union-attr]
    assert not any(line.strip() for line in worker.other_lines)


def test_what_user_code_logs_names_its_task(start_worker: StartWorker, send: Sends) -> None:
    worker = start_worker()
    handle = send("log", text="low on stock")
    handle.get(timeout_ms=TIMEOUT_MS)
    wait_until(lambda: worker.has("low on stock"), "it is logged")
    line = next(line for line in worker.events if line["event"] == "low on stock")
    assert (line["task"], line["id"], line["attempt"]) == ("log", str(handle.task_id), 1)
    assert line["contract"] == send.app.registry.get("log").fingerprint  # type: ignore[union-attr]


def test_a_long_one_holds_back_none_of_a_thousand_short_ones(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    """All of one name, so that nothing tells the long one apart before it runs."""
    start_worker(processes=4)
    naps = [raw(send, "nap", payload=b'{"seconds":0.001}') for _ in range(1200)]
    store.run(insert_many(naps[:200], store.bell))  # the worker learns that they are short
    for task in naps[:200]:
        store.wait(task.id, PATIENCE_S)
    long = raw(send, "nap", payload=b'{"seconds":1,"path":"%s"}' % str(notes).encode())
    store.run(insert_many([*naps[200:250], long, *naps[250:]], store.bell))
    wait_until(lambda: query(store, "SELECT id FROM {s}.task") == [(long.id,)], "all others are done")
    gap = query(
        store,
        "SELECT extract(epoch FROM max(gap))::float8 FROM (SELECT finished_at - lag(finished_at) OVER "
        "(ORDER BY finished_at) AS gap FROM {s}.history WHERE id = ANY (%s)) AS gaps",
        [task.id for task in naps[200:]],
    )
    assert gap[0][0] < SOON_S  # type: ignore[operator]
    assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2
    let_go(notes)
    outcome = store.wait(long.id, PATIENCE_S)
    assert outcome is not None
    assert outcome.error_code is None


@pytest.mark.parametrize("processes", [1, 4])
def test_many_short_tasks_are_each_done_once(
    start_worker: StartWorker, send: Sends, store: Store, processes: int
) -> None:
    tasks = [raw(send, "add", payload=b'{"a":%d,"b":1}' % number) for number in range(2000)]
    store.run(insert_many(tasks, store.bell))
    worker = start_worker(processes=processes)
    wait_until(lambda: query(store, "SELECT count(*) FROM {s}.history") == [(2000,)], "all are done")
    assert query(store, "SELECT count(*) FROM {s}.history WHERE attempt = 1 AND state = 'COMPLETED'") == [(2000,)]
    results = query(store, "SELECT (result::json->>'ok')::int FROM {s}.history ORDER BY id")
    assert results == [(number + 1,) for number in range(2000)]
    assert worker.stop() == 0
    assert worker.events[-1]["stale"] == 0
