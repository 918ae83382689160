"""The wheel holds everything that the installed tools need: templates, statements, migrations, schemas, type markers."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TASKS = """\
from horsies import Horsies, TaskError, TaskResult

app = Horsies()


@app.task("double")
def double(*, number: int) -> TaskResult[int, TaskError]:
    return TaskResult(ok=number * 2)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, timeout=500)
    (wheel,) = folder.glob("horsies-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_what_is_no_python(unpacked: Path) -> None:
    wanted = {
        *(f"{package}/py.typed" for package in ("horsies", "horsies_core", "horsies_codegen")),
        *(
            f"horsies_codegen/_templates/{path.relative_to(ROOT / 'templates')}"
            for path in (ROOT / "templates").rglob("*.j2")
        ),
        *(str(path.relative_to(ROOT)) for path in (ROOT / "horsies_core").rglob("*.sql")),
        *(str(path.relative_to(ROOT)) for path in (ROOT / "horsies_codegen").rglob("*.json")),
    }
    assert len(wanted) > 20
    assert [name for name in sorted(wanted) if not (unpacked / name).is_file()] == []


def test_the_wheel_holds_nothing_else(unpacked: Path) -> None:
    top = {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")}
    assert top == {"horsies", "horsies_core", "horsies_codegen"}


def test_the_installed_compiler_builds(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "tasks.py").write_text(TASKS)
    entry = "import sys; from horsies_codegen.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", entry, "build", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "generated" / "tasks_client" / "__init__.py").is_file()
    assert "compiled 1 task in 1 module" in done.stderr
