"""Which functions are tasks, what their options say, and where each part stands."""

from __future__ import annotations

import pytest
from resolving import PREAMBLE, codes, only, resolve_files, resolve_text, under

from horsies_codegen.resolve import Resolution
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.laws import NAME, RETURN, Locus, violations
from horsies_core.contract.retry import RetryPolicy

_BODY = "() -> TaskResult[None, TaskError]: ...\n"


def _names(found: Resolution) -> list[object]:
    return [task.draft.name for task in found.tasks]


@pytest.mark.parametrize(
    "before",
    [
        "from shop.app import app",
        "from shop import app",
        "from shop import application as app",
        "import shop.app as module; app = module.app",
        "from shop.everything import *",
        "from shop import shared; app = shared.queue",
        "from shop.typed import app",
        "from shop.sub import app",
    ],
)
def test_the_app_is_found_through_any_chain(before: str) -> None:
    files = {
        "shop/__init__.py": "from .app import app\napplication = app\n",
        "shop/app.py": "import horsies as h\napp = h.Horsies()\n",
        "shop/everything.py": "from .app import app\n__all__ = ['app']\n",
        "shop/shared.py": "from horsies import Horsies\nqueue: Horsies = Horsies()\n",
        "shop/typed.py": "from horsies import Horsies\nimport other\napp: Horsies = other.make()\n",
        "shop/sub.py": "from horsies import Horsies\nclass Mine(Horsies): ...\napp = Mine()\n",
        "work.py": f'from horsies import TaskResult, TaskError\n{before}\n@app.task("run")\ndef run{_BODY}',
    }
    found = resolve_files(files)
    assert (codes(found), _names(found)) == ([], ["run"])


def test_the_decorator_of_another_library_is_left_alone() -> None:
    text = "from celery import Celery\napp = Celery()\n@app.task\ndef a(): ...\n@app.task('b')\ndef b(): ...\n"
    found = resolve_files({"tasks.py": text})
    assert (found.tasks, found.diagnostics) == ((), ())


@pytest.mark.parametrize(
    ("text", "code", "blamed"),
    [
        ("@app.task\ndef run" + _BODY, "HC111", "app.task"),
        ('@app.task(f"run")\ndef run' + _BODY, "HC110", 'f"run"'),
        ('@app.task("run")\ndef run' + _BODY, None, ""),
        ('class A:\n    @app.task("run")\n    def run' + _BODY, "HC114", "run"),
        ('def make():\n    @app.task("run")\n    def run' + _BODY, "HC114", "run"),
        ('def make():\n    inner = Horsies()\n    @inner.task("run")\n    def run' + _BODY, "HC114", "run"),
        ('other = make()\n@other.task("run")\ndef run' + _BODY, "HC115", "other"),
        ('@app.task("run", queue_name=make())\ndef run' + _BODY, "HC116", "make()"),
        ('@app.task("run", **make())\ndef run' + _BODY, "HC116", "make()"),
        ('@app.task("run", retry_policy=RetryPolicy.fixed([], auto_retry_for=["A"]))\ndef run' + _BODY, "HC306", "[]"),
        ('P = RetryPolicy.exponential(base_seconds=5, max_retries=0, auto_retry_for=["A"])\n'
         '@app.task("run", retry_policy=P)\ndef run' + _BODY, "HC306", "0"),
    ],
)  # fmt: skip
def test_what_is_no_task_is_said_at_its_place(text: str, code: str | None, blamed: str) -> None:
    found = resolve_text(text)
    if code is None:
        assert codes(found) == []
        return
    finding = only(found)
    assert (finding.code, under(PREAMBLE + text, finding.place)) == (code, blamed)


def test_every_part_of_a_definition_has_its_place() -> None:
    text = (
        '@app.task("run", timeout_ms=5, nope=1)\n'
        'def run(a, *, b: int = 3) -> "TaskResult[None, TaskError]":\n    """First.\n\n    More."""\n'
    )
    (task,) = resolve_text(text).tasks
    whole = PREAMBLE + text
    shown = {locus: under(whole, place) for locus, place in task.origins.places.items()}
    assert shown[NAME] == '"run"'
    assert shown[RETURN] == '"TaskResult[None, TaskError]"'
    assert shown[Locus("parameter", "a")] == "a"
    assert shown[Locus("default", "b")] == "3"
    assert shown[Locus("option", "timeout_ms")] == "5"
    assert shown[Locus("option", "nope")] == "nope"
    assert under(whole, task.origins.function) == "run"
    assert task.doc == "First.\n\nMore."
    assert [item.code for item in violations(task.draft)] == ["HC101", "HC103", "HC112", "HC403"]
    assert all(item.locus in task.origins.places for item in violations(task.draft))


def test_options_are_followed_through_constants_and_modules() -> None:
    settings = (
        "from horsies import RetryPolicy\nfrom enum import StrEnum\n"
        "class Code(StrEnum):\n    LATE = 'LATE'\n"
        "MINUTE = 60 * 1_000\nPOLICY = RetryPolicy.fixed([1], auto_retry_for=[Code.LATE, 'TASK_TIMEOUT'])\n"
        "MAPPER = {TimeoutError: Code.LATE}\nCOMMON = {'queue_name': 'q' + '1'}\n"
    )
    text = (
        "import settings\nfrom settings import MINUTE as M\n"
        '@app.task("run", timeout_ms=2 * M, retry_policy=settings.POLICY, exception_mapper=settings.MAPPER, '
        "aliases=['old'], **settings.COMMON)\ndef run" + _BODY
    )
    found = resolve_text(text, settings=settings)
    (task,) = found.tasks
    options = task.draft.options
    assert codes(found) == []
    assert (options.timeout_ms, options.queue_name, options.aliases) == (120_000, "q1", ("old",))
    assert options.retry_policy == RetryPolicy.fixed([1], auto_retry_for=["LATE", "TASK_TIMEOUT"])
    assert options.exception_mapper == ("LATE",)
    assert task.mapped_exceptions == ("TimeoutError",)


def test_an_option_that_cannot_be_told_is_unknown() -> None:
    (task,) = resolve_text('@app.task("run", timeout_ms=make())\ndef run' + _BODY).tasks
    assert task.draft.options.timeout_ms is UNKNOWN


@pytest.mark.parametrize(
    ("body", "expected", "is_open"),
    [
        ('    return TaskResult(err=TaskError(error_code="A"))', ["A"], False),
        ("    return TaskResult(ok=None)", [], False),
        ('    error = TaskError("B", message="x")\n    return TaskResult(err=error)', ["B"], False),
        ("    result = TaskResult(ok=None)\n    return result", [], False),
        ('    return TaskResult(ok=None) if x else TaskResult(err=TaskError(error_code="C"))', ["C"], False),
        (
            "    if x:\n        return TaskResult(err=TaskError(error_code=code()))\n    return TaskResult(ok=None)",
            [],
            True,
        ),
        ("    return helper()", ["H"], False),
        ("    return elsewhere()", [], True),
        (
            "    try:\n        pass\n    except* E:\n        return TaskResult(err=TaskError(error_code=CODE))",
            ["D"],
            False,
        ),
        ("    return TaskResult(err=make_error())", [], True),
    ],
)
def test_the_error_codes_of_a_body(body: str, expected: list[str], is_open: bool) -> None:
    text = (
        'CODE = "D"\ndef helper():\n    return TaskResult(err=TaskError(error_code="H"))\n'
        f'@app.task("run")\ndef run() -> TaskResult[None, TaskError]:\n{body}\n'
    )
    (task,) = resolve_text(text).tasks
    assert ([use.code for use in task.error_codes], task.codes_open) == (expected, is_open)


def test_generators_and_async_functions_are_seen() -> None:
    text = (
        '@app.task("a")\nasync def a'
        + _BODY
        + '@app.task("b")\ndef b() -> TaskResult[None, TaskError]:\n    x = [(yield 1)]\n'
        '@app.task("c")\ndef c() -> TaskResult[None, TaskError]:\n    def inner():\n        yield 1\n    return (lambda: (yield))\n'
        '@app.task("d")\ndef d() -> TaskResult[None, TaskError]:\n    for x in (yield from y): pass\n'
    )
    found = {str(task.draft.name): task.draft for task in resolve_text(text).tasks}
    assert [draft.is_async for draft in found.values()] == [True, False, False, False]
    assert [draft.is_generator for draft in found.values()] == [False, True, False, True]


def test_what_an_app_says_of_itself_is_read() -> None:
    text = (
        "from horsies import AppConfig, QueueConfig, QueueMode\n"
        'CONFIG = AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="a"), QueueConfig("b")], '
        'default_unhandled_error_code="OOPS", exception_mapper={TimeoutError: "LATE"})\n'
        "mine = Horsies(CONFIG)\nMODULES = ['tasks', 'more.py']\nmine.discover_tasks(MODULES)\n"
        "def start():\n    mine.discover_tasks([make()])\n"
        '@mine.task("run")\ndef run' + _BODY
    )
    app = resolve_text(text).apps["tasks:mine"]
    assert (app.queue_mode, app.queue_names, app.default_unhandled_error_code) == ("CUSTOM", ("a", "b"), "OOPS")
    assert (app.mapped_codes, app.discovery_open) == (("LATE",), True)
    assert [entry.entry for entry in app.discovered] == ["tasks", "more.py"]


def test_other_decorators_are_recorded_with_their_side() -> None:
    text = '@above\n@app.task("run")\n@below(1)\ndef run' + _BODY
    (task,) = resolve_text(text).tasks
    assert [(item.text, item.is_above) for item in task.other_decorators] == [("above", True), ("below(1)", False)]
