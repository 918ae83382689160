"""A cache and several processes change how long an inspection takes, and nothing of what it says."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from edited_trees import CALLERS, FILES, MODELS, TASKS, edits, put
from hypothesis import given, settings
from hypothesis import strategies as st

from horsies_codegen.cache import Cache
from horsies_codegen.config import Config
from horsies_codegen.lint import Selection
from horsies_codegen.pipeline import Effort, Inspection, analyse, inspect, work
from horsies_codegen.source import Entry, discover


def inspected(root: Path, effort: Effort, config: Config | None = None) -> Inspection:
    """What is found in the sources of a folder."""
    config = replace(config or Config(), paths=("src",))
    with discover(config.paths, cwd=root) as tree:
        return inspect(tree, config, Selection.of(config), effort)


@given(st.lists(edits, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_whatever_is_edited_the_cache_changes_no_finding(rounds: list[list[tuple[str, str | None]]]) -> None:
    root = Path("made-by-edits").absolute()
    shutil.rmtree(root, ignore_errors=True)
    try:
        for path, first in FILES.items():
            put(root, path, first)
        for round_ in ([], *rounds):
            for path, text in round_:
                put(root, path, text)
            fresh = inspected(root, Effort())
            assert inspected(root, Effort(cache=Cache(root / "cache"))) == fresh
            assert inspected(root, Effort(cache=Cache(root / "cache"))) == fresh
    finally:
        shutil.rmtree(root, ignore_errors=True)


@given(edits)
@settings(max_examples=25, deadline=None)
def test_the_fast_way_finds_what_the_whole_analysis_finds(round_: list[tuple[str, str | None]]) -> None:
    root = Path("made-by-edits").absolute()
    shutil.rmtree(root, ignore_errors=True)
    try:
        files: dict[str, str | None] = {**FILES, **dict(round_)}
        for path, text in files.items():
            put(root, path, text)
        found = inspected(root, Effort())
        with discover(("src",), cwd=root) as tree:
            whole = analyse(tree, Config(), Selection())
        assert found.report() == whole.report()
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(autouse=True)
def _in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def many(root: Path) -> None:
    """A tree that several processes share out."""
    for path, text in FILES.items():
        put(root, path, text)
    for number in range(12):
        put(root, f"src/shop/more_{number}.py", TASKS.format(name=f"more_{number % 9}"))


def counting(calls: list[str], whole: Callable[..., object]) -> Callable[..., object]:
    """Notes each file that is judged."""

    def judged(self: object, entry: object) -> object:
        calls.append(getattr(entry, "path", ""))
        return whole(self, entry)

    return judged


def test_several_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path)
    alone = inspected(tmp_path, Effort())
    monkeypatch.setattr(work, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(work, "SHARE_FILES", 2)
    here: list[str] = []
    monkeypatch.setattr(work._Job, "work", counting(here, work._Job.work))
    assert inspected(tmp_path, Effort(processes=3)) == alone
    assert here == []
    assert {finding.code for finding in alone.findings} == {"HC108", "HC117"}


def test_what_a_dying_process_leaves_is_done_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path)
    alone = inspected(tmp_path, Effort())
    monkeypatch.setattr(work, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(work, "SHARE_FILES", 2)
    parent = os.getpid()
    whole = work._Job.work

    def dying(self: work._Job, entry: Entry) -> object:
        if os.getpid() != parent and "more_5" in entry.path:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(self, entry)

    monkeypatch.setattr(work._Job, "work", dying)
    assert inspected(tmp_path, Effort(processes=2)) == alone


def test_only_what_changed_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path)
    judged: list[str] = []
    monkeypatch.setattr(work._Job, "work", counting(judged, work._Job.work))
    cache = Effort(cache=Cache(tmp_path / "cache"))
    inspected(tmp_path, cache)
    assert len(judged) == 15 + CALLERS
    judged.clear()
    inspected(tmp_path, cache)
    assert judged == []
    put(tmp_path, "src/shop/more_3.py", TASKS.format(name="another"))
    inspected(tmp_path, cache)
    assert judged == ["src/shop/more_3.py"]
    judged.clear()
    put(tmp_path, "src/shop/models/__init__.py", MODELS)  # goes before shop/models.py
    inspected(tmp_path, cache)
    assert len(judged) == 14  # those that only send look at no model
    judged.clear()
    inspected(tmp_path, cache, Config(types={"shop.models.Order": "str"}))
    assert len(judged) == 15 + CALLERS


def test_progress_ends_with_every_file(tmp_path: Path) -> None:
    many(tmp_path)
    told: list[tuple[int, int]] = []
    inspected(tmp_path, Effort(cache=Cache(tmp_path / "cache"), progress=lambda done, of: told.append((done, of))))
    assert told[0] == (0, 15)
    assert (15, 15) in told
    assert told[-1] == (15 + CALLERS, 15 + CALLERS)
    told.clear()
    inspected(tmp_path, Effort(cache=Cache(tmp_path / "cache"), progress=lambda done, of: told.append((done, of))))
    assert told == [(15, 15), (15 + CALLERS, 15 + CALLERS)]
