"""What hovering over a stub and over its ``send`` tells: the source's words, then what the contract knows."""

from __future__ import annotations

import ast

import pytest
from emit_samples import INT, TEXT, entry, takes

from horsies_codegen.emit import emit
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.types import ArrayType, BytesType, Default, MapType, NumberType, StringType, TemporalType

SHIP = entry(
    "ship",
    "shop.tasks:ship",
    (
        takes("order_id", INT),
        takes("weight_g", NumberType(kind="int", gt=0, le=30_000), Default("500")),
        takes("labels", ArrayType(item=StringType(), min_items=1, max_items=1), Default(None)),
    ),
    timeout_ms=5_000,
    retry=RetryPolicy.exponential(base_seconds=30, max_retries=5, auto_retry_for=["CARRIER_DOWN"]),
    doc="Ship an order. By train.\n\nArgs:\n    order_id: As the shop knows it.",
)


def docs_of(item: LockEntry) -> tuple[str, str]:
    """The docstrings of a stub's class and of its ``send``, as Python reads them."""
    files = emit([item], package="client")
    (path,) = [path for path in files if path.startswith("client/tasks/") and not path.endswith("__init__.py")]
    module = ast.parse(files[path])
    stub = next(node for node in module.body if isinstance(node, ast.ClassDef) and node.keywords)
    send = next(node for node in stub.body if isinstance(node, ast.FunctionDef) and node.name == "send")
    return ast.get_docstring(stub) or "", ast.get_docstring(send) or ""


def test_a_stub_tells_summary_parameters_defaults_queue_timeout_retries_and_source() -> None:
    stub, send = docs_of(SHIP)
    takes_what = """\
Ship an order. By train.

Args:
    order_id: As the shop knows it.

- ``order_id``: int
- ``weight_g``: int; more than 0, at most 30,000; 500 if left out
- ``labels``: list[str]; exactly 1 item; computed by the task if left
  out"""
    assert " ".join(send.split()) == " ".join(takes_what.split())
    assert stub == (
        takes_what
        + """

Task ``ship`` on queue ``default``; times out after 5,000 ms; retried
up to 5 times on CARRIER_DOWN, after 30 s, then doubling up to 86,400
s.

Source: ``shop.tasks:ship``."""
    )


def test_a_task_without_words_of_its_own_is_described_by_its_contract() -> None:
    stub, send = docs_of(entry("ping", "shop.tasks:ping"))
    assert stub == "Task ``ping``.\n\nTask ``ping`` on queue ``default``.\n\nSource: ``shop.tasks:ping``."
    assert send == "Enqueue ``ping``."


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (StringType(format="email", min_length=3), "an e-mail address, at least 3 characters"),
        (StringType(pattern="^a$", max_length=1), "at most 1 character, matching ^a$"),
        (BytesType(max_length=10), "at most 10 bytes"),
        (MapType(key=TEXT, value=INT, min_items=2), "at least 2 keys"),
        (NumberType(kind="decimal", max_digits=5, decimal_places=2), "at most 5 digits, at most 2 decimal places"),
        (NumberType(kind="int", multiple_of=5, lt=50), "less than 50, a multiple of 5"),
        (TemporalType(kind="datetime", zone="aware", when="past"), "with a time zone, in the past"),
    ],
)
def test_constraints_are_said_in_words(kind: StringType, said: str) -> None:
    _, send = docs_of(entry("t", "m:t", (takes("x", kind),)))
    assert " ".join(send.split()).endswith(said)


@pytest.mark.parametrize(
    ("doc", "read"),
    [
        ('"Quoted" words "here"', '"Quoted" words "here"'),
        ('"""', '"""'),
        ('ends with \\"', 'ends with \\"'),
        ("a\\nb", "a\\nb"),
        ("bell \x07 and \u202e mark", "bell   and   mark"),
        ("Title\n=====\n\n>>> x = [\n...     1]", "Title\n=====\n\n>>> x = [\n...     1]"),
    ],
)
def test_whatever_a_docstring_holds_comes_out_as_it_is(doc: str, read: str) -> None:
    _, send = docs_of(entry("t", "m:t", doc=doc))
    assert send == read


def test_long_lines_are_wrapped_and_short_ones_left_alone() -> None:
    prose = " ".join(["word"] * 40)
    items = f"- {prose}\n- short"
    _, send = docs_of(entry("t", "m:t", doc=f"First.\n\n{prose}\n\n{items}\n\n    kept  as\n    it is"))
    lines = send.splitlines()
    assert max(map(len, lines)) <= 79 - 8
    assert "- short" in lines
    assert "    kept  as" in lines
    assert [line for line in lines if line.startswith("- word")]
    assert " ".join(send.split()).count("word") == 80
