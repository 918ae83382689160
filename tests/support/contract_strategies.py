"""Hypothesis strategies for contracts: any type node, definitions that refer to each other, whole contracts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from horsies_core.contract.formats import STRING_FORMATS
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract, reachable
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
    canonical_json,
    literal,
    union,
)

identifiers = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
codes = st.from_regex(r"[A-Z]{1,6}(_[A-Z]{1,6}){0,2}", fullmatch=True)
lengths = st.none() | st.integers(0, 50)
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4)


@cache
def _numbers() -> SearchStrategy[TypeNode]:
    ints = st.builds(
        NumberType, kind=st.just("int"), ge=st.none() | st.integers(-9, 9), lt=st.none() | st.integers(10, 99)
    )
    floats = st.builds(
        NumberType, kind=st.just("float"), gt=st.none() | st.floats(-9, 0), le=st.none() | st.floats(1, 9)
    )
    decimals = st.builds(
        NumberType,
        kind=st.just("decimal"),
        ge=st.none() | st.decimals(-9, 9, places=2),
        multiple_of=st.none() | st.just(Decimal("0.01")),
        max_digits=lengths,
        decimal_places=lengths,
    )
    return st.one_of(ints, floats, decimals)


@cache
def _leaves(names: tuple[str, ...]) -> SearchStrategy[TypeNode]:
    kinds = st.sampled_from(["date", "time", "datetime", "timedelta"])
    leaves: list[SearchStrategy[TypeNode]] = [
        st.just(NullType()),
        st.just(BoolType()),
        st.just(JsonType()),
        _numbers(),
        st.builds(
            StringType,
            format=st.none() | st.sampled_from(sorted(STRING_FORMATS)),
            min_length=lengths,
            max_length=lengths,
            pattern=st.none() | st.just("^a+$"),
        ),
        st.builds(BytesType, encoding=st.sampled_from(["utf8", "base64", "hex"]), max_length=lengths),
        st.builds(TemporalType, kind=kinds, zone=st.none() | st.sampled_from(["aware", "naive"])),
        st.lists(scalars, min_size=1, max_size=4).map(lambda values: literal(*values)),
    ]
    if names:
        leaves.append(st.sampled_from(names).map(Ref))
    return st.one_of(leaves)


@cache
def type_nodes(names: tuple[str, ...] = ()) -> SearchStrategy[TypeNode]:
    """Any resolved node; references go to the names given."""
    kinds = st.sampled_from(["list", "set", "frozenset", "deque", "sequence", "tuple"])
    return st.recursive(
        _leaves(names),
        lambda inner: st.one_of(
            st.builds(ArrayType, item=inner, kind=kinds, min_items=lengths, max_items=lengths),
            st.lists(inner, max_size=3).map(lambda items: TupleType(tuple(items))),
            st.builds(
                MapType, key=st.just(StringType()) | inner, value=inner, kind=st.sampled_from(["dict", "mapping"])
            ),
            st.lists(inner, min_size=1, max_size=3).map(lambda members: union(tuple(members))),
            inner.map(JsonTextType),
        ),
        max_leaves=4,
    )


defaults = st.one_of(st.none(), st.just(Default(None)), scalars.map(lambda value: Default(canonical_json(value))))


@st.composite
def fields(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[Field, ...]:
    """The fields of one object, their names unique."""
    chosen = draw(st.lists(identifiers, max_size=3, unique=True))
    made: list[Field] = []
    for name in chosen:
        default = draw(defaults)
        made.append(
            Field(
                name=name,
                type=draw(type_nodes(names)),
                accept=draw(st.sampled_from([(name,), (name + "Alias", name)])),
                emit=draw(st.sampled_from([name, name + "Alias", None])),
                default=default,
                required=default is None,
            )
        )
    return tuple(made)


@st.composite
def definitions(draw: st.DrawFn) -> Mapping[str, Definition]:
    """A table of definitions that may refer to each other, recursively too."""
    names = tuple(f"app.models:{name}" for name in draw(st.lists(identifiers, max_size=3, unique=True)))
    return {name: draw(_definition(name, names)) for name in names}


@cache
def _definition(name: str, names: tuple[str, ...]) -> SearchStrategy[Definition]:
    members = st.lists(st.tuples(identifiers, scalars.map(canonical_json)), min_size=1, max_size=4)
    return st.one_of(
        st.builds(
            ObjectDefinition,
            name=st.just(name),
            kind=st.sampled_from(["model", "dataclass", "typeddict"]),
            fields=fields(names),
            extra=st.sampled_from(["ignore", "forbid", "allow"]),
            opaque=st.booleans(),
        ),
        st.builds(EnumDefinition, name=st.just(name), members=members.map(tuple)),
        st.builds(TupleDefinition, name=st.just(name), fields=fields(names)),
        st.builds(
            AliasDefinition, name=st.just(name), kind=st.sampled_from(["alias", "newtype", "root"]), target=type_nodes()
        ),
    )


retry_policies = st.one_of(
    st.builds(
        RetryPolicy.fixed,
        st.lists(st.integers(0, 100), min_size=1, max_size=4),
        auto_retry_for=st.lists(codes, min_size=1, max_size=3),
        jitter=st.booleans(),
    ),
    st.builds(
        RetryPolicy.exponential,
        base_seconds=st.integers(1, 100),
        max_retries=st.integers(1, 9),
        auto_retry_for=st.lists(codes, min_size=1, max_size=3),
    ),
)


@st.composite
def contracts(draw: st.DrawFn) -> TaskContract:
    """Any contract, its definitions exactly the reachable ones."""
    table = draw(definitions())
    names = tuple(table)
    parameter_names = draw(st.lists(identifiers, max_size=3, unique=True))
    parameters = tuple(
        Parameter(name=name, type=draw(type_nodes(names)), default=draw(defaults)) for name in parameter_names
    )
    result = draw(type_nodes(names))
    return TaskContract(
        name=draw(identifiers),
        source="app.tasks:" + draw(identifiers),
        parameters=parameters,
        result=result,
        definitions=reachable((*(parameter.type for parameter in parameters), result), table),
        queue=draw(identifiers),
        timeout_ms=draw(st.none() | st.integers(1000, 100_000)),
        retry=draw(st.none() | retry_policies),
        mapped_codes=tuple(sorted(draw(st.sets(codes, max_size=3)))),
        aliases=tuple(sorted(draw(st.sets(identifiers, max_size=2)))),
    )
