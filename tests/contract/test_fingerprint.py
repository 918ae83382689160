"""The fingerprint moves with the wire and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from contract_strategies import contracts
from hypothesis import given

from horsies_core.contract.fingerprint import FINGERPRINT_LENGTH, fingerprint
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    Default,
    EnumDefinition,
    Field,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    literal,
    union,
)
from horsies_core.contract.wire import encode_type


def field(name: str, node: object, **changes: object) -> Field:
    return Field(**{"name": name, "type": node, "accept": (name,), "emit": name, **changes})  # type: ignore[arg-type]


def tree(name: str, *, value: object = StringType()) -> ObjectDefinition:
    return ObjectDefinition(
        name=name,
        kind="model",
        fields=(field("value", value), field("next", union((Ref(name), NullType())))),
    )


def contract(result: Any, *definitions: Any, parameters: tuple[Parameter, ...] = ()) -> TaskContract:
    return TaskContract(
        name="t",
        source="m:t",
        parameters=parameters,
        result=result,
        definitions=definitions,
    )


BASE = contract(
    Ref("m:A"),
    tree("m:A"),
    parameters=(Parameter(name="a", type=StringType()), Parameter(name="b", type=NumberType(kind="int"))),
)

SAME = {
    "another source": replace(BASE, source="elsewhere:t"),
    "another queue": replace(BASE, queue="critical"),
    "another timeout": replace(BASE, timeout_ms=5000),
    "another retry policy": replace(BASE, retry=RetryPolicy.fixed([1], auto_retry_for=["X"])),
    "parameters in another order": replace(BASE, parameters=BASE.parameters[::-1]),
    "a renamed recursive class": replace(BASE, result=Ref("x:B"), definitions=(tree("x:B"),)),
    "fields in another order": replace(BASE, definitions=(replace(tree("m:A"), fields=tree("m:A").fields[::-1]),)),
    "a dataclass instead of a model": replace(BASE, definitions=(replace(tree("m:A"), kind="dataclass"),)),
}

DIFFERENT = {
    "another name": replace(BASE, name="u"),
    "a parameter less": replace(BASE, parameters=BASE.parameters[:1]),
    "a parameter with a default": replace(
        BASE, parameters=(replace(BASE.parameters[0], default=Default('"x"')), BASE.parameters[1])
    ),
    "a tighter parameter": replace(
        BASE, parameters=(BASE.parameters[0], Parameter(name="b", type=NumberType(kind="int", ge=0)))
    ),
    "a changed field deep inside": replace(BASE, definitions=(tree("m:A", value=NumberType(kind="int")),)),
    "a closed object": replace(BASE, definitions=(replace(tree("m:A"), extra="forbid"),)),
    "another result": replace(BASE, result=StringType()),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_not_on_the_wire_does_not_move_it(name: str) -> None:
    assert fingerprint(SAME[name]) == fingerprint(BASE)


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_is_on_the_wire_moves_it(name: str) -> None:
    assert fingerprint(DIFFERENT[name]) != fingerprint(BASE)


def test_the_order_of_union_members_and_values_does_not_move_it() -> None:
    one = contract(union((StringType(), NumberType(kind="int"), literal(True, "x"))))
    other = contract(union((literal("x", True), NumberType(kind="int"), StringType())))
    assert fingerprint(one) == fingerprint(other)


def test_one_and_true_are_different_literals() -> None:
    assert fingerprint(contract(literal(1))) != fingerprint(contract(literal(True)))


def test_names_of_types_are_transparent() -> None:
    plain = contract(ArrayType(item=literal("a", "b")))
    named = contract(
        Ref("m:Alias"),
        AliasDefinition(name="m:Alias", kind="alias", target=ArrayType(item=Ref("m:Colour"))),
        EnumDefinition(name="m:Colour", members=(("A", '"a"'), ("B", '"b"'))),
    )
    assert fingerprint(plain) == fingerprint(named)


def test_two_classes_of_one_shape_that_refer_to_each_other_differ_from_two_that_do_not() -> None:
    def pair(first_next: str, second_next: str, leaf: object) -> TaskContract:
        first = ObjectDefinition(
            name="m:A", kind="model", fields=(field("n", Ref(first_next)), field("v", StringType()))
        )
        second = ObjectDefinition(name="m:B", kind="model", fields=(field("n", Ref(second_next)), field("v", leaf)))
        return contract(Ref("m:A"), first, second)

    integer = NumberType(kind="int")
    assert fingerprint(pair("m:B", "m:A", integer)) != fingerprint(pair("m:B", "m:B", integer))


@given(contracts())
def test_every_contract_has_one(value: TaskContract) -> None:
    print_ = fingerprint(value)
    assert len(print_) == FINGERPRINT_LENGTH
    assert int(print_, 16) >= 0


@pytest.mark.parametrize(("one", "other"), [("1.0", "1.00"), ("100", "1E+2"), ("0", "-0.0")])
def test_equal_bounds_are_written_equally(one: str, other: str) -> None:
    """Fingerprints are kept by node, so nodes that compare equal must not be written in two ways."""
    nodes = [NumberType(kind="decimal", ge=Decimal(text)) for text in (one, other)]

    assert nodes[0] == nodes[1]
    assert encode_type(nodes[0]) == encode_type(nodes[1])
    assert str(NumberType(kind="float", ge=-0.0).ge) == "0.0"
