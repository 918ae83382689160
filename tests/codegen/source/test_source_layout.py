"""Which module a file is: the rules of layout, over trees in memory."""

from __future__ import annotations

import pytest

from horsies_codegen.source import ProblemKind, tree_of


def modules(files: list[str], *paths: str) -> dict[str, str]:
    """Module by path of an empty tree with these files."""
    tree = tree_of(dict.fromkeys(files, ""), paths or (".",))
    assert not tree.problems
    return {file.path: file.module for file in tree.files()}


def test_the_given_folder_is_where_imports_begin() -> None:
    files = ["app/shop/__init__.py", "app/shop/tasks.py", "app/jobs.py"]
    assert modules(files, "app") == {
        "app/jobs.py": "jobs",
        "app/shop/__init__.py": "shop",
        "app/shop/tasks.py": "shop.tasks",
    }


@pytest.mark.parametrize("path", ["lib", "lib/shop", "lib/shop/email", "lib/shop/email/tasks.py"])
def test_packages_lead_up_to_where_imports_begin(path: str) -> None:
    files = ["lib/shop/__init__.py", "lib/shop/email/__init__.py", "lib/shop/email/tasks.py"]
    assert modules(files, path)["lib/shop/email/tasks.py"] == "shop.email.tasks"


def test_a_folder_without_init_inside_a_package_belongs_to_it() -> None:
    files = ["shop/__init__.py", "shop/email/tasks.py"]
    assert modules(files, "shop/email") == {"shop/email/tasks.py": "shop.email.tasks"}


def test_namespace_packages_are_packages_below_the_root() -> None:
    assert modules(["shop/email/tasks.py"]) == {"shop/email/tasks.py": "shop.email.tasks"}


def test_a_package_knows_that_it_is_one() -> None:
    tree = tree_of({"shop/__init__.py": "", "shop/a.py": ""})
    assert [(file.module, file.is_package) for file in tree.files()] == [("shop", True), ("shop.a", False)]


@pytest.mark.parametrize("path", [".", "src", "src/shop", "src/shop/tasks.py"])
def test_imports_begin_at_the_src_of_a_project(path: str) -> None:
    assert modules(["pyproject.toml", "src/shop/tasks.py"], path) == {"src/shop/tasks.py": "shop.tasks"}


def test_imports_begin_at_src_in_the_given_folder_even_without_a_project_file() -> None:
    assert modules(["src/shop/tasks.py", "tools/run.py"]) == {
        "src/shop/tasks.py": "shop.tasks",
        "tools/run.py": "tools.run",
    }


def test_src_is_a_package_like_any_other_if_it_says_so() -> None:
    assert modules(["pyproject.toml", "src/__init__.py", "src/tasks.py"])["src/tasks.py"] == "src.tasks"


@pytest.mark.parametrize("path", [".", "repo", "repo/app"])
def test_a_stray_init_at_the_top_of_a_project_makes_no_package(path: str) -> None:
    files = ["repo/pyproject.toml", "repo/__init__.py", "repo/app/__init__.py", "repo/app/tasks.py"]
    assert modules(files, path)["repo/app/tasks.py"] == "app.tasks"


def test_src_deeper_down_and_beside_no_project_is_a_package() -> None:
    assert modules(["shop/__init__.py", "shop/src/tasks.py"])["shop/src/tasks.py"] == "shop.src.tasks"


@pytest.mark.parametrize("path", [".", "services", "services/pay"])
def test_imports_begin_at_the_top_of_a_nested_project(path: str) -> None:
    files = ["pyproject.toml", "services/pay/pyproject.toml", "services/pay/pay/tasks.py"]
    assert modules(files, path) == {"services/pay/pay/tasks.py": "pay.tasks"}


def test_imports_begin_at_the_src_of_a_nested_project() -> None:
    assert modules(["services/pay/setup.py", "services/pay/src/pay/tasks.py"])["services/pay/src/pay/tasks.py"] == (
        "pay.tasks"
    )


@pytest.mark.parametrize("folder", ["billing-api", "2024", "class", "my.app"])
def test_imports_begin_at_a_folder_that_no_import_can_name(folder: str) -> None:
    assert modules([f"services/{folder}/app/tasks.py"]) == {f"services/{folder}/app/tasks.py": "app.tasks"}


def test_explicit_roots_overrule_the_layout() -> None:
    tree = tree_of({"app/jobs/__init__.py": "", "app/jobs/tasks.py": ""}, roots=["app/jobs"])
    assert [file.module for file in tree.files()] == ["__init__", "tasks"]
    tree = tree_of({"app/jobs/tasks.py": ""}, ["app/jobs"], roots=["."])
    assert [file.module for file in tree.files()] == ["app.jobs.tasks"]
    assert tree.roots == (".",)


def test_a_file_that_no_import_can_name_is_still_found() -> None:
    assert modules(["scripts/send-mail.py"]) == {"scripts/send-mail.py": "scripts.send-mail"}


@pytest.mark.parametrize(
    "path",
    [
        ".hidden/tasks.py",
        ".tasks.py",
        "__pycache__/tasks.py",
        "node_modules/gyp/tasks.py",
        "lib/site-packages/tasks.py",
        "build/lib/tasks.py",
        "dist/tasks.py",
        "tasks.pyi",
        "tasks.txt",
    ],
)
def test_what_is_not_the_projects_own_source_is_passed_by(path: str) -> None:
    assert modules(["pyproject.toml", "app.py", path]) == {"app.py": "app"}


def test_environments_are_passed_by_whatever_they_are_called() -> None:
    files = ["app.py", "myenv/pyvenv.cfg", "myenv/lib/tasks.py", "other/conda-meta/history", "other/tasks.py"]
    assert modules(files) == {"app.py": "app"}


def test_build_is_a_name_like_any_other_but_at_the_top_of_a_project() -> None:
    files = ["pyproject.toml", "shop/build/tasks.py", "dist/__init__.py"]
    assert modules(files) == {"dist/__init__.py": "dist", "shop/build/tasks.py": "shop.build.tasks"}


@pytest.mark.parametrize("path", [".hidden", "node_modules/gyp", "build"])
def test_a_named_path_is_read_even_where_the_walk_would_pass_it_by(path: str) -> None:
    assert len(modules(["pyproject.toml", f"{path}/tasks.py"], path)) == 1


def test_exclude_goes_before_everything() -> None:
    files = dict.fromkeys(["a.py", "legacy/b.py", "x/test_c.py"], "")
    tree = tree_of(files, [".", "legacy/b.py"], exclude=["legacy", "test_*.py", "legacy/b.py"])
    assert [file.path for file in tree.files()] == ["a.py"]


def test_files_come_in_order_of_their_paths_and_once() -> None:
    files = dict.fromkeys(["b.py", "a/z.py", "a.py", "a-b/x.py"], "")
    tree = tree_of(files, ["b.py", ".", "a"])
    paths = [file.path for file in tree.files()]
    assert paths == sorted(files)


def test_a_missing_path_is_a_problem_and_costs_no_other() -> None:
    tree = tree_of({"a.py": ""}, ["nowhere", "a.py"])
    assert [(problem.kind, problem.path) for problem in tree.problems] == [(ProblemKind.MISSING, "nowhere")]
    assert len(tree.files()) == 1


def test_two_roots_with_the_same_module() -> None:
    tree = tree_of(dict.fromkeys(["one/pay.py", "two/pay.py", "two/other.py"], ""), ["two", "one"])
    (problem,) = tree.duplicates
    assert (problem.kind, problem.path, problem.related) == (
        ProblemKind.DUPLICATE_MODULE,
        "one/pay.py",
        ("two/pay.py",),
    )
    found = tree.module("pay")
    assert found is not None
    assert found.path == "two/pay.py"
    found = tree.module("pay", "one")
    assert found is not None
    assert found.path == "one/pay.py"


def test_a_package_goes_before_a_module_of_its_name() -> None:
    tree = tree_of(dict.fromkeys(["pay.py", "pay/__init__.py"], ""))
    assert [problem.path for problem in tree.duplicates] == ["pay.py"]
    found = tree.module("pay")
    assert found is not None
    assert found.path == "pay/__init__.py"


def test_look_up_reaches_files_beside_the_given_ones() -> None:
    tree = tree_of({"shop/__init__.py": "", "shop/tasks.py": "", "shop/models/order.py": "x = 1"}, ["shop/tasks.py"])
    assert [file.path for file in tree.files()] == ["shop/tasks.py"]
    found = tree.module("shop.models.order")
    assert found is not None
    assert (found.path, found.module, found.root) == ("shop/models/order.py", "shop.models.order", ".")
    assert tree.text("shop/models/order.py") == "x = 1"


@pytest.mark.parametrize("name", ["", ".", "shop..tasks", "shop.nothing", "shop.tasks.deeper", "names", "elsewhere.x"])
def test_look_up_of_what_is_not_there(name: str) -> None:
    tree = tree_of({"shop/__init__.py": "", "shop/tasks.py": "", "names/a.py": ""})
    assert tree.module(name) is None


def test_another_name_for_a_file_of_the_tree_gives_the_same_file() -> None:
    tree = tree_of({"pyproject.toml": "", "src/shop/tasks.py": ""})
    by_layout, by_path = tree.module("shop.tasks"), tree.module("src.shop.tasks")
    assert by_layout is not None
    assert by_layout == by_path


def test_files_are_a_sequence() -> None:
    files = tree_of({"a.py": "1", "b.py": "2", "c.py": "3"}).files()
    assert len(files) == 3
    assert files[-1].text == "3"
    assert [file.path for file in files[1:]] == ["b.py", "c.py"]
    assert [file.text for file in files] == ["1", "2", "3"]
