"""The table of docs/compatibility.md, row by row: what each change does to payloads (a, b) and to results (c1, c2)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from compare_pool import BOOL, DECIMAL, FLOAT, INT, NULL, STR, model, optional, required

from horsies_core.contract.compare import Change, Relation, Verdict, compare, worst
from horsies_core.contract.compare.catalogue import UPCASTER_REMOVED
from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.lock import Lock, LockEntry, Tombstone
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract, Upcaster, reachable
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    Default,
    Definition,
    EnumDefinition,
    MapType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TypeNode,
    UnionType,
    literal,
    union,
)

DATE, DATETIME = TemporalType(kind="date"), TemporalType(kind="datetime")


def contract(
    *parameters: Parameter, result: TypeNode = NULL, types: tuple[Definition, ...] = (), name: str = "ship"
) -> TaskContract:
    """A task with these parameters."""
    table = {definition.name: definition for definition in types}
    return TaskContract(
        name=name,
        source=f"shop.tasks:{name}",
        parameters=parameters,
        result=result,
        definitions=reachable((*(parameter.type for parameter in parameters), result), table),
    )


def lock(*contracts: TaskContract, codes: tuple[str, ...] = (), stones: tuple[Tombstone, ...] = ()) -> Lock:
    """A lock of these tasks."""
    entries = tuple(LockEntry(contract=item, error_codes=codes) for item in contracts)
    return Lock(entries=entries, tombstones=stones)


def letters(old: Lock, new: Lock) -> str:
    """The worst verdicts on a, b, c1, c2."""
    changes = compare(old, new).changes
    return "".join(worst(changes, relation).letter for relation in Relation)


def need(name: str, type_: TypeNode = INT) -> Parameter:
    """A required parameter."""
    return Parameter(name=name, type=type_)


def may(name: str, type_: TypeNode = INT, default: str = "0") -> Parameter:
    """A defaulted parameter."""
    return Parameter(name=name, type=type_, default=Default(default))


X = need("x")
PARAMETERS: list[tuple[str, tuple[Parameter, ...], tuple[Parameter, ...], str]] = [
    ("required parameter added", (X,), (X, need("y")), "BB"),
    ("defaulted parameter added", (X,), (X, may("y")), "SC"),
    ("required parameter removed", (X, need("y")), (X,), "BB"),
    ("defaulted parameter removed", (X, may("y")), (X,), "CS"),
    ("parameter renamed", (need("order_id"),), (need("id"),), "BB"),
    ("optional to required", (X, may("y")), (X, need("y")), "CS"),
    ("required to optional", (X, need("y")), (X, may("y")), "SC"),
    ("default changed", (may("x", default="0"),), (may("x", default="1"),), "WW"),
]


@pytest.mark.parametrize(("row", "old", "new", "expected"), PARAMETERS, ids=[row[0] for row in PARAMETERS])
def test_rows_about_parameters(row: str, old: tuple[Parameter, ...], new: tuple[Parameter, ...], expected: str) -> None:
    assert letters(lock(contract(*old)), lock(contract(*new))) == expected + "SS"


def colours(*names: str) -> EnumDefinition:
    """An enum of these values."""
    return EnumDefinition(name="m:Colour", members=tuple((name.upper(), f'"{name}"') for name in names))


def order(*fields: tuple[str, TypeNode] | str, extra: str = "ignore", name: str = "m:Order") -> ObjectDefinition:
    """A model with a field ``id`` and further ones; a field given by its name alone is defaulted."""
    made = [optional(field, INT, "0") if isinstance(field, str) else required(field[0], field[1]) for field in fields]
    return model(name, required("id", INT), *made, extra=extra)


def tagged(tag: str, *values: str) -> tuple[TypeNode, tuple[Definition, ...]]:
    """A tagged union of models."""
    members = tuple(model(f"m:{value}", required(tag, literal(value)), required("x", INT)) for value in values)
    return UnionType(tuple(Ref(member.name) for member in members), tag), members


Side = tuple[TypeNode, tuple[Definition, ...]]


def plain(node: TypeNode) -> Side:
    """A type without definitions."""
    return node, ()


TYPES: list[tuple[str, Side, Side, str]] = [
    ("widened: int to float", plain(INT), plain(FLOAT), "SBSB"),
    ("narrowed: float to int", plain(FLOAT), plain(INT), "BSBS"),
    ("widened: None added", plain(INT), plain(union((INT, NULL))), "SCSB"),
    ("narrowed: None removed", plain(union((INT, NULL))), plain(INT), "BSBS"),
    ("widened: union member added", plain(INT), plain(union((INT, STR))), "SCSB"),
    ("narrowed: union member removed", plain(union((INT, STR))), plain(INT), "BSBS"),
    ("widened: enum to str", (Ref("m:Colour"), (colours("red"),)), plain(STR), "SCSB"),
    ("narrowed: str to enum", plain(STR), (Ref("m:Colour"), (colours("red"),)), "BSBS"),
    ("enum value added", (Ref("m:Colour"), (colours("red"),)), (Ref("m:Colour"), (colours("red", "blue"),)), "SCSC"),
    ("enum value removed", (Ref("m:Colour"), (colours("red", "blue"),)), (Ref("m:Colour"), (colours("red"),)), "BSBS"),
    ("constraint tightened", plain(INT), plain(NumberType(kind="int", ge=0)), "BSBS"),
    ("constraint relaxed", plain(NumberType(kind="int", ge=0)), plain(INT), "SCSC"),
    ("length tightened", plain(STR), plain(StringType(max_length=3)), "BSBS"),
    ("length relaxed", plain(StringType(max_length=3)), plain(STR), "SCSC"),
    (
        "multiple relaxed",
        plain(NumberType(kind="int", multiple_of=6)),
        plain(NumberType(kind="int", multiple_of=3)),
        "SCSC",
    ),
    ("pattern changed", plain(StringType(pattern="^a")), plain(StringType(pattern="^b")), "BBBB"),
    ("date to datetime", plain(DATE), plain(DATETIME), "BBBB"),
    ("datetime to date", plain(DATETIME), plain(DATE), "BBBB"),
    ("scalar to list", plain(INT), plain(ArrayType(item=INT)), "BBBB"),
    ("list to scalar", plain(ArrayType(item=INT)), plain(INT), "BBBB"),
    ("bool to int", plain(BOOL), plain(INT), "BBBB"),
    ("int to bool", plain(INT), plain(BOOL), "BBBB"),
    ("Decimal to float", plain(DECIMAL), plain(FLOAT), "BSBS"),
    ("float to Decimal", plain(FLOAT), plain(DECIMAL), "SBSB"),
    ("list to set", plain(ArrayType(item=INT)), plain(ArrayType(item=INT, kind="set")), "BSBS"),
    ("set to list", plain(ArrayType(item=INT, kind="set")), plain(ArrayType(item=INT)), "SCSB"),
    ("dict key narrowed", plain(MapType(key=STR, value=INT)), plain(MapType(key=literal("a"), value=INT)), "BSBS"),
    ("dict key widened", plain(MapType(key=literal("a"), value=INT)), plain(MapType(key=STR, value=INT)), "SCSB"),
    ("defaulted field added, open", (Ref("m:Order"), (order(),)), (Ref("m:Order"), (order("note"),)), "SWSW"),
    (
        "defaulted field added, closed",
        (Ref("m:Order"), (order(extra="forbid"),)),
        (Ref("m:Order"), (order("note", extra="forbid"),)),
        "SCSW",
    ),
    ("required field added, open", (Ref("m:Order"), (order(),)), (Ref("m:Order"), (order(("note", INT)),)), "BWBW"),
    (
        "required field added, closed",
        (Ref("m:Order"), (order(extra="forbid"),)),
        (Ref("m:Order"), (order(("note", INT), extra="forbid"),)),
        "BBBW",
    ),
    (
        "optional to required field",
        (Ref("m:Order"), (order("note"),)),
        (Ref("m:Order"), (order(("note", INT)),)),
        "CSBS",
    ),
    (
        "required to optional field",
        (Ref("m:Order"), (order(("note", INT)),)),
        (Ref("m:Order"), (order("note"),)),
        "SCSB",
    ),
    ("discriminator changed", tagged("kind", "Cat", "Dog"), tagged("type", "Cat", "Dog"), "BBBB"),
    ("tag value changed", tagged("kind", "Cat", "Dog"), tagged("kind", "Cat", "Cow"), "BCBC"),
    (
        "class moved or renamed",
        (Ref("m:Order"), (order(),)),
        (Ref("shop.other:Purchase"), (order(name="shop.other:Purchase"),)),
        "SSSS",
    ),
]


@pytest.mark.parametrize(("row", "old", "new", "expected"), TYPES, ids=[row[0] for row in TYPES])
def test_rows_about_types(row: str, old: Side, new: Side, expected: str) -> None:
    parameters = letters(
        lock(contract(need("x", old[0]), types=old[1])), lock(contract(need("x", new[0]), types=new[1]))
    )
    results = letters(lock(contract(result=old[0], types=old[1])), lock(contract(result=new[0], types=new[1])))

    assert parameters[:2] + results[2:] == expected
    assert parameters[2:] + results[:2] == "SSSS", "a parameter is no result, and the other way round"


def test_validators_are_opaque() -> None:
    def side(*, opaque: bool) -> Lock:
        return lock(
            contract(
                need("x", Ref("m:Id")), types=(AliasDefinition(name="m:Id", kind="root", target=INT, opaque=opaque),)
            )
        )

    assert letters(side(opaque=False), side(opaque=True)) == "WSSS"
    assert letters(side(opaque=True), side(opaque=False)) == "SWSS"


def test_tasks_added_removed_renamed() -> None:
    ship, pack = contract(X), contract(X, name="pack")
    moved = replace(ship, name="ship_order")

    assert letters(lock(ship), lock(ship, pack)) == "SCSS"
    assert letters(lock(ship, pack), lock(ship)) == "BSSS"
    assert letters(lock(ship), lock(moved)) == "BBSS"
    assert letters(lock(ship), lock(replace(moved, aliases=("ship",)))) == "SCSS"
    assert letters(lock(replace(moved, aliases=("ship",))), lock(moved)) == "BSSS"


def upcast(new: TaskContract, *former: TaskContract) -> TaskContract:
    """The contract with upcasters for the signatures of former ones."""
    made = (
        Upcaster(source=f"m:up{at}", parameters=each.parameters, definitions=each.definitions)
        for at, each in enumerate(former)
    )
    return replace(new, upcasters=tuple(made))


def test_an_upcaster_closes_what_old_payloads_suffer() -> None:
    old, new = contract(need("order_id")), contract(need("number", STR))

    assert letters(lock(old), lock(new)) == "BBSS"
    assert letters(lock(old), lock(upcast(new, old))) == "SBSS", "workers first"
    assert letters(lock(old), lock(upcast(new, contract(need("order_id", FLOAT))))) == "SBSS", "it takes all of them"
    assert letters(lock(old), lock(upcast(new, contract(need("order_id", NumberType(kind="int", ge=1)))))) == "BBSS"
    changed = compare(lock(old), lock(upcast(new, old))).changes
    assert {change.closed_by for change in changes_of(changed, Relation.NEW_PAYLOADS)} >= {"m:up0"}


def changes_of(changes: tuple[Change, ...], relation: Relation) -> list[Change]:
    """Those that touch a relation."""
    return [change for change in changes if change.verdict(relation) is not Verdict.SAFE]


def test_an_upcaster_of_the_very_signature_makes_another_meaning_safe() -> None:
    """Cents to euros: the new task would take every old payload, and for something else."""
    old, new = contract(may("amount", INT, "100")), contract(may("amount", FLOAT, "1.0"))

    assert letters(lock(old), lock(new)) == "WBSS"
    assert letters(lock(old), lock(upcast(new, old))) == "SBSS"
    assert letters(lock(old), lock(upcast(new, contract(may("amount", FLOAT, "2.0"))))) == "WBSS", "not its signature"


def test_an_upcaster_is_kept_as_long_as_what_it_reads_may_wait() -> None:
    older, old = contract(need("order_id")), contract(need("number", STR))

    [gone] = compare(lock(upcast(old, older)), lock(old)).changes
    assert (gone.kind, gone.verdict(Relation.OLD_PAYLOADS)) == (UPCASTER_REMOVED, Verdict.BREAKING)
    assert gone.effect(Relation.OLD_PAYLOADS).witness
    wider = contract(may("number", STR, '""'), may("order_id"))
    assert letters(lock(upcast(old, older)), lock(wider)) == "SCSS", "read by the task itself"
    assert letters(lock(upcast(old, older)), lock(upcast(old, contract(need("order_id", FLOAT))))) == "SSSS"


def test_removed_name_is_never_used_again() -> None:
    stone = Tombstone(name="ship", fingerprint=fingerprint(contract(need("y"))))

    assert letters(lock(stones=(stone,)), lock(contract(X))) == "BBSS"
    assert letters(lock(), lock(contract(X), stones=(stone,))) == "BBSS"
    reused = lock(contract(X), stones=(stone,))
    assert letters(lock(contract(X)), reused) == "BBSS", "it was removed and used again in between"
    assert letters(reused, reused) == "SSSS", "told once"
    assert letters(lock(), lock(contract(need("y")), stones=(stone,))) == "SCSS", "it is back"
    assert (
        letters(lock(contract(X, name="pack")), lock(contract(X, name="pack"), contract(need("y")), stones=(stone,)))
        == "SCSS"
    )


def test_queue_moved() -> None:
    old = contract(X)
    new = replace(old, queue="critical")
    other = contract(X, name="pack")

    assert letters(lock(old), lock(new)) == "BCSS"
    assert letters(lock(old, other), lock(new, other)) == "WCSS"


def test_how_a_task_is_run() -> None:
    policy = RetryPolicy.fixed([1, 2], auto_retry_for=["TIMEOUT", "BUSY"])
    old = replace(contract(X), timeout_ms=5000, retry=policy)

    assert letters(lock(old), lock(replace(old, timeout_ms=2000))) == "WWSS"
    assert letters(lock(old), lock(replace(old, timeout_ms=9000))) == "SSSS"
    assert letters(lock(replace(old, timeout_ms=None)), lock(old)) == "WWSS"
    assert letters(lock(old), lock(replace(old, retry=replace(policy, auto_retry_for=("BUSY",))))) == "WWSS"
    assert letters(lock(old), lock(replace(old, retry=replace(policy, max_retries=1)))) == "WWSS"
    assert letters(lock(old), lock(replace(old, retry=None))) == "WWSS"


def test_error_codes() -> None:
    assert letters(lock(contract(X)), lock(contract(X), codes=("BUSY",))) == "SSSW"
    assert letters(lock(contract(X), codes=("BUSY",)), lock(contract(X))) == "SSSS"


def test_what_is_not_proven_is_breaking() -> None:
    email, link = StringType(format="name-email"), StringType(format="regex")
    changes = compare(lock(contract(need("x", email))), lock(contract(need("x", link)))).changes

    assert [change.verdict(Relation.OLD_PAYLOADS) for change in changes] == [Verdict.BREAKING]
    assert changes[0].effect(Relation.OLD_PAYLOADS).unproven


@pytest.mark.parametrize("scale", [Decimal("0.1"), Decimal("0.25"), Decimal("3")])
def test_multiples_are_exact(scale: Decimal) -> None:
    whole = NumberType(kind="decimal", multiple_of=scale)
    double = NumberType(kind="decimal", multiple_of=2 * scale)

    assert letters(lock(contract(need("x", double))), lock(contract(need("x", whole)))) == "SCSS"
    assert letters(lock(contract(need("x", whole))), lock(contract(need("x", double)))) == "BSSS"
