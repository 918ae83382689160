"""Plain JSON values → contracts. Nothing is trusted; every refusal is a `WireError` with a JSON pointer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast, get_args

from horsies_core.contract.formats import STRING_FORMATS
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract, Upcaster, reachable
from horsies_core.contract.types import (
    AliasDefinition,
    AliasKind,
    ArrayKind,
    ArrayType,
    BoolType,
    BytesEncoding,
    BytesType,
    Default,
    Definition,
    EnumDefinition,
    ExtraKeys,
    Field,
    JsonTextType,
    JsonType,
    LiteralType,
    MapKind,
    MapType,
    NullType,
    NumberKind,
    NumberType,
    ObjectDefinition,
    ObjectKind,
    Ref,
    StringType,
    TemporalKind,
    TemporalType,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    canonical_json,
)
from horsies_core.contract.wire.untrusted import (
    JsonObject,
    WireError,
    join,
    read_bool,
    read_closed,
    read_int,
    read_key,
    read_list,
    read_number,
    read_object,
    read_one_of,
    read_optional,
    read_scalar_text,
    read_text,
    read_texts,
)

MAX_DEPTH = 100
"""How deep types may nest in one definition; deeper data is refused, not recursed into."""


def decode_contract(data: object) -> TaskContract:
    """The contract written by `encode_contract`. Raises WireError."""
    block = read_object(data, "")
    types = read_object(block.get("types", {}), "/types")
    table = {name: decode_definition(name, body, join("/types", name)) for name, body in types.items()}
    name = read_text(block.get("name"), "/name")
    return decode_contract_body(name, {key: block[key] for key in block if key not in ("name", "types")}, table, "")


_BODY_KEYS = frozenset(
    {"source", "aliases", "upcasters", "queue", "timeout_ms", "retry", "mapped_codes", "parameters", "result"}
)


def decode_contract_body(name: str, data: object, table: Mapping[str, Definition], at: str) -> TaskContract:
    """The contract written by `encode_contract_body`, with definitions from a shared table. Raises WireError."""
    body = read_closed(data, _BODY_KEYS, at)
    parameters = _decode_parameters(body, at)
    result = decode_type(read_key(body, "result", at), at + "/result")
    retry = body.get("retry")
    return TaskContract(
        name=name,
        source=read_text(read_key(body, "source", at), at + "/source"),
        parameters=parameters,
        result=result,
        definitions=_reachable((*(parameter.type for parameter in parameters), result), table, at),
        queue=read_text(read_key(body, "queue", at), at + "/queue"),
        timeout_ms=read_optional(read_int, body.get("timeout_ms"), at + "/timeout_ms"),
        retry=None if retry is None else _decode_retry(retry, at + "/retry"),
        mapped_codes=read_texts(body.get("mapped_codes", []), at + "/mapped_codes"),
        aliases=read_texts(body.get("aliases", []), at + "/aliases"),
        upcasters=tuple(
            _decode_upcaster(item, table, f"{at}/upcasters/{index}")
            for index, item in enumerate(read_list(body.get("upcasters", []), at + "/upcasters"))
        ),
    )


def decode_definition(name: str, data: object, at: str) -> Definition:
    """The definition written by `encode_definition`. Raises WireError."""
    body = read_object(data, at)
    kind = read_text(read_key(body, "kind", at), at + "/kind")
    if kind == "enum":
        read_closed(body, frozenset({"kind", "members"}), at)
        return EnumDefinition(name=name, members=_decode_members(read_key(body, "members", at), at + "/members"))
    if kind == "namedtuple":
        read_closed(body, frozenset({"kind", "fields"}), at)
        return TupleDefinition(name=name, fields=_decode_fields(read_key(body, "fields", at), at + "/fields"))
    opaque = read_bool(body.get("opaque", False), at + "/opaque")
    if kind in get_args(AliasKind):
        read_closed(body, frozenset({"kind", "target", "opaque"}), at)
        target = decode_type(read_key(body, "target", at), at + "/target")
        return AliasDefinition(name=name, kind=cast("AliasKind", kind), target=target, opaque=opaque)
    read_closed(body, frozenset({"kind", "fields", "extra", "extra_type", "opaque"}), at)
    extra_type = body.get("extra_type")
    return ObjectDefinition(
        name=name,
        kind=cast("ObjectKind", read_one_of(kind, get_args(ObjectKind), at + "/kind")),
        fields=_decode_fields(read_key(body, "fields", at), at + "/fields"),
        extra=cast("ExtraKeys", read_one_of(body.get("extra", "ignore"), get_args(ExtraKeys), at + "/extra")),
        extra_type=None if extra_type is None else decode_type(extra_type, at + "/extra_type"),
        opaque=opaque,
    )


def decode_type(data: object, at: str, depth: int = 0) -> TypeNode:
    """The node written by `encode_type`. Raises WireError."""
    if depth > MAX_DEPTH:
        raise WireError(at, f"types nest deeper than {MAX_DEPTH}")
    if isinstance(data, str):
        data = {"type": data}
    node = read_object(data, at)
    if "ref" in node:
        read_closed(node, frozenset({"ref"}), at)
        return Ref(read_text(node["ref"], at + "/ref"))
    word = read_text(read_key(node, "type", at), at + "/type")
    attributes = {key: value for key, value in node.items() if key != "type"}
    reader = _READERS.get(word)
    if reader is None:
        raise WireError(at + "/type", f"no type is called {word!r}")
    return reader(word, attributes, at, depth + 1)


Reader: TypeAlias = Callable[[str, JsonObject, str, int], TypeNode]


def _read_plain(word: str, node: JsonObject, at: str, _depth: int) -> TypeNode:
    read_closed(node, frozenset(), at)
    plain: Mapping[str, TypeNode] = {"null": NullType(), "bool": BoolType(), "json": JsonType()}
    return plain[word]


def _read_number(word: str, node: JsonObject, at: str, _depth: int) -> TypeNode:
    bounds = ("ge", "gt", "le", "lt", "multiple_of")
    read_closed(node, frozenset((*bounds, "max_digits", "decimal_places")), at)
    values = {key: read_optional(read_number, node.get(key), join(at, key)) for key in bounds}
    return NumberType(
        kind=cast("NumberKind", word),
        max_digits=read_optional(read_int, node.get("max_digits"), at + "/max_digits"),
        decimal_places=read_optional(read_int, node.get("decimal_places"), at + "/decimal_places"),
        **values,
    )


def _read_string(_word: str, node: JsonObject, at: str, _depth: int) -> TypeNode:
    read_closed(node, frozenset({"format", "min_length", "max_length", "pattern"}), at)
    format_name = read_optional(read_text, node.get("format"), at + "/format")
    if format_name is not None:
        read_one_of(format_name, tuple(STRING_FORMATS), at + "/format")
    return StringType(
        format=format_name,
        min_length=read_optional(read_int, node.get("min_length"), at + "/min_length"),
        max_length=read_optional(read_int, node.get("max_length"), at + "/max_length"),
        pattern=read_optional(read_text, node.get("pattern"), at + "/pattern"),
    )


def _read_bytes(_word: str, node: JsonObject, at: str, _depth: int) -> TypeNode:
    read_closed(node, frozenset({"encoding", "min_length", "max_length"}), at)
    encoding = read_one_of(node.get("encoding", "utf8"), get_args(BytesEncoding), at + "/encoding")
    return BytesType(
        encoding=cast("BytesEncoding", encoding),
        min_length=read_optional(read_int, node.get("min_length"), at + "/min_length"),
        max_length=read_optional(read_int, node.get("max_length"), at + "/max_length"),
    )


def _read_temporal(word: str, node: JsonObject, at: str, _depth: int) -> TypeNode:
    read_closed(node, frozenset({"zone", "when", "ge", "gt", "le", "lt"}), at)
    for key, allowed in (("zone", ("aware", "naive")), ("when", ("past", "future"))):
        if key in node:
            read_one_of(node[key], allowed, join(at, key))
    texts = {key: read_text(value, join(at, key)) for key, value in node.items()}
    return TemporalType(kind=cast("TemporalKind", word), **texts)  # type: ignore[arg-type]  # values checked above


def _read_literal(_word: str, node: JsonObject, at: str, _depth: int) -> TypeNode:
    read_closed(node, frozenset({"values"}), at)
    values = read_list(read_key(node, "values", at), at + "/values")
    return LiteralType(tuple(read_scalar_text(value, f"{at}/values/{index}") for index, value in enumerate(values)))


def _read_array(word: str, node: JsonObject, at: str, depth: int) -> TypeNode:
    read_closed(node, frozenset({"item", "min_items", "max_items"}), at)
    return ArrayType(
        kind=cast("ArrayKind", word),
        item=decode_type(read_key(node, "item", at), at + "/item", depth),
        min_items=read_optional(read_int, node.get("min_items"), at + "/min_items"),
        max_items=read_optional(read_int, node.get("max_items"), at + "/max_items"),
    )


def _read_places(_word: str, node: JsonObject, at: str, depth: int) -> TypeNode:
    read_closed(node, frozenset({"items"}), at)
    return TupleType(_decode_types(read_key(node, "items", at), at + "/items", depth))


def _read_map(word: str, node: JsonObject, at: str, depth: int) -> TypeNode:
    read_closed(node, frozenset({"key", "value", "min_items", "max_items"}), at)
    return MapType(
        kind=cast("MapKind", word),
        key=decode_type(read_key(node, "key", at), at + "/key", depth),
        value=decode_type(read_key(node, "value", at), at + "/value", depth),
        min_items=read_optional(read_int, node.get("min_items"), at + "/min_items"),
        max_items=read_optional(read_int, node.get("max_items"), at + "/max_items"),
    )


def _read_union(_word: str, node: JsonObject, at: str, depth: int) -> TypeNode:
    read_closed(node, frozenset({"of", "tag"}), at)
    members = _decode_types(read_key(node, "of", at), at + "/of", depth)
    return UnionType(members, read_optional(read_text, node.get("tag"), at + "/tag"))


def _read_json_text(_word: str, node: JsonObject, at: str, depth: int) -> TypeNode:
    read_closed(node, frozenset({"inner"}), at)
    return JsonTextType(decode_type(read_key(node, "inner", at), at + "/inner", depth))


_READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("null", "bool", "json"), _read_plain),
    **dict.fromkeys(get_args(NumberKind), _read_number),
    **dict.fromkeys(get_args(TemporalKind), _read_temporal),
    **dict.fromkeys(get_args(ArrayKind), _read_array),
    **dict.fromkeys(get_args(MapKind), _read_map),
    "str": _read_string,
    "bytes": _read_bytes,
    "literal": _read_literal,
    "places": _read_places,
    "union": _read_union,
    "json-text": _read_json_text,
}


def _decode_types(data: object, at: str, depth: int) -> tuple[TypeNode, ...]:
    return tuple(decode_type(item, f"{at}/{index}", depth) for index, item in enumerate(read_list(data, at)))


def _decode_upcaster(data: object, table: Mapping[str, Definition], at: str) -> Upcaster:
    body = read_closed(data, frozenset({"source", "parameters"}), at)
    parameters = _decode_parameters(body, at)
    return Upcaster(
        source=read_text(read_key(body, "source", at), at + "/source"),
        parameters=parameters,
        definitions=_reachable(tuple(parameter.type for parameter in parameters), table, at),
    )


def _decode_parameters(body: JsonObject, at: str) -> tuple[Parameter, ...]:
    return tuple(
        _decode_parameter(key, value, join(at + "/parameters", key))
        for key, value in read_object(read_key(body, "parameters", at), at + "/parameters").items()
    )


def _decode_parameter(name: str, data: object, at: str) -> Parameter:
    body = read_closed(data, frozenset({"type", "default", "computed_default"}), at)
    return Parameter(
        name=name, type=decode_type(read_key(body, "type", at), at + "/type"), default=_decode_default(body)
    )


def _decode_default(body: JsonObject) -> Default | None:
    if "computed_default" in body:
        return Default(None)
    return Default(canonical_json(body["default"])) if "default" in body else None


def _decode_fields(data: object, at: str) -> tuple[Field, ...]:
    return tuple(_decode_field(item, f"{at}/{index}") for index, item in enumerate(read_list(data, at)))


_FIELD_KEYS = frozenset({"name", "type", "accept", "emit", "required", "default", "computed_default"})


def _decode_field(data: object, at: str) -> Field:
    body = read_closed(data, _FIELD_KEYS, at)
    name = read_text(read_key(body, "name", at), at + "/name")
    return Field(
        name=name,
        type=decode_type(read_key(body, "type", at), at + "/type"),
        accept=read_texts(body["accept"], at + "/accept") if "accept" in body else (name,),
        emit=read_optional(read_text, body.get("emit", name), at + "/emit"),
        default=_decode_default(body),
        required=read_bool(body.get("required", True), at + "/required"),
    )


def _decode_members(data: object, at: str) -> tuple[tuple[str, str], ...]:
    members: list[tuple[str, str]] = []
    for index, item in enumerate(read_list(data, at)):
        pair = read_list(item, f"{at}/{index}")
        if len(pair) != 2:
            raise WireError(f"{at}/{index}", "an enum member is a pair of name and value")
        members.append((read_text(pair[0], f"{at}/{index}/0"), read_scalar_text(pair[1], f"{at}/{index}/1")))
    return tuple(members)


def _decode_retry(data: object, at: str) -> RetryPolicy:
    keys = ("strategy", "delays_s", "max_retries", "cap_s", "jitter", "auto_retry_for")
    body = read_closed(data, frozenset(keys), at)
    delays = read_list(read_key(body, "delays_s", at), at + "/delays_s")
    strategy = read_one_of(read_key(body, "strategy", at), ("fixed", "exponential"), at + "/strategy")
    try:
        return RetryPolicy(
            strategy="fixed" if strategy == "fixed" else "exponential",
            delays_s=tuple(read_int(item, f"{at}/delays_s/{index}") for index, item in enumerate(delays)),
            max_retries=read_int(read_key(body, "max_retries", at), at + "/max_retries"),
            cap_s=read_int(read_key(body, "cap_s", at), at + "/cap_s"),
            jitter=read_bool(read_key(body, "jitter", at), at + "/jitter"),
            auto_retry_for=read_texts(read_key(body, "auto_retry_for", at), at + "/auto_retry_for"),
        )
    except WireError:
        raise
    except ValueError as error:
        raise WireError(at, str(error)) from None


def _reachable(roots: tuple[TypeNode, ...], table: Mapping[str, Definition], at: str) -> tuple[Definition, ...]:
    try:
        return reachable(roots, table)
    except KeyError as error:
        raise WireError(at, f"nothing is defined as {error.args[0]!r}") from None
