"""Many at once: first users, last users, and users that are killed in between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from embedded_support import REPOSITORY, User, alive, family, gone, processes_of, query, server_pid, stopped, within

from horsies_core.store.embedded import EmbeddedPostgres

_RESTLESS_USER = """
import random, sys, time
from pathlib import Path
import psycopg
from horsies_core.store.embedded import EmbeddedPostgres

data_dir, seed, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
dice = random.Random(seed)
end = time.monotonic() + seconds
rounds = 0
while time.monotonic() < end:
    with EmbeddedPostgres(data_dir).acquire() as lease:
        with psycopg.connect(lease.url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        time.sleep(dice.choice((0, 0, 0.01, 0.05)))
    time.sleep(dice.choice((0, 0, 0.02, 0.2)))
    rounds += 1
print(rounds)
"""


def test_first_users_that_race_make_one_cluster_and_meet_at_one_server(scratch: Path) -> None:
    data_dir = scratch / "new" / "data"
    users = [User(data_dir) for _ in range(5)]
    assert len({user.url for user in users}) == 1
    # A process that the server has just forked goes by the server's name for a moment.
    assert within(lambda: sum("/postgres -D" in command for command in processes_of(scratch).values()) == 1)
    for user in users:
        user.leave()
    assert stopped(data_dir)


def test_threads_of_one_process_may_race_too(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    answers: list[object] = []

    def use() -> None:
        for _ in range(5):
            with manager.acquire() as lease:
                answers.append(query(lease.url, "select 1"))

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 20


def test_twenty_processes_come_and_go_and_are_killed_without_harm_to_the_others(data_dir: Path) -> None:
    def start(seed: int) -> subprocess.Popen[str]:
        command = (sys.executable, "-c", _RESTLESS_USER, str(data_dir), str(seed), "4")
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY)

    users = [start(seed) for seed in range(20)]
    doomed = users[:5]
    dice = random.Random(5)
    threading.Event().wait(3)
    for user in doomed:
        threading.Event().wait(dice.random() / 2)
        user.kill()
    results = [user.communicate(timeout=120) for user in users]
    for user, (rounds, complaint) in zip(users[5:], results[5:], strict=True):
        assert user.returncode == 0, complaint
        assert int(rounds) >= 1
    assert stopped(data_dir)
    assert gone(data_dir)


def test_servers_come_and_go_while_their_own_processes_are_killed(data_dir: Path) -> None:
    """A killed server or keeper costs its users their connections, never the next user its server."""
    dice = random.Random(7)
    manager = EmbeddedPostgres(data_dir)
    for _ in range(12):
        with manager.acquire() as lease:
            assert query(lease.url, "select 1") == 1
            victim = dice.choice(family(data_dir))
            os.kill(victim, signal.SIGKILL)
            assert has_died(victim), "else the next one is still this one's user"
    assert stopped(data_dir)
    assert gone(data_dir)


def has_died(pid: int) -> bool:
    return within(lambda: not alive(pid))


def test_two_folders_have_nothing_to_do_with_each_other(data_dir: Path, own_data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir).acquire() as first:
        with EmbeddedPostgres(own_data_dir).acquire() as second:
            assert first.url != second.url
            others = server_pid(own_data_dir)
        assert stopped(own_data_dir)
        assert not alive(others)
        assert query(first.url, "select 1") == 1
