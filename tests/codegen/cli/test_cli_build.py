"""``horsies-codegen build`` on small projects: what it writes, says and exits with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from codegen_commands import SEND, SHIP, Project

from horsies_core.contract.lock import read_lock


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Project(tmp_path, capsys)


def generated(project: Project) -> dict[str, str]:
    """Every generated file."""
    out = project.folder / "generated"
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file()
    }


def codes(text: str) -> list[str]:
    """The codes of the findings in a printed report."""
    return re.findall(r"^(?:error|warning)\[(HC\d+)\]", text, re.MULTILINE)


def test_a_build_writes_the_lock_the_schemas_and_the_client(project: Project) -> None:
    project.tasks(SEND)
    project.tasks(SHIP, module="shipping")
    ran = project.run("build", "src")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "compiled 2 tasks in 2 modules: 14 written, 0 unchanged\n"
    files = generated(project)
    lock = read_lock(files["horsies.lock.json"])
    assert [(entry.contract.name, entry.error_codes, entry.doc) for entry in lock.entries] == [
        ("send_email", ("BAD_ADDRESS",), "Send an e-mail."),
        ("ship", (), None),
    ]
    assert json.loads(files["schemas/ship.params.json"])["properties"] == {"order_id": {"type": "integer"}}
    assert json.loads(files["schemas/ship.result.json"])["oneOf"][0]["properties"] == {"ok": {"type": "string"}}
    assert "class SendEmail(" in files["tasks_client/tasks/shop_tasks.py"]
    assert "class Ship(" in files["tasks_client/tasks/shop_shipping.py"]


def test_a_second_build_changes_nothing(project: Project) -> None:
    project.tasks(SEND)
    project.run("build", "src")
    before = generated(project)
    ran = project.run("build", "src")
    assert ran.err == "compiled 1 task in 1 module: 0 written, 10 unchanged\n"
    assert generated(project) == before


def test_nothing_is_imported(project: Project) -> None:
    """A module that raises, and needs what is not installed, compiles all the same."""
    project.tasks("import torch_that_nobody_has\n", SEND, "raise RuntimeError('imported')\n")
    assert project.run("build", "src").code == 0


def test_all_violations_are_reported_and_nothing_is_written(project: Project) -> None:
    project.tasks(
        SEND,
        '@app.task("a")\ndef a(x: int, y) -> int: ...\n',
        '@app.task("b")\nasync def b(): ...\n',
        "@app.task\ndef c() -> TaskResult[None, TaskError]: ...\n",
    )
    project.tasks(SEND, module="again")
    ran = project.run("build", "src")
    assert ran.code == 1
    assert sorted(codes(ran.out)) == ["HC101", "HC101", "HC102", "HC103", "HC104", "HC105", "HC108", "HC111"]
    assert ran.err.endswith("nothing was written\n")
    assert not (project.folder / "generated").exists()


def test_a_duplicate_name_shows_both_places(project: Project) -> None:
    project.tasks(SEND)
    project.tasks(SEND, module="other")
    out = project.run("build", "src", "--format", "full").out
    assert "--> src/shop/tasks.py:5:11" in out
    assert "src/shop/other.py:5:11" in out
    assert "first taken here" in out


def test_a_warning_does_not_stop_a_build(project: Project) -> None:
    project.tasks(SEND.replace("list[str] | None = None", "list[str] = []"))
    ran = project.run("build", "src")
    assert (ran.code, codes(ran.out)) == (0, ["HC118"])
    assert (project.folder / "generated/horsies.lock.json").exists()


def test_a_law_cannot_be_silenced_in_a_build(project: Project) -> None:
    source = SEND.replace("*, to: str", "to: str").replace(
        "TaskError]:", "TaskError]:  # horsies: ignore[HC101] -- old"
    )
    project.tasks(source.replace(", cc: list[str] | None = None", ""))
    assert project.run("lint", "src").code == 0
    ran = project.run("build", "src")
    assert (ran.code, codes(ran.out)) == (1, ["HC101"])
    project.write("pyproject.toml", '[tool.horsies.codegen]\nignore = ["HC1"]\n')
    assert codes(project.run("build", "src").out) == ["HC101"]


def test_a_refusal_cannot_be_silenced_or_played_down_in_a_build(project: Project) -> None:
    project.tasks(SEND.replace("to: str", "to: list"))
    project.write("pyproject.toml", '[tool.horsies.codegen]\nseverity = { HC2 = "note" }\n')
    assert project.run("lint", "src").code == 0
    ran = project.run("build", "src")
    assert (ran.code, codes(ran.out)) == (1, ["HC201"])
    project.write("pyproject.toml", '[tool.horsies.codegen]\nignore = ["HC201"]\n')
    assert codes(project.run("build", "src").out) == ["HC201"]


def test_check_is_clean_after_a_build_and_names_every_drift(project: Project) -> None:
    project.tasks(SEND, SHIP)
    assert project.run("build", "src").code == 0
    clean = project.run("build", "src", "--check")
    assert (clean.code, clean.out) == (0, "")
    assert "everything generated is up to date" in clean.err
    project.tasks(SEND.replace("to: str", "to: int"))
    (project.folder / "generated/schemas/send_email.result.json").unlink()
    project.write("generated/schemas/ship.params.json", "edited\n")
    ran = project.run("build", "src", "--check")
    assert ran.code == 1
    assert set(codes(ran.out)) == {"HC901", "HC902", "HC903", "HC904"}
    assert project.read("generated/schemas/ship.params.json") == "edited\n"


def test_check_of_a_project_that_was_never_built_is_no_success(project: Project) -> None:
    project.tasks(SEND)
    ran = project.run("build", "src", "--check")
    assert ran.code == 1
    assert set(codes(ran.out)) == {"HC901"}
    assert not (project.folder / "generated").exists()


def test_a_hand_edited_file_stops_the_build(project: Project) -> None:
    project.tasks(SEND)
    project.run("build", "src")
    project.write("generated/tasks_client/models.py", "mine = 1\n")
    before = generated(project)
    project.tasks(SEND, SHIP)
    ran = project.run("build", "src")
    assert (ran.code, codes(ran.out)) == (1, ["HC904"])
    assert generated(project) == before


def test_a_manifest_of_another_format_stops_the_build(project: Project) -> None:
    project.tasks(SEND)
    project.write("generated/.horsies-manifest.json", '{"format": 99, "files": {}}')
    ran = project.run("build", "src")
    assert (ran.code, codes(ran.out)) == (2, ["HC906"])


def test_diff_prints_what_would_change_and_writes_nothing(project: Project) -> None:
    project.tasks(SEND)
    project.run("build", "src")
    assert project.run("build", "src", "--diff").out == ""
    project.tasks(SEND.replace("to: str", "to: int"))
    before = generated(project)
    ran = project.run("build", "src", "--diff")
    assert ran.code == 1
    assert "--- a/schemas/send_email.params.json\n+++ b/schemas/send_email.params.json\n" in ran.out
    assert '+      "type": "integer"\n' in ran.out
    assert generated(project) == before


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_a_path_that_holds_nothing_is_no_success(project: Project, path: str) -> None:
    (project.folder / "empty").mkdir()
    ran = project.run("build", path)
    assert (ran.code, codes(ran.out)) == (2, ["HC908"])


def test_a_build_without_tasks_is_no_success(project: Project) -> None:
    ran = project.run("build", "src")
    assert (ran.code, codes(ran.out)) == (2, ["HC912"])


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [('pakage = "x"', ()), ('select = ["HC888"]', ()), ("", ("--package", "not-a-name"))],
)
def test_wrong_settings_stop_everything(project: Project, settings: str, arguments: tuple[str, ...]) -> None:
    project.tasks(SEND)
    project.write("pyproject.toml", f"[tool.horsies.codegen]\n{settings}\n")
    ran = project.run("build", "src", *arguments)
    assert (ran.code, codes(ran.out)) == (2, ["HC907"])
    assert not (project.folder / "generated").exists()


def test_settings_are_used_and_the_command_line_goes_before_them(project: Project) -> None:
    project.tasks(SEND)
    project.write("pyproject.toml", '[tool.horsies.codegen]\npaths = ["src"]\nout = "made"\npackage = "acme.shop"\n')
    assert project.run("build").code == 0
    assert (project.folder / "made/acme/shop/__init__.py").exists()
    assert project.run("build", "--out", "other", "--package", "client").code == 0
    assert (project.folder / "other/client/__init__.py").exists()


def test_generated_files_are_not_read_as_sources(project: Project) -> None:
    project.tasks(SEND)
    assert project.run("build", ".").code == 0
    project.write("generated/tasks_client/tasks/extra.py", "from shop.app import app\n" + SEND)
    assert project.run("build", ".").code == 0


def test_machine_formats_go_to_stdout_alone(project: Project) -> None:
    project.tasks(SEND.replace("*, to", "to"))
    ran = project.run("build", "src", "--format", "json")
    report = json.loads(ran.out)
    assert ran.code == 1
    assert [finding["code"] for finding in report["findings"]] == ["HC101", "HC101"]


def test_the_bytes_depend_on_no_run_no_hash_seed_and_no_folder(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project.tasks(SEND)
    project.tasks(SHIP, module="shipping")
    project.run("build", "src")
    expected = generated(project)
    for seed in ("1", "2"):
        elsewhere = tmp_path_factory.mktemp("cwd")
        out = elsewhere / "out"
        subprocess.run(
            [Path(sys.executable).parent / "horsies-codegen", "build", project.folder / "src", "--out", out],
            cwd=elsewhere,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
        )
        made = {path.relative_to(out).as_posix(): path.read_text("utf-8") for path in out.rglob("*") if path.is_file()}
        assert made == expected


def stones(project: Project) -> list[str]:
    """The buried names in the lock."""
    return [stone.name for stone in read_lock(project.read("generated/horsies.lock.json")).tombstones]


def test_a_removed_task_is_buried_and_stays_so(project: Project) -> None:
    project.tasks(SEND, SHIP)
    project.run("build", "src")
    assert stones(project) == []
    project.tasks(SEND)
    assert project.run("build", "src", "--check").code == 1
    assert project.run("build", "src").code == 0
    assert stones(project) == ["ship"]
    assert project.run("build", "src", "--check").code == 0
    assert project.run("build", "src").err.endswith(": 0 written, 10 unchanged\n")


def test_a_tombstone_goes_only_if_the_very_contract_is_back(project: Project) -> None:
    for text, buried in (
        (SHIP, []),
        ("", ["ship"]),
        (SHIP.replace("order_id: int", "order: str"), ["ship"]),
        (SHIP, []),
    ):
        project.tasks(SEND, text)
        assert project.run("build", "src").code == 0
        assert stones(project) == buried


def test_a_former_name_is_buried_when_its_alias_goes(project: Project) -> None:
    project.tasks(SHIP)
    project.run("build", "src")
    project.tasks(SHIP.replace('"ship"', '"send_off", aliases=["ship"]'))
    project.run("build", "src")
    assert stones(project) == []
    project.tasks(SHIP.replace('"ship"', '"send_off"'))
    project.run("build", "src")
    assert stones(project) == ["ship"]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("", "names no folder"),
        ("src", "would hold the sources"),
        ("pyproject.toml", "names the file"),
        ("pyproject.toml/x", "cannot be written"),
    ],
)
def test_an_out_folder_that_cannot_be_one_is_a_finding(project: Project, out: str, said: str) -> None:
    project.tasks(SEND)
    (project.folder / "pyproject.toml").write_text("")
    before = {path for path in project.folder.rglob("*") if path.is_file()}
    ran = project.run("build", "src", "--out", out, "--no-cache")
    assert (ran.code, codes(ran.out)) == (2, ["HC907"])
    assert said in ran.out
    assert {path for path in project.folder.rglob("*") if path.is_file()} == before


def test_an_out_folder_that_cannot_be_written_is_a_finding_in_json_too(project: Project) -> None:
    project.tasks(SEND)
    (project.folder / "file").write_text("")
    ran = project.run("build", "src", "--out", "file/x", "--format", "json")
    assert ran.code == 2
    assert [finding["code"] for finding in json.loads(ran.out)["findings"]] == ["HC907"]


def test_a_module_named_tasks_does_not_hide_the_clients_own_table(project: Project) -> None:
    project.write("src/tasks.py", "from horsies import TaskError, TaskResult\nfrom shop.app import app\n" + SHIP)
    assert project.run("build", "src").code == 0
    client = project.read("generated/tasks_client/__init__.py")
    assert "from .tasks import tasks as _tasks_\n" in client
    assert "    ship: _tasks_.Ship\n" in client
