"""Installed packages and the standard library, found as the import system would find them and never imported."""

from __future__ import annotations

import importlib.machinery
import sys
import sysconfig
from pathlib import Path

import pytest

from horsies_codegen.source import ExternalModules, ProblemKind, environment_paths


def put(top: Path, *paths: str) -> None:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(f"raise SystemExit({path!r})")


def path_of(modules: ExternalModules, name: str) -> str | None:
    file = modules.find(name)
    return None if file is None else file.path


STDLIB = sysconfig.get_path("stdlib")
PURELIB = sysconfig.get_path("purelib")


@pytest.mark.parametrize("name", ["json", "json.decoder", "uuid", "collections.abc", "pydantic", "pydantic.main"])
def test_it_finds_what_the_import_system_finds(name: str) -> None:
    file = ExternalModules([PURELIB, STDLIB]).find(name)
    assert file is not None
    search = [PURELIB, STDLIB]
    spec = None
    for part_end in range(1, name.count(".") + 2):
        spec = importlib.machinery.PathFinder.find_spec(".".join(name.split(".")[:part_end]), search)
        search = list(spec.submodule_search_locations or []) if spec else []
    assert spec is not None
    assert spec.origin is not None
    assert Path(file.path) == Path(spec.origin).resolve()
    assert (file.module, file.is_package) == (name, spec.submodule_search_locations is not None)


@pytest.mark.parametrize("name", ["sys", "_json", "nothing_of_this_name", "json.nothing", "", "json..decoder"])
def test_built_in_compiled_and_missing_modules_have_no_source(name: str) -> None:
    assert ExternalModules([PURELIB, STDLIB]).find(name) is None


def test_nothing_is_imported(tmp_path: Path) -> None:
    put(tmp_path, "boom_package/__init__.py", "boom_package/inner.py")
    assert ExternalModules([tmp_path]).find("boom_package.inner") is not None
    assert not any(name.startswith("boom_package") for name in sys.modules)


def test_the_first_folder_goes_first(tmp_path: Path) -> None:
    put(tmp_path, "one/a.py", "two/a.py", "two/b.py")
    modules = ExternalModules([tmp_path / "one", tmp_path / "missing", tmp_path / "two"])
    assert path_of(modules, "a") == (tmp_path / "one/a.py").as_posix()
    assert path_of(modules, "b") == (tmp_path / "two/b.py").as_posix()


def test_a_namespace_package_lies_in_several_folders(tmp_path: Path) -> None:
    put(tmp_path, "one/google/cloud/a.py", "two/google/cloud/b.py")
    modules = ExternalModules([tmp_path / "one", tmp_path / "two"])
    assert path_of(modules, "google.cloud.a") == (tmp_path / "one/google/cloud/a.py").as_posix()
    assert path_of(modules, "google.cloud.b") == (tmp_path / "two/google/cloud/b.py").as_posix()
    assert modules.find("google.cloud") is None


def test_a_regular_package_hides_portions_of_its_name(tmp_path: Path) -> None:
    put(tmp_path, "one/pay/a.py", "two/pay/__init__.py", "two/pay/b.py")
    modules = ExternalModules([tmp_path / "one", tmp_path / "two"])
    assert modules.find("pay.a") is None
    assert modules.find("pay.b") is not None


def test_a_module_has_no_modules_below_it(tmp_path: Path) -> None:
    put(tmp_path, "pay.py", "pay/a.py")
    modules = ExternalModules([tmp_path])
    assert path_of(modules, "pay") == (tmp_path / "pay.py").as_posix()
    assert modules.find("pay.a") is None


def test_path_files_add_folders_and_run_nothing(tmp_path: Path) -> None:
    put(tmp_path, "work/editable.py", "site/own.py")
    (tmp_path / "site/dev.pth").write_text(
        f"# a comment\nimport sys; sys.exit(3)\n\n../nowhere\n{tmp_path / 'work'}\n", encoding="utf-8"
    )
    modules = ExternalModules([tmp_path / "site"])
    assert path_of(modules, "editable") == (tmp_path / "work/editable.py").as_posix()
    assert modules.search == (str(tmp_path / "site"), str(tmp_path / "work"))


def test_packages_that_setuptools_installed_in_place_are_found(tmp_path: Path) -> None:
    put(tmp_path, "work/shop/__init__.py", "work/shop/models.py", "work/one.py", "work/other.py", "work/inner/a.py")
    mapping = {
        name: str(tmp_path / "work" / path) for name, path in (("shop", "shop"), ("one", "one.py"), ("x", "inner"))
    }
    (tmp_path / "site").mkdir()
    (tmp_path / "site/__editable___shop_1_0_finder.py").write_text(
        f"import sys\nMAPPING: dict[str, str] = {mapping!r}\nraise SystemExit\n"
    )
    (tmp_path / "site/__editable___broken_1_0_finder.py").write_text("MAPPING: dict = {")
    modules = ExternalModules([tmp_path / "site"])
    assert path_of(modules, "shop.models") == (tmp_path / "work/shop/models.py").as_posix()
    assert path_of(modules, "one") == (tmp_path / "work/one.py").as_posix()
    assert modules.find("other") is None
    assert modules.find("x.a") is None


def test_links_lead_to_the_real_file(tmp_path: Path) -> None:
    put(tmp_path, "store/pay/__init__.py", "store/pay/a.py")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/pay").symlink_to("../store/pay")
    assert path_of(ExternalModules([tmp_path / "site"]), "pay.a") == (tmp_path / "store/pay/a.py").as_posix()


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    put(tmp_path, "a.py")
    modules = ExternalModules([tmp_path])
    assert modules.find("a") is not None
    (tmp_path / "a.py").unlink()
    file = modules.find("a")
    assert file is not None
    assert file.problem is not None
    assert file.problem.kind is ProblemKind.UNREADABLE


def test_texts_for_renderers_are_those_that_were_found(tmp_path: Path) -> None:
    put(tmp_path, "a.py", "b.py")
    modules = ExternalModules([tmp_path])
    path = path_of(modules, "a")
    assert path is not None
    assert modules.text(path) == "raise SystemExit('a.py')"
    assert modules.text((tmp_path / "b.py").as_posix()) is None


def environment(top: Path, *versions: str) -> Path:
    put(top, *(f"lib/python3.{version}/site-packages/m.py" for version in versions))
    (top / "pyvenv.cfg").write_text("")
    return top


def test_the_active_environment_goes_first(tmp_path: Path) -> None:
    active = environment(tmp_path / "active", "9", "12")
    environment(tmp_path / "proj/.venv", "11")
    paths = environment_paths(tmp_path / "proj", {"VIRTUAL_ENV": str(active)})
    assert paths[:2] == tuple(str(active / f"lib/python3.{version}/site-packages") for version in ("12", "9"))
    assert STDLIB in paths
    assert not any(".venv" in path and str(tmp_path) in path for path in paths)


def test_else_the_environment_beside_the_project(tmp_path: Path) -> None:
    beside = environment(tmp_path / ".venv", "11")
    (tmp_path / "services/pay").mkdir(parents=True)
    paths = environment_paths(tmp_path / "services/pay", {"VIRTUAL_ENV": str(tmp_path / "gone")})
    assert paths[0] == str(beside / "lib/python3.11/site-packages")


def test_without_any_there_is_what_runs_the_compiler(tmp_path: Path) -> None:
    assert environment_paths(tmp_path, {}) == tuple(dict.fromkeys([PURELIB, sysconfig.get_path("platlib"), STDLIB]))
