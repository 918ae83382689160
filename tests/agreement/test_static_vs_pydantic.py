"""The schemas of statically read contracts against pydantic's own, for every golden case, on both sides."""

from __future__ import annotations

import typing
from dataclasses import replace
from typing import Any

import pytest
from case_modules import CASES, case_names, imported, resolved
from pydantic import TypeAdapter
from schema_normal import differences, normal

from horsies_core.contract.draft import contract_from
from horsies_core.contract.schema import parameters_schema, result_schema
from horsies_core.contract.task import TaskContract
from horsies_core.contract.types import ObjectDefinition


def _pydantic_parameters(function: Any) -> Any:
    return normal(TypeAdapter(function).json_schema(mode="validation"))


def _pydantic_result(function: Any, mode: typing.Literal["validation", "serialization"]) -> Any:
    value = typing.get_args(typing.get_type_hints(function, include_extras=True)["return"])[0]
    return normal(TypeAdapter(value).json_schema(mode=mode, by_alias=True))


def _own_result(schema: Any) -> Any:
    ok = schema["oneOf"][0]["properties"]["ok"]
    return normal({**ok, "$defs": schema.get("$defs", {})})


KNOWN_GAPS: dict[str, frozenset[str]] = {
    # pydantic's schemas do not say that the keys of dict[int, ...] are written as text
    "containers": frozenset({"/properties/q/propertyNames"}),
    # a field with init=False is written and never read; pydantic lists it on both sides
    "dataclass_types": frozenset({"/properties/b/properties/made", "A/properties/made", "E/properties/made"}),
    # a writer always writes every place of a named tuple
    "named_tuples": frozenset({"E/minItems"}),
}
"""Where our dialect says something else on purpose, by case and path; A and E are the result's two sides."""


def _preferred(contract: TaskContract) -> TaskContract:
    """The contract with only the first name that each field accepts: pydantic's schemas show no other."""
    definitions = tuple(
        replace(item, fields=tuple(replace(field, accept=field.accept[:1]) for field in item.fields))
        if isinstance(item, ObjectDefinition)
        else item
        for item in contract.definitions
    )
    return replace(contract, definitions=definitions)


@pytest.mark.parametrize("name", case_names())
def test_the_schema_is_pydantics(name: str) -> None:
    contracts = {str(task.draft.name): _preferred(contract_from(task.draft)) for task in resolved(CASES / name).tasks}
    with imported(CASES / name) as apps:
        functions = {task.name: task.function for app in apps for task in app.registry}
        assert contracts.keys() == functions.keys()
        found: set[str] = set()
        for key, contract in contracts.items():
            function = functions[key]
            found.update(differences(normal(parameters_schema(contract, "accept")), _pydantic_parameters(function)))
            accepted, emitted = result_schema(contract, "accept"), result_schema(contract, "emit")
            found.update(differences(_own_result(accepted), _pydantic_result(function, "validation"), "A"))
            found.update(differences(_own_result(emitted), _pydantic_result(function, "serialization"), "E"))
    assert found == KNOWN_GAPS.get(name, frozenset())
