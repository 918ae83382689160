"""The database's clock as a worker knows it: from answers that were under way for a while."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import horsies_core
from horsies_core.worker.clock import DatabaseClock

WAY_S = st.floats(0, 3)


@given(offset=st.floats(-1e4, 1e9), ways=st.lists(st.tuples(WAY_S, WAY_S), min_size=1))
def test_it_is_never_behind_and_as_close_as_the_quickest_question(
    offset: float, ways: list[tuple[float, float]]
) -> None:
    clock, now = DatabaseClock(), 100.0
    for there, back in ways:
        clock.learn(now + there + offset, now, now + there + back)
        now += there + back + 1
    assert clock.ahead_s >= offset - 1e-6
    assert clock.ahead_s - offset <= min(there for there, _ in ways) + 1e-6


def test_it_follows_a_clock_that_was_set() -> None:
    clock = DatabaseClock()
    clock.learn(1000.0, 1.0, 1.002)
    for ahead_s in (+60.0, -60.0):
        clock.learn(1000.0 + ahead_s, 2.0, 2.002)
        assert clock.ahead_s == pytest.approx(998.0 + ahead_s)


def test_no_other_clock_decides() -> None:
    """The time of day of the machine may be wrong: nothing but a log line's stamp may look at it."""
    base = Path(horsies_core.__file__).parent
    for path in (*base.glob("worker/*.py"), *base.glob("policy/*.py")):
        text = path.read_text()
        assert "time.time" not in text, path
        assert "datetime.now" not in text, path
        assert "from datetime" not in text or path.name == "log.py", path
