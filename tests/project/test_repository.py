"""What must hold of the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    *("pyproject.toml", "horsies", "horsies_core", "horsies_codegen", "templates", "generated", "tests", "examples"),
    *("benchmarks", "docs", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "constraints.txt"),
    *(".ci", ".gitignore", ".pre-commit-hooks.yaml", ".gitattributes", ".github"),
}


def tracked() -> list[str]:
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_only_the_agreed_things_stand_at_the_top() -> None:
    assert {path.split("/")[0] for path in tracked()} <= TOP_LEVEL


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    listed = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    for requirement in listed:
        if requirement.startswith("horsies["):
            continue
        assert re.search(rf'"{re.escape(requirement)}",\s+# \w+', text), f"{requirement} has no reason beside it"


def test_constraints_pin_every_dependency_exactly() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][\w.]*", line) for line in lines), lines
    pinned = {re.split("==", line)[0].lower().replace("_", "-") for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for group in (project["dependencies"], *project["optional-dependencies"].values()):
        for requirement in group:
            name = re.split(r"[\[<>=~ ]", requirement)[0].lower()
            assert name == "horsies" or name in pinned, f"{name} is not in constraints.txt"


def test_the_compiler_and_the_runtime_say_their_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for tool in ("horsies", "horsies-codegen"):
        said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
        assert version in said
