"""Inclusion between types without parts: numbers and texts. True is a proof; False may also mean *not proven*."""

from __future__ import annotations

from collections.abc import Iterator

from horsies_core.contract.compare import numbers, texts
from horsies_core.contract.compare.mismatch import Cause
from horsies_core.contract.compare.resolved import Resolved
from horsies_core.contract.types import (
    BytesType,
    JsonTextType,
    NumberType,
    StringType,
    TemporalType,
)

PLAIN_STRING = StringType()

_WIDER_FORMATS = {
    **{f"uuid{version}": ("uuid",) for version in range(1, 9)},
    "ipv4": ("ipvanyaddress",),
    "ipv6": ("ipvanyaddress",),
    "ipv4network": ("ipvanynetwork",),
    "ipv6network": ("ipvanynetwork",),
    "ipv4interface": ("ipvanyinterface",),
    "ipv6interface": ("ipvanyinterface",),
}
_ANY_TEXT_FORMATS = frozenset({None, "path", "pure-path", "posix-path", "pure-posix-path", "pure-windows-path"})


def leaf_included(writer: Resolved, reader: Resolved) -> bool:
    """Whether every value of one type without parts is one of the other."""
    match writer, reader:
        case NumberType(), NumberType():
            return _kinds_meet(writer, reader) and numbers.includes(writer, reader)
        case NumberType(kind="decimal"), StringType():
            return reader == StringType(min_length=reader.min_length) and (reader.min_length or 0) <= 1
        case ((StringType() | BytesType() | TemporalType() | JsonTextType()), (StringType() | BytesType())):
            return _text_included(writer, reader)
        case TemporalType(), TemporalType():
            return _temporal_included(writer, reader)
        case _:
            return False


def leaf_cause(writer: Resolved, reader: Resolved) -> Cause:
    """What kind of difference stands between two types without parts."""
    match writer, reader:
        case StringType(), StringType() if writer.format == reader.format:
            same = reader.pattern is None or writer.pattern == reader.pattern
            return Cause.BOUND if same else Cause.PATTERN
        case NumberType(), NumberType() if _kinds_meet(writer, reader):
            return Cause.BOUND
        case BytesType(), BytesType() if writer.encoding == reader.encoding:
            return Cause.BOUND
        case TemporalType(), TemporalType() if writer.kind == reader.kind:
            return Cause.BOUND
        case _:
            return Cause.KIND


def _kinds_meet(writer: NumberType, reader: NumberType) -> bool:
    """Writers of decimals write text; readers of floats take ints, readers of decimals take every number."""
    return writer.kind == reader.kind or reader.kind == "decimal" or (writer.kind, reader.kind) == ("int", "float")


def _text_included(
    writer: StringType | BytesType | TemporalType | JsonTextType, reader: StringType | BytesType
) -> bool:
    if isinstance(reader, BytesType):
        return _into_bytes(writer, reader)
    written_format = writer.format if isinstance(writer, StringType) else None
    written_pattern = writer.pattern if isinstance(writer, StringType) else None
    return (
        (
            reader.format in _ANY_TEXT_FORMATS
            or reader.format in (written_format, *_WIDER_FORMATS.get(written_format or "", ()))
        )
        and (reader.pattern is None or reader.pattern == written_pattern)
        and _range_included(_code_points(writer), (reader.min_length or 0, reader.max_length))
    )


def _into_bytes(writer: StringType | BytesType | TemporalType | JsonTextType, reader: BytesType) -> bool:
    if isinstance(writer, BytesType):
        own = (writer.min_length or 0, writer.max_length)
        if writer.encoding == reader.encoding:
            return _range_included(own, (reader.min_length or 0, reader.max_length))
    if reader.encoding != "utf8":
        return False
    least, most = _code_points(writer)
    wanted = (reader.min_length or 0, reader.max_length)
    return _range_included((least, None if most is None else 4 * most), wanted)


def _code_points(node: StringType | BytesType | TemporalType | JsonTextType) -> tuple[int, int | None]:
    """The least and the greatest length of what is written."""
    match node:
        case StringType():
            least, most = texts.format_lengths(node.format) if node.format is not None else (0, None)
            limits = [limit for limit in (most, node.max_length) if limit is not None]
            return max(least, node.min_length or 0), min(limits, default=None)
        case BytesType():
            return _encoded_lengths(node)
        case TemporalType():
            return 3, None
        case JsonTextType():
            return 1, None


def _encoded_lengths(node: BytesType) -> tuple[int, int | None]:
    least, most = node.min_length or 0, node.max_length
    if node.encoding == "utf8":
        return -(-least // 4), most
    if node.encoding == "hex":
        return 2 * least, None if most is None else 2 * most
    return -(-least // 3) * 4, None if most is None else -(-most // 3) * 4


def _range_included(written: tuple[int, int | None], taken: tuple[int, int | None]) -> bool:
    least, most = written
    return least >= taken[0] and (taken[1] is None or (most is not None and most <= taken[1]))


def _temporal_included(writer: TemporalType, reader: TemporalType) -> bool:
    if writer.kind != reader.kind:
        return False
    return (
        reader.zone in (None, writer.zone)
        and reader.when in (None, writer.when)
        and all(_bound_kept(writer, reader, names, sign) for names, sign in ((("ge", "gt"), 1), (("le", "lt"), -1)))
    )


def _bound_kept(writer: TemporalType, reader: TemporalType, names: tuple[str, str], sign: int) -> bool:
    """Whether one of the writer's bounds on this side is as tight as each of the reader's."""
    return all(
        any(_as_tight(writer.kind, (own, own_open), (bound, is_open), sign) for own, own_open in _bounds(writer, names))
        for bound, is_open in _bounds(reader, names)
    )


def _bounds(node: TemporalType, names: tuple[str, str]) -> Iterator[tuple[str, bool]]:
    for name, is_open in zip(names, (False, True), strict=True):
        bound = getattr(node, name)
        if bound is not None:
            yield bound, is_open


def _as_tight(kind: str, own: tuple[str, bool], wanted: tuple[str, bool], sign: int) -> bool:
    if own[0] == wanted[0]:
        return own[1] or not wanted[1]
    order = texts.temporal_order(texts.parse_temporal(kind, own[0]), texts.parse_temporal(kind, wanted[0]))
    if order is None:
        return False
    return order == sign or (order == 0 and (own[1] or not wanted[1]))
