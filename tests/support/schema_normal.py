"""JSON Schemas of two authors in one spelling: references followed, words without meaning dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import unquote

from horsies_core.contract.schema import DECIMAL_PATTERN
from horsies_core.contract.types import canonical_json

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
_PYDANTIC_DECIMAL = "^(?!^[-+.]*$)"


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


def _settled(found: dict[str, Any]) -> dict[str, Any]:
    for key, value in found.items():
        if isinstance(value, float) and value == int(value):
            found[key] = int(value)
    if found.get("pattern") == DECIMAL_PATTERN or str(found.get("pattern")).startswith(_PYDANTIC_DECIMAL):
        del found["pattern"]
    for key in ("anyOf", "oneOf"):
        if key in found:
            found[key] = sorted(_flat(found[key], key), key=canonical_json)
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
