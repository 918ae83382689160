"""A set is refused exactly where pydantic reads an item that no set can hold.

For every row of the table that is a set: each sample that reads as its item is put into the set.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import pytest
from corners import CORNERS, corner_functions
from pydantic import TypeAdapter, ValidationError

_FIELDS: tuple[object, ...] = (1, [1], "a", {"a": 1})
SAMPLES: tuple[object, ...] = (
    *_FIELDS,
    [[1]],
    [1, [1]],
    [1, {"a": 1}],
    [{"a": 1}],
    {"k": "a"},
    [{"k": "a"}],
    [[{"k": "a"}]],
    "[1]",
    *({"a": value} for value in _FIELDS),
    *({"a": 1, "b": value} for value in _FIELDS),
    {"a": [1], "b": 1},
)


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _is_set(text: str) -> bool:
    return (
        text.replace("Annotated[", "").replace("con", "").startswith(("set", "frozenset", "AbstractSet", "MutableSet"))
    )


_WITHIN = "frozenset[frozenset[A1]]"
"""The item itself is refused: no sample of it gets as far as the outer set."""

ROWS = [name for name, corner in CORNERS.items() if _is_set(corner.annotation) and corner.annotation != _WITHIN]


@pytest.fixture(scope="module")
def functions() -> Iterator[dict[str, Any]]:
    with corner_functions() as found, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield found


def _reads(adapter: TypeAdapter[Any], sample: object) -> bool:
    try:
        adapter.validate_json(json.dumps(sample), strict=True)
    except (ValidationError, TypeError):
        return False
    return True


def test_there_are_rows_of_both_kinds() -> None:
    assert len({CORNERS[name].code for name in ROWS}) == 2
    assert len(ROWS) > 60


@pytest.mark.parametrize("name", ROWS, ids=lambda name: str(CORNERS[name]))
def test_what_is_refused_cannot_be_read(functions: dict[str, Any], name: str) -> None:
    annotation = _bare(functions[name].__annotations__["v"])
    [item] = get_args(annotation)
    items = [sample for sample in SAMPLES if _reads(TypeAdapter(item), sample)]
    assert items
    held = [_reads(TypeAdapter(annotation), [sample]) for sample in items]
    assert all(held) is (CORNERS[name].code == "")
