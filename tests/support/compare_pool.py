"""A pool of small types, every kind of node and constraint among them, and a pool of JSON values to try on them."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice

from horsies_core.contract.compare.resolved import Typed
from horsies_core.contract.compare.samples import samples
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    BoolType,
    BytesType,
    Default,
    Definition,
    EnumDefinition,
    Field,
    JsonTextType,
    JsonType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    canonical_json,
    literal,
    union,
)
from horsies_core.contract.wire import Json

NULL, BOOL, JSON, STR = NullType(), BoolType(), JsonType(), StringType()
INT, FLOAT, DECIMAL = NumberType(kind="int"), NumberType(kind="float"), NumberType(kind="decimal")


def required(name: str, type_: TypeNode) -> Field:
    """A field that must be there."""
    return Field(name=name, type=type_, accept=(name,), emit=name)


def optional(name: str, type_: TypeNode, default: str = "null") -> Field:
    """A field with a default."""
    return Field(name=name, type=type_, accept=(name,), emit=name, required=False, default=Default(default))


def model(name: str, *fields: Field, extra: str = "ignore", extra_type: TypeNode | None = None) -> ObjectDefinition:
    """A model."""
    return ObjectDefinition(name=name, kind="model", fields=fields, extra=extra, extra_type=extra_type)  # type: ignore[arg-type]  # tests spell it


DEFINITIONS: dict[str, Definition] = {
    definition.name: definition
    for definition in (
        model("m:A", required("x", INT)),
        model("m:AClosed", required("x", INT), extra="forbid"),
        model("m:AOpen", required("x", INT), extra="allow"),
        model("m:AStrings", required("x", INT), extra="allow", extra_type=STR),
        model("m:AMaybe", optional("x", INT, "0")),
        model("m:AB", required("x", INT), optional("y", STR)),
        model("m:ABClosed", required("x", INT), optional("y", STR), extra="forbid"),
        model("m:ABBoth", required("x", INT), required("y", STR)),
        model("m:AFloat", required("x", FLOAT)),
        model("m:Renamed", Field(name="x", type=INT, accept=("ex", "x"), emit="ex")),
        model("m:Cat", required("kind", literal("cat")), required("x", INT)),
        model("m:Dog", optional("kind", literal("dog"), '"dog"'), required("y", STR)),
        model("m:Cow", required("kind", literal("cow")), required("x", INT)),
        model("m:Either", required("kind", literal("cat", "cow")), required("x", INT)),
        model("m:Chain", required("value", INT), optional("next", union((Ref("m:Chain"), NULL)))),
        model("m:ChainFloat", required("value", FLOAT), optional("next", union((Ref("m:ChainFloat"), NULL)))),
        model("m:ChainStr", required("value", INT), optional("next", union((Ref("m:ChainStrEnd"), NULL)))),
        model("m:ChainStrEnd", required("value", STR), optional("next", union((Ref("m:ChainStr"), NULL)))),
        model("m:Tree", required("children", ArrayType(item=Ref("m:Tree")))),
        model("m:Endless", required("next", Ref("m:Endless"))),
        EnumDefinition(name="m:Colour", members=(("RED", '"red"'), ("BLUE", '"blue"'))),
        EnumDefinition(name="m:Level", members=(("LOW", "1"), ("HIGH", "2"))),
        TupleDefinition(name="m:Point", fields=(required("x", INT), optional("y", INT, "0"))),
        AliasDefinition(name="m:Id", kind="newtype", target=INT),
        AliasDefinition(name="m:Nested", kind="alias", target=union((INT, ArrayType(item=Ref("m:Nested"))))),
    )
}


def types() -> list[TypeNode]:
    """Some hundred small types over `DEFINITIONS`."""
    numbers: list[TypeNode] = [
        INT,
        FLOAT,
        DECIMAL,
        NumberType(kind="int", ge=0),
        NumberType(kind="int", gt=0),
        NumberType(kind="int", ge=1, le=3),
        NumberType(kind="int", lt=10, multiple_of=3),
        NumberType(kind="int", multiple_of=6),
        NumberType(kind="int", ge=6, le=6),
        NumberType(kind="float", ge=0),
        NumberType(kind="float", gt=0),
        NumberType(kind="float", le=2.5),
        NumberType(kind="float", multiple_of=0.5),
        NumberType(kind="float", multiple_of=0.1),
        NumberType(kind="decimal", ge=Decimal(0)),
        NumberType(kind="decimal", gt=Decimal(0), lt=Decimal("0.1")),
        NumberType(kind="decimal", max_digits=4, decimal_places=2),
        NumberType(kind="decimal", max_digits=6, decimal_places=2),
        NumberType(kind="decimal", decimal_places=1),
        NumberType(kind="decimal", max_digits=3),
        NumberType(kind="decimal", multiple_of=Decimal("0.25")),
    ]
    strings: list[TypeNode] = [
        STR,
        StringType(min_length=1),
        StringType(max_length=3),
        StringType(min_length=2, max_length=2),
        StringType(pattern="^[a-z]+$"),
        StringType(pattern="^a"),
        StringType(format="uuid"),
        StringType(format="uuid4"),
        StringType(format="path"),
        StringType(format="ipv4"),
        BytesType(),
        BytesType(max_length=3),
        BytesType(encoding="hex"),
        BytesType(encoding="base64"),
        TemporalType(kind="date"),
        TemporalType(kind="date", ge="2000-01-01"),
        TemporalType(kind="date", gt="2000-01-01", lt="2030-01-01"),
        TemporalType(kind="datetime"),
        TemporalType(kind="datetime", zone="aware"),
        TemporalType(kind="datetime", zone="naive"),
        TemporalType(kind="time"),
        TemporalType(kind="timedelta"),
        JsonTextType(INT),
        JsonTextType(FLOAT),
    ]
    scalars: list[TypeNode] = [
        NULL,
        BOOL,
        JSON,
        literal(1),
        literal(1, 2),
        literal(True, False),
        literal("a", "b"),
        literal("a"),
        literal("red", "blue"),
        literal(None, "a"),
    ]
    containers: list[TypeNode] = [
        ArrayType(item=INT),
        ArrayType(item=FLOAT),
        ArrayType(item=INT, min_items=1),
        ArrayType(item=INT, max_items=2),
        ArrayType(item=INT, max_items=0),
        ArrayType(item=INT, kind="set"),
        ArrayType(item=BOOL, kind="set"),
        ArrayType(item=BOOL, kind="frozenset", max_items=2),
        ArrayType(item=union((INT, STR))),
        union((ArrayType(item=INT), ArrayType(item=STR))),
        ArrayType(item=INT, min_items=2, max_items=2),
        TupleType((INT, INT)),
        TupleType((INT, STR)),
        TupleType(()),
        TupleType((union((INT, STR)),)),
        union((TupleType((INT,)), TupleType((STR,)))),
        MapType(key=STR, value=INT),
        MapType(key=STR, value=JSON),
        MapType(key=INT, value=INT),
        MapType(key=STR, value=INT, min_items=1),
        MapType(key=STR, value=INT, max_items=1),
        MapType(key=literal("x", "y"), value=INT),
        MapType(key=StringType(min_length=2), value=INT),
        MapType(key=TemporalType(kind="date"), value=INT),
        MapType(key=BOOL, value=INT),
        MapType(key=STR, value=union((INT, STR))),
    ]
    unions: list[TypeNode] = [
        union((INT, NULL)),
        union((STR, NULL)),
        union((INT, STR)),
        union((INT, FLOAT)),
        union((INT, STR, NULL, BOOL)),
        union((Ref("m:A"), Ref("m:Dog"))),
        union((Ref("m:Cat"), Ref("m:Cow"))),
        UnionType((Ref("m:Cat"), Ref("m:Dog")), "kind"),
        UnionType((Ref("m:Cat"), Ref("m:Dog"), Ref("m:Cow")), "kind"),
        UnionType((Ref("m:Cow"), Ref("m:Dog")), "kind"),
    ]
    named: list[TypeNode] = [Ref(name) for name in DEFINITIONS if name != "m:Endless"]
    return [*numbers, *strings, *scalars, *containers, *unions, *named]


def typed(node: TypeNode) -> Typed:
    """A type of the pool with its table."""
    return Typed(node, DEFINITIONS)


def values() -> list[Json]:
    """Samples of every type, and values that no type of the pool writes."""
    odd: list[Json] = [
        1.0,
        0.30000000000000004,
        "1.0",
        "NaN",
        " 1",
        [1, 1.0],
        [True, 1],
        {"x": 1, "z": None},
        {"01": 1},
        "a\n",
        {"kind": "cat"},
    ]
    found = {canonical_json(value): value for value in odd}
    for node in types():
        for value in islice(samples(typed(node)), 25):
            found.setdefault(canonical_json(value), value)
    return list(found.values())
