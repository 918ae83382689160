"""Sends that do not fit their task, in every module of a tree; and those of which nothing is known, and nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from horsies_codegen.diagnostic import Diagnostic, Safety
from horsies_codegen.lint import ABOUT_SENDS, check, mended, repaired
from horsies_codegen.resolve import resolve
from horsies_codegen.source import discover, tree_of

TASKS = """\
from enum import Enum
from typing import Literal

from pydantic import BaseModel

from horsies import Horsies, TaskError, TaskResult

app = Horsies()


class Size(Enum):
    SMALL = "s"


class Parcel(BaseModel):
    weight_g: int


@app.task("ship")
def ship(
    *,
    order_id: int,
    note: str | None = None,
    size: Size = Size.SMALL,
    way: Literal["air", "sea"] = "sea",
    parcels: list[Parcel] | None = None,
    counts: dict[str, int] | None = None,
) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


@app.task("ping")
def ping() -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""


def shop(source: str, **more: str) -> dict[str, str]:
    """A package with two tasks and a module that may send them."""
    files = {"shop/__init__.py": "", "shop/work.py": TASKS, "shop/views.py": source}
    return files | {f"shop/{name}.py": text for name, text in more.items()}


def findings(files: dict[str, str]) -> list[Diagnostic]:
    return [item for item in check(resolve(tree_of(files))) if item.path != "shop/work.py"]


def found(source: str, **more: str) -> list[tuple[str, str]]:
    """The code of each finding and the text that it stands at."""
    files = shop(source, **more)
    tree = tree_of(files)
    result: list[tuple[str, str]] = []
    for item in findings(files):
        assert item.place is not None
        file = tree.file(item.place.path)
        assert file is not None
        result.append((item.code, file.source.slice(item.place.span)))
    return result


def view(call: str, head: str = "from shop.work import ping, ship") -> str:
    return f"{head}\n\n\ndef view(request, **rest):\n    {call}\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("ship.send(request)", [("HC128", "request")]),
        ("ship.send(request, note='a')", [("HC128", "request")]),
        ("ping.send(*[], **{})", []),
        ("ping.send(1, 2)", [("HC128", "1")]),
        ("ship.payload(request)", [("HC128", "request")]),
        ("ship.send(ordr_id=1)", [("HC129", "ordr_id")]),
        ("ship.send(order_id=1, colour=2)", [("HC129", "colour")]),
        ("ping.send(x=1)", [("HC129", "x")]),
        ("ship.send()", [("HC130", "ship.send")]),
        ("ship.send(note='a')", [("HC130", "ship.send")]),
        ("ship.send(\n        note=request,\n    )", [("HC130", "ship.send")]),
        ("ship.send(order_id='7')", [("HC131", "'7'")]),
        ("ship.send(order_id=None)", [("HC131", "None")]),
        ("ship.send(order_id=True)", [("HC131", "True")]),
        ("ship.send(order_id=(1.0))", [("HC131", "1.0")]),
        ("ship.send(order_id=-1, note=-1)", [("HC131", "-1")]),
        ("ship.send(order_id=1, size='m', way='road')", [("HC131", "'m'"), ("HC131", "'road'")]),
        ("ship.send(order_id=1, parcels={})", [("HC131", "{}")]),
        ("ship.send(order_id=1, parcels=[1])", [("HC131", "[1]")]),
        ("ship.send(order_id=1, counts={'a': 'b'})", [("HC131", "{'a': 'b'}")]),
        ("ship.with_options(priority=1).send(1)", [("HC128", "1")]),
        ("ship.with_options(priority=1).with_options(delay=2).send()", [("HC130", None)]),
        ("ship.send_many([{'ordr_id': 1}, {'note': 'a'}])", [("HC129", "'ordr_id'"), ("HC130", "{'note': 'a'}")]),
        ("ship.send_many({'note': n} for n in request)", [("HC130", "{'note': n}")]),
        ("ship.send_many([{'order_id': i, 'note': 1} for i in request])", [("HC131", "1")]),
        ("ship.send_many([ship.payload(ordr_id=1), *request, {**request}])", [("HC129", "ordr_id")]),
        ("return lambda: ship.send()", [("HC130", "ship.send")]),
        ("return f'{ship.send()} {[ship.send() for _ in request]}'", [("HC130", "ship.send")] * 2),
        ("x = ping.send(1) if request else ping.send()", [("HC128", "1")]),
        ("async def inner(): await ship.send_async(1)", [("HC128", "1")]),
        ("async def inner(): await ship.send_many_async([{}])", [("HC130", "{}")]),
        ("with request: ping.send(1)", [("HC128", "1")]),
    ],
)
def test_a_send_that_does_not_fit_is_found(call: str, expected: list[tuple[str, str | None]]) -> None:
    result = found(view(call))
    wanted = zip(result, expected, strict=True)
    assert [(code, None if text is None else told) for (code, told), (_, text) in wanted] == expected


WAYS = {
    "relative": "from .work import ship",
    "renamed": "from .work import ship as send_parcel",
    "module": "from . import work",
    "absolute": "import shop.work",
    "module renamed": "import shop.work as w",
    "two of a package": "import shop.work\nimport shop.other",
    "star": "from shop.work import *",
    "re-exported": "from shop.api import ship",
    "re-exported by a star": "from shop.stars import ship",
    "for checkers too": "if TYPE_CHECKING:\n    from .work import ship\nfrom shop.work import ship",
}
SENT = {
    "renamed": "send_parcel",
    "module": "work.ship",
    "absolute": "shop.work.ship",
    "module renamed": "w.ship",
    "two of a package": "shop.work.ship",
}
MORE = {
    "api": "from shop.work import ship\n",
    "stars": "from .work import *\n",
    "other": "",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_import_a_task_leads_to_it(way: str) -> None:
    assert found(view(f"{SENT.get(way, 'ship')}.send(1)", WAYS[way]), **MORE) == [("HC128", "1")]


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"star", "for checkers too"}))
def test_so_does_every_way_in_a_function(way: str) -> None:
    lines = WAYS[way].replace("\n", "\n    ")
    source = f"class View:\n  def get(self):\n    {lines}\n    {SENT.get(way, 'ship')}.send(1)\n"
    assert found(source, **MORE) == [("HC128", "1")]


@pytest.mark.parametrize(
    "source",
    [
        "def view(ship):\n    ship.send(1)\n",
        "def view(*ship):\n    ship.send(1)\n",
        "def view(x):\n    ship = x\n    ship.send(1)\n",
        "def view(x):\n    for ship, _ in x:\n        ship.send(1)\n",
        "def view(x):\n    with x as ship:\n        ship.send(1)\n",
        "def view(x):\n    if (ship := x):\n        ship.send(1)\n",
        "def view(x):\n    return [ship.send(1) for ship in x]\n",
        "def view(x):\n    [ship := y for y in x]\n    ship.send(1)\n",
        "def view(x):\n    return lambda ship: ship.send(1)\n",
        "def view(x):\n    try: x()\n    except x as ship:\n        ship.send(1)\n",
        "def view(x):\n    match x:\n        case [ship, *_]:\n            ship.send(1)\n",
        "def view(x):\n    match x:\n        case {'a': 1, **ship}:\n            ship.send(1)\n",
        "def view(x):\n    def ship(): ...\n    ship.send(1)\n",
        "def view(x):\n    class ship: ...\n    ship.send(1)\n",
        "def view(x):\n    global ship\n    ship = x\n    ship.send(1)\n",
        "def view(x):\n    import ship\n    ship.send(1)\n",
        "def view(x):\n    if x:\n        from other import ship\n    else:\n        from .work import ship\n    ship.send(1)\n",
        "def view(ship):\n    def inner():\n        ship.send(1)\n",
        "def view(x):\n    x.ship.send(1)\n    x().send(1)\n    x[ship].send(1)\n    ship.other.send(1)\n",
        "def view(x):\n    ship.send(**x)\n    ship.send(*x)\n    ship.send(1, **x)\n    ship.send(ordr_id=1, **x)\n",
        "def view(x):\n    ship.send(order_id=x, note=x.note, parcels=[x])\n    ship.send(order_id=view('7'))\n",
        "def view(x):\n    ship.send(order_id=1, size='s', parcels=[{}], counts={'a': 1}, way='air')\n",
        "def view(x):\n    ship.send_many(x)\n    ship.send_many([x, {x: 1}, {**x}])\n    ship.send_many(*x)\n",
        "def view(x):\n    with pytest.raises(TypeError):\n        ship.send(1)\n",
        "def view(self):\n    with self.assertRaises(TypeError):\n        ship.send(1)\n",
        "ship = other\ndef view():\n    ship.send(1)\n",
        "if other:\n    ship = other\ndef view():\n    ship.send(1)\n",
        "try:\n    from fast import ship\nexcept ImportError:\n    pass\ndef view():\n    ship.send(1)\n",
        "def swap():\n    global ship\n    ship = 1\ndef view():\n    ship.send(1)\n",
        "(ship := other)\ndef view():\n    ship.send(1)\n",
        "from nowhere import *\ndef view():\n    ship.send(1)\n",
        "from shop import work\nwork.ship = 1\ndef view():\n    work.ship.send(1)\n",
    ],
)
def test_nothing_is_said_of_what_may_be_something_else(source: str) -> None:
    assert found(f"from shop.work import ship\n{source}") == []


@pytest.mark.parametrize(
    "change",
    [
        ("*,\n    order_id", "order_id"),
        ('@app.task("ship")', '@other\n@app.task("ship")'),
        ('@app.task("ship")', '@app.task("ship")\n@other'),
        ('@app.task("ship")', "@app.task"),
        ('@app.task("ship")', "@unknown.task('ship')"),
        ('\n\n\n@app.task("ping")', '\n\nship = other\n\n\n@app.task("ping")'),
        ('\n\n\n@app.task("ping")', '\n\nif app:\n    ship = other\n\n\n@app.task("ping")'),
        ('\n\n\n@app.task("ping")', '\n\ndef swap():\n    global ship\n\n\n@app.task("ping")'),
    ],
)
def test_nothing_is_said_of_a_task_that_is_not_certain(change: tuple[str, str]) -> None:
    assert change[0] in TASKS
    files = shop(view("ship.send(1)")) | {"shop/work.py": TASKS.replace(*change)}
    assert findings(files) == []


def test_what_settings_stand_for_is_left_to_the_runtime() -> None:
    """A type of the settings says how it looks on the wire, not what Python passes for it."""
    tasks = TASKS.replace("order_id: int", "order_id: Money").replace("from enum", "from money import Money\nfrom enum")
    assert found(view("ship.send(order_id=1)"), work=tasks) == []


def test_the_codes_about_sends_are_those_that_are_found_in_callers() -> None:
    calls = ("ship.send(1)", "ship.send(x=1)", "ship.send()", "ship.send(order_id='7')")
    assert {code for call in calls for code, _ in found(view(call))} == ABOUT_SENDS


def test_remedies_name_what_the_task_takes() -> None:
    helps = {
        call: findings(shop(view(call)))[0].help
        for call in ("ship.send(1, 2)", "ping.send(1)", "ship.send(1, order_id=1)", "ship.send(ordr_id=1)")
    }
    taken = "it takes order_id, note, size, way, parcels, counts"
    assert helps == {
        "ship.send(1, 2)": ("pass by name: order_id=..., note=...",),
        "ping.send(1)": ("it takes no arguments",),
        "ship.send(1, order_id=1)": (taken,),
        "ship.send(ordr_id=1)": (f"did you mean 'order_id'? {taken}",),
    }
    (related,) = findings(shop(view("ship.send()")))[0].related
    assert related.place.path == "shop/work.py"


def test_sends_of_the_modules_that_define_tasks_are_judged_too() -> None:
    files = {
        "tasks.py": TASKS + "\n\ndef later():\n    ship.send(1)\n\n\nif __name__ == '__main__':\n    ping.send(2)\n"
    }
    assert sorted(item.code for item in check(resolve(tree_of(files)))) == ["HC128", "HC128"]


def test_a_file_that_only_sends_need_not_be_python() -> None:
    assert found(view("ship.send(1") + "(((\n") == []


def test_what_a_project_pays_for_sends_is_one_parse_of_those_that_send_its_tasks() -> None:
    sources = shop(
        view("ship.send(order_id=1)"), mail="def f(mail):\n    mail.send(1)\n", sockets="import ship\nship.recv(1)\n"
    )
    assert resolve(tree_of(sources)).files == 2


def test_a_file_that_is_named_alone_is_judged_by_what_it_imports(tmp_path: Path) -> None:
    for path, text in shop(view("ship.send(1)")).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    with discover([tmp_path / "shop/views.py"]) as tree:
        assert [item.code for item in check(resolve(tree))] == ["HC128"]


@pytest.mark.parametrize(
    ("call", "repaired_call"),
    [
        ("ship.send(request, 'a')", "ship.send(order_id=request, note='a')"),
        ("ship.send((request), way='air')  # why", "ship.send(order_id=(request), way='air')  # why"),
        ("ping.send(1)", None),
        ("ship.send(1, order_id=1)", None),
        ("ship.send(x for x in request)", None),
        ("ship.send(ordr_id=request)", "ship.send(order_id=request)"),
        ('ship.send_many([{"ordr_id": 1}])', 'ship.send_many([{"order_id": 1}])'),
        ("ship.send(colour=request, order_id=1)", None),
    ],
)
def test_repairs(call: str, repaired_call: str | None) -> None:
    files = shop(view(call))
    tree = tree_of(files)
    items = mended([item for item in check(resolve(tree)) if item.code in ("HC128", "HC129")], tree)
    held = {path: file for path in files if (file := tree.file(path)) is not None}
    assert repaired(items, held, frozenset({Safety.SAFE})).repairs == 0
    made = repaired(items, held, frozenset(Safety)).files
    if repaired_call is None:
        assert made == {}
    else:
        assert made["shop/views.py"].decode() == view(repaired_call)
