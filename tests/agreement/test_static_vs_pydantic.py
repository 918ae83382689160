"""The schemas of statically read contracts against pydantic's own, for every golden case, on both sides."""

from __future__ import annotations

import typing
from typing import Any

import pytest
from case_modules import CASES, case_names, imported, resolved
from pydantic import TypeAdapter
from schema_normal import normal

from horsies_core.contract.draft import contract_from
from horsies_core.contract.schema import parameters_schema, result_schema


def _pydantic_parameters(function: Any) -> Any:
    return normal(TypeAdapter(function).json_schema(mode="validation"))


def _pydantic_result(function: Any, mode: typing.Literal["validation", "serialization"]) -> Any:
    value = typing.get_args(typing.get_type_hints(function, include_extras=True)["return"])[0]
    return normal(TypeAdapter(value).json_schema(mode=mode, by_alias=True))


def _own_result(schema: Any) -> Any:
    ok = schema["oneOf"][0]["properties"]["ok"]
    return normal({**ok, "$defs": schema.get("$defs", {})})


@pytest.mark.parametrize("name", case_names())
def test_the_schema_is_pydantics(name: str) -> None:
    contracts = {str(task.draft.name): contract_from(task.draft) for task in resolved(CASES / name).tasks}
    with imported(CASES / name) as apps:
        functions = {task.name: task.function for app in apps for task in app.registry}
        assert contracts.keys() == functions.keys()
        for key, contract in contracts.items():
            assert normal(parameters_schema(contract, "accept")) == _pydantic_parameters(functions[key])
            assert _own_result(result_schema(contract, "accept")) == _pydantic_result(functions[key], "validation")
            assert _own_result(result_schema(contract, "emit")) == _pydantic_result(functions[key], "serialization")
