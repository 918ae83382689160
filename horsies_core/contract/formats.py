"""String formats: the Python types that travel as strings, by the name that stands in `StringType.format`.

``json_schema`` is the ``format`` keyword that the emitted schema carries (an annotation: readers may check it, ours
decodes with the Python type anyway). ``python`` is ``module:name`` of the type that a client shows; ``str`` where there
is no type beyond a check.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StringFormat:
    """How one format is written in JSON Schema and in Python."""

    json_schema: str
    python: str = "builtins:str"


STRING_FORMATS: dict[str, StringFormat] = {
    "uuid": StringFormat("uuid", "uuid:UUID"),
    "uuid1": StringFormat("uuid1", "uuid:UUID"),
    "uuid3": StringFormat("uuid3", "uuid:UUID"),
    "uuid4": StringFormat("uuid4", "uuid:UUID"),
    "uuid5": StringFormat("uuid5", "uuid:UUID"),
    "uuid6": StringFormat("uuid6", "uuid:UUID"),
    "uuid7": StringFormat("uuid7", "uuid:UUID"),
    "uuid8": StringFormat("uuid8", "uuid:UUID"),
    "path": StringFormat("path", "pathlib:Path"),
    "pure-path": StringFormat("path", "pathlib:PurePath"),
    "posix-path": StringFormat("path", "pathlib:PosixPath"),
    "pure-posix-path": StringFormat("path", "pathlib:PurePosixPath"),
    "pure-windows-path": StringFormat("path", "pathlib:PureWindowsPath"),
    "file-path": StringFormat("file-path", "pathlib:Path"),
    "directory-path": StringFormat("directory-path", "pathlib:Path"),
    "ipv4": StringFormat("ipv4", "ipaddress:IPv4Address"),
    "ipv6": StringFormat("ipv6", "ipaddress:IPv6Address"),
    "ipv4network": StringFormat("ipv4network", "ipaddress:IPv4Network"),
    "ipv6network": StringFormat("ipv6network", "ipaddress:IPv6Network"),
    "ipv4interface": StringFormat("ipv4interface", "ipaddress:IPv4Interface"),
    "ipv6interface": StringFormat("ipv6interface", "ipaddress:IPv6Interface"),
    "ipvanyaddress": StringFormat("ipvanyaddress"),
    "ipvanynetwork": StringFormat("ipvanynetwork"),
    "ipvanyinterface": StringFormat("ipvanyinterface"),
    "email": StringFormat("email"),
    "name-email": StringFormat("name-email"),
    "uri": StringFormat("uri"),
    "multi-host-uri": StringFormat("multi-host-uri"),
    "regex": StringFormat("regex"),
    "complex": StringFormat("complex", "builtins:complex"),
}
