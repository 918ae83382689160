"""Texts on the wire: which strings stand for a date, a UUID, a decimal, bytes.

Two questions a kind: whether a reader takes the text (JSON Schema and the strict decoder both), and whether a writer ever
prints it. Writers print one canonical form; readers take more. Samples are canonical.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from horsies_core.contract.compare.answer import Answer, both
from horsies_core.contract.schema import DECIMAL_PATTERN
from horsies_core.contract.types import BytesType, TemporalType

_DECIMAL = re.compile(DECIMAL_PATTERN.removesuffix("$"))
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-([1-8])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_SIMPLE_PATH = re.compile(r"[A-Za-z0-9_]+")
_ZONE = r"(?:Z|[+-]\d{2}:\d{2})"
_CANONICAL = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "time": re.compile(rf"\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{6}})?{_ZONE}?"),
    "datetime": re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{6}})?{_ZONE}?"),
    "timedelta": re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"),
}
_SAMPLES = {
    "date": ("2024-02-29", "1970-01-01", "2100-01-01"),
    "time": ("12:30:00", "00:00:00", "12:30:00Z", "23:59:59.500000"),
    "datetime": (
        "2024-02-29T12:30:00",
        "2024-02-29T12:30:00Z",
        "1970-01-01T00:00:00",
        "1970-01-01T00:00:00Z",
        "2100-01-01T00:00:00",
        "2100-01-01T00:00:00Z",
    ),
    "timedelta": ("P1D", "PT1.5S", "-PT1S", "PT0S", "PT30M"),
}
FORMAT_SAMPLES: Mapping[str, tuple[str, ...]] = {
    "uuid": ("6ba7b810-9dad-41d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
    **{f"uuid{version}": (f"6ba7b810-9dad-{version}1d1-80b4-00c04fd430c8",) for version in range(1, 9)},
    **dict.fromkeys(("path", "pure-path", "posix-path", "pure-posix-path", "pure-windows-path"), ("x", "report_2")),
    "ipv4": ("192.0.2.1",),
    "ipv6": ("2001:db8::1",),
    "ipv4network": ("192.0.2.0/24",),
    "ipv6network": ("2001:db8::/32",),
    "ipv4interface": ("192.0.2.1/24",),
    "ipv6interface": ("2001:db8::1/32",),
    "ipvanyaddress": ("192.0.2.1", "2001:db8::1"),
    "ipvanynetwork": ("192.0.2.0/24", "2001:db8::/32"),
    "ipvanyinterface": ("192.0.2.1/24", "2001:db8::1/32"),
    "uri": ("https://example.org/",),
    "email": ("user@example.org",),
    "regex": ("a",),
    "complex": ("1+2j",),
}
"""Texts that a writer of the format prints, known for sure; formats that need files or parsers of others are left out."""

_PATHS = frozenset({"path", "pure-path", "posix-path", "pure-posix-path", "pure-windows-path"})


def format_takes(name: str, text: str) -> Answer:
    """Whether a reader of the format takes the text."""
    if text in FORMAT_SAMPLES.get(name, ()):
        return True
    check = _FORMAT_CHECKS.get(name)
    return None if check is None else check(text)


def format_prints(name: str, text: str) -> Answer:
    """Whether a writer of the format may print the text."""
    if text in FORMAT_SAMPLES.get(name, ()):
        return True
    if name in _PATHS and _SIMPLE_PATH.fullmatch(text):
        return True
    return False if format_takes(name, text) is False else None


def format_lengths(name: str) -> tuple[int, int | None]:
    """The least and the greatest length (code points) of what a writer of the format prints."""
    if name.startswith("uuid"):
        return 36, 36
    if name.startswith("ipv4"):
        return 7, 18
    return 0, None


def _uuid_check(version: int | None) -> Callable[[str], Answer]:
    def check(text: str) -> Answer:
        canonical = _UUID.fullmatch(text)
        if canonical is not None:
            return version is None or int(canonical[1]) == version
        if re.fullmatch(r"[0-9A-Fa-f-]{32,36}|urn:uuid:.*|\{.*\}", text):
            return None
        return False

    return check


def _parsed_by(parse: Callable[[str], object], plain: re.Pattern[str]) -> Callable[[str], Answer]:
    """False for what the parser, which the decoder uses too, refuses; True for what it takes in the plainest spelling."""

    def check(text: str) -> Answer:
        try:
            parse(text)
        except ValueError:
            return False
        return True if plain.fullmatch(text) else None

    return check


def _path_check(text: str) -> Answer:
    return None if "\0" in text else True


def _needs(mark: str) -> Callable[[str], Answer]:
    return lambda text: None if mark in text else False


_V4 = re.compile(r"\d+(?:\.\d+){3}")
_V4_MASKED = re.compile(r"\d+(?:\.\d+){3}/\d+")
_FORMAT_CHECKS: Mapping[str, Callable[[str], Answer]] = {
    "uuid": _uuid_check(None),
    **{f"uuid{version}": _uuid_check(version) for version in range(1, 9)},
    **dict.fromkeys(_PATHS, _path_check),
    "ipv4": _parsed_by(ipaddress.IPv4Address, _V4),
    "ipv4network": _parsed_by(ipaddress.IPv4Network, _V4_MASKED),
    "ipv4interface": _parsed_by(ipaddress.IPv4Interface, _V4_MASKED),
    "ipv6": _needs(":"),
    "ipv6network": _needs(":"),
    "ipv6interface": _needs(":"),
    "email": _needs("@"),
    "name-email": _needs("@"),
    "uri": _needs(":"),
    "multi-host-uri": _needs(":"),
}


def decimal_of(text: str) -> Decimal | None:
    """The finite decimal that a reader sees in the text, or None."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def bytes_take(node: BytesType, text: str) -> Answer:
    """Whether a reader of bytes takes the text."""
    if node.encoding == "utf8":
        return _length_fits(node, len(text.encode("utf-8", "surrogatepass")), len(text))
    if _is_broken(node, text):
        return False
    raw = _raw_bytes(node, text)
    return None if raw is None else _length_fits(node, len(raw), len(text))


def bytes_print(node: BytesType, text: str) -> Answer:
    """Whether a writer of bytes may print the text."""
    if node.encoding == "utf8":
        return _within(node.min_length, node.max_length, len(text.encode("utf-8", "surrogatepass")))
    raw = _raw_bytes(node, text)
    return None if raw is None else _within(node.min_length, node.max_length, len(raw))


def _is_broken(node: BytesType, text: str) -> bool:
    """Whether no decoder of the encoding takes the text. Some skip what is not of their alphabet."""
    if node.encoding == "hex":
        return len(text) % 2 == 1 or re.fullmatch(r"[0-9A-Fa-f]*", text) is None
    return len(text) % 4 == 1 and re.fullmatch(r"[A-Za-z0-9]*", text) is not None


def _raw_bytes(node: BytesType, text: str) -> bytes | None:
    """The bytes behind canonical text; None for text that is not canonical, or that variants spell differently."""
    if node.encoding == "hex":
        return bytes.fromhex(text) if _HEX.fullmatch(text) else None
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text and not {"+", "/"} & set(text) else None


def _length_fits(node: BytesType, byte_count: int, code_points: int) -> Answer:
    """Both counts are held to the bounds: the schema counts code points where the decoder counts bytes."""
    counts = (byte_count,) if node.encoding == "hex" else (byte_count, code_points)
    fits = [_within(node.min_length, node.max_length, count) for count in counts]
    return fits[0] if len(set(fits)) == 1 else None


def _within(least: int | None, most: int | None, count: int) -> bool:
    return (least is None or count >= least) and (most is None or count <= most)


def temporal_samples(node: TemporalType) -> tuple[str, ...]:
    """Canonical texts of the kind, bounds of the node among them."""
    bounds = [bound for bound in (node.ge, node.gt, node.le, node.lt) if bound is not None]
    return tuple(dict.fromkeys((*_SAMPLES[node.kind], *bounds)))


def temporal_takes(node: TemporalType, text: str) -> Answer:
    """Whether a reader of the temporal type takes the text."""
    value = parse_temporal(node.kind, text)
    if value is None:
        return _refused_spelling(node.kind, text)
    return both((_zone_fits(node, value), _when_fits(node, value), _bounds_fit(node, value)))


def temporal_prints(node: TemporalType, text: str) -> Answer:
    """Whether a writer of the temporal type may print the text."""
    value = parse_temporal(node.kind, text)
    if value is None or text.startswith("0000"):
        return False if not text[:1].isdigit() and not text.startswith(("-", "P", "+")) else None
    return both((_zone_fits(node, value), _when_fits(node, value), _bounds_fit(node, value)))


def parse_temporal(kind: str, text: str) -> date | time | datetime | timedelta | None:
    """The value of a canonical text, None for any other text."""
    found = _CANONICAL[kind].fullmatch(text)
    if found is None:
        return None
    try:
        if kind == "timedelta":
            return _timedelta(found)
        if kind == "date":
            return date.fromisoformat(text)
        return time.fromisoformat(text) if kind == "time" else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None


def _timedelta(found: re.Match[str]) -> timedelta | None:
    sign, days, hours, minutes, seconds = found.groups()
    if (days, hours, minutes, seconds) == (None, None, None, None):
        return None
    value = timedelta(
        days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), seconds=float(seconds or 0)
    )
    return -value if sign else value


def _refused_spelling(kind: str, text: str) -> Answer:
    """False for texts that no reader of the kind takes; None for those that a lenient one may.

    Lenient readers see a moment in a plain number, and a duration in hours and minutes.
    """
    is_number = _NUMBER.fullmatch(text) is not None
    if kind in ("date", "datetime") and is_number:
        return None
    if any(_CANONICAL[other].fullmatch(text) for other in _CANONICAL if (kind, other) != ("timedelta", "time")):
        return False
    letters = {character for character in text if not character.isdigit()}
    if is_number or letters == set(text) or letters - _READABLE[kind] or text.count(".") > 1:
        return False
    return None if kind != "time" or ":" in text else False


_READABLE = {
    "date": frozenset("-"),
    "time": frozenset("Zz:.,+- "),
    "datetime": frozenset("TtZz_:.,+- "),
    "timedelta": frozenset("PYMWDTHSpymwdthsa:.,+- "),
}
"""The characters beside digits that any reader of the kind knows."""
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?")


def _zone_fits(node: TemporalType, value: object) -> Answer:
    if node.zone is None or not isinstance(value, time | datetime):
        return True
    return (value.tzinfo is not None) == (node.zone == "aware")


def _when_fits(node: TemporalType, value: object) -> Answer:
    """Only what lies a long way off is known: the clock is not part of a contract."""
    if node.when is None:
        return True
    year = value.year if isinstance(value, date) else None
    if year is None or 1970 < year < 2100:
        return None
    return (year <= 1970) == (node.when == "past")


def _bounds_fit(node: TemporalType, value: date | time | datetime | timedelta) -> Answer:
    return both(
        _compared(node.kind, value, bound, wanted)
        for bound, wanted in ((node.ge, (0, 1)), (node.gt, (1,)), (node.le, (-1, 0)), (node.lt, (-1,)))
        if bound is not None
    )


def _compared(kind: str, value: object, bound: str, wanted: tuple[int, ...]) -> Answer:
    order = temporal_order(value, parse_temporal(kind, bound))
    return None if order is None else order in wanted


def temporal_order(one: object, other: object) -> int | None:
    """-1, 0 or 1; None where the two cannot be compared."""
    for kind in (timedelta, datetime, date, time):
        if isinstance(one, kind) and isinstance(other, kind):
            try:
                return (one > other) - (one < other)  # type: ignore[operator]  # both are of this one kind
            except TypeError:
                return None
    return None
