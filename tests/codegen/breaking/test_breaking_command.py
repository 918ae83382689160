"""``horsies-codegen breaking`` in real git repositories, as a user and as CI run it."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from breaking_project import APP, Project

from horsies_codegen.compat import change_fingerprint, read_acknowledgements
from horsies_codegen.lint import find_rule
from horsies_core.contract.compare import KINDS, compare
from horsies_core.contract.lock import read_lock


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose only commit has sources and their lock."""
    made = Project(tmp_path_factory.mktemp("built") / "shop")
    answer = made.run("build", "src")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    made.commit()
    return made.folder


@pytest.fixture
def project(tmp_path: Path, built: Path) -> Project:
    """A copy of that repository."""
    shutil.copytree(built, tmp_path / "shop")
    return Project(tmp_path / "shop")


def test_nothing_changed(project: Project) -> None:
    answer = project.breaking("--against", "HEAD")

    assert answer.returncode == 0
    assert answer.stdout == ""
    assert re.search(r"compared 1 task in \d+ files? against HEAD \([0-9a-f]{12}\)", answer.stderr)
    assert "deploy: any order" in answer.stderr


def test_a_required_parameter_breaks(project: Project) -> None:
    project.edit("order_id: int", "order_id: int, address: str")

    answer = project.breaking("--against", "HEAD")

    assert answer.returncode == 1
    assert "error[HC501]: ship: required parameter 'address' was added" in answer.stdout
    assert 'example: {"order_id": 1}' in answer.stdout
    assert "src/tasks.py:7:" in answer.stdout
    assert "no order is safe" in answer.stderr


def test_a_defaulted_parameter_asks_for_workers_first(project: Project) -> None:
    project.edit("order_id: int", "order_id: int, express: bool = False")

    assert project.breaking("--against", "HEAD").returncode == 0
    assert "deploy ship: workers first, then producers" in project.breaking("--against", "HEAD").stderr
    assert project.breaking("--against", "HEAD", "--mode", "full").returncode == 1
    assert project.breaking("--against", "HEAD", "--mode", "forward").returncode == 1
    assert project.breaking("--against", "HEAD", "--mode", "backward").returncode == 0


def test_a_rename_is_seen_with_its_remedy(project: Project) -> None:
    project.edit("order_id", "id")

    [finding] = project.findings("--against", "HEAD")

    assert finding["code"] == "HC504"
    assert finding["pointer"] == "/parameters/id"
    assert finding["witness"] == {"order_id": 1}
    assert "looks like order_id -> id; accept the old name with" in str(finding["help"])


def test_an_upcaster_closes_a_gap(project: Project) -> None:
    project.edit("order_id: int", "number: str")
    assert project.breaking("--against", "HEAD").returncode == 1
    project.write(
        project.read("src/tasks.py")
        .replace("app = Horsies()", UPCASTER)
        .replace('@app.task("ship")', '@app.task("ship", upcasters=[from_order_id])')
    )

    answer = project.breaking("--against", "HEAD")

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "payloads queued before, at new workers: made today's by upcaster tasks:from_order_id" in answer.stdout
    assert "deploy ship: workers first, then producers" in answer.stderr
    project.run("build", "src")
    project.commit()
    project.edit(", upcasters=[from_order_id]", "")
    [gone] = [item for item in project.findings("--against", "HEAD") if item["level"] == "error"]
    assert gone["code"] == "HC535"
    assert gone["witness"] == {"order_id": 1}


UPCASTER = """\
from typing import TypedDict

app = Horsies()


class Ship(TypedDict):
    number: str
    fragile: bool


def from_order_id(*, order_id: int, fragile: bool = False) -> Ship:
    return {"number": str(order_id), "fragile": fragile}"""


def test_sources_are_compiled_where_there_is_no_lock(tmp_path: Path) -> None:
    project = Project(tmp_path / "shop")
    project.commit()
    project.git("mv", "src/tasks.py", "src/jobs.py")
    project.edit("order_id: int", "order_id: str", "src/jobs.py")

    answer = project.breaking("--against", "HEAD")

    assert answer.returncode == 1
    assert "HC510" in answer.stdout
    assert "has no lock: its sources were compiled" in answer.stderr


def test_a_lock_file_is_a_baseline_too(project: Project) -> None:
    lock = project.folder / "old.json"
    lock.write_text((project.folder / "generated/horsies.lock.json").read_text("utf-8"), "utf-8")
    project.edit("order_id: int", "order_id: int | None")

    answer = project.breaking("--against-lock", "old.json")

    assert answer.returncode == 0
    assert "against old.json" in answer.stderr


def test_locked_compares_the_lock_on_disk(project: Project) -> None:
    project.edit("order_id: int", "order_id: str")
    assert project.breaking("--against", "HEAD", "--locked").returncode == 0

    project.run("build", "src")

    assert project.breaking("--against", "HEAD", "--locked").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--against", "origin/nowhere"), "git fetch"),
        (("--against-lock", "missing.json"), "cannot be read"),
        (("--against-lock", "src/tasks.py"), "is no lock that can be read"),
        ((), "say what to compare with"),
    ],
)
def test_a_missing_baseline_is_no_green_check(project: Project, arguments: tuple[str, ...], said: str) -> None:
    answer = project.breaking(*arguments)

    assert answer.returncode == 2
    assert said in answer.stdout + answer.stderr


def test_a_ref_without_tasks_is_no_green_check(tmp_path: Path) -> None:
    project = Project(tmp_path / "shop")
    (project.folder / "src/tasks.py").unlink()
    project.write("", "src/__init__.py")
    project.commit()
    project.write(APP)

    answer = project.breaking("--against", "HEAD")

    assert answer.returncode == 2
    assert "nothing to compare with" in answer.stdout


def test_sources_that_do_not_compile_are_not_compared(project: Project) -> None:
    project.edit("*, ", "")

    answer = project.breaking("--against", "HEAD")

    assert answer.returncode == 2
    assert "HC101" in answer.stdout
    assert "nothing was compared" in answer.stderr


def test_a_shallow_clone_says_what_to_fetch(project: Project, tmp_path: Path) -> None:
    project.write("# more\n", "src/other.py")
    project.commit()
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{project.folder}", str(tmp_path / "clone")], check=True)

    answer = project.run("breaking", "src", "--against", "HEAD~1", cwd=tmp_path / "clone")

    assert answer.returncode == 2
    assert "git fetch --unshallow" in answer.stdout


def test_worktrees_and_sub_folders(project: Project, tmp_path: Path) -> None:
    project.git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "topic")
    inside = tmp_path / "tree" / "src"
    (inside / "tasks.py").write_text(APP.replace("order_id: int", "order_id: str"), "utf-8")

    answer = project.run("breaking", ".", "--out", "../generated", "--against", "main", cwd=inside)

    assert answer.returncode == 1
    assert "tasks.py:7:" in answer.stdout
    assert project.git("status", "--porcelain") == ""


def test_every_one_of_several_refs_must_hold(project: Project) -> None:
    first = project.git("rev-parse", "HEAD")
    project.edit("fragile: bool = False", "fragile: bool = False, express: bool = False")
    project.run("build", "src")
    project.commit()
    project.edit(", express: bool = False", "")

    assert project.breaking("--against", first).returncode == 0
    answer = project.breaking("--against", first, "--against", "HEAD")
    assert answer.returncode == 1
    assert "HC503" in answer.stdout


def _acknowledge(project: Project, expires: str, fingerprint: str) -> None:
    project.write(
        f'[[acknowledge]]\nfingerprint = "{fingerprint}"\nreason = "no rows"\nauthor = "ada"\nexpires = {expires}\n',
        "horsies-breaking.toml",
    )


def _fingerprint(project: Project) -> str:
    found = re.search(r"to acknowledge it, name ([0-9a-f]{16})", project.breaking("--against", "HEAD").stdout)
    assert found is not None
    return found[1]


def test_an_acknowledged_break_passes_until_it_expires(project: Project) -> None:
    project.edit("order_id: int", "order_id: str")
    fingerprint = _fingerprint(project)

    _acknowledge(project, "2999-01-01", fingerprint)
    passed = project.breaking("--against", "HEAD")
    assert passed.returncode == 0, passed.stdout
    assert "acknowledged by ada until 2999-01-01: no rows" in passed.stdout

    _acknowledge(project, "2020-01-01", fingerprint)
    expired = project.breaking("--against", "HEAD")
    assert expired.returncode == 1
    assert "HC920" in expired.stdout and "HC510" in expired.stdout

    project.edit("order_id: str", "order_id: list[str]")
    _acknowledge(project, "2999-01-01", fingerprint)
    other = project.breaking("--against", "HEAD")
    assert other.returncode == 1, "another change is not acknowledged"
    assert "HC921" in other.stdout


@pytest.mark.parametrize(
    "text",
    [
        "[[acknowledge]]\nfingerprint = 1\n",
        '[[acknowledge]]\nfingerprint = "a"\nreason = "r"\nauthor = "a"\n',
        '[[acknowledge]]\nfingerprint = "a"\nreason = ""\nauthor = "a"\nexpires = 2026-01-01\n',
        '[[acknowledge]]\nfingerprint = "a"\nreason = "r"\nauthor = "a"\nexpires = "soon"\n',
        '[[acknowledge]]\nfingerprint = "a"\nreason = "r"\nauthor = "a"\nexpires = 2026-01-01\nextra = 1\n',
        "[other]\n",
        "acknowledge = 1\n",
        "not toml",
    ],
)
def test_a_wrong_acknowledgement_file_stops_everything(project: Project, text: str) -> None:
    project.write(text, "horsies-breaking.toml")

    answer = project.breaking("--against", "HEAD")

    assert answer.returncode == 2
    assert "HC922" in answer.stdout


@pytest.mark.parametrize("form", ["full", "concise", "json", "sarif", "github", "junit", "markdown"])
def test_every_format_names_the_break(project: Project, form: str) -> None:
    project.edit("order_id: int", "order_id: str")

    answer = project.breaking("--against", "HEAD", "--format", form)

    assert answer.returncode == 1
    assert "HC510" in answer.stdout
    assert "compared 1 task" in answer.stderr and "against HEAD (" in answer.stderr


def test_markdown_cannot_be_steered_by_a_contract(project: Project) -> None:
    project.edit("order_id: int", "order_id: str = '</details><img src=x>`@all`'")

    text = project.breaking("--against", "HEAD", "--format", "markdown").stdout

    assert "<img" not in re.sub(r"(`+).*?\1", "", text)


def test_every_code_has_a_page() -> None:
    for kind in (*(kind.code for kind in KINDS), "HC920", "HC921", "HC922", "HC923"):
        rule = find_rule(kind)
        assert rule is not None, kind
        assert rule.page


INCIDENTS = [
    pytest.param("order_id: int", "order_id: int, course_key: str", "HC501", id="edX 14033: a required argument added"),
    pytest.param("order_id", "shop_order_id", "HC504", id="an argument renamed"),
    pytest.param("order_id: int", "order_id: list[int]", "HC510", id="Sentry INC-504: an argument of another type"),
    pytest.param("fragile: bool = False", "fragile: bool", "HC505", id="a default dropped"),
    pytest.param('"ship"', '"ship_order"', "HC531", id="a task renamed"),
]


@pytest.mark.parametrize(("old", "new", "code"), INCIDENTS)
def test_replayed_incidents_are_stopped(project: Project, old: str, new: str, code: str) -> None:
    """The changes behind public incidents, each stopped by ``breaking --against HEAD``."""
    project.edit(old, new)

    errors = [finding["code"] for finding in project.findings("--against", "HEAD") if finding["level"] == "error"]

    assert errors == [code]


def test_fingerprints_of_changes_are_stable(project: Project) -> None:
    old = read_lock((project.folder / "generated/horsies.lock.json").read_text("utf-8"))
    project.edit("order_id: int", "order_id: str")
    project.run("build", "src")
    new = read_lock((project.folder / "generated/horsies.lock.json").read_text("utf-8"))

    [change] = compare(old, new).changes

    assert change_fingerprint(change) == _fingerprint(project)


def test_an_acknowledgement_holds_on_its_last_day(tmp_path: Path) -> None:
    path = tmp_path / "ack.toml"
    path.write_text(
        '[[acknowledge]]\nfingerprint = "f"\nreason = "r"\nauthor = "a"\nexpires = 2026-05-01\n', encoding="utf-8"
    )

    on_the_day, _ = read_acknowledgements(str(path), date(2026, 5, 1))
    after, _ = read_acknowledgements(str(path), date(2026, 5, 2))

    assert on_the_day.of("f") is not None
    assert after.of("f") is None
    assert [finding.code for finding in after.findings(["f"])] == ["HC920"]


def _versions(project: Project) -> None:
    """Three more commits, 40, 20 and 1 days old: a str, an int with a note, an int; the first commit is long gone."""
    for days, parameters in ((40, "order_id: str"), (20, "order_id: int, note: str"), (1, "order_id: int")):
        project.write(APP.replace("order_id: int", parameters))
        project.run("build", "src")
        project.commit(age_days=days)


def test_every_lock_of_the_retention_window_must_hold(tmp_path: Path) -> None:
    project = Project(tmp_path / "shop")
    project.run("build", "src")
    project.commit(age_days=90)
    _versions(project)

    assert project.breaking("--against", "main").returncode == 0
    assert project.breaking("--against", "main", "--retention", "0.5").returncode == 0
    recent = project.breaking("--against", "main", "--retention", "10")
    assert recent.returncode == 1, "the lock of 20 days ago stood until yesterday"
    assert "HC503" in recent.stdout and "HC510" not in recent.stdout
    longer = project.breaking("--against", "main", "--retention", "30")
    assert "HC510" in longer.stdout, "the lock of 40 days ago stood until 20 days ago"
    assert re.search(
        r"against main \(\w+\), main \(\w+\), main \(\w+\)$", longer.stderr.splitlines()[0].partition(":")[0]
    )


def test_a_change_is_told_once_over_all_baselines(project: Project) -> None:
    first = project.git("rev-parse", "HEAD")
    project.write("# more\n", "src/other.py")
    project.edit("fragile: bool = False", "fragile: bool = False, express: bool = False")
    project.run("build", "src")
    project.commit()
    project.edit("order_id: int", "order_id: str")

    errors = [item for item in project.findings("--against", first, "--against", "HEAD") if item["level"] == "error"]

    assert [item["code"] for item in errors] == ["HC510"]
    assert re.search(rf"'compared with {first} \(\w+\), HEAD \(\w+\)'", str(errors[0]["notes"]))


def test_a_window_that_a_shallow_clone_does_not_reach_is_no_green_check(tmp_path: Path) -> None:
    project = Project(tmp_path / "shop")
    project.run("build", "src")
    project.commit(age_days=90)
    _versions(project)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=2", f"file://{project.folder}", str(clone)], check=True)

    answer = project.run("breaking", "src", "--against", "main", "--retention", "30", cwd=clone)

    assert answer.returncode == 2
    assert "git fetch --unshallow" in answer.stdout
    assert project.run("breaking", "src", "--against", "main", cwd=clone).returncode == 0
