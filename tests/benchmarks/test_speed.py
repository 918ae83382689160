"""The benchmark: its arithmetic, its table, and that it runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.speed import report  # noqa: E402
from benchmarks.speed.figure import Figure, interleaved, percentile, ratios  # noqa: E402
from benchmarks.speed.page import figure_of, with_figures  # noqa: E402

SEND = Figure(name="send", title="send", samples=(0.6, 0.9, 0.8), against="INSERT", bar=0.7, aim=0.9)
MEMORY = Figure(name="memory", title="memory", samples=(90.0,), unit="MB", bar=80.0, direction="at most")


def test_contestants_take_turns_and_ratios_are_formed_turn_by_turn() -> None:
    order: list[str] = []

    def contestant(name: str, value: float) -> float:
        order.append(name)
        return value

    measured = interleaved({"a": lambda: contestant("a", 3.0), "b": lambda: contestant("b", 2.0)}, 2)
    assert order == ["a", "b", "a", "b"]
    assert ratios(measured["a"], measured["b"]) == (1.5, 1.5)


def test_a_figure_is_judged_by_its_median_on_the_right_side_of_the_bar() -> None:
    assert (SEND.value, SEND.spread) == (0.8, (0.6, 0.9))
    assert (SEND.is_met, SEND.is_aim_met) == (True, False)
    assert (MEMORY.is_met, MEMORY.is_aim_met) == (False, None)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentiles_are_of_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == expected


def test_table_file_and_plot_say_what_is_not_met(tmp_path: Path) -> None:
    report.write_all(tmp_path / "run", [SEND, MEMORY], {"fsync": "on"})
    body = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert [figure_of(each) for each in body["figures"]] == [SEND, MEMORY]
    assert "NOT MET" in report.table([SEND, MEMORY]).splitlines()[3]
    assert report.plot([SEND, MEMORY]).count("#c0392b") == 1
    page = "# P\n<!-- figures: written by benchmarks/speed/page.py -->\nold\n<!-- end of figures -->\nrest\n"
    written = with_figures(page, [SEND], "here")
    assert "| send |" in written
    assert "old" not in written
    assert with_figures(written, [SEND], "here") == written


def test_a_measurement_runs_on_a_server_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.speed", "--quick", "--repeats", "1", "--only", "drain"]
    subprocess.run([*command, "--out", str(tmp_path / "run")], cwd=ROOT, check=True, capture_output=True, timeout=500)
    drain, processor = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["figures"]
    assert set(drain["measured"]) == {"horsies, 2 processes", "raw SQL, 2 clients"}
    assert drain["value"] > 0
    assert processor["value"] > 0
