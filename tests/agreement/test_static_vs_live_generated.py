"""Printed task packages: the compiler and the decorator read each in the same way, and pydantic too.

Fingerprints are compared, not whole contracts: ``typing`` caches unions by their members as a set, so in one process the
live order of members may be that of a program printed earlier.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest
from case_modules import imported, resolved
from effort import examples
from hypothesis import HealthCheck, given, settings
from pydantic.errors import PydanticUndefinedAnnotation
from schema_normal import is_since, pydantic_differences
from task_programs import programs

from horsies_core.contract.draft import contract_from
from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.laws import violations
from horsies_core.contract.task import TaskContract
from horsies_core.contract.types import ObjectDefinition, TupleDefinition
from horsies_core.outcome.errors import TaskDefinitionError


@pytest.mark.endless
@settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(programs())
def test_a_printed_package_has_one_contract(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        found = resolved(Path(folder))
        static = {str(task.draft.name): task.draft for task in found.tasks}
        broken = [item.message for draft in static.values() for item in violations(draft)]
        sound = not broken and not found.diagnostics
        contracts = {name: contract_from(draft) for name, draft in static.items()} if sound else {}
        try:
            with imported(Path(folder)) as apps:
                tasks = [task for app in apps for task in app.registry]
                live = {task.name: task.contract for task in tasks}
                strange = [
                    path for task in tasks if sound for path in _differences(contracts[task.name], task.function)
                ]
        except TaskDefinitionError:
            assert not sound
            return
        assert [finding.message for finding in found.diagnostics] == []
        assert broken == []
        assert {name: fingerprint(item) for name, item in contracts.items()} == {
            name: fingerprint(item) for name, item in live.items()
        }
        assert {name: _defaults(item) for name, item in contracts.items()} == {
            name: _defaults(item) for name, item in live.items()
        }
        assert strange == []


def _differences(contract: TaskContract, function: object) -> list[str]:
    """Where pydantic's own schemas differ. 2.9 cannot tell one for a named tuple of another module with postponed annotations."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(pydantic_differences(contract, function, less=_unsaid))
        except PydanticUndefinedAnnotation:
            if is_since("2.10"):
                raise
            return []


def _unsaid(schema: Mapping[str, object]) -> frozenset[str]:
    """What pydantic does not say: how keys are written, and that a writer writes every place of a named tuple."""
    return frozenset({"propertyNames", "minItems"} if "prefixItems" in schema else {"propertyNames"})


def _defaults(contract: TaskContract) -> object:
    """What a fingerprint does not see: the source, and the names and defaults of parameters and fields."""
    return (
        contract.source,
        [(item.name, item.default) for item in contract.parameters],
        sorted(
            (field.name, repr(field.default))
            for item in contract.definitions
            if isinstance(item, ObjectDefinition | TupleDefinition)
            for field in item.fields
        ),
    )
