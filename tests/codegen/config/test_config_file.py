"""``[tool.horsies.codegen]``: what is read, and where what is wrong is pointed at."""

from __future__ import annotations

from pathlib import Path

import pytest

from horsies_codegen.config import Config, find_projects, read_projects
from horsies_codegen.config.values import SETTINGS
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.source import SourceText


def read(folder: Path, text: str) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The settings of a ``pyproject.toml`` in a folder."""
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    projects, problems = read_projects(path, folder)
    return projects[0], problems


def refused(folder: Path, text: str) -> tuple[str, str, tuple[str, ...]]:
    """The one finding about a file: its message, the text under its place, and its help."""
    config, problems = read(folder, text)
    (problem,) = problems
    assert problem.code == "HC907"
    assert problem.place is not None
    assert config == Config(path="pyproject.toml")
    return problem.message, SourceText(text).slice(problem.place.span), problem.help


def test_every_setting_is_read(tmp_path: Path) -> None:
    config, problems = read(
        tmp_path,
        """
[tool.horsies.codegen]
name = "shop"
paths = ["src"]
exclude = ["migrations"]
roots = ["lib"]
out = "clients"
package = "shop_client"
package-metadata = true
package-version = "1.4.0rc1"
templates = "mine"
models = "dataclass"
python = "3.12"
select = ["HC1"]
ignore = ["HC113"]
baseline = "known.json"

[tool.horsies.codegen.types]
"acme.money.Money" = "str"

[tool.horsies.codegen.per-file-ignores]
"tests/*" = ["HC2"]

[tool.horsies.codegen.severity]
HC115 = "error"
""",
    )
    assert problems == ()
    assert config == Config(
        path="pyproject.toml",
        name="shop",
        paths=("src",),
        exclude=("migrations",),
        roots=("lib",),
        out="clients",
        package="shop_client",
        package_metadata=True,
        package_version="1.4.0rc1",
        templates="mine",
        models="dataclass",
        python=(3, 12),
        types={"acme.money.Money": "str"},
        select=("HC1",),
        ignore=("HC113",),
        per_file_ignores={"tests/*": ("HC2",)},
        baseline="known.json",
        severity={"HC115": Level.ERROR},
    )
    assert {setting.field for setting in SETTINGS.values()} | {"path", "key"} == set(Config.__dataclass_fields__)


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[tool.ruff]\nline-length = 100\n"])
def test_without_the_table_the_defaults_hold(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (Config(), ())


def test_an_unknown_key_is_pointed_at_with_the_nearest_one(tmp_path: Path) -> None:
    message, under, helps = refused(
        tmp_path, '[tool.horsies.codegen]\nout = "x"\npakage = "y"\n'.replace('out = "x"\n', "")
    )
    assert message == "[tool.horsies.codegen] has no key 'pakage'"
    assert under == "pakage"
    assert helps == ("did you mean 'package'?",)


@pytest.mark.parametrize(
    ("line", "message", "under"),
    [
        ("out = 3", "out must be a string", "out"),
        ('out = ""', "out must be a string", "out"),
        ('paths = "src"', "paths must be a list of strings", "paths"),
        ("paths = [1]", "paths must be a list of strings", "paths"),
        ("python = 3.12", 'python must be a Python version in quotes, such as "3.12"', "python"),
        ('python = "2.7"', 'python must be a Python version in quotes, such as "3.12"', "python"),
        ("types = 1", "types must be a table of strings", "types"),
        ('[tool.horsies.codegen.types]\n"a.B" = 1', "types.a.B must be a string", '"a.B"'),
        (
            '[tool.horsies.codegen.severity]\nHC101 = "fatal"',
            "severity.HC101 must be one of 'error', 'warning', 'note'",
            "HC101",
        ),
    ],
)
def test_a_wrong_value_is_pointed_at(tmp_path: Path, line: str, message: str, under: str) -> None:
    assert refused(tmp_path, f"[tool.horsies.codegen]  # settings\n{line}\n")[:2] == (message, under)


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "[tool.horsies.codegen]\nout = 1\nnope = 2\npaths = 3\n")
    assert len(problems) == 3


def test_the_nearest_table_upwards_counts_and_its_paths_are_spelled_from_here(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.horsies.codegen]\npaths = ["src", "/abs"]\nout = "generated"\n', encoding="utf-8"
    )
    below = tmp_path / "services/shop"
    below.mkdir(parents=True)
    (below / "pyproject.toml").write_text("[project]\nname = 'horsies-shop'\n", encoding="utf-8")
    (config,), problems = find_projects(below)
    assert problems == ()
    assert config == Config(path="../../pyproject.toml", paths=("../../src", "/abs"), out="../../generated")


def test_a_file_that_is_no_toml_is_a_finding_only_if_it_is_ours(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other\n", encoding="utf-8")
    assert find_projects(tmp_path) == ((Config(),), ())
    (tmp_path / "pyproject.toml").write_text("[tool.horsies.codegen\n", encoding="utf-8")
    (problem,) = find_projects(tmp_path)[1]
    assert problem.code == "HC907"


def test_the_defaults_count_from_the_file_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.horsies.codegen]\n", encoding="utf-8")
    (tmp_path / "src").mkdir()
    (config,), _ = find_projects(tmp_path / "src")
    assert (config.paths, config.out) == (("..",), "../generated")
