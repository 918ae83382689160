"""The contracts of the golden cases, written down: a change of what a construct comes to is a change of this snapshot."""

from __future__ import annotations

import pytest
from case_modules import CASES, case_names, resolved
from syrupy.assertion import SnapshotAssertion

from horsies_core.contract.draft import contract_from
from horsies_core.contract.lock import Lock, LockEntry, write_lock


@pytest.mark.parametrize("name", case_names())
def test_the_lock_of_a_construct(name: str, snapshot: SnapshotAssertion) -> None:
    resolution = resolved(CASES / name)
    assert [finding.message for finding in resolution.diagnostics] == []
    entries = tuple(LockEntry(contract=contract_from(task.draft)) for task in resolution.tasks)
    assert write_lock(Lock(entries=entries)) == snapshot
