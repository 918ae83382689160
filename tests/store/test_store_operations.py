"""Operations as values: atomic or not at all, and a connection that stays usable after a failure."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.adapt import Transformer
from store_support import PLAIN_TASK, a_task, query

from horsies_core.outcome.errors import StoreError
from horsies_core.store.arrays import text_array
from horsies_core.store.connection import StoreConnection
from horsies_core.store.enqueue import insert
from horsies_core.store.ids import new_id
from horsies_core.store.operation import Operation, Statement, Together, run
from horsies_core.store.session import Session
from horsies_core.store.store import Store


def broken(store: Store) -> Operation[None]:
    """Three statements, the last of which cannot work."""
    task = a_task()
    good = insert(task, store.bell)
    yield Together(
        (
            next(good),  # type: ignore[arg-type]  # an insert without a key is one statement
            Statement("read_now"),
            Statement("read_info", {"id": "no uuid"}),
        )
    )


def test_failure_undoes_all_and_leaves_the_connection_usable(store: Store) -> None:
    with psycopg.connect(store.settings.conninfo, autocommit=True) as connection:
        with pytest.raises(StoreError, match="uuid"):
            store.run_on(connection, broken(store))
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert store.run_on(connection, insert(PLAIN_TASK, store.bell)).is_new
    assert query(store, "SELECT id FROM {s}.task") == [(PLAIN_TASK.id,)]


def test_failure_on_a_kept_connection_undoes_all_and_leaves_it_usable(store: Store) -> None:
    name = f"test {store.settings.schema}"
    session = Session(store.settings, name)
    with pytest.raises(StoreError, match="uuid"):
        session.run(broken(store))
    assert query(store, "SELECT id FROM {s}.task") == []
    backend = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
    before = query(store, backend, f"horsies {name}")
    assert len(before) == 1
    assert session.run(insert(PLAIN_TASK, store.bell)).is_new
    assert query(store, backend, f"horsies {name}") == before
    session.close()


def test_steps_together_are_one_round_trip(store: Store, tmp_path: Path) -> None:
    """BEGIN and COMMIT included: what is sent at one time ends with one Sync."""
    store.run(insert(PLAIN_TASK, store.bell))
    with StoreConnection.connect(**store.settings.connect_arguments("test")) as connection:
        with (tmp_path / "trace").open("w") as trace:
            connection.pgconn.trace(trace.fileno())
            answers = run(connection, store.settings.schema, _twice())
            connection.pgconn.untrace()
        lines = (tmp_path / "trace").read_text().splitlines()
    assert answers == [0, 1]
    kinds = [line.split("\t")[3] for line in lines if "\tF\t" in line]
    assert kinds.count("Execute") == 4
    assert kinds.count("Sync") == 1


def _twice() -> Operation[list[int]]:
    """The same statement two times, with different answers: how many rows each had."""
    answers = yield Together(tuple(Statement("read_info", {"id": each}) for each in (new_id(), PLAIN_TASK.id)))
    return [len(rows) for rows in answers]


def test_failure_in_an_event_loop_undoes_all(store: Store) -> None:
    async def go() -> None:
        with pytest.raises(StoreError, match="uuid"):
            await store.run_async(broken(store))
        assert (await store.run_async(insert(a_task(), store.bell))).is_new
        await store.close_async()

    asyncio.run(go())
    assert query(store, "SELECT count(*) FROM {s}.task") == [(1,)]


@given(st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_text_arrays_arrive_as_they_are(values: list[str | None]) -> None:
    assert _parsed(text_array(values)) == values


def _parsed(literal: str) -> list[str | None]:
    """The array as psycopg reads it: an implementation that is not ours."""
    loader = Transformer().get_loader(1009, psycopg.pq.Format.TEXT)
    result = loader.load(literal.encode())
    assert isinstance(result, list)
    return result
