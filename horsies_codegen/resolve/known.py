"""Names with a meaning of their own: which modules are never read, and what their names stand for.

A canonical name is ``module:name`` with one module for each family, so that ``typing.List``, ``typing_extensions.List``,
``collections.abc.Sequence`` and ``pydantic.types.PositiveInt`` are each written in one way.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping

from horsies_core.contract.types import (
    ArrayKind,
    BoolType,
    BytesType,
    JsonType,
    MapKind,
    NullType,
    NumberType,
    StringType,
    TemporalType,
    TypeNode,
)

_FAMILIES = {
    "typing": "typing",
    "typing_extensions": "typing",
    "collections": "typing",
    "collections.abc": "typing",
    **{name: name for name in ("datetime", "uuid", "decimal", "pathlib", "ipaddress", "enum", "dataclasses", "re")},
    **{name: name for name in ("builtins", "types", "annotated_types", "sys", "abc", "functools", "os", "__future__")},
}


def canonical(module: str, name: str) -> str | None:
    """The canonical name of a module's member, or None where the module's source is to be read."""
    family = _FAMILIES.get(module)
    if family is not None:
        return f"{family}:{name}"
    top = module.partition(".")[0]
    if top in ("horsies", "horsies_core"):
        return f"horsies:{name}"
    if module == "pydantic.dataclasses":
        return f"pydantic.dataclasses:{name}"
    if module == "pydantic.v1" or module.startswith("pydantic.v1."):
        return f"pydantic.v1:{name}"
    if top in ("pydantic", "pydantic_core"):
        return f"pydantic:{name}"
    return None


def is_known_module(module: str) -> bool:
    """Whether a module's names are known by table, so that it is never read."""
    return canonical(module, "x") is not None


def is_known_submodule(module: str, name: str) -> bool:
    """Whether a known module's member is a module itself: ``collections.abc``, ``pydantic.types``."""
    if module == "horsies_core" or module.startswith("horsies_core."):
        return name.islower()
    return f"{module}.{name}" in _FAMILIES or (module == "pydantic" and name in _PYDANTIC_MODULES)


_PYDANTIC_MODULES = frozenset(
    {
        "aliases", "alias_generators", "annotated_handlers", "config", "dataclasses", "errors", "fields",
        "functional_serializers", "functional_validators", "json", "json_schema", "main", "networks", "root_model",
        "type_adapter", "types", "v1",
    }
)  # fmt: skip


def is_builtin(name: str) -> bool:
    """Whether a bare name is one of Python's own."""
    return hasattr(builtins, name)


_INT = NumberType(kind="int")
_URLS: Mapping[str, int | None] = {
    "AnyUrl": None,
    "AnyHttpUrl": None,
    "HttpUrl": 2083,
    "AnyWebsocketUrl": None,
    "WebsocketUrl": 2083,
    "FileUrl": None,
    "FtpUrl": None,
}
_DSNS = (
    "PostgresDsn", "CockroachDsn", "AmqpDsn", "RedisDsn", "MongoDsn", "KafkaDsn", "NatsDsn", "MySQLDsn", "MariaDBDsn",
    "ClickHouseDsn", "SnowflakeDsn",
)  # fmt: skip
_MULTI_HOST = frozenset({"PostgresDsn", "MongoDsn", "NatsDsn"})


def _bounded(kind: str, **bounds: int) -> NumberType:
    return NumberType(kind="int" if kind == "int" else "float", **bounds)


SCALARS: Mapping[str, TypeNode] = {
    "builtins:bool": BoolType(),
    "builtins:int": _INT,
    "builtins:float": NumberType(kind="float"),
    "builtins:str": StringType(),
    "builtins:bytes": BytesType(),
    "builtins:complex": StringType(format="complex"),
    "typing:Text": StringType(),
    "types:NoneType": NullType(),
    "decimal:Decimal": NumberType(kind="decimal"),
    "datetime:date": TemporalType(kind="date"),
    "datetime:time": TemporalType(kind="time"),
    "datetime:datetime": TemporalType(kind="datetime"),
    "datetime:timedelta": TemporalType(kind="timedelta"),
    "uuid:UUID": StringType(format="uuid"),
    "pathlib:Path": StringType(format="path"),
    "pathlib:PurePath": StringType(format="pure-path"),
    "pathlib:PosixPath": StringType(format="posix-path"),
    "pathlib:PurePosixPath": StringType(format="pure-posix-path"),
    "pathlib:PureWindowsPath": StringType(format="pure-windows-path"),
    "ipaddress:IPv4Address": StringType(format="ipv4"),
    "ipaddress:IPv6Address": StringType(format="ipv6"),
    "ipaddress:IPv4Network": StringType(format="ipv4network"),
    "ipaddress:IPv6Network": StringType(format="ipv6network"),
    "ipaddress:IPv4Interface": StringType(format="ipv4interface"),
    "ipaddress:IPv6Interface": StringType(format="ipv6interface"),
    "re:Pattern": StringType(format="regex"),
    "typing:Pattern": StringType(format="regex"),
    "horsies:JsonValue": JsonType(),
    "pydantic:JsonValue": JsonType(),
    "pydantic:StrictBool": BoolType(),
    "pydantic:StrictInt": _INT,
    "pydantic:StrictFloat": NumberType(kind="float"),
    "pydantic:StrictStr": StringType(),
    "pydantic:StrictBytes": BytesType(),
    "pydantic:PositiveInt": _bounded("int", gt=0),
    "pydantic:NegativeInt": _bounded("int", lt=0),
    "pydantic:NonNegativeInt": _bounded("int", ge=0),
    "pydantic:NonPositiveInt": _bounded("int", le=0),
    "pydantic:PositiveFloat": _bounded("float", gt=0),
    "pydantic:NegativeFloat": _bounded("float", lt=0),
    "pydantic:NonNegativeFloat": _bounded("float", ge=0),
    "pydantic:NonPositiveFloat": _bounded("float", le=0),
    "pydantic:FiniteFloat": NumberType(kind="float"),
    **{f"pydantic:UUID{version}": StringType(format=f"uuid{version}") for version in (1, 3, 4, 5, 6, 7, 8)},
    "pydantic:FilePath": StringType(format="file-path"),
    "pydantic:DirectoryPath": StringType(format="directory-path"),
    "pydantic:AwareDatetime": TemporalType(kind="datetime", zone="aware"),
    "pydantic:NaiveDatetime": TemporalType(kind="datetime", zone="naive"),
    "pydantic:PastDatetime": TemporalType(kind="datetime", when="past"),
    "pydantic:FutureDatetime": TemporalType(kind="datetime", when="future"),
    "pydantic:PastDate": TemporalType(kind="date", when="past"),
    "pydantic:FutureDate": TemporalType(kind="date", when="future"),
    "pydantic:EmailStr": StringType(format="email"),
    "pydantic:NameEmail": StringType(format="name-email"),
    "pydantic:IPvAnyAddress": StringType(format="ipvanyaddress"),
    "pydantic:IPvAnyInterface": StringType(format="ipvanyinterface"),
    "pydantic:IPvAnyNetwork": StringType(format="ipvanynetwork"),
    **{
        f"pydantic:{name}": StringType(format="uri", min_length=1, max_length=longest)
        for name, longest in _URLS.items()
    },
    **{
        f"pydantic:{name}": StringType(format="multi-host-uri" if name in _MULTI_HOST else "uri", min_length=1)
        for name in _DSNS
    },
}
"""Types without parts."""

ARRAYS: Mapping[str, ArrayKind] = {
    "builtins:list": "list",
    "typing:List": "list",
    "typing:MutableSequence": "list",
    "builtins:set": "set",
    "typing:Set": "set",
    "typing:MutableSet": "set",
    "builtins:frozenset": "frozenset",
    "typing:FrozenSet": "frozenset",
    "typing:AbstractSet": "frozenset",
    "typing:deque": "deque",
    "typing:Deque": "deque",
    "typing:Sequence": "sequence",
    "typing:Iterable": "iterable",
}
"""``collections.abc.Set`` is renamed to ``typing:AbstractSet`` before it is looked up here."""

MAPS: Mapping[str, MapKind] = {
    "builtins:dict": "dict",
    "typing:Dict": "dict",
    "typing:Mapping": "mapping",
    "typing:MutableMapping": "mapping",
    "typing:OrderedDict": "dict",
}

TUPLES = frozenset({"builtins:tuple", "typing:Tuple"})
BARE = frozenset({*ARRAYS, *MAPS, *TUPLES, "typing:Collection"})
ANY = frozenset({"typing:Any", "builtins:object"})
SECRETS = frozenset({"pydantic:SecretStr", "pydantic:SecretBytes", "pydantic:Secret"})
QUALIFIERS = frozenset(
    {"typing:Required", "typing:NotRequired", "typing:ReadOnly", "typing:Final", "dataclasses:InitVar"}
)
MODELS = frozenset({"pydantic:BaseModel"})
ROOT_MODELS = frozenset({"pydantic:RootModel"})
DATACLASS = frozenset({"dataclasses:dataclass", "pydantic.dataclasses:dataclass"})
DECORATORS = DATACLASS | {
    "functools:total_ordering", "typing:final", "typing:runtime_checkable", "typing:deprecated", "warnings:deprecated",
    "typing:dataclass_transform", "typing:disjoint_base", "enum:unique", "enum:verify", "enum:global_enum",
    "pydantic:with_config",
}  # fmt: skip
"""What may stand on a class and leaves what it puts on the wire as it is, or says it in words that are read."""
TYPED_DICT = "typing:TypedDict"
NAMED_TUPLE = "typing:NamedTuple"
ENUMS = frozenset({"enum:Enum", "enum:StrEnum", "enum:IntEnum", "enum:ReprEnum"})
FLAGS = frozenset({"enum:Flag", "enum:IntFlag"})
