"""The compiler and the decorator read the same source: their contracts must be equal."""

from __future__ import annotations

import pytest
from case_modules import CASES, case_names, imported, resolved

from horsies_core.contract.draft import contract_from
from horsies_core.contract.laws import violations
from horsies_core.contract.task import TaskContract


@pytest.mark.parametrize("name", case_names())
def test_the_static_contract_is_the_live_one(name: str) -> None:
    resolution = resolved(CASES / name)
    assert [finding.message for finding in resolution.diagnostics] == []
    static: dict[str, TaskContract] = {}
    for task in resolution.tasks:
        assert list(violations(task.draft)) == []
        contract = contract_from(task.draft)
        static[contract.name] = contract
    with imported(CASES / name) as apps:
        live = {task.name: task.contract for app in apps for task in app.registry}
    assert static.keys() == live.keys()
    assert static
    for key, contract in static.items():
        assert contract == live[key]
