"""One annotation after another: the schema of the statically read contract against pydantic's own, on both sides.

Where they differ on purpose, the paths are written down: `GAPS` says why.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import InitVar, dataclass
from typing import Any

import pytest
from case_modules import resolved
from corners import MODULE, RESOLVED, corner_functions, corner_text
from pydantic import TypeAdapter
from schema_normal import is_since, pydantic_differences

from horsies_core.contract.draft import contract_from
from horsies_core.contract.task import TaskContract

_EVERYWHERE = ("/properties/v", "A", "E")


def _gaps(annotations: str, *paths: str, sides: tuple[str, ...] = _EVERYWHERE) -> dict[str, frozenset[str]]:
    """The same paths for several annotations, one a line."""
    return {
        line: frozenset(side + path for side in sides for path in paths) for line in annotations.strip().splitlines()
    }


_KEYS = {
    **_gaps("dict[UserId, int]\ndict[Deep, list[UserId]]\ndict[StrE | int, int]", "/propertyNames"),
    **_gaps("dict[UseEnum, int]", "/propertyNames/enum/0", "/propertyNames/enum/1"),
    **_gaps("dict[Annotated[str, Field(min_length=1)], int]", "/propertyNames/type"),
    **_gaps("dict[bool, dict[datetime.date, int]]", "/propertyNames", "/additionalProperties/propertyNames/type"),
}
_URLS = {  # one minor version wrote down its URLs as any text
    **_gaps("MongoDsn\nFileUrl\nAnyHttpUrl", "/format", "/minLength", sides=("E",)),
    **_gaps("HttpUrl\nWebsocketUrl", "/format", "/minLength", "/maxLength", sides=("E",)),
}
_INIT_VARS = {
    **_gaps("DI\nInitDefault", "/properties/b", sides=("E",)),
    **_gaps("CheckedD[int]", "/properties/myC", sides=("E",)),
}


def _writes_init_vars() -> bool:
    """Whether this pydantic says that an InitVar is written: 2.14.4 was the first that knew better."""
    return "given" in TypeAdapter(_Taking).json_schema(mode="serialization")["properties"]


@dataclass
class _Taking:
    kept: int
    given: InitVar[int] = 1


_JSON = ("/contentMediaType", "/contentSchema", "/type")
GAPS: dict[str, frozenset[str]] = {
    # pydantic does not say that keys are text, or gives the values that the text stands for
    **(_KEYS if is_since("2.11") else {}),
    # we write JSON text as text, as it was sent (round_trip); pydantic's schema shows what it would be unpacked
    **_gaps("Json\nJson[Json[int]]", *_JSON, sides=("E",)),
    **_gaps("Json[dict[str, int]]", *_JSON, "/additionalProperties", sides=("E",)),
    **_gaps("Annotated[list[int], Json]", *_JSON, "/items", sides=("E",)),
    **(_INIT_VARS if _writes_init_vars() else {}),
    # a writer always writes every place of a named tuple
    **_gaps("NT", "/minItems", sides=("E",)),
    # bytes count as bytes: a character of UTF-8 takes up to four
    **_gaps("Annotated[bytes, Field(min_length=3)]", "/minLength"),
    # what stands on the wire is the same: notes for readers of schemas
    **_gaps("complex", "/format"),
    **_gaps(
        'Annotated[int, Field(json_schema_extra={"x": 1}, title="t")]',
        "/x",
        sides=_EVERYWHERE if is_since("2.10") else ("A", "E"),
    ),
    # the default of a parameter is the one that the function has
    "Annotated[int, Field(default=3)]": frozenset({"/required"}),
    **(_URLS if is_since("2.10") and not is_since("2.11") else {}),
}
NO_SCHEMA = frozenset({"Final[int]", "NameEmail", "EmailStr"})
"""What pydantic has no schema of here: a qualifier outside a class, and e-mail without its optional package."""

COMPARED = [(number, corner.annotation) for number, corner in enumerate(RESOLVED) if corner.annotation not in NO_SCHEMA]


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TaskContract]:
    folder = tmp_path_factory.mktemp("corners")
    (folder / f"{MODULE}.py").write_text(corner_text(), encoding="utf-8")
    drafts = {task.draft.function: task.draft for task in resolved(folder).tasks}
    return {f"t{number}": contract_from(drafts[f"t{number}"]) for number in range(len(RESOLVED))}


@pytest.fixture(scope="module")
def functions() -> Iterator[dict[str, Any]]:
    with corner_functions() as found, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield found


@pytest.mark.parametrize(
    ("number", "annotation"),
    COMPARED,
)
def test_the_schema_is_pydantics(
    contracts: dict[str, TaskContract], functions: dict[str, Any], number: int, annotation: str
) -> None:
    name = f"t{number}"
    assert set(pydantic_differences(contracts[name], functions[name])) == GAPS.get(annotation, frozenset())
