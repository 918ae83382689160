"""The other commands, and what all of them have in common."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from codegen_commands import SEND, SHIP, Project

from horsies_codegen.cli.main import COMMANDS
from horsies_codegen.lint import all_rules

PROGRAM = Path(sys.executable).parent / "horsies-codegen"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Project(tmp_path, capsys)


def test_lint_reports_and_writes_nothing(project: Project) -> None:
    project.tasks(SEND.replace("*, to: str, cc: list[str] | None = None", "to: str"))
    ran = project.run("lint", "src", "--format", "concise")
    assert ran.code == 1
    assert ran.out.startswith("src/shop/tasks.py:6:16: ")
    assert "HC101" in ran.out
    assert not (project.folder / "generated").exists()


def test_lint_of_a_clean_tree_says_what_it_read(project: Project) -> None:
    project.tasks(SEND)
    ran = project.run("lint", "src")
    assert (ran.code, ran.out) == (0, "")
    assert "checked 1 task in" in ran.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), {"HC101", "HC118"}),
        (("--select", "HC1"), {"HC101", "HC118"}),
        (("--select", "HC118,HC2"), {"HC118"}),
        (("--ignore", "HC101"), {"HC118"}),
    ],
)
def test_codes_can_be_selected_and_ignored(project: Project, arguments: tuple[str, ...], expected: set[str]) -> None:
    project.tasks(SEND.replace("*, to: str, cc: list[str] | None = None", "to: str, *, cc: list[str] = []"))
    ran = project.run("lint", "src", "--format", "json", *arguments)
    assert {finding["code"] for finding in json.loads(ran.out)["findings"]} == expected


def test_statistics_count(project: Project) -> None:
    project.tasks(SEND.replace("*, ", ""), SHIP.replace("*, ", ""))
    ran = project.run("lint", "src", "--statistics")
    assert (ran.code, ran.out) == (1, "     3  HC101  positional-parameter\n")


def test_an_editor_can_lint_what_it_holds(project: Project) -> None:
    project.tasks(SEND)
    held = project.read("src/shop/tasks.py").replace("*, to", "to")
    done = subprocess.run(
        [PROGRAM, "lint", "--stdin-filename", "src/shop/tasks.py", "--format", "concise"],
        input=held,
        text=True,
        capture_output=True,
        check=False,
        cwd=project.folder,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("src/shop/tasks.py:6:16: ")


@pytest.mark.parametrize("wanted", ["HC403", "hc403", "invalid-timeout"])
def test_explain_prints_a_page(project: Project, wanted: str) -> None:
    ran = project.run("explain", wanted)
    assert ran.code == 0
    assert ran.out.startswith("# HC403: invalid-timeout\n")
    assert "timeout_ms=30_000" in ran.out


def test_explain_lists_every_code_and_prints_every_page(project: Project) -> None:
    listing, pages = project.run("explain").out, project.run("explain", "--all").out
    for rule in all_rules():
        assert f"{rule.code}  {rule.name}" in listing
        assert f"# {rule.code}: {rule.name}\n" in pages


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("buld", "build"), ("LINT", "lint"), ("braking", "breaking"), ("explian", "explain"), ("doc", "docs"),
     ("shema", "schema")],
)  # fmt: skip
def test_a_command_that_is_none_suggests_one(project: Project, typed: str, meant: str) -> None:
    ran = project.run(typed, "src")
    assert ran.code == 2
    assert f"No such command {typed!r}. Did you mean {meant!r}?" in ran.err


def test_a_command_like_no_other_lists_them_all(project: Project) -> None:
    ran = project.run("xyz")
    assert ran.code == 2
    assert f"there are {', '.join(COMMANDS)}." in ran.err


def test_a_dash_is_no_path_and_the_message_names_the_option(project: Project) -> None:
    ran = project.run("lint", "-")
    assert ran.code == 2
    assert "--stdin-filename PATH" in ran.err


@pytest.mark.parametrize("typed", ["HC9", "HC99", "hc999"])
def test_explain_of_the_beginning_of_codes_lists_them(project: Project, typed: str) -> None:
    ran = project.run("explain", typed)
    assert ran.code == 2
    assert "those that begin with HC9" in ran.err
    assert {rule.code for rule in all_rules() if rule.code.startswith("HC9")} == set(
        re.findall(r"  (HC\d{3})  ", ran.err)
    )


def test_explain_of_an_unknown_code_suggests_one(project: Project) -> None:
    ran = project.run("explain", "HC4033")
    assert ran.code == 2
    assert "did you mean HC403?" in ran.err


def test_schema_prints_the_schemas_of_one_task(project: Project) -> None:
    project.tasks(SEND, SHIP)
    project.run("build", "src")
    assert project.run("schema", "ship", "src").out == project.read("generated/schemas/ship.params.json")
    assert project.run("schema", "ship", "src", "--result").out == project.read("generated/schemas/ship.result.json")
    unknown = project.run("schema", "shop", "src")
    assert unknown.code == 2
    assert "did you mean 'ship'?" in unknown.err
    project.tasks(SEND.replace("*, ", ""))
    assert project.run("schema", "send_email", "src").code == 1


@pytest.mark.parametrize("arguments", [("build", "--nope"), ("lint", "--format", "yaml"), ("nope",)])
def test_a_wrong_command_line_exits_with_2(project: Project, arguments: tuple[str, ...]) -> None:
    ran = project.run(*arguments)
    assert ran.code == 2
    assert ran.err


def test_an_internal_error_is_one_line_and_exits_with_2(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.tasks(SEND)

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a defect\nof ours")

    monkeypatch.setattr("horsies_codegen.pipeline.inspection.sift", broken)
    ran = project.run("lint", "src")
    assert ran.code == 2
    assert ran.err.startswith("error[HC909]: internal error: KeyError: ")
    assert "Traceback" not in ran.err
    assert "HORSIES_TRACEBACK=1" in ran.err
    monkeypatch.setenv("HORSIES_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in project.run("lint", "src").err


def test_every_command_is_listed_and_has_a_help_page(project: Project) -> None:
    listing = project.run("--help").out
    for name, entry in COMMANDS.items():
        assert f"  {name}" in listing
        assert entry.help in " ".join(listing.split())
        assert project.run(name, "--help").out.startswith(f"Usage: horsies-codegen {name} ")


def test_help_loads_no_compiler() -> None:
    program = (
        "import sys\nfrom horsies_codegen.cli import main\n"
        "try: main(['--help'])\nfinally: print([m for m in ('libcst', 'jinja2', 'horsies_codegen.resolve') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_loads_nothing_that_only_work_needs() -> None:
    """How long it takes is measured by `benchmarks/build_scale.py`; this is what keeps it short."""
    script = (
        "import sys; from horsies_codegen.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    ran = subprocess.run((sys.executable, "-c", script), capture_output=True, text=True, check=True)
    assert "build" in ran.stdout
    loaded = set(ran.stderr.split())
    heavy = {"libcst", "jinja2", "pydantic", "psycopg", "asyncio", "multiprocessing", "horsies_codegen.lint.rules"}
    assert "horsies_codegen.cli.main" in loaded
    assert not loaded & heavy


def test_findings_survive_a_reader_that_leaves_early(project: Project) -> None:
    project.tasks(*(SEND.replace("*, ", "").replace("send_email", f"t{number}") for number in range(300)))
    command = f"'{PROGRAM}' lint src | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, cwd=project.folder)
    assert done.stdout.count("\n") == 1
    assert "internal error" not in done.stderr


def test_lint_says_that_it_looked_at_no_task(project: Project) -> None:
    project.write("src/plain.py", "x = 1\n")
    ran = project.run("lint", "src")
    assert ran.code == 0
    assert "no task was found" in ran.err


@pytest.mark.parametrize("form", ["full", "concise", "json", "sarif", "github", "junit"])
def test_a_tree_without_tasks_is_reported_as_any_other(project: Project, form: str) -> None:
    """It is told by its bytes, and no rule is loaded for it: with a setting that names codes the long way is taken."""
    project.write("src/plain.py", "x = 1\n")
    short = project.run("lint", "src", "--format", form)
    long = project.run("lint", "src", "--format", form, "--ignore", "HC118")
    assert short == long


@pytest.mark.parametrize("text", ["# a task\n", "x = 1  # horsies: ignore[HC101] -- for nothing\n"])
def test_a_file_that_speaks_of_tasks_is_judged(project: Project, text: str) -> None:
    project.write("src/plain.py", text)
    ran = project.run("lint", "src", "--format", "json")
    assert [finding["code"] for finding in json.loads(ran.out)["findings"]] == (["HC910"] if "ignore" in text else [])


def test_no_rule_is_loaded_for_a_tree_without_tasks(project: Project) -> None:
    project.write("src/plain.py", "x = 1\n")
    script = (
        "import sys\nfrom horsies_codegen.cli import main\n"
        "try: main(['lint', 'src'])\n"
        "finally: print([name for name in ('horsies_codegen.lint', 'horsies_codegen.resolve') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "[]\n")


def test_without_the_extra_it_says_what_to_install(project: Project) -> None:
    """An installation of ``horsies`` alone: the program is there, its parser is not."""
    project.tasks(SEND)
    without = "import sys; sys.modules['libcst'] = None; from horsies_codegen.cli import main; main(['lint', 'src'])"
    ran = subprocess.run([sys.executable, "-c", without], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "pip install 'horsies[codegen]'" in ran.stderr
    assert "internal error" not in ran.stderr


@pytest.mark.parametrize("arguments", [("explain", "--all"), ("lint", "src", "--format", "json")])
def test_a_reader_that_leaves_is_no_finding(project: Project, arguments: tuple[str, ...]) -> None:
    project.tasks(SEND.replace("*, to: str, cc: list[str] | None = None", "to: str"))
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run([PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert ran.returncode == 2
    assert ran.stderr.endswith("error: whoever read the output has left before its end\n")
    assert "Traceback" not in ran.stderr
