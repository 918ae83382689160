"""Repairs: what each does to a text, when it counts as safe, and when there is none."""

from __future__ import annotations

import re

import pytest
from rule_examples import JUDGED, codes, named, sources

from horsies_codegen.diagnostic import Diagnostic, Safety
from horsies_codegen.lint import MENDED, Rule, all_rules, check, repaired
from horsies_codegen.lint import mended as with_repairs
from horsies_codegen.lint.mend.mender import OF_A_FILE, OF_THE_TREE
from horsies_codegen.resolve import resolve
from horsies_codegen.source import tree_of

HEAD = "from horsies import Horsies, TaskError, TaskResult\n\napp = Horsies()\n\n\n"
ENDING = " -> TaskResult[None, TaskError]: ...\n"


def found(files: dict[str, str], code: str) -> list[Diagnostic]:
    """The findings of one code, with their repairs."""
    tree = tree_of(files)
    return [item for item in with_repairs(check(resolve(tree)), tree) if item.code == code]


def mended(files: dict[str, str], code: str, *safeties: Safety) -> dict[str, str]:
    """The files after all repairs of one code."""
    tree = tree_of(files)
    held = {path: file for path in files if (file := tree.file(path)) is not None}
    made = repaired(found(files, code), held, frozenset(safeties or Safety))
    return {**files, **{path: data.decode() for path, data in made.files.items()}}


def one(source: str, code: str, *safeties: Safety) -> str:
    """A module of tasks, without its head, after the repairs of one code."""
    text = mended({"tasks.py": HEAD + source}, code, *safeties)["tasks.py"]
    return text.removeprefix(HEAD)


def safety(files: dict[str, str], code: str) -> Safety | None:
    """Whether the repair of the first finding is safe; None if there is none."""
    first = found(files, code)[0]
    return None if first.fix is None else first.fix.safety


@pytest.mark.parametrize("rule", all_rules(), ids=named)
def test_a_page_speaks_of_a_fix_where_there_is_one(rule: Rule) -> None:
    assert ("\nFix (" in rule.page) == (rule.code in MENDED | {"HC117", "HC910"})


def test_every_code_that_is_mended_is_listed() -> None:
    assert OF_A_FILE | OF_THE_TREE == MENDED


@pytest.mark.parametrize("rule", JUDGED, ids=named)
def test_a_repair_of_a_bad_example_removes_the_finding(rule: Rule) -> None:
    for example in rule.examples("Bad"):
        files = sources(example)
        findings = found(files, rule.code)
        if all(finding.fix is not None for finding in findings):
            after = mended(files, rule.code)
            assert rule.code not in {item.code for item in check(resolve(tree_of(after)))}
        assert codes(example)


# the bare star


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: int", "*, a: int"),
        ("a: int, b: str = ''", "*, a: int, b: str = ''"),
        ("a: int, /, b: int", "*, a: int, b: int"),
        ("a: int, /", "*, a: int"),
        ("a: int, *, b: int", "*, a: int, b: int"),
        ("a: int, /, b: int, *, c: int = (1)", "*, a: int, b: int, c: int = (1)"),
        ("\n    a: int,  # first\n    b: int,\n", "\n    *, a: int,  # first\n    b: int,\n"),
    ],
)
def test_a_star_goes_first(before: str, after: str) -> None:
    source = f'@app.task("x")\ndef x({before}){ENDING}'
    assert one(source, "HC101", Safety.SAFE) == source.replace(f"x({before})", f"x({after})")


@pytest.mark.parametrize("signature", ["a: int, *rest: int", "self, a: int", "a: int, /, # why\n b: int"])
def test_a_signature_that_means_something_else_is_left_to_people(signature: str) -> None:
    files = {"tasks.py": HEAD + f'@app.task("x")\ndef x({signature}){ENDING}'}
    assert safety(files, "HC101") is None


SEND = f'@app.task("send")\ndef send(to: str, subject: str = "", *, cc: str = ""){ENDING}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("send('a')", "send(to='a')"),
        ("send('a', 'b')", "send(to='a', subject='b')"),
        ("send.send('a', cc='c')", "send.send(to='a', cc='c')"),
        ("send.with_options(priority=1).send('a')", "send.with_options(priority=1).send(to='a')"),
        ("[send.send((yes)) for yes in 'ab']", "[send.send(to=(yes)) for yes in 'ab']"),
        ("send(to='a')", "send(to='a')"),
        ("send('a', **rest)", "send(to='a', **rest)"),
        ("send(\n    'a',  # to whom\n    'b',\n)", "send(\n    to='a',  # to whom\n    subject='b',\n)"),
    ],
)
@pytest.mark.parametrize(
    ("import_line", "spelled"),
    [
        ("from shop.tasks import send", "send"),
        ("from shop import send", "send"),
        ("from shop.tasks import send as post", "post"),
        ("from shop import tasks", "tasks.send"),
        ("from . import tasks as t", "t.send"),
        ("import shop.tasks", "shop.tasks.send"),
        ("import shop.tasks as t", "t.send"),
    ],
)
def test_calls_by_position_are_named_wherever_they_are(before: str, after: str, import_line: str, spelled: str) -> None:
    def call(text: str) -> str:
        return re.sub(r"^(\[?)send\b", rf"\1{spelled}", text)

    files = {
        "shop/__init__.py": "from .tasks import *\n",
        "shop/tasks.py": HEAD + SEND,
        "shop/views.py": f"{import_line}\n\n\ndef view(rest):\n    return {call(before)}\n",
    }
    assert safety(files, "HC101") is Safety.SAFE
    result = mended(files, "HC101")
    assert result["shop/views.py"] == f"{import_line}\n\n\ndef view(rest):\n    return {call(after)}\n"
    assert 'def send(*, to: str, subject: str = "", cc: str = "")' in result["shop/tasks.py"]


@pytest.mark.parametrize(
    "use",
    [
        "later = send",
        "partial(send, 'a')",
        "send(*names)",
        "send('a', to='b')",
        "send('a', 'b', 'c')",
        "send(x for x in y)",
        "{'send': send}",
        "send.apply_async(args=['a'])",
    ],
)
def test_it_is_unsafe_where_something_else_may_call_the_function(use: str) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/tasks.py": HEAD + SEND,
        "shop/views.py": f"from shop.tasks import send\n\nresult = {use}\n",
    }
    assert safety(files, "HC101") is Safety.UNSAFE


@pytest.mark.parametrize(
    "use",
    [
        "from shop.tasks import *\nsend('a')",
        "def view(tasks):\n    tasks.send('a')",
        "send('a'",
    ],
)
def test_it_is_unsafe_where_a_call_cannot_be_followed(use: str) -> None:
    files = {"shop/__init__.py": "", "shop/tasks.py": HEAD + SEND, "shop/views.py": f"{use}\n"}
    assert safety(files, "HC101") is Safety.UNSAFE


def test_another_function_of_the_same_name_is_left_alone() -> None:
    views = "from smtp import send\n\n\ndef f(client, send_all):\n    send('a')\n    client.send(body='x')\n"
    own = "def send(x): ...\n\n\nsend('a')\n"
    files = {"shop/__init__.py": "", "shop/tasks.py": HEAD + SEND, "shop/views.py": views, "shop/own.py": own}
    assert safety(files, "HC101") is Safety.SAFE
    result = mended(files, "HC101")
    assert (result["shop/views.py"], result["shop/own.py"]) == (views, own)


def test_calls_in_the_module_itself_are_named_and_shadowed_ones_are_not() -> None:
    source = SEND + "\n\ndef f():\n    send('a')\n\n\ndef g(send):\n    send('a')\n"
    expected = source.replace("    send('a')\n\n\ndef g", "    send(to='a')\n\n\ndef g")
    assert one(source, "HC101", Safety.SAFE).partition("\n\n")[2] == expected.partition("\n\n")[2]


# what is returned


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return TaskResult(ok='x')", "str"),
        ("return TaskResult(ok=f'{a}')", "str"),
        ("return TaskResult(ok=-1)", "int"),
        ("return TaskResult(ok=1.5)", "float"),
        ("return TaskResult(ok=not a)", "bool"),
        ("return TaskResult(ok=a)", "list[str]"),
        ("return TaskResult(ok=None)", "None"),
        ("return TaskResult(ok=len(a))", "int"),
        ("return TaskResult(err=TaskError(error_code='X'))", "None"),
        ("if a:\n        return TaskResult(ok=None)\n    return TaskResult(ok=True)", "bool | None"),
        ("def inner():\n        return 1\n    return TaskResult(ok='x')", "str"),
    ],
)
def test_literals_decide_a_missing_annotation(body: str, kind: str) -> None:
    source = f'@app.task("x")\ndef x(*, a: list[str]):  # why\n    {body}\n'
    assert one(source, "HC102", Safety.SAFE) == source.replace("):  #", f") -> TaskResult[{kind}, TaskError]:  #")


@pytest.mark.parametrize(
    ("body", "kind", "after"),
    [
        ("return {'status': 'done'}", "dict[str, JsonValue]", "return TaskResult(ok={'status': 'done'})"),
        ("return 1, 2", None, ""),
        ("return (  'x'  )", "str", "return TaskResult(ok=(  'x'  ))"),
        (
            "if a:\n        return\n    return 'x'",
            "str | None",
            "if a:\n        return TaskResult(ok=None)\n    return TaskResult(ok='x')",
        ),
        ("print(a)", "None", "print(a)\n    return TaskResult(ok=None)"),
        ("print(a)  # done", "None", "print(a)  # done\n    return TaskResult(ok=None)"),
        ("for b in a:\n        print(b)", "None", "for b in a:\n        print(b)\n    return TaskResult(ok=None)"),
        ("return compute(a)", None, ""),
        ("return 1 if a else 'x'", None, ""),
        ("if a:\n        return 1\n    return 'x'", None, ""),
        ("...", None, ""),
        ("raise NotImplementedError", None, ""),
    ],
)
def test_values_that_are_no_result_are_wrapped_with_it(body: str, kind: str | None, after: str) -> None:
    source = f'@app.task("x")\ndef x(*, a: list[str]):\n    {body}\n'
    assert one(source, "HC102", Safety.SAFE) == source
    text = mended({"tasks.py": HEAD + source}, "HC102")["tasks.py"]
    if kind is None:
        assert text == HEAD + source
        return
    head = HEAD.replace("Horsies, TaskError", "Horsies, JsonValue, TaskError") if "JsonValue" in kind else HEAD
    assert text == head + source.replace(body, after).replace("):\n", f") -> TaskResult[{kind}, TaskError]:\n", 1)
    assert {item.code for item in check(resolve(tree_of({"tasks.py": text})))} == set()


@pytest.mark.parametrize(
    ("declared", "body", "after", "changed"),
    [
        ("int", "return compute(1)", "TaskResult[int, TaskError]", "return TaskResult(ok=compute(1))"),
        ("dict[str, int]", "return {}", "TaskResult[dict[str, int], TaskError]", "return TaskResult(ok={})"),
        ("tuple[int, int]", "return 1, 2", "TaskResult[tuple[int, int], TaskError]", "return TaskResult(ok=(1, 2))"),
        ("None", "print()", "TaskResult[None, TaskError]", "print()\n    return TaskResult(ok=None)"),
        ("TaskResult[int]", "return helper()", "TaskResult[int, TaskError]", "return helper()"),
        ("TaskResult", "return TaskResult(ok=1)", "TaskResult[int, TaskError]", "return TaskResult(ok=1)"),
    ],
)
def test_another_annotation_becomes_the_type_of_a_success(declared: str, body: str, after: str, changed: str) -> None:
    source = f'@app.task("x")\ndef x() -> {declared}:\n    {body}\n'
    assert one(source, "HC104") == f'@app.task("x")\ndef x() -> {after}:\n    {changed}\n'
    assert (one(source, "HC104", Safety.SAFE) != source) is (body == changed)


# the rest


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("HC111", f"@app.task\ndef x(){ENDING}", f'@app.task("x")\ndef x(){ENDING}'),
        ("HC112", f'@app.task(name="a.b")\ndef x(){ENDING}', f'@app.task("a.b")\ndef x(){ENDING}'),
        (
            "HC112",
            f'@app.task(timeout_ms=5_000, name="a")\ndef x(){ENDING}',
            f'@app.task(timeout_ms=5_000, task_name="a")\ndef x(){ENDING}',
        ),
        (
            "HC119",
            f'@app.task("x")\ndef x(*, a: int = None, b: "str" = None){ENDING}',
            f'@app.task("x")\ndef x(*, a: int | None = None, b: "str | None" = None){ENDING}',
        ),
        (
            "HC305",
            f'@app.task("x", exception_mapper={{OSError: "A", KeyError: "B", OSError: "C"}})\ndef x(){ENDING}',
            f'@app.task("x", exception_mapper={{KeyError: "B", OSError: "C"}})\ndef x(){ENDING}',
        ),
    ],
)
def test_what_was_refused_is_mended_safely(code: str, before: str, after: str) -> None:
    assert one(before, code, Safety.SAFE) == after


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        (
            "HC103",
            f'@app.task("x")\ndef x(*, a=3, b="", c=None){ENDING}',
            f'@app.task("x")\ndef x(*, a: int = 3, b: str = "", c=None){ENDING}',
        ),
        (
            "HC105",
            '@app.task("x")\nasync def x() -> TaskResult[None, TaskError]:\n    return TaskResult(ok=None)\n',
            '@app.task("x")\ndef x() -> TaskResult[None, TaskError]:\n    return TaskResult(ok=None)\n',
        ),
        (
            "HC105",
            '@app.task("x")\nasync def x() -> TaskResult[None, TaskError]:\n    await y()\n',
            '@app.task("x")\nasync def x() -> TaskResult[None, TaskError]:\n    await y()\n',
        ),
        (
            "HC112",
            f'@app.task("x", timeout_m=5_000)\ndef x(){ENDING}',
            f'@app.task("x", timeout_ms=5_000)\ndef x(){ENDING}',
        ),
        ("HC112", f'@app.task("x", queue="q")\ndef x(){ENDING}', f'@app.task("x", queue_name="q")\ndef x(){ENDING}'),
        (
            "HC112",
            f'@app.task("x", timeout=3600)\ndef x(){ENDING}',
            f'@app.task("x", timeout_ms=3_600_000)\ndef x(){ENDING}',
        ),
        ("HC112", f'@app.task("x", timeout=LIMIT)\ndef x(){ENDING}', f'@app.task("x", timeout=LIMIT)\ndef x(){ENDING}'),
        ("HC112", f'@app.task("x", bind=True)\ndef x(){ENDING}', f'@app.task("x", bind=True)\ndef x(){ENDING}'),
        (
            "HC403",
            f'@app.task("x", timeout_ms=30)\ndef x(){ENDING}',
            f'@app.task("x", timeout_ms=30_000)\ndef x(){ENDING}',
        ),
    ],
)
def test_what_is_a_guess_is_made_only_when_asked_for(code: str, before: str, after: str) -> None:
    assert one(before, code, Safety.SAFE) == before
    assert one(before, code) == after


def test_a_default_is_made_inside() -> None:
    source = (
        '@app.task("x")\ndef x(*, a: list[str] = [], b: int = 1) -> TaskResult[None, TaskError]:\n    """Doc."""\n'
        "    return TaskResult(ok=None)\n"
    )
    assert one(source, "HC118") == (
        '@app.task("x")\ndef x(*, a: list[str] | None = None, b: int = 1) -> TaskResult[None, TaskError]:\n    """Doc."""\n'
        "    a = [] if a is None else a\n    return TaskResult(ok=None)\n"
    )


FAILING = (
    '@app.task("x", default_unhandled_error_code="no-shop")\ndef x() -> TaskResult[None, TaskError]:\n'
    '    return TaskResult(err=TaskError(error_code="no-shop"))\n'
)


def test_a_code_is_spelled_right_everywhere_at_once() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/tasks.py": HEAD + FAILING,
        "shop/views.py": 'def view(result):\n    # "no-shop"\n    return result.err.error_code == "no-shop"\n',
    }
    assert safety(files, "HC301") is Safety.SAFE
    after = mended(files, "HC301")
    assert after["shop/tasks.py"] == HEAD + FAILING.replace("no-shop", "NO_SHOP")
    assert after["shop/views.py"] == files["shop/views.py"].replace('== "no-shop"', '== "NO_SHOP"')


@pytest.mark.parametrize("other", ['PAGE = "no-shop"\n', 'print("no-shop")\n', '"no-shop"('])
def test_a_code_that_also_means_something_else_is_not_safe(other: str) -> None:
    files = {"shop/__init__.py": "", "shop/tasks.py": HEAD + FAILING, "shop/views.py": other}
    assert safety(files, "HC301") is Safety.UNSAFE
    assert mended(files, "HC301")["shop/views.py"] == other


@pytest.mark.parametrize("code", ["", "123", "Task-Timeout", "ÄÖ"])
def test_a_code_that_cannot_be_spelled_right_is_left(code: str) -> None:
    files = {"tasks.py": HEAD + FAILING.replace("no-shop", code)}
    assert safety(files, "HC301") is None


@pytest.mark.parametrize(
    ("code", "written", "after"),
    [
        ("HC201", "list", "list[JsonValue]"),
        ("HC201", "dict[str, dict]", "dict[str, dict[str, JsonValue]]"),
        ("HC202", "t.Any", "JsonValue"),
        ("HC202", "list[object]", "list[JsonValue]"),
    ],
)
def test_types_that_say_nothing_hold_json(code: str, written: str, after: str) -> None:
    head = "import typing as t\nfrom horsies import Horsies, TaskError, TaskResult as R\napp = Horsies()\n"
    source = f'{head}@app.task("x")\ndef x(*, a: {written}) -> R[None, TaskError]: ...\n'
    text = mended({"tasks.py": source}, code, Safety.SAFE)["tasks.py"]
    assert text == source.replace("Horsies, TaskError", "Horsies, JsonValue, TaskError").replace(
        f"a: {written}", f"a: {after}"
    )


def test_a_module_of_models_is_not_made_to_depend_on_horsies() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/models.py": "from pydantic import BaseModel\n\n\nclass Order(BaseModel):\n    tags: list\n",
        "shop/tasks.py": HEAD + f'from shop.models import Order\n@app.task("x")\ndef x(*, order: Order){ENDING}',
    }
    assert safety(files, "HC201") is None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('"""Doc."""\n\nimport os\n', '"""Doc."""\n\nimport os\nfrom horsies import TaskError, TaskResult\n'),
        ("# a comment\n", "# a comment\nfrom horsies import TaskError, TaskResult\n"),
        (
            "from horsies import (\n    Horsies,  # the app\n)\n",
            "from horsies import (\n    Horsies, TaskError, TaskResult,  # the app\n)\n",
        ),
        ("from horsies import Horsies as H, TaskError\n", "from horsies import Horsies as H, TaskError, TaskResult\n"),
    ],
)
def test_what_a_repair_needs_is_imported(head: str, expected: str) -> None:
    app = "from horsies import Horsies\napp = Horsies()\n"
    tasks = f'{head}from shop.app import app\n\n\n@app.task("x")\ndef x():\n    return 1\n'
    files = {"shop/__init__.py": "", "shop/app.py": app, "shop/tasks.py": tasks}
    text = mended(files, "HC102")["shop/tasks.py"]
    if "from shop.app import app\nfrom horsies" in text:
        expected = f"{head}from shop.app import app\nfrom horsies import TaskError, TaskResult\n"
    else:
        expected += "from shop.app import app\n"
    assert (
        text == f'{expected}\n\n@app.task("x")\ndef x() -> TaskResult[int, TaskError]:\n    return TaskResult(ok=1)\n'
    )


def test_nothing_is_imported_over_a_name_that_means_something_else() -> None:
    source = (
        'from horsies import Horsies\napp = Horsies()\nclass TaskResult: ...\n@app.task("x")\ndef x():\n    return 1\n'
    )
    assert safety({"tasks.py": source}, "HC102") is None


def test_bytes_around_a_repair_stay() -> None:
    source = HEAD.replace("\n", "\r\n") + '# é\r\n@app.task("x")\r\ndef x(a: str = "\t日本"):\r\n    print(a)\r\n'
    text = mended({"tasks.py": source}, "HC102")["tasks.py"]
    assert text == source.replace(
        '"):\r\n    print(a)\r\n',
        '") -> TaskResult[None, TaskError]:\r\n    print(a)\r\n    return TaskResult(ok=None)\r\n',
    )


# discovery

UNLISTED = """\
from horsies import TaskError, TaskResult
from shop.app import app


@app.task("{name}")
def {name}(*, to: str) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""


def listed(call: str, *more: Safety) -> str:
    """The listing of an app that knows one of three task modules, after the repairs."""
    files = {
        "shop/__init__.py": "",
        "shop/app.py": "from horsies import Horsies\n\napp = Horsies()\n" + call,
        **{f"shop/{name}.py": UNLISTED.format(name=name) for name in ("orders", "email", "text")},
    }
    for _ in range(3):
        files = mended(files, "HC117", *more)
    return files["shop/app.py"].partition("app = Horsies()\n")[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('app.discover_tasks(["shop.orders"])\n', 'app.discover_tasks(["shop.orders", "shop.email", "shop.text"])\n'),
        ('LIST = ("shop.orders",)  # all\napp.discover_tasks(LIST)\n',
         'LIST = ("shop.orders", "shop.email", "shop.text",)  # all\napp.discover_tasks(LIST)\n'),
        ('app.discover_tasks([\n    "shop.orders",\n    "shop.email",  # mail\n])\n',
         'app.discover_tasks([\n    "shop.orders",\n    "shop.text",\n    "shop.email",  # mail\n])\n'),
    ],
)  # fmt: skip
def test_a_module_goes_into_the_list(before: str, after: str) -> None:
    assert listed(before) == after


def test_a_module_is_not_listed_where_there_are_two_lists() -> None:
    text = 'app.discover_tasks(["shop.orders"])\napp.discover_tasks(["shop.email"])\n'
    assert listed(text) == text


def test_listing_a_module_is_not_safe() -> None:
    text = 'app.discover_tasks(["shop.orders"])\n'
    assert listed(text, Safety.SAFE) == text
