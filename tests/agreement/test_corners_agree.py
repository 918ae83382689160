"""One annotation after another, through both front ends: equal nodes and definitions, or the same refusal.

The golden cases show what users write; this table goes to the corners. Where only one of the two can know (a class of the
standard library that the compiler has no source of), the codes may differ, and the row is not here.
"""

from __future__ import annotations

import pytest
from case_modules import resolved
from corners import CORNERS, MODULE, corner_functions, corner_text

from horsies_core.contract.draft import ParameterDraft, TaskDraft
from horsies_core.contract.laws import violations
from horsies_core.task.live.front import draft_of

Drafts = dict[str, TaskDraft]


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Drafts:
    """The drafts that the compiler reads."""
    folder = tmp_path_factory.mktemp("corners")
    (folder / f"{MODULE}.py").write_text(corner_text(), encoding="utf-8")
    return {task.draft.function: task.draft for task in resolved(folder).tasks}


@pytest.fixture(scope="module")
def live() -> Drafts:
    """The drafts of the live functions."""
    with corner_functions() as functions:
        return {name: draft_of(name, function) for name, function in functions.items()}


def _parameter(draft: TaskDraft) -> ParameterDraft:
    [parameter] = draft.parameters
    return parameter


@pytest.mark.parametrize("name", [name for name, corner in CORNERS.items() if not corner.code], ids=CORNERS.get)
def test_both_read_the_same(static: Drafts, live: Drafts, name: str) -> None:
    assert [item.message for item in violations(live[name])] == []
    assert _parameter(static[name]) == _parameter(live[name])
    assert static[name].definitions == live[name].definitions


@pytest.mark.parametrize("name", [name for name, corner in CORNERS.items() if corner.code], ids=CORNERS.get)
def test_both_refuse_alike(static: Drafts, live: Drafts, name: str) -> None:
    assert {item.code for item in violations(static[name])} == {CORNERS[name].code}
    assert {item.code for item in violations(live[name])} == {CORNERS[name].code}
