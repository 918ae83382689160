"""What a lock and live contracts disagree about, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from horsies_core.contract.difference import differences
from horsies_core.contract.lock import Lock, LockEntry
from horsies_core.contract.task import Parameter, TaskContract
from horsies_core.contract.types import Default, Field, NullType, NumberType, ObjectDefinition, Ref, StringType, union

INT, STR, NULL = NumberType(kind="int"), StringType(), NullType()


def model(node: Any) -> ObjectDefinition:
    return ObjectDefinition(name="m:Order", kind="model", fields=(Field(name="x", type=node, accept=("x",), emit="x"),))


BASE = TaskContract(
    name="t",
    source="m:t",
    parameters=(Parameter(name="a", type=union((INT, STR))), Parameter(name="order", type=Ref("m:Order"))),
    result=STR,
    definitions=(model(INT),),
    queue="default",
)


def said(live: TaskContract, locked: TaskContract = BASE) -> list[str]:
    return list(differences(Lock(entries=(LockEntry(contract=locked),)), (live,)))


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (BASE, []),
        (replace(BASE, source="elsewhere:t"), []),
        (replace(BASE, parameters=(Parameter(name="a", type=union((STR, INT))), BASE.parameters[1])), []),
        (
            replace(BASE, parameters=(Parameter(name="a", type=INT), BASE.parameters[1])),
            ["task 't': parameter 'a' is int | str in the lock, int in the code"],
        ),
        (
            replace(BASE, parameters=BASE.parameters[1:]),
            ["task 't': parameter 'a' (int | str) is in the lock, not in the code"],
        ),
        (
            replace(BASE, parameters=(*BASE.parameters, Parameter(name="b", type=INT))),
            ["task 't': parameter 'b' (int) is in the code, not in the lock"],
        ),
        (
            replace(BASE, parameters=(replace(BASE.parameters[0], default=Default("1")), BASE.parameters[1])),
            ["task 't': parameter 'a' is required in the lock, optional in the code"],
        ),
        (replace(BASE, result=union((STR, NULL))), ["task 't': the result is str in the lock, str | None in the code"]),
        (replace(BASE, queue="other"), ["task 't': queue is 'default' in the lock, 'other' in the code"]),
        (replace(BASE, timeout_ms=1000), ["task 't': timeout_ms is None in the lock, 1000 in the code"]),
        (
            replace(BASE, name="u"),
            [
                "task 't' stands in the lock, but no module defines it",
                "task 'u' is defined at m:t, but does not stand in the lock",
            ],
        ),
    ],
)
def test_a_difference_is_said_in_words(live: TaskContract, expected: list[str]) -> None:
    assert said(live) == expected


def test_a_changed_model_is_named_beside_the_parameter_that_uses_it() -> None:
    found = said(replace(BASE, definitions=(model(STR),)))
    assert "task 't': the type m:Order is not the same in the lock and in the code" in found
