"""One walk, three storages: disk, memory and git list the same files with the same names."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from horsies_codegen.source import SourceTree, discover, tree_of
from horsies_codegen.source.git import discover_at

FOLDERS = st.sampled_from(["src", "shop", "pay-api", "build", "class", "venv", "node_modules", ".hid", "a"])
FILES = st.sampled_from(
    ["__init__.py", "tasks.py", "x.py", "pyproject.toml", "setup.py", "pyvenv.cfg", "no-name.py", "a.py", "src"]
)
LAYOUTS = st.sets(st.builds(lambda folders, file: "/".join([*folders, file]), st.lists(FOLDERS, max_size=4), FILES))


def without_clashes(paths: set[str]) -> list[str]:
    """The paths whose folders are not files themselves."""
    return sorted(path for path in paths if not any(path.startswith(f"{other}/") for other in paths))


def folders_of(paths: list[str]) -> list[str]:
    return sorted({"/".join(path.split("/")[:depth]) or "." for path in paths for depth in range(path.count("/") + 1)})


def listing(tree: SourceTree) -> tuple[object, ...]:
    files = [(entry.path, entry.module, entry.is_package, entry.root) for entry in tree.entries]
    return files, tree.roots, tree.problems, tree.duplicates


@given(LAYOUTS, st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_disk_and_memory_agree(paths: set[str], data: st.DataObject) -> None:
    files = without_clashes({f"top/{path}" for path in paths})
    given_paths = data.draw(st.lists(st.sampled_from([*folders_of(files), "top"]), min_size=1, max_size=2))
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), files)
        on_disk = discover(given_paths, cwd=name)
        assert listing(on_disk) == listing(tree_of(dict.fromkeys(files, ""), given_paths))


@given(LAYOUTS)
@settings(max_examples=60, deadline=None)
def test_a_given_inner_folder_names_modules_as_the_whole_does_in_a_src_project(paths: set[str]) -> None:
    files = [f"proj/src/{path}" for path in without_clashes(paths - {"__init__.py"})]
    everything = {"proj/pyproject.toml": "", **dict.fromkeys(files, "")}
    whole = {file.path: file.module for file in tree_of(everything, ["proj"]).files()}
    for path, module in whole.items():
        (alone,) = tree_of(everything, [path]).files()
        assert alone.module == module


def test_git_agrees(tmp_path: Path) -> None:
    files = without_clashes(
        {
            f"{folder}/{file}"
            for folder in ("src/shop", "pay-api/a", "build", "venv", "src")
            for file in ("a.py", "b.txt")
        }
        | {"pyproject.toml", "src/shop/__init__.py", "pay-api/setup.cfg", "a.py", "shop/class/x.py"}
    )
    write(tmp_path, files)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for command in (
        ["git", "init", "--quiet"],
        ["git", "add", "--all"],
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "state"],
    ):
        subprocess.run(command, cwd=tmp_path, check=True, env=environment, timeout=120)
    for given_paths in (["."], ["src"], ["src/shop"], ["pay-api", "shop/class"], ["build"]):
        with discover_at("HEAD", given_paths, cwd=tmp_path) as tree:
            assert listing(tree) == listing(discover(given_paths, cwd=tmp_path))
            assert tree.entries


def write(top: Path, files: list[str]) -> None:
    for path in files:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(b"")
