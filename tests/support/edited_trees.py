"""A small tree of sources, and edits of it: changed, broken, deleted, shadowed and re-exported modules."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

APP = """\
from horsies import AppConfig, Horsies, QueueConfig, QueueMode

app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="fast")]))
app.discover_tasks(["shop.one"])
"""

MODELS = """\
from pydantic import BaseModel


class Order(BaseModel):
    order_id: int
"""

TASKS = """\
from horsies import TaskError, TaskResult
from shop.app import app
from shop.models import Order


@app.task("{name}", queue_name="fast")
def {name}(*, order: Order, note: str | None = None) -> TaskResult[int, TaskError]:
    return TaskResult(ok=1)
"""

CALLER = """\
from shop.one import one


def view():
    {call}
"""

LOCAL = """\
def view():
    from {module} import {name}

    {name}.send({arguments})
"""

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/app.py": APP,
    "src/shop/models.py": MODELS,
    "src/shop/one.py": TASKS.format(name="one"),
    "src/shop/two.py": TASKS.format(name="two"),
    "src/shop/views.py": CALLER.format(call="one.send(order=view())"),
    "src/shop/late.py": LOCAL.format(module=".two", name="two", arguments="order=view()"),
    "src/plain.py": "x = 1\n",
}
CALLERS = 2
"""How many of these files only send tasks."""

VERSIONS: dict[str, tuple[str | None, ...]] = {
    "src/shop/app.py": (
        APP,
        APP.replace('"fast"', '"slow"'),
        APP.replace('["shop.one"]', '["shop.one", "shop.two"]'),
        "from shop.deep import app\n",
        None,
        "app = (",
    ),
    "src/shop/deep.py": (None, APP, "app = 1\n"),
    "src/shop/models.py": (
        MODELS,
        MODELS.replace("int", "Money"),
        MODELS.replace("int", "object"),
        "from shop.other import Order\n",
        "from shop.other import *\n",
        None,
    ),
    "src/shop/models/__init__.py": (None, MODELS.replace("int", "bytes"), "Order = str\n"),
    "src/shop/other.py": (None, MODELS, "class Order: ...\n"),
    "src/horsies/__init__.py": (None, ""),
    "src/shop/one.py": (
        TASKS.format(name="one"),
        TASKS.format(name="two"),
        TASKS.format(name="one").replace("*, ", ""),
        TASKS.format(name="one") + "# horsies: ignore[HC101] -- a reason\n",
        "@app.task\ndef one(): ...\n",
        None,
    ),
    "src/shop/two.py": (
        TASKS.format(name="two"),
        TASKS.format(name="two").replace("note: str", "note"),
        TASKS.format(name="two").replace("shop.models", ".models"),
        TASKS.format(name="two").replace(": Order", ": list[Nowhere]"),
        TASKS.format(name="two").replace("shop.app", "shop"),
    ),
    "src/shop/__init__.py": ("", "from shop.one import *\n", "from .two import two as one, two\n", "one = 1\n"),
    "src/shop/views.py": (
        CALLER.format(call="one.send(ordr=1)"),
        CALLER.format(call="one.send_many([{'order': 1, 'note': 2}])"),
        CALLER.format(call="one.send(**view())").replace("shop.one", "shop"),
        CALLER.format(call="one.with_options(priority=1).send(1)").replace("shop.one", "shop"),
        CALLER.format(call="one.send(1)  # horsies: ignore[HC128] -- a reason"),
        CALLER.format(call="one.send(1"),
        CALLER.format(call="other.send(1)").replace("import one", "import one as other"),
        "one = 1\n" + CALLER.format(call="one.send(1)"),
        None,
    ),
    "src/shop/late.py": (
        LOCAL.format(module="shop.two", name="two", arguments="1"),
        LOCAL.format(module="shop", name="two", arguments="order=None, note=1"),
        LOCAL.format(module=".views", name="one", arguments="note='a'"),
        LOCAL.format(module=".two", name="two", arguments="1").replace("view()", "view(two)").replace("from", "# from"),
    ),
    "src/plain.py": ("x = 1\n", "x = 1  # horsies: ignore[HC101] -- nothing here\n", "def f(:\n"),
}

edits = st.lists(
    st.sampled_from([(path, text) for path, texts in VERSIONS.items() for text in texts]), min_size=1, max_size=6
)


def put(root: Path, path: str, text: str | None) -> None:
    """Write or delete a file."""
    target = root / path
    if text is None:
        target.unlink(missing_ok=True)
        if target.parent.is_dir() and not any(target.parent.iterdir()):
            target.parent.rmdir()
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
