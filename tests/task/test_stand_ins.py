"""Types that the app's settings map: the live contract is that of what stands for them, values stay the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from pydantic_core import core_schema

from horsies_core.app import Horsies
from horsies_core.config import AppConfig
from horsies_core.contract.types import ArrayType, StringType
from horsies_core.outcome.errors import ConfigError, TaskDefinitionError
from horsies_core.outcome.result import TaskError, TaskResult


@dataclass(frozen=True)
class Money:
    """Travels as text, by code of its own."""

    cents: int

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(
            lambda text: cls(int(text)),
            core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda it: str(it.cents)),
        )


def charge(*, amounts: list[Money]) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


def test_a_mapped_type_is_what_stands_for_it() -> None:
    app = Horsies(AppConfig(types={f"{__name__}.Money": str}))
    task = app.task("charge")(charge)
    [parameter] = task.definition.contract.parameters
    assert parameter.type == ArrayType(item=StringType())


def test_without_the_map_it_is_refused_with_the_way_out() -> None:
    with pytest.raises(TaskDefinitionError, match=r"AppConfig\(types="):
        Horsies().task("charge")(charge)


@pytest.mark.parametrize("types", [{"Money": str}, {Money: str}, [str]])
def test_a_map_that_names_no_types_is_refused(types: Any) -> None:
    with pytest.raises(ConfigError, match=r"AppConfig\.types"):
        AppConfig(types=types)
