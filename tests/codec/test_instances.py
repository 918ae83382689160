"""Values made from our contracts: pydantic takes them in strict mode; mutated ones get one verdict, but for a written list.

A worker checks a payload by the emitted schema **and** decodes it by the Python type, so where the two disagree a payload is
refused. What must not be is a type of which no value passes both, or a writer's own value that a reader refuses.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any, get_type_hints

import jsonschema_rs
import pytest
from case_modules import resolved
from corners import MODULE, RESOLVED, corner_functions, corner_text
from pydantic import TypeAdapter, ValidationError

from horsies_core.contract.compare.resolved import Typed
from horsies_core.contract.compare.samples import samples
from horsies_core.contract.draft import contract_from
from horsies_core.contract.schema import parameters_schema
from horsies_core.contract.task import TaskContract
from horsies_core.contract.types import ArrayType
from horsies_core.contract.wire import Json

SAMPLES = 25
NOT_COMPARED = frozenset({"Final[int]", "NameEmail", "EmailStr"})

UNSAMPLED = frozenset({"FilePath", "DirectoryPath", "MongoDsn", 'Annotated[pathlib.Path, PathType("file")]'})
"""Texts that only the machine at hand, or a grammar of their own, can tell good ones of."""

UNREAD = {
    "Camel": "the writer's names are not the reader's (a serialization alias of its own)",
    "Sides": "as above",
    "WebsocketUrl": "the contract says a URL, not of which scheme",
    "FileUrl": "as above",
    "Annotated[int, annotated_types.Predicate(bool)]": "a predicate is code",
}
"""What a writer may write by the contract and Python does not take, with the reason."""

_SCHEMA = """
Bytes1
condecimal(max_digits=3)
condate(ge=datetime.date(2020, 1, 1))
UUID1
UUID7
FutureDate
PastDatetime
IPvAnyAddress
HttpUrl
WebsocketUrl
FileUrl
AnyHttpUrl
Json[dict[str, int]]
Annotated[int, annotated_types.Predicate(bool)]
Annotated[datetime.datetime, annotated_types.Timezone(None)]
Annotated[datetime.datetime, annotated_types.Timezone(...)]
Annotated[datetime.timedelta, Field(ge=datetime.timedelta(seconds=1))]
dict[float, int]
complex
ipaddress.IPv4Network
dict[bool, dict[datetime.date, int]]
Annotated[uuid.UUID, UuidVersion(4)]
Annotated[list[int], Json]
Json[Json[int]]
Json
Annotated[bytes, Field(min_length=3)]
Annotated[datetime.datetime, annotated_types.Timezone(...)] | None
"""
"""The schema takes more: formats annotate, and the digits of decimals, the bytes of texts and predicates are counted by Python."""

_PYTHON = """
UseEnum
Literal[UseEnum.A]
NT
AutoI
Unique
IPvAnyAddress
complex
Ignoring
Equal
AutoAfter
ByKeyword
ByDict
ByLists
Pairs
"""
"""Python takes more: True as the 1 of an enum, a named tuple as an object, addresses as numbers; an item of any set twice."""

GAPS: dict[str, frozenset[str]] = {}
for _who, _lines in (("schema", _SCHEMA), ("python", _PYTHON)):
    for _line in _lines.split("\n"):
        if _line:
            GAPS[_line] = GAPS.get(_line, frozenset()) | {_who}

ODD: tuple[Json, ...] = (None, True, 0, 1, -1, 1.5, 10**30, "", "a", "1", "true", "2020-01-01", [], [1], {}, {"a": 1})


def mutations(value: Json) -> Iterator[Json]:
    """Values that differ from a good one in one place."""
    yield from ODD
    if isinstance(value, dict):
        for key in value:
            yield {other: item for other, item in value.items() if other != key}
            yield from ({**value, key: odd} for odd in ODD)
        yield {**value, "unknown": 1}
    elif isinstance(value, list):
        yield value[:-1]
        yield [*value, *value]
        for index in range(len(value)):
            yield from ([*value[:index], odd, *value[index + 1 :]] for odd in ODD)


class Judges:
    """Both ends of one corner."""

    def __init__(self, contract: TaskContract, function: Any) -> None:
        self.contract = contract
        self._schema = jsonschema_rs.validator_for(parameters_schema(contract, "accept"))
        self._type: TypeAdapter[Any] = TypeAdapter(get_type_hints(function, include_extras=True)["v"])

    def schema(self, value: Json) -> bool:
        return self._schema.is_valid({"v": value})

    def python(self, value: Json) -> bool:
        try:
            self._type.validate_json(json.dumps(value), strict=True)
        except ValidationError:
            return False
        return True

    def own(self) -> list[Json]:
        [parameter] = self.contract.parameters
        return list(islice(samples(Typed(parameter.type, self.contract.definition_table)), SAMPLES))


@pytest.fixture(scope="module")
def judges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Judges]]:
    folder = tmp_path_factory.mktemp("corners")
    (folder / f"{MODULE}.py").write_text(corner_text(), encoding="utf-8")
    drafts = {task.draft.function: task.draft for task in resolved(folder).tasks}
    with corner_functions() as functions, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield {
            corner.annotation: Judges(contract_from(drafts[f"t{number}"]), functions[f"t{number}"])
            for number, corner in enumerate(RESOLVED)
            if corner.annotation not in NOT_COMPARED
        }


COMPARED = [corner.annotation for corner in RESOLVED if corner.annotation not in NOT_COMPARED]


@pytest.mark.parametrize("annotation", COMPARED)
def test_what_a_writer_may_write_is_taken(judges: dict[str, Judges], annotation: str) -> None:
    judge = judges[annotation]
    own = judge.own()
    assert own or annotation in UNSAMPLED
    for value in own:
        assert (judge.schema(value) and judge.python(value)) or annotation in UNREAD, value


def gaps(judge: Judges) -> set[str]:
    found: set[str] = set()
    for value in judge.own()[:6]:
        for mutated in mutations(value):
            ours, theirs = judge.schema(mutated), judge.python(mutated)
            if ours != theirs:
                found.add("schema" if ours else "python")
    return found


@pytest.mark.parametrize("annotation", COMPARED)
def test_a_mutated_value_gets_one_verdict(judges: dict[str, Judges], annotation: str) -> None:
    [parameter] = judges[annotation].contract.parameters
    is_set = isinstance(parameter.type, ArrayType) and parameter.type.is_unique
    assert gaps(judges[annotation]) == GAPS.get(annotation, frozenset()) | ({"python"} if is_set else set())
