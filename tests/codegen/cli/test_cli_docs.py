"""``horsies-codegen docs``: Markdown and AsyncAPI of small projects, and of everything awkward."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from codegen_commands import SEND, SHIP, Project
from emit_samples import ENTRIES
from jsonschema_rs import Draft7Validator, validator_for

from horsies_codegen.emit import asyncapi_text, markdown_text

OFFICIAL = Path(__file__).parents[1] / "emit" / "data" / "asyncapi-3.0.0.json"
ORDER = '''
@app.task("place", queue_name="critical", timeout_ms=5_000)
def place(*, order: Order, again: Order | None = None, pair: tuple[int, str] = (1, "a")) -> TaskResult[Order, TaskError]:
    """Place an order. Twice, if you like.

    More on it.
    """
    return TaskResult(err=TaskError(error_code="CARD_DECLINED"))
'''
MODELS = """
from decimal import Decimal
from typing import Annotated
from pydantic import BaseModel, Field

class Order(BaseModel):
    total: Decimal
    name: Annotated[str, Field(max_length=5)] = "x|y"
    parts: list["Order"] = []

"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    made = Project(tmp_path, capsys)
    queues = 'QueueMode, QueueConfig(name="critical", priority=1)'
    made.write(
        "src/shop/app.py",
        "from horsies import AppConfig, Horsies, QueueConfig, QueueMode\n"
        f"app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[{queues.partition(', ')[2]}, "
        'QueueConfig(name="default", priority=2)]))\n',
    )
    made.tasks(MODELS, ORDER, SEND)
    made.tasks(SHIP, module="shipping")
    return made


def codes(text: str) -> list[str]:
    return re.findall(r"^(?:error|warning)\[(HC\d+)\]", text, re.MULTILINE)


def assert_official(text: str) -> dict[str, Any]:
    """The document, valid by the official schema, with every reference leading somewhere."""
    document: dict[str, Any] = json.loads(text)
    official = validator_for(json.loads(OFFICIAL.read_text(encoding="utf-8")))
    assert [(error.message, list(error.instance_path)) for error in official.iter_errors(document)] == []
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', text):
        found: Any = document
        for key in reference.split("/"):
            found = found[key]
    return document


def payload_of(document: dict[str, Any], task: str, what: str = "payload") -> Draft7Validator:
    """A Draft-07 validator of one of a task's schemas."""
    schema = document["components"]["messages"][f"{task}.{what}"]["payload"]
    return Draft7Validator({"$schema": "http://json-schema.org/draft-07/schema#", **schema, **document})


def test_asyncapi_is_valid_by_its_official_schema(project: Project) -> None:
    ran = project.run("docs", "src", "--format", "asyncapi", "--title", "The shop")
    assert (ran.code, ran.err) == (0, "")
    document = assert_official(ran.out)
    assert document["info"] == {"title": "The shop", "version": "0.1.0"}
    assert set(document["channels"]) == {"critical", "default", "outcomes"}
    assert document["channels"]["critical"]["address"] == "critical"
    operation = document["operations"]["place"]
    assert operation["summary"] == "Place an order."
    assert operation["x-horsies"] == {
        "source": "shop.tasks:place",
        "error-codes": ["CARD_DECLINED"],
        "timeout-ms": 5000,
    }


def test_schemas_of_asyncapi_mean_what_the_contracts_mean(project: Project) -> None:
    document = json.loads(project.run("docs", "src", "--format", "asyncapi").out)
    payload = payload_of(document, "place")
    order = {"total": 1, "parts": [{"total": "2.5"}]}
    assert payload.is_valid({"order": order, "again": None, "pair": [1, "a"]})
    wrongs: list[dict[str, Any]] = [
        {},
        {"order": {}},
        {"order": order, "other": 1},
        {"order": order, "pair": [1, "a", 2]},
        {"order": order, "pair": ["a", 1]},
        {"order": {**order, "parts": [{}]}},
        {"order": {**order, "name": "too long"}},
    ]
    for wrong in wrongs:
        assert not payload.is_valid(wrong), wrong
    outcome = payload_of(document, "place", "outcome")
    assert outcome.is_valid({"ok": {"total": "1", "name": "n", "parts": []}})
    assert not outcome.is_valid({"ok": {"total": 1, "name": "n", "parts": []}}), "a decimal is given back as text"
    assert outcome.is_valid({"err": {"error_code": "CARD_DECLINED"}})


def test_whatever_is_awkward_is_valid_too_and_comes_in_one_order() -> None:
    text = asyncapi_text(ENTRIES, title="All", version="1")
    assert_official(text)
    assert text == asyncapi_text(ENTRIES[::-1], title="All", version="1")
    assert markdown_text(ENTRIES, title="All") == markdown_text(ENTRIES[::-1], title="All")


def test_markdown_tells_parameters_constraints_defaults_results_codes_and_types(project: Project) -> None:
    page = project.run("docs", "src").out
    for line in (
        "# Tasks",
        "## `place`",
        "Place an order. Twice, if you like.",
        "More on it.",
        "Task ``place`` on queue ``critical``; times out after 5,000 ms. Source: `shop.tasks:place`.",
        "| `again` | `Order \\| None` |  | None |",
        "Gives back `Order`. Fails with `CARD_DECLINED`.",
        '| `name` | `str` | at most 5 characters | "x\\|y" |',
        "| `order_id` | `int` |  |  |",
        "`shop.tasks:Order`",
    ):
        assert line in page.splitlines(), line
    assert "\n\n\n" not in page


def test_a_page_is_written_and_checked(project: Project) -> None:
    assert project.run("docs", "src", "--output", "docs/tasks.md").err == "docs/tasks.md: 3 tasks\n"
    assert project.run("docs", "src", "--output", "docs/tasks.md", "--check").code == 0
    project.tasks(SEND)
    ran = project.run("docs", "src", "--output", "docs/tasks.md", "--check")
    assert (ran.code, codes(ran.out)) == (1, ["HC902"])
    assert (missing := project.run("docs", "src", "--output", "other.md", "--check")).code == 1
    assert codes(missing.out) == ["HC901"]
    assert project.run("docs", "src", "--check").code == 2
    assert codes(project.run("docs", "src", "--output", "src/shop/app.py/x").out) == ["HC907"]


def test_a_template_of_ones_own_makes_the_page(project: Project) -> None:
    project.write(
        "mine/docs/tasks.md.j2", "{# horsies view 1 #}\n{% for task in docs.tasks %}{{ task.name }};{% endfor %}"
    )
    assert project.run("docs", "src", "--templates", "mine").out == "place;send_email;ship;"
    assert project.run("build", "src", "--templates", "mine").code == 0
    project.write("mine/docs/tasks.md.j2", "{# horsies view 1 #}\n{{ docs.nothing }}")
    assert codes(project.run("docs", "src", "--templates", "mine").out) == ["HC930"]


def test_findings_stop_it(project: Project) -> None:
    project.tasks(SEND.replace("*, to", "to"))
    ran = project.run("docs", "src")
    assert (ran.code, codes(ran.out)) == (1, ["HC101", "HC101"])
    project.tasks("")
    project.tasks("", module="shipping")
    assert codes(project.run("docs", "src").out) == ["HC912"]


def test_a_client_has_the_kind_of_types_that_is_asked_for(project: Project) -> None:
    for arguments, declared in (
        ((), "class Order(TypedDict):"),
        (("--models", "dataclass"), "class Order(WireObject):"),
        (("--models", "pydantic"), "class Order(WireModel):"),
    ):
        assert project.run("build", "src", *arguments).code == 0
        assert declared in project.read("generated/tasks_client/models.py")
        assert project.run("build", "src", *arguments, "--check").code == 0
    project.write("pyproject.toml", '[tool.horsies.codegen]\nmodels = "attrs"\n')
    assert codes(project.run("build", "src").out) == ["HC907"]
