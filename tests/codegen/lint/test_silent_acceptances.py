"""What other queues accept without a word, and fail on at night: each is a finding, and where it matters an error."""

from __future__ import annotations

import pytest
from rule_examples import PRELUDE, codes

from horsies_codegen.lint import check
from horsies_codegen.resolve import resolve
from horsies_codegen.source import tree_of

TASK = '@app.task("{name}")\n{header}\n    {body}\n'
RESULT = "TaskResult[None, TaskError]"


def task(header: str, body: str = "return TaskResult(ok=None)", name: str = "t") -> str:
    return TASK.format(name=name, header=header, body=body)


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("HC105", task(f"async def t() -> {RESULT}:")),
        ("HC106", task(f"def t() -> {RESULT}:", "yield 1")),
        ("HC109", task(f"def t() -> {RESULT}:", name="")),
        ("HC109", task(f"def t() -> {RESULT}:", name=" ")),
        ("HC111", f"@app.task\ndef t() -> {RESULT}: ...\n"),
        ("HC123", 'app.discover_tasks(["a"])\napp.discover_tasks(["b"])\n'),
        ("HC120", task(f"def t() -> {RESULT}:") + "t.send()\n"),
        ("HC120", task(f"def t() -> {RESULT}:") + "if True:\n    handle = t.with_options(priority=1).send()\n"),
        ("HC120", task(f"def t() -> {RESULT}:") + "for _ in range(3):\n    t.send_many([{}])\n"),
        ("HC102", task("def t():", 'return {"status": "done"}')),
        ("HC108", task(f"def t() -> {RESULT}:") + task(f"def u() -> {RESULT}:")),
        ("HC101", task(f"def t(order_id: int) -> {RESULT}:")),
        ("HC107", task(f"def t(*args: int) -> {RESULT}:")),
        ("HC112", f'@app.task("t", good_until=None)\ndef t() -> {RESULT}: ...\n'),
        ("HC112", f'@app.task("t", bind=True)\ndef t() -> {RESULT}: ...\n'),
        ("HC403", f'@app.task("t", timeout_ms=999)\ndef t() -> {RESULT}: ...\n'),
        ("HC402", f'@app.task("t", queue_name="critical")\ndef t() -> {RESULT}: ...\n'),
        ("HC127", f'def t() -> {RESULT}: ...\ntask = app.task("t")(t)\n'),
        ("HC126", '@app.task("t")\nclass T: ...\n'),
        ("HC125", task(f"def t() -> {RESULT}:", "print(1)")),
        ("HC125", task(f"def t() -> {RESULT}:", "return")),
        ("HC125", task(f"def t() -> {RESULT}:", 'return {"status": "done"}')),
        ("HC302", task(f"def t() -> {RESULT}:", 'return TaskResult(err=TaskError(error_code="TASK_TIMEOUT"))')),
        ("HC301", task(f"def t() -> {RESULT}:", 'return TaskResult(err=TaskError(error_code="no such shop"))')),
        ("HC307", f'@app.task("t", exception_mapper={{"TimeoutError": "LATE"}})\ndef t() -> {RESULT}: ...\n'),
        ("HC307", f'@app.task("t", exception_mapper={{int: "LATE"}})\ndef t() -> {RESULT}: ...\n'),
    ],
)
def test_it_is_a_finding(code: str, source: str) -> None:
    assert code in codes(source), source


@pytest.mark.parametrize(
    "source",
    [
        task(f"def t() -> {RESULT}:") + 'if __name__ == "__main__":\n    t.send()\n',
        task(f"def t() -> {RESULT}:") + "def later() -> None:\n    t.send()\n",
        task(f"def t() -> {RESULT}:", "..."),
        task(f"def t() -> {RESULT}:", '"""Nothing yet."""'),
        task(f"def t() -> {RESULT}:", "raise NotImplementedError"),
        task(f"def t() -> {RESULT}:", "while True: print(1)"),
        task(f"def t() -> {RESULT}:", "return helper() or TaskResult(ok=None)") + "def helper(): ...\n",
        f'@app.task("t", exception_mapper={{OSError: "LATE"}})\ndef t() -> {RESULT}: ...\n',
    ],
)
def test_what_is_right_is_not(source: str) -> None:
    assert codes(source) == set(), source


def found(files: dict[str, str]) -> list[tuple[str, str, str]]:
    """Code, path and the text under the place of each finding."""
    tree = tree_of(files)
    texts = {entry.path: tree.read(entry) for entry in tree.entries}
    result: list[tuple[str, str, str]] = []
    for finding in check(resolve(tree)):
        assert finding.place is not None
        file = texts[finding.place.path]
        result.append((finding.code, file.path, file.source.slice(finding.place.span)))
    return result


CUSTOM = "from horsies import AppConfig, Horsies, QueueConfig, QueueMode\n"


def test_options_are_read_through_constants_and_imports() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/names.py": 'SLOW = "slow"\nFAST = "fast"\nLATE = "Late"\nSHORT_MS = 10\n',
        "shop/queues.py": CUSTOM
        + "from .names import SLOW\nslow = QueueConfig(name=SLOW, priority=0)\nQUEUES = [slow, QueueConfig(name=SLOW)]\n",
        "shop/app.py": CUSTOM + "from . import queues\n"
        "config = AppConfig(queue_mode=QueueMode.CUSTOM, queues=queues.QUEUES)\napp = Horsies(config)\n",
        "shop/policies.py": "from horsies import RetryPolicy\nfrom .names import LATE\n"
        "POLICY = RetryPolicy.fixed([1, -1], auto_retry_for=[LATE])\n",
        "shop/tasks.py": PRELUDE + "from shop.app import app\nfrom shop import names, policies\n\n"
        '@app.task("t", queue_name=names.FAST, timeout_ms=names.SHORT_MS, retry_policy=policies.POLICY)\n'
        f"def t() -> {RESULT}:\n    return TaskResult(err=TaskError(error_code=names.LATE))\n\n"
        '@app.task("u")\n'
        f"def u() -> {RESULT}: ...\n",
    }
    assert sorted(found(files)) == [
        ("HC301", "shop/tasks.py", "names.LATE"),
        ("HC306", "shop/policies.py", "[1, -1]"),
        ("HC401", "shop/tasks.py", 'app.task("u")'),
        ("HC401", "shop/tasks.py", "names.FAST"),
        ("HC403", "shop/tasks.py", "names.SHORT_MS"),
        ("HC408", "shop/app.py", "queues.QUEUES"),
        ("HC409", "shop/queues.py", "0"),
    ]


def test_codes_of_the_whole_app_are_judged_too() -> None:
    source = (
        CUSTOM
        + 'app = Horsies(AppConfig(default_unhandled_error_code="oops", exception_mapper={OSError: "TASK_TIMEOUT"}))\n'
    )
    task_source = f'from horsies import TaskError, TaskResult\n@app.task("t")\ndef t() -> {RESULT}: ...\n'
    assert sorted(found({"tasks.py": source + task_source})) == [
        ("HC301", "tasks.py", '"oops"'),
        ("HC302", "tasks.py", '"TASK_TIMEOUT"'),
    ]


APP = "from horsies import Horsies, TaskError, TaskResult\napp = Horsies()\n"
T = f'from shop.app import app\nfrom horsies import TaskError, TaskResult\n@app.task("{{0}}")\ndef {{0}}() -> {RESULT}: ...\n'


@pytest.mark.parametrize(
    ("listed", "init", "expected"),
    [
        ('["shop.tasks"]', "", {("HC117", "shop/tasks/email.py"), ("HC117", "shop/tasks/parcel.py")}),
        ('["shop.tasks"]', "from . import email\n", {("HC117", "shop/tasks/parcel.py")}),
        ('["shop.tasks"]', "from .email import email\nimport shop.tasks.parcel\n", set()),
        ('["shop.tasks"]', "import pkgutil\nfor m in pkgutil.walk_packages(__path__): ...\n", set()),
        ('["shop.tasks.email", "src/shop/tasks/parcel.py"]', "", set()),
        ('["shop.tasks.emial", "shop.tasks.parcel"]', "", {("HC121", "shop/app.py"), ("HC117", "shop/tasks/email.py")}),
        ('"shop.tasks"', "", {("HC122", "shop/app.py")}),
        ('["shop/tasks", 3]', "", {("HC122", "shop/app.py")}),
        ('["elsewhere.tasks"]', "", {("HC117", "shop/tasks/email.py"), ("HC117", "shop/tasks/parcel.py")}),
    ],
)
def test_the_lists_of_task_modules_are_followed(listed: str, init: str, expected: set[tuple[str, str]]) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/app.py": f"{APP}MODULES = {listed}\napp.discover_tasks(MODULES)\n",
        "shop/tasks/__init__.py": init,
        "shop/tasks/email.py": T.format("email"),
        "shop/tasks/parcel.py": T.format("parcel"),
    }
    assert {(code, path) for code, path, _ in found(files)} == expected
