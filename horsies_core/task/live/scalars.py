"""Types without parts: which node a class stands for.

Classes of pydantic's are known by name, so that reading a signature that uses none of them does not import pydantic.
"""

from __future__ import annotations

import datetime
import decimal
import ipaddress
import pathlib
import re
import uuid
from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Mapping, MutableMapping, MutableSequence, MutableSet, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, get_origin

from horsies_core.contract.types import (
    ArrayKind,
    BoolType,
    BytesType,
    JsonTextType,
    JsonType,
    MapKind,
    NullType,
    NumberType,
    StringType,
    TemporalType,
    TypeNode,
    UnresolvedType,
)

SCALARS: Mapping[object, TypeNode] = {
    None: NullType(),
    type(None): NullType(),
    bool: BoolType(),
    int: NumberType(kind="int"),
    float: NumberType(kind="float"),
    decimal.Decimal: NumberType(kind="decimal"),
    str: StringType(),
    bytes: BytesType(),
    complex: StringType(format="complex"),
    datetime.date: TemporalType(kind="date"),
    datetime.time: TemporalType(kind="time"),
    datetime.datetime: TemporalType(kind="datetime"),
    datetime.timedelta: TemporalType(kind="timedelta"),
    uuid.UUID: StringType(format="uuid"),
    pathlib.Path: StringType(format="path"),
    pathlib.PurePath: StringType(format="pure-path"),
    pathlib.PosixPath: StringType(format="posix-path"),
    pathlib.PurePosixPath: StringType(format="pure-posix-path"),
    pathlib.PureWindowsPath: StringType(format="pure-windows-path"),
    ipaddress.IPv4Address: StringType(format="ipv4"),
    ipaddress.IPv6Address: StringType(format="ipv6"),
    ipaddress.IPv4Network: StringType(format="ipv4network"),
    ipaddress.IPv6Network: StringType(format="ipv6network"),
    ipaddress.IPv4Interface: StringType(format="ipv4interface"),
    ipaddress.IPv6Interface: StringType(format="ipv6interface"),
    re.Pattern: StringType(format="regex"),
}

ARRAYS: Mapping[object, ArrayKind] = {
    list: "list",
    MutableSequence: "list",
    set: "set",
    MutableSet: "set",
    frozenset: "frozenset",
    AbstractSet: "frozenset",
    deque: "deque",
    Sequence: "sequence",
    Iterable: "iterable",
}

MAPS: Mapping[object, MapKind] = {
    dict: "dict",
    OrderedDict: "dict",
    Mapping: "mapping",
    MutableMapping: "mapping",
}

BARE_CONTAINERS: frozenset[object] = frozenset({*ARRAYS, *MAPS, tuple, Collection})

_NAMED: Mapping[str, TypeNode] = {
    "pydantic.types.JsonValue": JsonType(),
    "pydantic.types.Json": JsonTextType(JsonType()),
    "pydantic.types.AwareDatetime": TemporalType(kind="datetime", zone="aware"),
    "pydantic.types.NaiveDatetime": TemporalType(kind="datetime", zone="naive"),
    "pydantic.types.PastDatetime": TemporalType(kind="datetime", when="past"),
    "pydantic.types.FutureDatetime": TemporalType(kind="datetime", when="future"),
    "pydantic.types.PastDate": TemporalType(kind="date", when="past"),
    "pydantic.types.FutureDate": TemporalType(kind="date", when="future"),
    "pydantic.networks.EmailStr": StringType(format="email"),
    "pydantic.networks.NameEmail": StringType(format="name-email"),
    "pydantic.networks.IPvAnyAddress": StringType(format="ipvanyaddress"),
    "pydantic.networks.IPvAnyInterface": StringType(format="ipvanyinterface"),
    "pydantic.networks.IPvAnyNetwork": StringType(format="ipvanynetwork"),
    "pydantic_core._pydantic_core.Url": StringType(format="uri", min_length=1),
    "pydantic_core._pydantic_core.MultiHostUrl": StringType(format="multi-host-uri", min_length=1),
    "pydantic.types.SecretStr": UnresolvedType("a secret would be stored in the payload in clear text", "HC205"),
    "pydantic.types.SecretBytes": UnresolvedType("a secret would be stored in the payload in clear text", "HC205"),
    "pydantic.types.Secret": UnresolvedType("a secret would be stored in the payload in clear text", "HC205"),
}


def scalar(annotation: Any) -> TypeNode | None:
    """The node of a type without parts, None for any other. A hole that was found before stays one."""
    if isinstance(annotation, UnresolvedType):
        return annotation
    try:
        if annotation in SCALARS:
            return SCALARS[annotation]
    except TypeError:  # an annotation that cannot be hashed is no scalar
        return None
    if get_origin(annotation) is re.Pattern:
        return SCALARS[re.Pattern]
    module = str(getattr(annotation, "__module__", ""))
    name = str(getattr(annotation, "__qualname__", None) or getattr(annotation, "__name__", ""))
    if module.startswith(("pydantic.", "pydantic_core.")):
        return _NAMED.get(f"{module}.{name}") or _url(annotation)
    return None


def _url(annotation: Any) -> TypeNode | None:
    """Pydantic's URL classes: all share a base, and carry their limits with them."""
    bases = {f"{base.__module__}.{base.__qualname__}" for base in getattr(annotation, "__mro__", ())}
    limits = getattr(annotation, "_constraints", None)
    if "pydantic.networks._BaseMultiHostUrl" in bases:
        return StringType(format="multi-host-uri", min_length=1, max_length=getattr(limits, "max_length", None))
    if "pydantic.networks._BaseUrl" in bases:
        return StringType(format="uri", min_length=1, max_length=getattr(limits, "max_length", None))
    return None
