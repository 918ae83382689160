"""JSON Schemas of two authors in one spelling: references followed, words without meaning dropped."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias, cast
from urllib.parse import unquote

import pydantic
from pydantic import TypeAdapter

from horsies_core.contract.schema import DECIMAL_PATTERN, Side, parameters_schema, result_schema
from horsies_core.contract.task import TaskContract
from horsies_core.contract.types import ObjectDefinition, canonical_json

_WORDS = frozenset(
    {
        "title",
        "description",
        "default",
        "examples",
        "discriminator",
        "$comment",
        "$id",
        "$schema",
        "$defs",
        "deprecated",
    }
)
LeftOut: TypeAlias = Callable[[Mapping[str, Any]], frozenset[str]]
_SIDES: tuple[tuple[str, Side, Literal["validation", "serialization"]], ...] = (
    ("A", "accept", "validation"),
    ("E", "emit", "serialization"),
)
_PYDANTIC_DECIMAL = "^(?!^[-+.]*$)"


def nothing(_: Mapping[str, Any]) -> frozenset[str]:
    """Leave nothing out."""
    return frozenset()


def differences(ours: Any, theirs: Any, at: str = "") -> Iterator[str]:
    """The paths at which two normal forms differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            if key in ours and key in theirs:
                yield from differences(ours[key], theirs[key], f"{at}/{key}")
            else:
                yield f"{at}/{key}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{at}/{index}")
    elif ours != theirs or type(ours) is not type(theirs):
        yield at


def is_since(version: str) -> bool:
    """Whether the pydantic that runs is of this minor version or newer."""
    return _numbers(pydantic.VERSION) >= _numbers(version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])


def pydantic_differences(contract: TaskContract, function: Any, *, less: LeftOut = nothing) -> Iterator[str]:
    """The paths at which our schemas of a task differ from pydantic's; A and E are the result's two sides.

    ``less`` tells which keys of an object are left out of both before they are compared.
    """
    preferred = _preferred(contract)
    hints = typing.get_type_hints(function, include_extras=True)
    theirs = TypeAdapter(_evaluated(function, hints)).json_schema(mode="validation")
    yield from differences(
        normal(_without(less, parameters_schema(preferred, "accept"))), normal(_without(less, theirs))
    )
    value = typing.get_args(hints["return"])[0]
    for side, ours, mode in _SIDES:
        emitted = TypeAdapter(value).json_schema(mode=mode)
        own = _own_result(result_schema(preferred, ours))
        yield from differences(normal(_without(less, own)), normal(_without(less, emitted)), side)


def _evaluated(function: Any, hints: dict[str, Any]) -> Any:
    """The function with its annotations evaluated: versions of pydantic differ in where they look postponed ones up."""
    twin = types.FunctionType(function.__code__, function.__globals__, function.__name__)
    twin.__kwdefaults__ = function.__kwdefaults__
    twin.__annotations__ = hints
    return twin


def _own_result(schema: Any) -> Any:
    ok = schema["oneOf"][0]["properties"]["ok"]
    return {**ok, "$defs": schema.get("$defs", {})}


def _without(less: LeftOut, schema: Any) -> Any:
    """The schema without some keys, at any depth."""
    if isinstance(schema, dict):
        body = cast("dict[str, Any]", schema)
        dropped = less(body)
        return {key: _without(less, value) for key, value in body.items() if key not in dropped}
    if isinstance(schema, list):
        items: list[Any] = schema
        return [_without(less, item) for item in items]
    return schema


def _preferred(contract: TaskContract) -> TaskContract:
    """The contract with only the first name that each field accepts: pydantic's schemas show no other."""
    definitions = tuple(
        replace(item, fields=tuple(replace(field, accept=field.accept[:1]) for field in item.fields))
        if isinstance(item, ObjectDefinition)
        else item
        for item in contract.definitions
    )
    return replace(contract, definitions=definitions)


def normal(schema: Any) -> Any:
    """The normal form of a whole schema. A reference to what is being read already becomes its distance upwards."""
    return _normal(schema, cast("dict[str, Any]", schema.get("$defs", {})), ())


def _normal(schema: Any, definitions: dict[str, Any], above: tuple[str, ...]) -> Any:
    if not isinstance(schema, dict):
        return {} if schema is True else schema
    body = cast("dict[str, Any]", schema)
    if "$ref" in body:
        name = _name(body["$ref"])
        if name in above:
            return {"up": len(above) - above.index(name)}
        return _normal(definitions[name], definitions, (*above, name))
    found = {key: value for key, value in body.items() if key not in _WORDS}
    if not is_since("2.11"):
        found.pop("propertyNames", None)  # older ones say nothing of keys, or of those that are enums
    if not is_since("2.10") and "oneOf" in found:
        found["anyOf"] = found.pop("oneOf")  # the parameters of a function lost their discriminators
    if "const" in found:
        found["enum"] = [found.pop("const")]
    if "enum" in found:
        return {"enum": sorted({canonical_json(value) for value in found["enum"]})}
    for key in ("items", "additionalProperties", "contentSchema", "propertyNames"):
        if key in found:
            found[key] = _normal(found[key], definitions, above)
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        if key in found:
            found[key] = [_normal(item, definitions, above) for item in found[key]]
    if "properties" in found:
        found["properties"] = {key: _normal(item, definitions, above) for key, item in found["properties"].items()}
    return _settled(found)


def _name(reference: str) -> str:
    return unquote(reference.removeprefix("#/$defs/")).replace("~1", "/").replace("~0", "~")


def _said_once(members: list[Any]) -> dict[str, Any]:
    """A union without equal members, as of datetimes with and without a zone: pydantic says those once."""
    unique = [item for index, item in enumerate(members) if item not in members[:index]]
    only = unique[0] if len(unique) == 1 else None
    return only if isinstance(only, dict) else {"anyOf": unique}


def _settled(found: dict[str, Any]) -> dict[str, Any]:
    for key, value in found.items():
        if isinstance(value, float) and value == int(value):
            found[key] = int(value)
    if found.get("pattern") == DECIMAL_PATTERN or str(found.get("pattern")).startswith(_PYDANTIC_DECIMAL):
        del found["pattern"]
    for key in ("anyOf", "oneOf"):
        if key in found:
            found[key] = sorted(_flat(found[key], key), key=canonical_json)
    if "anyOf" in found:
        found |= _said_once(found.pop("anyOf"))
    if "required" in found:
        found["required"] = sorted(found["required"])
        if not found["required"]:
            del found["required"]
    if found.get("type") == "array":
        _settle_array(found)
    if found.get("additionalProperties") == {}:
        del found["additionalProperties"]
    if found.get("items") == {}:
        del found["items"]
    return found


def _flat(members: list[Any], key: str) -> list[Any]:
    flat: list[Any] = []
    for member in members:
        flat.extend(member[key] if isinstance(member, dict) and set(member) == {key} else [member])
    return list({canonical_json(member): member for member in flat}.values())


def _settle_array(found: dict[str, Any]) -> None:
    """A tuple's end is written as ``maxItems`` by pydantic and as ``items: false`` by us."""
    places = found.get("prefixItems", [])
    if found.get("items") is False:
        del found["items"]
        found["maxItems"] = len(places)
    if not found.get("minItems", 0):
        found.pop("minItems", None)
