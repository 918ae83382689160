"""``breaking --against-live``: what waits in a real queue, read only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from breaking_project import APP, Project
from psycopg import sql
from store_support import Hand, a_task, query
from store_support import send as store_tasks

from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.lock import Lock, read_lock, write_lock
from horsies_core.contract.wire import encode_contract
from horsies_core.store.store import Store

FLOATS = APP.replace("order_id: int", "order_id: float")


class Live:
    """A project, and a queue that workers of its committed version have served."""

    def __init__(self, project: Project, store: Store) -> None:
        self.project, self.store = project, store

    def lock(self) -> Lock:
        """What the sources compile to now."""
        assert self.project.run("build", "src").returncode == 0
        return read_lock((self.project.folder / "generated/horsies.lock.json").read_text("utf-8"))

    def served(self) -> str:
        """Register today's contract of ``ship``, as a worker does; its fingerprint."""
        entry = self.lock().entry("ship")
        assert entry is not None
        digest = fingerprint(entry.contract)
        text = "INSERT INTO {s}.contract (fingerprint, name, body) VALUES (%s, 'ship', %s)"
        query(self.store, text, digest, json.dumps(encode_contract(entry.contract)))
        return digest

    def breaking(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and all that was said."""
        settings = self.store.settings
        answer = self.project.breaking(
            "--against-live", settings.conninfo, "--live-schema", settings.schema, *arguments
        )
        return answer.returncode, answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a lock, to be copied."""
    return Project(tmp_path_factory.mktemp("live") / "shop").folder


@pytest.fixture
def live(tmp_path: Path, template: Path, store: Store) -> Iterator[Live]:
    """A project of its own and an empty queue."""
    shutil.copytree(template, tmp_path / "shop")
    yield Live(Project(tmp_path / "shop"), store)


def test_an_empty_queue_lets_everything_pass(live: Live) -> None:
    live.served()
    live.project.edit("order_id: int", "order_id: str")
    code, said = live.breaking()
    assert code == 0, said
    assert "against 0 live rows of 0 contracts (seen at " in said


def test_only_contracts_that_occur_count(live: Live) -> None:
    live.project.write(FLOATS)
    live.served()
    live.project.write(APP)
    ints = live.served()
    store_tasks(live.store, a_task(name="ship", payload=b'{"order_id":1}', fingerprint=ints))
    assert live.breaking()[0] == 0, "no row holds what the floats' producers wrote"
    live.project.edit("order_id: int", "order_id: int, address: str")
    code, said = live.breaking()
    assert code == 1
    assert "HC501" in said and 'example: {"order_id": 1}' in said
    assert f"1 row of contract {ints}: 1 waiting; the oldest was sent at 20" in said
    assert "compared 1 task in" in said and "against 1 live row of 1 contract (seen at " in said


def test_rows_are_counted_by_where_they_stand(live: Live) -> None:
    digest = live.served()
    rows = [a_task(name="ship", payload=b'{"order_id":1}', fingerprint=digest) for _ in range(8)]
    store_tasks(live.store, *rows)
    hand = Hand(live.store, names=("ship",))
    assert len(hand.claim(2)) == 2
    waiting = [row[0] for row in query(live.store, "SELECT id FROM {s}.task WHERE worker IS NULL ORDER BY id")]
    query(live.store, "UPDATE {s}.task SET due_at = now() + '1 day' WHERE id = ANY (%s)", waiting[:3])
    query(live.store, "UPDATE {s}.task SET attempt = 1 WHERE id = ANY (%s)", waiting[2:4])
    live.project.edit("order_id: int", "order_id: str")
    assert "8 rows of contract " in (said := live.breaking()[1])
    assert ": 2 waiting, 2 delayed, 2 retrying, 2 running; the oldest" in said


def test_a_task_that_is_gone_breaks_only_while_rows_wait_for_it(live: Live) -> None:
    digest = live.served()
    live.project.write(APP.replace('"ship"', '"pack"').replace("def ship", "def pack").replace("order_id", "parcel"))
    assert live.breaking()[0] == 0
    store_tasks(live.store, a_task(name="ship", payload=b'{"order_id":1}', fingerprint=digest))
    code, said = live.breaking()
    assert code == 1
    assert "error[HC530]" in said


def test_rows_in_a_queue_that_nobody_reads_any_more(live: Live) -> None:
    digest = live.served()
    store_tasks(live.store, a_task(name="ship", queue="bulk", payload=b'{"order_id":1}', fingerprint=digest))
    code, said = live.breaking()
    assert code == 1
    assert "error[HC540]: ship: rows wait in the queue bulk, which no task uses any more" in said


def test_rows_of_a_contract_that_nobody_knows_are_unproven(live: Live) -> None:
    lock = live.lock()
    [entry] = lock.entries
    digest = fingerprint(entry.contract)
    (live.project.folder / "yesterday.json").write_text(write_lock(lock), "utf-8")
    live.project.edit("fragile: bool = False", "fragile: bool = False, express: bool = False")
    store_tasks(live.store, a_task(name="ship", payload=b'{"order_id":1}', fingerprint=digest))
    code, said = live.breaking()
    assert code == 1
    assert f"error[HC536]: no worker has registered the contract {digest}" in said
    assert live.breaking("--against-lock", "yesterday.json")[0] == 0, "a lock at hand knows it"


def test_samples_prove_what_types_cannot(live: Live) -> None:
    live.project.write(FLOATS)
    digest = live.served()
    store_tasks(
        live.store, *(a_task(name="ship", payload=b'{"order_id":%d}' % n, fingerprint=digest) for n in range(3))
    )
    live.project.write(APP)
    assert live.breaking()[0] == 1, "a float may have been written"
    assert live.breaking("--sample", "2")[0] == 1, "one row was not looked at"
    code, said = live.breaking("--sample", "3")
    assert (code, "HC511" in said) == (0, False), "every row was looked at, and each is taken"


def test_sampled_values_are_shown_only_if_asked_for(live: Live) -> None:
    live.project.write(FLOATS)
    digest = live.served()
    bad = a_task(name="ship", payload=b'{"order_id":31337.5}', fingerprint=digest)
    store_tasks(live.store, bad, a_task(name="ship", payload=b'{"order_id":1}', fingerprint=digest))
    live.project.write(APP)
    code, said = live.breaking("--sample", "5")
    assert code == 1
    assert "error[HC537]: payloads of ship that are queued now are refused" in said
    assert f"1 sampled payload is refused: {bad.id}" in said
    assert "31337" not in said
    assert 'example: {"order_id": 31337.5}' in live.breaking("--sample", "5", "--show-values")[1]


def test_a_snapshot_may_be_taken_elsewhere(live: Live) -> None:
    digest = live.served()
    store_tasks(live.store, a_task(name="ship", payload=b'{"order_id":31337}', fingerprint=digest))
    settings = live.store.settings
    command = ["horsies", "live", "--url", settings.conninfo, "--schema", settings.schema]
    taken = live.project.call(command)
    assert taken.returncode == 0, taken.stderr
    assert "31337" not in taken.stdout, "no payload unless asked"
    (live.project.folder / "live.json").write_text(taken.stdout, "utf-8")
    live.project.edit("order_id: int", "order_id: str")
    answer = live.project.breaking("--against-live", "live.json")
    assert answer.returncode == 1
    assert "error[HC510]" in answer.stdout


def test_looking_writes_nothing_and_needs_no_more_than_select(live: Live, schema: str) -> None:
    digest = live.served()
    store_tasks(live.store, a_task(name="ship", payload=b'{"order_id":1}', fingerprint=digest))
    role, place = sql.Identifier(f"reader_{schema}"), sql.Identifier(schema)
    with psycopg.connect(live.store.settings.conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        try:
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(place, role))
            connection.execute(sql.SQL("GRANT SELECT ON {}.task, {}.contract TO {}").format(place, place, role))
            with psycopg.connect(live.store.settings.conninfo, autocommit=True) as reader:
                reader.execute(sql.SQL("SET ROLE {}").format(role))
                from horsies_core.store.live import read_live_rows
                from horsies_core.store.operation import run

                snapshot = run(reader, schema, read_live_rows(timeout_s=5, sample=1))
            assert [rows.count for rows in snapshot.rows] == [1]
        finally:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
            connection.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_look_never_waits_for_long(live: Live) -> None:
    live.lock()
    place = sql.Identifier(live.store.settings.schema)
    with psycopg.connect(live.store.settings.conninfo) as connection:
        connection.execute(sql.SQL("LOCK TABLE {}.task IN ACCESS EXCLUSIVE MODE").format(place))
        code, said = live.breaking("--live-timeout", "0.2")
    assert code == 2
    assert "error[HC923]: the live rows cannot be seen: " in said and "timeout" in said


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nowhere.json", "is no file, and no address of a database"),
        ("postgresql://ada:secret@127.0.0.1:1/shop", "the live rows cannot be seen: "),
        ("src/tasks.py", "what was said of live rows cannot be read"),
    ],
)
def test_rows_that_cannot_be_seen_are_no_green_check(live: Live, target: str, said: str) -> None:
    answer = live.project.breaking("--against-live", target)
    assert answer.returncode == 2
    assert said in answer.stdout
    assert "secret" not in answer.stdout + answer.stderr
    assert "secret" not in json.dumps(live.project.findings("--against-live", target))


def test_a_database_without_tables_is_no_green_check(live: Live) -> None:
    answer = live.project.breaking("--against-live", live.store.settings.conninfo, "--live-schema", "nowhere")
    assert answer.returncode == 2
    assert "horsies migrate" in answer.stdout


@pytest.mark.parametrize("arguments", [("--sample", "3"), ("--show-values",), ("--retention", "3")])
def test_options_that_need_another_are_refused_without_it(live: Live, arguments: tuple[str, ...]) -> None:
    lock = live.project.folder / "lock.json"
    lock.write_text(write_lock(live.lock()), "utf-8")
    answer = live.project.breaking("--against-lock", "lock.json", *arguments)
    assert answer.returncode == 2
    assert "give --against" in answer.stderr
