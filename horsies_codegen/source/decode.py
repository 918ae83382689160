"""Bytes to text by Python's own rules: UTF-8 unless a byte order mark or a coding cookie (PEP 263) says otherwise."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from horsies_codegen.source.problem import Problem, ProblemKind
from horsies_codegen.source.span import Span
from horsies_codegen.source.text import SourceText

_BYTE_LINE_BREAK = re.compile(rb"\r\n|\r|\n")
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#.*)?")
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of some bytes, without the byte order mark; with replacement characters where ``problem`` is set."""

    text: str
    encoding: str
    problem: Problem | None = None


def decode(data: bytes, path: str) -> Decoded:
    """The text of a source file. Never raises: what is wrong comes back as ``problem``, for ``path``."""
    foreign = next((name for mark, name in _FOREIGN_MARKS if data.startswith(mark)), None)
    if foreign is not None:
        return _broken(data, ProblemKind.UNDECODABLE, path, f"is {foreign} by its byte order mark; Python reads UTF-8")
    has_mark = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if has_mark else data
    cookie = coding_cookie(body)
    if cookie is None or is_utf8(cookie):
        return _from_utf8(body, path)
    if has_mark:
        reason = f"begins with a UTF-8 byte order mark, but its coding cookie says {cookie!r}"
        return _broken(body, ProblemKind.UNKNOWN_ENCODING, path, reason)
    return _from_other(body, cookie, path)


def coding_cookie(body: bytes) -> str | None:
    """The encoding that a comment in the first two lines names (PEP 263), or None."""
    if b"coding" not in body[:_COOKIE_REACH]:
        return None
    first, second, *_ = [*_BYTE_LINE_BREAK.split(body[:_COOKIE_REACH], maxsplit=2), b"", b""]
    for line in (first, second):
        found = _COOKIE.match(line)
        if found is not None:
            return found[1].decode("ascii", "replace")
        if _BLANK.fullmatch(line) is None:
            return None
    return None


def is_utf8(cookie: str) -> bool:
    """Whether a coding cookie says what holds without it."""
    return cookie.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


_COOKIE_REACH = 4096
"""Bytes in which a cookie is looked for; two lines longer than this hold no cookie anybody wrote."""


def _from_utf8(body: bytes, path: str) -> Decoded:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8: byte 0x{body[error.start]:02x} at byte {error.start + 1} begins no character"
        return _broken(body, ProblemKind.UNDECODABLE, path, reason, error.start)
    return _without_nulls(text, "utf-8", path)


def _from_other(body: bytes, cookie: str, path: str) -> Decoded:
    try:
        text = body.decode(cookie)
        text.encode("utf-8")
    except LookupError:
        reason = f"names an encoding that Python does not know: {cookie!r}"
        return _broken(body, ProblemKind.UNKNOWN_ENCODING, path, reason)
    except UnicodeDecodeError as error:
        reason = f"is not {cookie}, which its coding cookie names: {error.reason} at byte {error.start + 1}"
        return _broken(body, ProblemKind.UNDECODABLE, path, reason, error.start)
    except ValueError as error:
        return _broken(body, ProblemKind.UNDECODABLE, path, f"is not {cookie}, which its coding cookie names: {error}")
    return _without_nulls(text, cookie, path)


def _without_nulls(text: str, encoding: str, path: str) -> Decoded:
    at = text.find("\0")
    if at < 0:
        return Decoded(text, encoding)
    span = SourceText(text).span(at, at + 1)
    problem = Problem(ProblemKind.NULL_BYTE, path, "holds a null byte, which Python refuses in source", span)
    return Decoded(text, encoding, problem)


def _broken(body: bytes, kind: ProblemKind, path: str, reason: str, at: int | None = None) -> Decoded:
    text = body.decode("utf-8", "replace")
    span = None if at is None else _byte_span(body, text, at)
    return Decoded(text, "utf-8", Problem(kind, path, reason, span))


def _byte_span(body: bytes, text: str, at: int) -> Span:
    before = len(body[:at].decode("utf-8", "replace"))
    return SourceText(text).span(before, before + 1)
