"""A short storm; `make storm` makes long ones. And that the same seed is the same storm."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from storm.plan import KINDS, Strike, make_plan

SEED = 5
TASKS = 600


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_is_lost_in_a_short_storm() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HORSIES")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1] / "support")
    command = [sys.executable, "-m", "storm", "--seed", str(SEED), "--tasks", str(TASKS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n0 things wrong\n" in done.stdout


def test_the_same_seed_is_the_same_storm() -> None:
    assert make_plan(3, 500).steps == make_plan(3, 500).steps
    assert make_plan(3, 500).steps != make_plan(4, 500).steps


def test_every_strike_and_every_kind_occurs() -> None:
    plan = make_plan(1, 2000)
    assert {step.strike for step in plan.steps} == set(Strike)
    assert {send.kind for send in plan.sends} == set(KINDS)
    assert [send.key for send in plan.sends] == list(range(2000))
    assert {step.strike for step in make_plan(SEED, TASKS).steps} == set(Strike)
