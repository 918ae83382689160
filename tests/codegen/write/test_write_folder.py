"""The writer on real folders: what it writes, what it leaves alone, and what a kill leaves behind."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from horsies_codegen.write import (
    MANIFEST_NAME,
    ChangeKind,
    ManifestFormatError,
    apply,
    compare,
    diff_of,
    finding_of_format,
    findings_of,
)

FILES = {"horsies.lock.json": "{}\n", "schemas/a.json": "1\n", "client/tasks/a.py": "x = 1\n"}


def build(out: Path, files: dict[str, str]) -> tuple[int, int, int]:
    """Write and say how many files were written, deleted and left alone."""
    applied = apply(out, files, compare(out, files))
    return applied.written, applied.deleted, applied.unchanged


def contents(out: Path) -> dict[str, str]:
    """Every file below a folder but the manifest."""
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in out.rglob("*")
        if path.is_file() and path.name != MANIFEST_NAME
    }


def kinds(out: Path, files: dict[str, str]) -> dict[str, ChangeKind]:
    """How each path differs."""
    return {change.path: change.kind for change in compare(out, files).changes}


def test_a_first_build_writes_everything_and_a_second_one_nothing(tmp_path: Path) -> None:
    out = tmp_path / "generated"
    assert build(out, FILES) == (3, 0, 0)
    assert contents(out) == FILES
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    time.sleep(0.02)
    assert build(out, FILES) == (0, 0, 3)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_only_the_changed_file_is_touched(tmp_path: Path) -> None:
    build(tmp_path, FILES)
    kept = (tmp_path / "schemas/a.json").stat().st_mtime_ns
    time.sleep(0.02)
    assert build(tmp_path, {**FILES, "client/tasks/a.py": "x = 2\n"}) == (1, 0, 2)
    assert (tmp_path / "schemas/a.json").stat().st_mtime_ns == kept


def test_stale_files_and_the_folders_they_leave_empty_go(tmp_path: Path) -> None:
    build(tmp_path, FILES)
    (tmp_path / "client/notes.txt").write_text("mine\n", encoding="utf-8")
    remaining = {"horsies.lock.json": "{}\n"}
    assert kinds(tmp_path, remaining) == {"client/tasks/a.py": ChangeKind.STALE, "schemas/a.json": ChangeKind.STALE}
    assert build(tmp_path, remaining) == (0, 2, 1)
    assert contents(tmp_path) == {**remaining, "client/notes.txt": "mine\n"}
    assert not (tmp_path / "schemas").exists()
    assert not (tmp_path / "client/tasks").exists()


@pytest.mark.parametrize("wanted", [{**FILES, "schemas/a.json": "2\n"}, {"horsies.lock.json": "{}\n"}])
def test_a_file_edited_by_hand_is_neither_written_over_nor_deleted(tmp_path: Path, wanted: dict[str, str]) -> None:
    build(tmp_path, FILES)
    (tmp_path / "schemas/a.json").write_text("by hand\n", encoding="utf-8")
    comparison = compare(tmp_path, {**wanted, "new.json": "3\n"})
    assert [(change.path, change.kind) for change in comparison.obstacles] == [("schemas/a.json", ChangeKind.EDITED)]
    with pytest.raises(ValueError, match="not ours"):
        apply(tmp_path, wanted, comparison)
    assert contents(tmp_path)["schemas/a.json"] == "by hand\n"
    assert not (tmp_path / "new.json").exists()


def test_a_file_that_is_not_ours_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/a.json").write_text("mine\n", encoding="utf-8")
    assert kinds(tmp_path, FILES)["schemas/a.json"] is ChangeKind.FOREIGN
    with pytest.raises(ValueError, match="not ours"):
        build(tmp_path, FILES)
    assert contents(tmp_path) == {"schemas/a.json": "mine\n"}


def test_an_equal_file_is_adopted(tmp_path: Path) -> None:
    """A checkout whose manifest was lost builds cleanly, and owns its files again."""
    build(tmp_path, FILES)
    (tmp_path / MANIFEST_NAME).unlink()
    assert build(tmp_path, FILES) == (0, 0, 3)
    assert build(tmp_path, {**FILES, "schemas/a.json": "2\n"}) == (1, 0, 2)


@pytest.mark.parametrize("blocker", ["folder", "link", "file instead of a folder"])
def test_other_things_in_the_way_are_findings(tmp_path: Path, blocker: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if blocker == "folder":
        (out / "schemas/a.json").mkdir(parents=True)
    elif blocker == "link":
        (out / "schemas").mkdir()
        (tmp_path / "elsewhere").write_text("1\n", encoding="utf-8")
        (out / "schemas/a.json").symlink_to(tmp_path / "elsewhere")
    else:
        (out / "schemas").write_text("", encoding="utf-8")
    assert kinds(out, FILES)["schemas/a.json"] is ChangeKind.FOREIGN


def test_line_breaks_that_git_changed_are_no_change(tmp_path: Path) -> None:
    build(tmp_path, FILES)
    (tmp_path / "client/tasks/a.py").write_bytes(b"x = 1\r\n")
    assert compare(tmp_path, FILES).changes == ()


def test_the_mode_of_a_file_stays(tmp_path: Path) -> None:
    build(tmp_path, FILES)
    (tmp_path / "schemas/a.json").chmod(0o640)
    build(tmp_path, {**FILES, "schemas/a.json": "2\n"})
    assert stat.S_IMODE((tmp_path / "schemas/a.json").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "manifest",
    [
        '{"format": 2, "files": {}}',
        "not json",
        "[]",
        '{"format": 1, "files": {"../../etc/passwd": "0"}}',
        '{"format": 1, "files": {"/etc/passwd": "0"}}',
        '{"format": 1, "files": {"a": 1}}',
    ],
)
def test_a_manifest_of_another_format_stops_the_build(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST_NAME).write_text(manifest, encoding="utf-8")
    with pytest.raises(ManifestFormatError) as caught:
        compare(tmp_path, FILES)
    finding = finding_of_format(caught.value, "out")
    assert (finding.code, finding.path) == ("HC906", f"out/{MANIFEST_NAME}")


def test_each_kind_of_drift_has_a_code_of_its_own(tmp_path: Path) -> None:
    build(tmp_path, {"changed": "1\n", "stale": "1\n", "edited": "1\n", "missing": "1\n"})
    (tmp_path / "edited").write_text("by hand\n", encoding="utf-8")
    (tmp_path / "foreign").write_text("mine\n", encoding="utf-8")
    (tmp_path / "missing").unlink()
    wanted = {"changed": "2\n", "edited": "1\n", "missing": "1\n", "foreign": "1\n"}
    found = {finding.path: finding.code for finding in findings_of(compare(tmp_path, wanted).changes, "out/")}
    assert found == {
        "out/missing": "HC901",
        "out/changed": "HC902",
        "out/stale": "HC903",
        "out/edited": "HC904",
        "out/foreign": "HC905",
    }


def test_the_diff_applies(tmp_path: Path) -> None:
    """``patch`` turns the folder into what the build wants."""
    build(tmp_path, {"changed.txt": "a\nb\n", "stale.txt": "1\n"})
    wanted = {"changed.txt": "a\nc", "new.txt": "n\n"}
    patch = "".join(diff_of(compare(tmp_path, wanted)))
    (tmp_path / MANIFEST_NAME).unlink()
    subprocess.run(["git", "apply", "-p1"], input=patch, text=True, cwd=tmp_path, check=True)
    assert contents(tmp_path) == wanted


KILLED_BUILD = """
import os, sys
from pathlib import Path
from horsies_codegen.write import apply, compare
out, survivors = Path(sys.argv[1]), int(sys.argv[2])
files = {f"f{number}.txt": "new\\n" for number in range(6)}
replace = Path.replace
def counted(self, target):
    global survivors
    if survivors == 0:
        os._exit(9)
    survivors -= 1
    return replace(self, target)
Path.replace = counted
apply(out, files, compare(out, files))
os._exit(0)
"""


@pytest.mark.parametrize("survivors", range(9))
def test_killed_at_any_write_each_file_is_old_or_new_and_the_next_build_completes(
    tmp_path: Path, survivors: int
) -> None:
    old = {f"f{number}.txt": "old\n" for number in range(5)} | {"stale.txt": "old\n"}
    build(tmp_path, old)
    done = subprocess.run(
        [sys.executable, "-c", KILLED_BUILD, str(tmp_path), str(survivors)],
        cwd=Path(__file__).resolve().parents[3],
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == (9 if survivors < 8 else 0)
    assert set(contents(tmp_path).values()) <= {"old\n", "new\n", ""} | {
        text for name, text in contents(tmp_path).items() if name.endswith(".tmp")
    }
    changed_again = {f"f{number}.txt": "newer\n" for number in range(6)}
    assert compare(tmp_path, changed_again).obstacles == ()
    build(tmp_path, changed_again)
    owned = {name: text for name, text in contents(tmp_path).items() if not name.endswith(".tmp")}
    assert owned == changed_again
    assert "pending" not in json.loads((tmp_path / MANIFEST_NAME).read_text(encoding="utf-8"))


WRITES_MANY = """
import sys
from pathlib import Path
from horsies_codegen.write import apply, compare
out, word = Path(sys.argv[1]), sys.argv[2]
files = {f"{number % 7}/f{number}.txt": word * 400 for number in range(400)}
apply(out, files, compare(out, files))
"""


def writing(out: Path, word: str) -> subprocess.Popen[bytes]:
    """A process that writes the same 400 files with another text."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITES_MANY, str(out), word],
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def pending(out: Path) -> bool:
    """Whether a build is in the middle of its writes."""
    return "pending" in json.loads((out / MANIFEST_NAME).read_text(encoding="utf-8"))


def test_killed_by_a_signal_each_file_is_old_or_new_and_the_next_build_completes(tmp_path: Path) -> None:
    assert writing(tmp_path, "0").wait() == 0
    mixed = 0
    for round_ in range(60):
        if round_ >= 5 and mixed:
            break
        delay_s = (0.0, 0.002, 0.005, 0.01, 0.02)[round_ % 5]
        process = writing(tmp_path, "1")
        while not pending(tmp_path) and process.poll() is None:
            time.sleep(0.0002)
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
        texts = {text for name, text in contents(tmp_path).items() if not name.endswith(".tmp")}
        assert texts <= {"0" * 400, "1" * 400}
        mixed += len(texts) == 2
        assert writing(tmp_path, "0").wait() == 0
        assert set(contents(tmp_path).values()) == {"0" * 400}, "nothing half written is left either"
        assert not pending(tmp_path)
    assert mixed, "no kill came in the middle"


def test_what_a_killed_build_left_is_swept_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    build(tmp_path, FILES)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"schemas/.a.json.{gone.pid}.tmp", f".{MANIFEST_NAME}.{gone.pid}.tmp"):
        (tmp_path / name).write_text("half", encoding="utf-8")
    mine = {f"schemas/.a.json.{os.getpid()}.tmp": "running", f"schemas/.b.json.{gone.pid}.tmp": "no file of ours"}
    for name, text in mine.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    wanted = {**FILES, "client/tasks/a.py": "x = 2\n"}
    build(tmp_path, wanted)
    assert contents(tmp_path) == {**wanted, **mine}
