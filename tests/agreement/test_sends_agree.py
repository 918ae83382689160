"""What the linter says of a send and what the runtime does with it: the same sends, the same words, and never a false alarm."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from horsies import PayloadError
from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint import check
from horsies_codegen.resolve import resolve
from horsies_codegen.source import tree_of
from horsies_core.contract.arguments import BY_NAME_ONLY, NO_SUCH_KEY, NOT_GIVEN

HEAD = """\
import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, NewType
from uuid import UUID

from pydantic import AnyUrl, BaseModel, Field, FilePath, Json, PositiveInt, RootModel
from typing_extensions import TypedDict

from horsies import Horsies, JsonValue, TaskError, TaskResult

app = Horsies()


class Colour(Enum):
    RED = "red"
    ONE = 1


class Word(StrEnum):
    A = "a"


class Number(IntEnum):
    ONE = 1


class Model(BaseModel):
    a: int = 1


class Ids(RootModel[list[int]]):
    pass


class Keys(TypedDict, total=False):
    a: int


@dataclass
class Data:
    a: int = 1


class Pair(NamedTuple):
    a: int = 1
    b: int = 2


OrderId = NewType("OrderId", int)
"""
TYPES = (
    "bool", "int", "float", "str", "bytes", "complex", "None", "Decimal", "dt.date", "dt.time", "dt.datetime",
    "dt.timedelta", "UUID", "Path", "FilePath", "IPv4Address", "AnyUrl", "JsonValue", "Json[int]", "PositiveInt", "OrderId",
    "Colour", "Word", "Number", "Literal[1, 'a']", "Literal[True]", "Literal[Colour.RED]", "Model", "Ids", "Keys", "Data", "Pair",
    "list[int]", "set[str]", "frozenset[int]", "tuple[int, str]", "tuple[int, ...]", "Sequence[int]", "Iterable[str]",
    "dict[str, int]", "Mapping[int, str]", "OrderedDict[str, int]", "int | None",
    "list[int] | str", "Annotated[int, Field(strict=False)]",
)  # fmt: skip
LITERALS = (
    "None", "True", "False", "0", "1", "-1", "1.0", "2.5", "''", "'a'", "'1'", "'red'", "'2024-05-06'", "[]", "[1]", "['a']",
    "[None]", "{}", "{'a': 1}", "{'a': 'b'}", "{'1': 'x'}",
)  # fmt: skip


def task(name: str, parameters: str) -> str:
    return f'\n\n@app.task("{name}")\ndef {name}({parameters}) -> TaskResult[None, TaskError]:\n    return TaskResult(ok=None)\n'


@pytest.fixture
def _unloaded() -> Iterator[None]:
    yield
    sys.modules.pop("sends_agree", None)


def loaded(source: str, folder: Path) -> ModuleType:
    """The module, as a program imports it."""
    path = folder / "sends_agree.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location("sends_agree", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["sends_agree"] = module
    spec.loader.exec_module(module)
    return module


def linted(source: str) -> list[Diagnostic]:
    return list(check(resolve(tree_of({"sends_agree.py": source}))))


def refusal(module: ModuleType, name: str, arguments: str) -> PayloadError | None:
    """What the runtime says of a send, without a database."""
    sent = getattr(module, name)
    try:
        sent.definition.codec.encode_payload(eval(f"{name}.payload({arguments})", vars(module)))
    except PayloadError as error:
        return error
    return None


@pytest.mark.usefixtures("_unloaded")
def test_no_literal_is_reported_that_the_runtime_takes(tmp_path: Path) -> None:
    names = [f"task_{number}" for number in range(len(TYPES))]
    source = HEAD + "".join(task(name, f"*, x: {kind}") for name, kind in zip(names, TYPES, strict=True))
    calls = [(name, literal) for name in names for literal in LITERALS]
    first = source.count("\n") + 3
    lines = "".join(f"    {name}.send(x={literal})\n" for name, literal in calls)
    found = linted(f"{source}\ndef sends() -> None:\n{lines}")
    wrong = [item.place.span.start.line for item in found if item.code == "HC131" and item.place is not None]
    reported = {line - first for line in wrong}
    module = loaded(source, tmp_path)
    kinds = dict(zip(names, TYPES, strict=True))
    taken = [
        (kinds[name], literal)
        for number, (name, literal) in enumerate(calls)
        if number in reported and refusal(module, name, f"x={literal}") is None
    ]
    assert taken == []
    assert len(reported) > len(calls) / 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("1", "HC128", BY_NAME_ONLY),
        ("1, note='a'", "HC128", BY_NAME_ONLY),
        ("order_id=1, nothing=2", "HC129", NO_SUCH_KEY),
        ("ordr_id=1", "HC129", NO_SUCH_KEY),
        ("", "HC130", NOT_GIVEN),
        ("note='a'", "HC130", NOT_GIVEN),
        ("order_id='a'", "HC131", ""),
        ("order_id=1", None, ""),
        ("order_id=1, note=None", None, ""),
    ],
)
@pytest.mark.usefixtures("_unloaded")
def test_both_sides_say_the_same(tmp_path: Path, arguments: str, code: str | None, words: str) -> None:
    source = HEAD + task("ship", "*, order_id: int, note: str | None = None")
    found = linted(f"{source}\n\ndef later() -> None:\n    ship.send({arguments})\n")
    refused = refusal(loaded(source, tmp_path), "ship", arguments)
    assert [item.code for item in found] == ([] if code is None else [code])
    assert (refused is None) is (code is None)
    if refused is not None:
        assert words in found[0].message
        assert words in str(refused)
