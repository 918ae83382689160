"""The plans of every hot statement: by an index, on an empty table and on a big one, planned for its values and for any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from postgres_support import fresh_schema
from psycopg.types.json import set_json_loads
from store_support import Hand, a_task, query, send, settled

from horsies_core.policy.claim import Claimed
from horsies_core.policy.report import Finished, Interrupted
from horsies_core.store.arrays import plain_array
from horsies_core.store.ids import new_id
from horsies_core.store.migrate import migrate
from horsies_core.store.operation import Statement, text_of
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store
from horsies_core.store.work import Wish, _claim, _end_tasks, _mark_started, _return_tasks

ROWS = 30_000
ONE = {"id": new_id()}
CLAIMED = Claimed(new_id(), "work", "q0", "f", b"{}", 1, 0, 0, None, False)
ENDING = {"id": new_id(), "error_code": "E", "result": "{}"}
WISH = Wish(wanted=50, direct=1, queues=("q0", "q1"), limited=frozenset({"q1"}), names=("work",))
DONE = [settled(CLAIMED, Finished(b'{"ok":1}'))]
BACK = [settled(CLAIMED, Interrupted())]

WORKERS: dict[str, Statement] = {
    "claim": _claim(1, WISH, 60)[-1],
    "end_tasks": _end_tasks(1, DONE),
    "return_tasks": _return_tasks(1, BACK)[0],
    "end_cancelled": _return_tasks(1, BACK)[1],
    "mark_started": _mark_started(1, [CLAIMED]),
    "promote_due": Statement("promote_due"),
    "next_due": Statement("next_due"),
    "cancelled_of": Statement("cancelled_of", {"worker": 1, "ids": plain_array([new_id()])}),
    "renew_lease": Statement("renew_lease", {"worker": 1, "lease": timedelta(seconds=1)}),
    "delete_old": Statement("delete_old", {"age": timedelta(days=7)}),
    "sweep_waiters": Statement("sweep_waiters"),
}
"""What workers do within turns, where `open_turn` holds."""

PRODUCERS: dict[str, Statement] = {
    "read_outcome": Statement("read_outcome", ONE),
    "read_info": Statement("read_info", ONE),
    "ended": Statement("ended", {"ids": plain_array([new_id()])}),
    "read_key": Statement("read_key", {"name": "work", "key": "k"}),
    "add_waiter": Statement("add_waiter", {**ONE, "channel": "c"}),
    "remove_waiter": Statement("remove_waiter", {**ONE, "channel": "c"}),
    "cancel_waiting": Statement("cancel_waiting", ENDING),
    "cancel_held": Statement("cancel_held", {**ONE, "bell": "b"}),
    "expire_waiting": Statement("expire_waiting", {"error_code": "E", "result": "{}"}),
}
"""What is asked alone, by the planner's own choice."""

BIG = {"task", "history", "waiter", "idempotency_key"}
"""Tables that may have a row for each task. The others have one a worker, a queue or a contract."""


@pytest.fixture(scope="module", params=["empty", "big"])
def filled(request: pytest.FixtureRequest, server_url: str) -> Iterator[Store]:
    for name in fresh_schema(server_url):
        settings = StoreSettings(conninfo=server_url, schema=name)
        migrate(settings)
        store = Store(settings)
        if request.param == "big":
            _fill(store)
        yield store
        store.close()


def _fill(store: Store) -> None:
    send(store, *[a_task(queue=f"q{number % 3}") for number in range(ROWS)])
    send(store, *[a_task(delay_s=3600.0, queue="q1") for _ in range(ROWS // 3)])
    hand = Hand(store, queues=("q0", "q1"), limits={"q1": 100_000})
    for _ in range(10):
        held = hand.claim(500)
        hand.turn(0, *[settled(each, Finished(b'{"ok":1}')) for each in held])
    hand.claim(2_000)
    query(store, "INSERT INTO {s}.history SELECT (h).* FROM (SELECT h FROM {s}.history h) AS x, generate_series(1, 0)")
    query(store, "INSERT INTO {s}.waiter SELECT id, 'c' FROM {s}.task")
    query(store, "INSERT INTO {s}.idempotency_key SELECT name, id::text, id, 'x' FROM {s}.task")
    query(store, "UPDATE {s}.task SET good_until = now() + interval '1 h' WHERE priority < 0")
    for table in ("task", "history", "waiter", "idempotency_key", "worker", "queue_limit"):
        query(store, f"ANALYZE {{s}}.{table}")  # not those of other tests


def _plan(store: Store, statement: Statement, *, by_index: bool, generic: bool) -> Any:
    with psycopg.connect(store.settings.conninfo) as connection:
        set_json_loads(json.loads, connection)
        if by_index:
            connection.execute(text_of("open_turn", store.settings.schema))
        mode = "force_generic_plan" if generic else "force_custom_plan"
        connection.execute(f"SET LOCAL plan_cache_mode = {mode}".encode())
        text = b"EXPLAIN (FORMAT JSON) " + text_of(statement.name, store.settings.schema)
        [[[plan]]] = connection.execute(text, statement.parameters, prepare=generic).fetchall()
        return plan["Plan"]


def _nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


@pytest.mark.parametrize("generic", [False, True], ids=["for these values", "for any values"])
@pytest.mark.parametrize("name", [*WORKERS, *PRODUCERS])
def test_no_statement_reads_a_whole_table(filled: Store, name: str, generic: bool) -> None:
    by_index = name in WORKERS
    plan = _plan(filled, WORKERS.get(name) or PRODUCERS[name], by_index=by_index, generic=generic)
    scans = [node for node in _nodes(plan) if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG]
    assert scans == [], json.dumps(plan, indent=1)


@pytest.mark.parametrize("generic", [False, True], ids=["for these values", "for any values"])
def test_a_claim_walks_the_index_in_order_and_sorts_nothing(filled: Store, generic: bool) -> None:
    nodes = list(_nodes(_plan(filled, WORKERS["claim"], by_index=True, generic=generic)))
    assert "task_ready" in {node.get("Index Name") for node in nodes}
    assert "task_limited" in {node.get("Index Name") for node in nodes}
    assert not [node for node in nodes if node["Node Type"] == "Sort"]


def test_a_plan_that_reads_a_whole_table_would_be_noticed(filled: Store) -> None:
    plan = _plan(filled, Statement("status_history"), by_index=False, generic=False)
    assert any(node["Node Type"] == "Seq Scan" for node in _nodes(plan))


def test_a_claim_costs_the_same_beside_many_ended_and_delayed_tasks(filled: Store) -> None:
    """In pages that are touched, which no other process disturbs."""
    with psycopg.connect(filled.settings.conninfo) as connection:
        connection.execute(text_of("open_turn", filled.settings.schema))
        wish = replace(WISH, wanted=10, queues=("q2",), limited=frozenset())
        [claim] = _claim(1, wish, 60)
        text = b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + text_of("claim", filled.settings.schema)
        [[[plan]]] = connection.execute(text, claim.parameters).fetchall()
        connection.rollback()
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 400
