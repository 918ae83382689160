"""Very many files, looked through by several processes: the same files in the same order, whatever befalls a child."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from horsies_codegen.source import discover, sieve, speaks
from horsies_codegen.source.sieve import MANY, sieved

COUNT = 3 * MANY


def is_told(number: int) -> bool:
    return number % 7 == 0


@pytest.mark.parametrize("processes", [1, 2, 3, 50])
def test_numbers_come_in_order(processes: int) -> None:
    assert list(sieved(COUNT, is_told, processes)) == list(range(0, COUNT, 7))


@pytest.mark.parametrize("count", [0, 1, MANY - 1, MANY, MANY + 1])
def test_no_number_is_left_out_at_the_edges(count: int) -> None:
    assert list(sieved(count, lambda _number: True, 2)) == list(range(count))


def test_the_work_of_a_child_that_dies_is_done_here() -> None:
    here = os.getpid()

    def is_told_here(number: int) -> bool:
        if os.getpid() != here and number > COUNT * 0.9:
            os.kill(os.getpid(), signal.SIGKILL)
        return is_told(number)

    assert list(sieved(COUNT, is_told_here, 3)) == list(range(0, COUNT, 7))


def test_what_fails_in_a_child_fails_here() -> None:
    def refuses(number: int) -> bool:
        if number == COUNT - 1:
            raise LookupError(number)
        return False

    with pytest.raises(LookupError):
        list(sieved(COUNT, refuses, 2))


def test_a_system_without_another_process_does_it_in_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    assert list(sieved(COUNT, is_told, 2)) == list(range(0, COUNT, 7))


def test_files_are_those_that_one_process_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "MANY", 3)
    monkeypatch.setattr("horsies_codegen.source.tree.MANY", 3)
    for number in range(20):
        (tmp_path / f"m{number:02}.py").write_text("task = 1\n" if number % 3 == 0 else "x = 1\n")
    (tmp_path / "m20.py").write_bytes("task = 'é'\n".encode("utf-16"))
    (tmp_path / "m21.py").mkdir()
    tree = discover([tmp_path])
    found = [(entry.path, file.data) for entry, file in tree.sifted(speaks, 4)]
    assert found == [(entry.path, file.data) for entry, file in tree.sifted(speaks)]
    assert len(found) == 8
