"""``python -m storm``: make a storm and say what it left. Exit code 1 if anything is wrong."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

from horsies_core.store.migrate import migrate
from horsies_core.store.settings import StoreSettings
from storm.app import app
from storm.fleet import LEASE_S, Fleet
from storm.journal import read_journal
from storm.plan import BURST, Plan, make_plan
from storm.producer import Producer
from storm.server import Server, role_of
from storm.verdict import WAITING, Verdict, gather
from storm.weather import Weather

PLACES = 3
CLOCKS_S = {1: 420, 2: -420}
QUIET_WITHIN_S = 600.0


def main() -> int:
    """Read the command line, make the storm, print the counts."""
    parser = argparse.ArgumentParser(prog="python -m storm", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=time.time_ns() // 10**9 % 10**6, help="default: a new one each time"
    )
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and journal")
    given = parser.parse_args()
    print(
        f"storm: seed {given.seed}, {given.tasks} tasks; again with: make storm SEED={given.seed} TASKS={given.tasks}",
        flush=True,
    )
    folder = Path(tempfile.mkdtemp(prefix="horsies-storm-"))
    folder.chmod(0o755)
    verdict = None
    try:
        verdict = storm(make_plan(given.seed, given.tasks), folder)
        return report(verdict)
    finally:
        if given.keep or verdict is None or verdict.wrong:
            print(f"logs and journal: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def storm(plan: Plan, folder: Path) -> Verdict:
    """The whole of it."""
    began = time.monotonic()
    (folder / "begun").mkdir()
    server = Server(folder / "postgres")
    os.environ |= {"HORSIES_DATABASE_URL": server.url, "STORM_FOLDER": str(folder)}
    migrate(StoreSettings(conninfo=server.url))
    server.query(Path(__file__).with_name("audit.sql").read_text())
    roles = [role_of(place, number) for place in range(PLACES) for number in range(len(plan.steps) + 5)]
    server.query(";".join(f"CREATE ROLE {role} LOGIN SUPERUSER" for role in roles))
    fleet = Fleet(server, folder, uuid4().hex, PLACES, CLOCKS_S)
    try:
        producer, weather = Producer(server.revive), Weather(server, fleet)
        rage(plan, producer, weather, fleet)
        print(f"all sent after {time.monotonic() - began:.0f} s; waiting for calm", flush=True)
        producer.cancel_rest()
        weather.calm_down()
        await_calm(server, producer, fleet)
        fleet.stop_all(patience_s=60)
        print(f"calm after {time.monotonic() - began:.0f} s", flush=True)
        print_strikes(weather, fleet)
        return Verdict(producer, fleet, read_journal(folder / "journal"), gather(server))
    finally:
        fleet.end()
        app.close()
        server.close()


def rage(plan: Plan, producer: Producer, weather: Weather, fleet: Fleet) -> None:
    """Step by step: send, strike, pause; what has ended is started again."""
    for step in plan.steps:
        producer.send(step.sends, in_bulk=len(step.sends) >= BURST or step.victim % 2 == 0)
        producer.cancel_due()
        weather.strike(step)
        time.sleep(step.pause_s)
        fleet.replace_dead()


def await_calm(server: Server, producer: Producer, fleet: Fleet) -> None:
    """Wait until only those tasks are left that must wait; or until it has taken too long, which the verdict will say."""
    waiting = sum(sent.send.kind in WAITING for sent in producer.sent.values())
    give_up = time.monotonic() + QUIET_WITHIN_S
    while time.monotonic() < give_up:
        fleet.replace_dead()
        [[left]] = server.query("SELECT count(*) FROM horsies.task")
        if left <= waiting:
            return
        time.sleep(LEASE_S / 20)


def print_strikes(weather: Weather, fleet: Fleet) -> None:
    """What was hit."""
    print("\nstrikes")
    for strike, count in weather.struck.most_common():
        print(f"  {count:6}  {strike.value}")
    for place, seconds in fleet.shifted.items():
        print(f"  clock of worker {place} off by {seconds} s")
    if not fleet.shifted:
        print("  no clock was off: this machine has no C compiler")


def report(verdict: Verdict) -> int:
    """Print counts and what is wrong; the exit code."""
    print("\ncounts")
    for name, value in verdict.counts():
        print(f"  {value!s:>6}  {name}")
    print("\nkinds")
    for kind, outcomes in sorted(verdict.by_kind().items()):
        print(f"  {kind:11}" + ", ".join(f"{outcome} {count}" for outcome, count in Counter(outcomes).most_common()))
    print(f"\n{len(verdict.wrong)} things wrong")
    for what in verdict.wrong[:50]:
        print(f"  {what}")
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
