"""The generated package against the gates of the people who will commit it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from emit_samples import ENTRIES

from horsies_codegen.emit import emit

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that is generated for the samples."""
    out = tmp_path_factory.mktemp("generated")
    for path, text in emit(ENTRIES, package="tasks_client").items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    return out


def run(*command: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, run in a folder."""
    program, *rest = (str(part) for part in command)
    return subprocess.run(
        [str(BIN / program), *rest],
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_mypy_strict_finds_nothing(package: Path) -> None:
    done = run("mypy", "--strict", "--python-version=3.11", "tasks_client", cwd=package)
    assert done.returncode == 0, done.stdout


def test_pyright_strict_finds_nothing(package: Path) -> None:
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "include": ["tasks_client"],
        "extraPaths": [str(ROOT), sysconfig.get_paths()["purelib"]],
    }
    (package / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = run("pyright", cwd=package)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("rules", ["", "--select=E4,E7,E9,F,W,I,UP,B,C4,SIM,RET,PIE,RUF,N,A,ARG,PLE"])
def test_ruff_finds_nothing(package: Path, rules: str) -> None:
    allowed = "--ignore=RUF001,RUF002,RUF003,PLE2502,N801,N803,A002,A003"  # the samples' own words
    options = [rules, allowed, "--target-version=py311"] if rules else []
    done = run("ruff", "check", "--isolated", *options, "tasks_client", cwd=package)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("width", [79, 88, 100, 120, 320])
def test_a_formatter_changes_nothing_at_any_line_length(package: Path, width: int) -> None:
    done = run("ruff", "format", "--isolated", "--diff", f"--line-length={width}", "tasks_client", cwd=package)
    assert done.returncode == 0, done.stdout


HEAVY = [
    "pydantic",
    "psycopg",
    "psycopg_pool",
    "jsonschema_rs",
    "libcst",
    "jinja2",
    "mypy",
    "click",
    "asyncio",
    "horsies_codegen",
]
"""What a producer must not load by importing its client."""


@pytest.mark.parametrize("statement", ["import tasks_client", "from tasks_client import Client, models"])
def test_importing_the_client_loads_no_more_than_a_producer_needs(package: Path, statement: str) -> None:
    program = (
        f"import sys; {statement}; "
        f"print([name for name in {HEAVY} if name in sys.modules]); "
        "print([name for name in sys.modules if name.startswith(('horsies_core.worker', 'horsies_core.cli', "
        "'horsies_core.app', 'horsies_core.task.live', 'tasks_client.tasks.'))]); "
        "print(len([name for name in sys.modules if name.startswith('horsies')]) < 40)"
    )
    done = run("python", "-c", program, cwd=package)
    assert done.stdout == "[]\n[]\nTrue\n", done.stdout + done.stderr


def test_every_type_can_be_read_at_run_time(package: Path) -> None:
    """pydantic reads each payload as the stub's codec does: recursive types, odd keys, aliases."""
    program = """
import importlib, typing
from pydantic import TypeAdapter
import tasks_client
stubs = 0
for attribute, target in tasks_client.Client._tasks.items():
    module, name = target.split(":")
    stub = getattr(importlib.import_module(module, "tasks_client"), name)
    payload, result, code = stub.__orig_bases__[0].__args__
    TypeAdapter(payload), TypeAdapter(result)
    stubs += 1
print(stubs)
"""
    done = run("python", "-c", program, cwd=package)
    assert done.stdout == f"{len(ENTRIES)}\n", done.stderr


def test_equal_contracts_give_equal_bytes_in_any_order() -> None:
    assert emit(ENTRIES, package="tasks_client") == emit(ENTRIES[::-1], package="tasks_client")


def interpreters() -> list[Path]:
    """This Python, and whichever others are installed beside it."""
    others = sorted(Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python"))
    return [Path(sys.executable), *others]


@pytest.mark.parametrize("python", interpreters(), ids=lambda path: path.parts[-3])
@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_bytes_depend_on_no_hash_seed_and_no_python(python: Path, seed: str, tmp_path: Path) -> None:
    program = (
        "import hashlib, json; from emit_samples import ENTRIES; from horsies_codegen.emit import emit; "
        "print(hashlib.sha256(json.dumps(emit(ENTRIES, package='tasks_client')).encode()).hexdigest())"
    )
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests/support"), sysconfig.get_paths()["purelib"]])
    done = subprocess.run(
        [str(python), "-c", program],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    import hashlib

    here = hashlib.sha256(json.dumps(emit(ENTRIES, package="tasks_client")).encode()).hexdigest()
    assert done.stdout.strip() == here, done.stderr


def test_a_package_that_cannot_be_imported_is_refused() -> None:
    with pytest.raises(ValueError, match="imported"):
        emit(ENTRIES, package="tasks-client")
