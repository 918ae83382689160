"""The schemas of statically read contracts against pydantic's own, for every golden case, on both sides."""

from __future__ import annotations

import pytest
from case_modules import CASES, case_names, imported, resolved
from schema_normal import is_since, pydantic_differences

from horsies_core.contract.draft import contract_from

KNOWN_GAPS: dict[str, frozenset[str]] = {
    # pydantic's schemas do not say that the keys of dict[int, ...] are written as text
    "containers": frozenset({"/properties/q/propertyNames"} if is_since("2.11") else ()),
    # a field with init=False is written and never read; pydantic lists it on both sides
    "dataclass_types": frozenset({"/properties/b/properties/made", "A/properties/made", "E/properties/made"}),
    # older ones showed the alias of a field that takes none
    "settings_by_name": frozenset(
        ()
        if is_since("2.14")
        else {f"/properties/b/{path}" for path in ("properties/someKey", "properties/some_key", "required/0")}
    ),
    # a writer always writes every place of a named tuple
    "named_tuples": frozenset({"E/minItems"}),
}
"""Where our dialect says something else on purpose, by case and path; A and E are the result's two sides."""


@pytest.mark.parametrize("name", case_names())
def test_the_schema_is_pydantics(name: str) -> None:
    contracts = {str(task.draft.name): contract_from(task.draft) for task in resolved(CASES / name).tasks}
    with imported(CASES / name) as apps:
        functions = {task.name: task.function for app in apps for task in app.registry}
        assert contracts.keys() == functions.keys()
        found = {path for key in contracts for path in pydantic_differences(contracts[key], functions[key])}
    assert found == KNOWN_GAPS.get(name, frozenset())
