"""Draining no-op tasks: against raw SQL, beside a million rows, past an old snapshot, with many processes."""

from __future__ import annotations

import psycopg

from benchmarks.speed import limits
from benchmarks.speed.figure import Figure, interleaved, ratios
from benchmarks.speed.processes import Worker, processor_s, wait_until, worker
from benchmarks.speed.scale import Scale
from benchmarks.speed.server import settle
from benchmarks.speed.stage import SCHEMA, Counters, Stage, stage


def drain(url: str, scale: Scale) -> list[Figure]:
    """Two processes, against two bare clients; and the processor time of one task."""
    used: list[float] = []

    def ours() -> float:
        with stage(url) as made, worker(made.given) as running:
            made.warm_up()
            before = processor_s(running.pids)
            rate = made.drain_rate(scale.drain)
            used.append((processor_s(running.pids) - before) / scale.drain * 1e6)
            return rate

    contestants = {"horsies, 2 processes": ours, "raw SQL, 2 clients": lambda: limits.drain_rate(url, scale.drain)}
    measured = interleaved(contestants, scale.repeats)
    return [
        Figure(
            name="drain",
            title="drain of no-op tasks, 2 processes",
            against="2 bare psycopg clients, finish 50 + claim 50 in one commit",
            samples=ratios(measured["horsies, 2 processes"], measured["raw SQL, 2 clients"]),
            bar=0.30,
            aim=0.50,
            measured=measured,
        ),
        Figure(
            name="processor-time",
            title="processor time of a no-op task, supervisor and children",
            samples=tuple(used),
            unit="µs",
            bar=200,
            aim=80,
            direction="at most",
        ),
    ]


def footprint(url: str, scale: Scale) -> list[Figure]:
    """WAL and transactions of a no-op task that is drained in bulk; enqueuing is not in it."""
    wal: list[float] = []
    transactions: list[float] = []
    for _ in range(min(scale.repeats, 2)):
        with stage(url) as made:
            settle(url)
            made.send_noops(scale.drain)
            before = Counters.read(url)
            with worker(made.given):
                wait_until(lambda: _is_empty(made), "the queue is empty", every_s=0.5)  # called at once
                after = Counters.read(url)
            wal.append((after.wal_bytes - before.wal_bytes) / scale.drain)
            transactions.append((after.transactions - before.transactions) / scale.drain)
    return [
        Figure(
            name="wal", title="WAL of a no-op task, drained in bulk", samples=tuple(wal), unit="B", bar=1_500,
            direction="at most",
        ),
        Figure(
            name="transactions", title="transactions of a no-op task, drained in bulk", samples=tuple(transactions),
            bar=0.1, direction="at most", unit="a task",
        ),
    ]  # fmt: skip


def beside_many(url: str, scale: Scale) -> list[Figure]:
    """A million finished tasks stored, and a million waiting, against neither."""
    repeats = min(scale.repeats, 3)
    empty: list[float] = []
    finished: list[float] = []
    pending: list[float] = []
    with stage(url) as made:
        store_finished(made, scale.stored)
        settle(url)
        with stage(url, schema="bench_empty") as small:
            for _ in range(repeats):
                for stage_, rates in ((made, finished), (small, empty)):
                    with worker(stage_.given):
                        stage_.warm_up()
                        rates.append(stage_.drain_rate(scale.drain))
    with stage(url) as made:
        store_pending(made, "noop", "default", scale.stored)
        settle(url)
        for _ in range(repeats):
            pending.append(_rate_from_a_full_queue(made, scale.drain))
    against = "the same drain of an empty schema"
    return [
        Figure(
            name="beside-finished",
            title=f"drain with {scale.stored:,} finished tasks stored",
            against=against,
            samples=ratios(tuple(finished), tuple(empty)),
            bar=0.9,
            aim=1.0,
            measured={"with": tuple(finished), "without": tuple(empty)},
        ),
        Figure(
            name="beside-pending",
            title=f"drain with {scale.stored:,} pending",
            against=against,
            samples=ratios(tuple(pending), tuple(empty)),
            bar=0.9,
            aim=1.0,
            measured={"with": tuple(pending), "without": tuple(empty)},
        ),
    ]


def past_old_snapshot(url: str, scale: Scale) -> list[Figure]:
    """The rate after many tasks whose dead rows an open snapshot keeps, against the start; and who is named for it."""
    samples: list[float] = []
    start: list[float] = []
    end: list[float] = []
    warned = "the run was too short to wait for the warning"
    for repeat in range(min(scale.repeats, 3)):
        with stage(url) as made, worker(made.given) as running, psycopg.connect(url) as other:
            made.warm_up()
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            other.execute("SELECT count(*) FROM pg_class")
            start.append(made.drain_rate(scale.drain // 2))
            made.drain_rate(scale.churned - scale.drain // 2)
            end.append(made.drain_rate(scale.drain // 2))
            samples.append(end[-1] / start[-1])
            if scale.awaits_warning and repeat == 0:
                warned = _warning(running, other.info.backend_pid)
    return [
        Figure(
            name="old-snapshot",
            title=f"drain while another session holds an old snapshot, after {scale.churned:,} tasks",
            against="the start",
            samples=tuple(samples),
            bar=0.3,
            aim=0.8,
            measured={"start": tuple(start), "end": tuple(end)},
            note=warned,
        )
    ]


def many_processes(url: str, scale: Scale) -> list[Figure]:
    """8, 16 and 32 processes on this machine, against the best of all numbers."""
    numbers = (2, 4, 8, 16, 32)

    def rate(processes: int) -> float:
        with stage(url) as made, worker(made.given, processes) as running:
            made.warm_up()
            wait_until(lambda: len(running.pids) >= processes + 2, "all children run")
            made.warm_up(1_000)
            return made.drain_rate(scale.drain)

    contestants = {f"{number} processes": (lambda number=number: rate(number)) for number in numbers}
    measured = interleaved(contestants, min(scale.repeats, 3))
    best = tuple(max(values) for values in zip(*measured.values(), strict=True))
    return [
        Figure(
            name=f"processes-{number}",
            title=f"drain with {number} processes",
            against="the best of 2, 4, 8, 16, 32",
            samples=ratios(measured[f"{number} processes"], best),
            bar=0.7,
            measured=measured,
        )
        for number in (8, 16, 32)
    ]


def store_finished(made: Stage, count: int) -> None:
    """Outcomes of tasks that ended before."""
    made.watch.execute(
        f"INSERT INTO {SCHEMA}.history (id, created_at, started_at, worker, state, priority, attempt, losses, queue, "
        "name, fingerprint, payload, result) "
        "SELECT (lpad(to_hex(1600000000000 + number), 12, '0') || '7' || substr(md5(number::text), 1, 3) "
        "|| '8' || substr(md5(number::text), 4, 15))::uuid, now(), now(), 1, 'COMPLETED', 100, 1, 0, 'default', 'noop', "
        "repeat('0', 64), '{\"number\":1}', '{\"ok\":1}' FROM generate_series(1, %s) AS number",
        (count,),
    )


def store_pending(made: Stage, name: str, queue: str, count: int) -> None:
    """Tasks that wait, as ``send_many`` would have stored them."""
    registered = made.app.registry.get(name)
    assert registered is not None
    made.watch.execute(
        f"INSERT INTO {SCHEMA}.task (id, name, queue, fingerprint, payload) "
        "SELECT (lpad(to_hex(1600000000000 + number), 12, '0') || '7' || substr(md5(number::text), 1, 3) "
        "|| '8' || substr(md5(number::text), 4, 15))::uuid, %s, %s, %s, '{\"number\":' || number || '}' "
        "FROM generate_series(1, %s) AS number",
        (name, queue, registered.fingerprint, count),
    )


def _rate_from_a_full_queue(made: Stage, count: int) -> float:
    with worker(made.given):
        wait_until(lambda: made.ask("SELECT count(*) >= 3000 FROM {s}.history"), "it is warm", every_s=0.02)
        began = made.ask("SELECT clock_timestamp()")
        before = made.ask("SELECT count(*) FROM {s}.history WHERE finished_at < %s", (began,))
        wait_until(
            lambda: made.ask("SELECT count(*) FROM {s}.history") >= before + count, "enough are done", every_s=0.05
        )
    ended = made.ask("SELECT max(finished_at) FROM {s}.history")
    done = made.ask("SELECT count(*) FROM {s}.history WHERE finished_at >= %s", (began,))
    made.watch.execute(f"DELETE FROM {SCHEMA}.history")
    return float(done / (ended - began).total_seconds())


def _is_empty(made: Stage) -> bool:
    return not made.ask("SELECT EXISTS (SELECT FROM {s}.task)")


def _warning(running: Worker, pid: int) -> str:
    wait_until(lambda: running.says("an old transaction"), "the worker warns of the old snapshot", 130, every_s=0.5)
    line = next(line for line in running.lines if "an old transaction" in line)
    assert str(pid) in line, line
    return "the worker's warning names the session by its process id, application and state"
