"""Storing tasks and reading where they stand, on every Postgres that the machine has."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import psycopg
import pytest
from store_support import cancel_while_waited_for
from worker_support import PATIENCE_S, wait_until

from horsies_core.outcome.errors import (
    IdempotencyConflictError,
    SchemaError,
    SendOptionError,
    StoreError,
    StoreUnavailableError,
)
from horsies_core.policy.states import TaskState
from horsies_core.store import outcomes
from horsies_core.store.enqueue import insert, insert_again, insert_many
from horsies_core.store.ids import new_id, new_ids
from horsies_core.store.outcomes import cancel, read_info, read_outcome
from horsies_core.store.rows import NewTask
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store


def a_task(**changes: object) -> NewTask:
    fields: dict[str, object] = {
        "id": new_id(),
        "name": "send_email",
        "queue": "default",
        "payload": b'{"to":"\xc3\xa9"}',
        "fingerprint": "f" * 32,
    }
    return NewTask(**(fields | changes))  # type: ignore[arg-type]


def query(store: Store, text: str, *parameters: object) -> list[tuple[object, ...]]:
    with psycopg.connect(store.settings.conninfo, autocommit=True) as connection:
        cursor = connection.execute(text.replace("{s}", store.settings.schema).encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def test_inserted_task_is_pending_with_the_very_payload(store: Store) -> None:
    task = a_task()
    assert store.run(insert(task, store.bell)).is_new
    outcome = store.run(read_outcome(task.id))
    assert outcome is not None
    assert outcome.state is TaskState.PENDING
    assert outcome.result is None
    assert query(store, "SELECT payload, due_at FROM {s}.task") == [('{"to":"é"}', None)]


def test_async_insert_is_the_same_operation(store: Store) -> None:
    task = a_task()

    async def go() -> object:
        await store.run_async(insert(task, store.bell))
        outcome = await store.run_async(read_outcome(task.id))
        await store.close_async()
        return outcome

    assert asyncio.run(go()) == store.run(read_outcome(task.id))


def test_unknown_id_has_no_outcome(store: Store) -> None:
    assert store.run(read_outcome(new_id())) is None
    assert store.run(read_info(new_id())) is None
    assert store.wait(new_id(), 1) is None


def test_repeating_a_send_stores_it_once(store: Store) -> None:
    task = a_task()
    assert store.run(insert(task, store.bell)).is_new
    assert not store.run(insert(task, store.bell, may_exist=True)).is_new
    assert not store.run(insert_again([task], store.bell))[0].is_new
    store.run(cancel(task.id, store.bell, "TASK_CANCELLED", b"{}"))
    assert not store.run(insert_again([task], store.bell))[0].is_new
    assert query(store, "SELECT count(*) FROM {s}.task") == [(0,)]


def test_delays_are_counted_from_the_clock_of_the_database(store: Store) -> None:
    delayed = a_task(delay_s=60.0)
    store.run(insert(delayed, store.bell))
    store.run(insert(a_task(run_at=datetime.now(UTC) - timedelta(hours=1)), store.bell))
    store.run(insert(a_task(delay_s=0.0), store.bell))
    rows = query(store, "SELECT extract(epoch FROM due_at - created_at)::int FROM {s}.task ORDER BY due_at")
    assert rows == [(60,), (None,), (None,)]


def test_many_are_copied_with_their_delays(store: Store) -> None:
    tasks = [a_task(), a_task(delay_s=30.0), a_task(priority=1, good_until=datetime.now(UTC))]
    enqueued = store.run(insert_many(tasks, store.bell))
    assert [each.id for each in enqueued] == [task.id for task in tasks]
    rows = query(store, "SELECT id, priority, due_at IS NULL, good_until IS NULL FROM {s}.task ORDER BY id")
    assert rows == [
        (tasks[0].id, 100, True, True),
        (tasks[1].id, 100, False, True),
        (tasks[2].id, 1, True, False),
    ]
    assert store.run(insert_many([], store.bell)) == ()


def test_copied_rows_hold_the_very_texts(store: Store) -> None:
    texts = ['"\\\\ \\"quoted\\" \\n"', '"a\\tb"', '{\n\t"pretty": "\\\\N"\r}', '"\\\\."', '"é\u2028🐎"']
    tasks = [a_task(payload=text.encode(), name=f"na\\me\t{number}") for number, text in enumerate(texts)]
    store.run(insert_many(tasks, store.bell))
    rows = query(store, "SELECT name, payload FROM {s}.task ORDER BY id")
    assert rows == [(task.name, task.payload.decode()) for task in tasks]


def test_ids_made_together_rise_and_stay_below_the_next() -> None:
    ids = [new_id(), *new_ids(5_000), new_id()]
    assert ids == sorted(set(ids))
    assert all(made.version == 7 and made.variant == RFC_4122 for made in ids)


def test_a_new_task_never_takes_the_id_of_another(store: Store) -> None:
    task = a_task()
    store.run(insert(task, store.bell))
    with pytest.raises(StoreError, match="duplicate key"):
        store.run(insert(task._replace(payload=b"{}"), store.bell))
    assert query(store, "SELECT payload FROM {s}.task") == [(task.payload.decode(),)]


def test_an_id_is_a_uuid_like_any_other() -> None:
    made = new_id()
    assert made == UUID(str(made)) == UUID(int=made.int) == pickle.loads(pickle.dumps(made)) == copy.deepcopy(made)
    assert (hash(made), made.is_safe) == (hash(UUID(int=made.int)), UUID(int=made.int).is_safe)
    with pytest.raises(TypeError):
        made.int = 0  # type: ignore[misc]  # that it cannot be done is the point


def test_key_stands_for_its_first_payload(store: Store) -> None:
    first, again = a_task(idempotency_key="k"), a_task(idempotency_key="k")
    assert store.run(insert(first, store.bell)).is_new
    enqueued = store.run(insert(again, store.bell))
    assert (enqueued.id, enqueued.is_new) == (first.id, False)
    assert store.run(insert(a_task(idempotency_key="k", name="other"), store.bell)).is_new
    with pytest.raises(IdempotencyConflictError, match="'k'"):
        store.run(insert(a_task(idempotency_key="k", payload=b"{}"), store.bell))
    assert query(store, "SELECT count(*) FROM {s}.task") == [(2,)]


def test_conflict_among_many_stores_none(store: Store) -> None:
    tasks = [a_task(idempotency_key="a"), a_task(), a_task(idempotency_key="a", payload=b"{}")]
    with pytest.raises(IdempotencyConflictError):
        store.run(insert_many(tasks, store.bell))
    assert query(store, "SELECT count(*) FROM {s}.task") == [(0,)]
    assert query(store, "SELECT count(*) FROM {s}.idempotency_key") == [(0,)]


def test_one_of_many_racing_senders_of_a_key_wins(store: Store) -> None:
    results: list[UUID] = []

    def send() -> None:
        results.append(store.run(insert(a_task(idempotency_key="race"), store.bell)).id)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1
    assert query(store, "SELECT id FROM {s}.task") == [(results[0],)]


def test_send_within_a_transaction_lives_and_dies_with_it(store: Store) -> None:
    kept, lost = a_task(), a_task(idempotency_key="x")
    with psycopg.connect(store.settings.conninfo) as connection:
        store.run_on(connection, insert(kept, store.bell, "callers"))
        assert store.run(read_outcome(kept.id)) is None
        connection.commit()
        store.run_on(connection, insert(lost, store.bell, "callers"))
        connection.rollback()
    assert query(store, "SELECT id FROM {s}.task") == [(kept.id,)]
    assert store.run(insert(a_task(idempotency_key="x"), store.bell)).is_new


def test_foreign_connections_are_refused(store: Store) -> None:
    with pytest.raises(SendOptionError, match="psycopg connection"):
        store.run_on(object(), read_outcome(new_id()))


def test_cancelling_a_waiting_task_ends_it(store: Store) -> None:
    task = a_task(delay_s=60.0)
    store.run(insert(task, store.bell))
    assert store.run(cancel(task.id, store.bell, "TASK_CANCELLED", b'{"err":1}'))
    info = store.run(read_info(task.id))
    assert info is not None
    assert (info.state, info.error_code, info.attempt) == (TaskState.CANCELLED, "TASK_CANCELLED", 0)
    assert not store.run(cancel(task.id, store.bell, "TASK_CANCELLED", b"{}"))


def _cancel_after(store: Store, task: NewTask, seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, lambda: store.run(cancel(task.id, store.bell, "TASK_CANCELLED", b'{"err":1}')))
    timer.start()
    return timer


def test_waiting_hears_of_the_end_without_polling_for_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "FIRST_PAUSE_S", 3600.0)  # nobody looks before he has heard of something
    task = a_task()
    store.run(insert(task, store.bell))
    canceller = cancel_while_waited_for(store, task)
    started = time.monotonic()
    outcome = store.wait(task.id, PATIENCE_S)
    assert time.monotonic() - started < PATIENCE_S / 2
    canceller.join()
    assert outcome is not None
    assert outcome.result == b'{"err":1}'
    assert query(store, "SELECT count(*) FROM {s}.waiter") == [(0,)]


def test_waiting_in_an_event_loop_hears_too(store: Store) -> None:
    tasks = [a_task() for _ in range(20)]
    store.run(insert_many(tasks, store.bell))

    async def go() -> list[object]:
        waits = [asyncio.create_task(store.wait_async(task.id, PATIENCE_S)) for task in tasks]
        await asyncio.sleep(0.5)
        for task in tasks:
            await store.run_async(cancel(task.id, store.bell, "TASK_CANCELLED", b'{"err":1}'))
        outcomes = await asyncio.gather(*waits)
        await store.close_async()
        return [outcome.state for outcome in outcomes if outcome is not None]

    assert asyncio.run(go()) == [TaskState.CANCELLED] * 20


def test_wait_ends_when_its_time_is_over(store: Store) -> None:
    task = a_task()
    store.run(insert(task, store.bell))
    started = time.monotonic()
    outcome = store.wait(task.id, 0.3)
    assert outcome is not None
    assert not outcome.is_terminal
    assert 0.3 <= time.monotonic() - started < PATIENCE_S
    assert query(store, "SELECT count(*) FROM {s}.waiter") == [(0,)]


def test_wait_polls_where_there_is_no_listening(store: Store) -> None:
    polling = Store(StoreSettings(conninfo=store.settings.conninfo, schema=store.settings.schema, listen=False))
    task = a_task()
    polling.run(insert(task, polling.bell))
    timer = _cancel_after(store, task, 0.3)
    outcome = polling.wait(task.id, PATIENCE_S)
    timer.join()
    assert outcome is not None
    assert outcome.is_terminal
    polling.close()


def test_missing_tables_name_the_remedy(server_url: str) -> None:
    store = Store(StoreSettings(conninfo=server_url, schema="nowhere"))
    with pytest.raises(SchemaError, match="horsies migrate"):
        store.run(read_outcome(new_id()))
    store.close()


def test_unreachable_database_is_retryable_and_shows_no_password() -> None:
    store = Store(StoreSettings(conninfo="postgresql://me:s3cret@127.0.0.1:1/db"))
    with pytest.raises(StoreUnavailableError) as caught:
        store.run(read_outcome(new_id()))
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(store.settings)


@pytest.mark.parametrize(
    "conninfo",
    [
        "postgresql://me:s3cret@[::1/db",
        "postgresql://me:s3cret@host:port/db",
        "postgresql://me:s3cret@127.0.0.1:1/db?nonsense=1",
        "host=127.0.0.1 port=1 user=me password=s3cret nonsense",
        "host=127.0.0.1 port=1 user=me password='s3cret' connect_timeout=x",
    ],
)
def test_no_password_is_shown_by_a_whole_traceback(conninfo: str) -> None:
    store = Store(StoreSettings(conninfo=conninfo))
    with pytest.raises(StoreError) as caught:
        store.run(read_outcome(new_id()))
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_connection_closed_by_the_server_is_replaced(store: Store) -> None:
    store.run(read_outcome(new_id()))
    own = "FROM pg_stat_activity WHERE application_name = 'horsies producer' AND query ~ ('\\m' || %s || '\\M')"
    schema = store.settings.schema
    assert query(store, f"SELECT pg_terminate_backend(pid) {own}", schema) == [(True,)]
    wait_until(lambda: query(store, f"SELECT pid {own}", schema) == [], "it is gone")
    assert store.run(insert(a_task(), store.bell)).is_new


def test_ids_rise_and_are_version_7() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert {each.version for each in ids} == {7}
    assert {each.variant for each in ids} == {"specified in RFC 4122"}
    assert abs((ids[0].int >> 80) / 1000 - time.time()) < 5
