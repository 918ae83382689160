"""A cache and several processes change how long an inspection takes, and nothing of what it says."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from horsies_codegen.cache import Cache
from horsies_codegen.config import Config
from horsies_codegen.lint import Selection
from horsies_codegen.pipeline import Effort, Inspection, analyse, inspect, work
from horsies_codegen.source import discover

APP = """\
from horsies import AppConfig, Horsies, QueueConfig, QueueMode

app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="fast")]))
app.discover_tasks(["shop.one"])
"""

MODELS = """\
from pydantic import BaseModel


class Order(BaseModel):
    order_id: int
"""

TASKS = """\
from horsies import TaskError, TaskResult
from shop.app import app
from shop.models import Order


@app.task("{name}", queue_name="fast")
def {name}(*, order: Order, note: str | None = None) -> TaskResult[int, TaskError]:
    return TaskResult(ok=1)
"""

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/app.py": APP,
    "src/shop/models.py": MODELS,
    "src/shop/one.py": TASKS.format(name="one"),
    "src/shop/two.py": TASKS.format(name="two"),
    "src/plain.py": "x = 1\n",
}

VERSIONS: dict[str, tuple[str | None, ...]] = {
    "src/shop/app.py": (
        APP,
        APP.replace('"fast"', '"slow"'),
        APP.replace('["shop.one"]', '["shop.one", "shop.two"]'),
        "from shop.deep import app\n",
        None,
        "app = (",
    ),
    "src/shop/deep.py": (None, APP, "app = 1\n"),
    "src/shop/models.py": (
        MODELS,
        MODELS.replace("int", "Money"),
        MODELS.replace("int", "object"),
        "from shop.other import Order\n",
        "from shop.other import *\n",
        None,
    ),
    "src/shop/models/__init__.py": (None, MODELS.replace("int", "bytes"), "Order = str\n"),
    "src/shop/other.py": (None, MODELS, "class Order: ...\n"),
    "src/horsies/__init__.py": (None, ""),
    "src/shop/one.py": (
        TASKS.format(name="one"),
        TASKS.format(name="two"),
        TASKS.format(name="one").replace("*, ", ""),
        TASKS.format(name="one") + "# horsies: ignore[HC101] -- a reason\n",
        "@app.task\ndef one(): ...\n",
        None,
    ),
    "src/shop/two.py": (
        TASKS.format(name="two"),
        TASKS.format(name="two").replace("note: str", "note"),
        TASKS.format(name="two").replace("shop.models", ".models"),
        TASKS.format(name="two").replace(": Order", ": list[Nowhere]"),
        TASKS.format(name="two").replace("shop.app", "shop"),
    ),
    "src/plain.py": ("x = 1\n", "x = 1  # horsies: ignore[HC101] -- nothing here\n", "def f(:\n"),
}

edits = st.lists(
    st.sampled_from([(path, text) for path, texts in VERSIONS.items() for text in texts]), min_size=1, max_size=6
)


def put(root: Path, path: str, text: str | None) -> None:
    """Write or delete a file."""
    target = root / path
    if text is None:
        target.unlink(missing_ok=True)
        if target.parent.is_dir() and not any(target.parent.iterdir()):
            target.parent.rmdir()
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


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
    monkeypatch.setattr(work._Job, "judged", counting(here, work._Job.judged))
    assert inspected(tmp_path, Effort(processes=3)) == alone
    assert here == []
    assert {finding.code for finding in alone.findings} == {"HC108", "HC117"}


def test_what_a_dying_process_leaves_is_done_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path)
    alone = inspected(tmp_path, Effort())
    monkeypatch.setattr(work, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(work, "SHARE_FILES", 2)
    parent = os.getpid()
    whole = work._Job.judged

    def dying(self: work._Job, entry: object) -> object:
        if os.getpid() != parent and "more_5" in getattr(entry, "path", ""):
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(self, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(work._Job, "judged", dying)
    assert inspected(tmp_path, Effort(processes=2)) == alone


def test_only_what_changed_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path)
    judged: list[str] = []
    monkeypatch.setattr(work._Job, "judged", counting(judged, work._Job.judged))
    cache = Effort(cache=Cache(tmp_path / "cache"))
    inspected(tmp_path, cache)
    assert len(judged) == 15
    judged.clear()
    inspected(tmp_path, cache)
    assert judged == []
    put(tmp_path, "src/shop/more_3.py", TASKS.format(name="another"))
    inspected(tmp_path, cache)
    assert judged == ["src/shop/more_3.py"]
    judged.clear()
    put(tmp_path, "src/shop/models/__init__.py", MODELS)  # goes before shop/models.py
    inspected(tmp_path, cache)
    assert len(judged) == 14
    judged.clear()
    inspected(tmp_path, cache, Config(types={"shop.models.Order": "str"}))
    assert len(judged) == 15


def test_progress_ends_with_every_file(tmp_path: Path) -> None:
    many(tmp_path)
    told: list[tuple[int, int]] = []
    inspected(tmp_path, Effort(cache=Cache(tmp_path / "cache"), progress=lambda done, of: told.append((done, of))))
    assert told[0] == (0, 15)
    assert told[-1] == (15, 15)
    told.clear()
    inspected(tmp_path, Effort(cache=Cache(tmp_path / "cache"), progress=lambda done, of: told.append((done, of))))
    assert told == [(15, 15)]
