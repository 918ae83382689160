"""Bytes to text as Python itself does it; what Python refuses is a problem with a place, never an exception."""

from __future__ import annotations

import io
import pickle
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_codegen.source import Position, Problem, ProblemKind, SourceFile
from horsies_codegen.source.decode import coding_cookie, decode


def file_of(data: bytes) -> SourceFile:
    return SourceFile("shop/tasks.py", "shop.tasks", False, ".", data)


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        ("é = 1\r\n".encode(), "é = 1\r\n", "utf-8"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n", "utf-8"),
        (b"\xef\xbb\xbf# coding: utf-8\nx = 1\n", "# coding: utf-8\nx = 1\n", "utf-8"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n", "latin-1"),
        (
            b"#!/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'",
            "#!/bin/python\n# vim: set fileencoding=cp1252 :\n'€'",
            "cp1252",
        ),
        (b"#!/bin/python\r# coding=cp1252\r'\x80'", "#!/bin/python\r# coding=cp1252\r'€'", "cp1252"),
        (b"x = 1\n# coding: latin-1\ny = '\xc3\xa9'\n", "x = 1\n# coding: latin-1\ny = 'é'\n", "utf-8"),
        (b"\n\n# coding: latin-1\n'\xc3\xa9'\n", "\n\n# coding: latin-1\n'é'\n", "utf-8"),
        (b"coding = 1 # coding: latin-1\n'\xc3\xa9'", "coding = 1 # coding: latin-1\n'é'", "utf-8"),
    ],
)
def test_text_is_what_python_reads(data: bytes, text: str, encoding: str) -> None:
    file = file_of(data)
    assert (file.problem, file.text, file.encoding) == (None, text, encoding)


@pytest.mark.parametrize(
    ("data", "kind", "at", "words"),
    [
        (b"a = 1\nb = '\xe9'\n", ProblemKind.UNDECODABLE, Position(2, 6), "byte 0xe9"),
        ("é = '".encode() + b"\xff", ProblemKind.UNDECODABLE, Position(1, 6), "byte 0xff"),
        (b"\xff\xfex\0", ProblemKind.UNDECODABLE, None, "UTF-16"),
        (b"\xff\xfe\0\0x\0\0\0", ProblemKind.UNDECODABLE, None, "UTF-32"),
        (b"# coding: klingon\nx = 1\n", ProblemKind.UNKNOWN_ENCODING, None, "'klingon'"),
        (b"# coding: rot13\nk = 1\n", ProblemKind.UNKNOWN_ENCODING, None, "'rot13'"),
        (b"\xef\xbb\xbf# coding: latin-1\n", ProblemKind.UNKNOWN_ENCODING, None, "byte order mark"),
        (b"# coding: ascii\nx = '\xc3\xa9'\n", ProblemKind.UNDECODABLE, Position(2, 6), "not ascii"),
        (b"# coding: unicode_escape\n'\\ud800'\n", ProblemKind.UNDECODABLE, None, "unicode_escape"),
        (b"a\nb\0c\n", ProblemKind.NULL_BYTE, Position(2, 2), "null byte"),
    ],
)
def test_what_python_refuses_is_a_problem(data: bytes, kind: ProblemKind, at: Position | None, words: str) -> None:
    problem = file_of(data).problem
    assert problem is not None
    assert problem.kind is kind
    assert problem.path == "shop/tasks.py"
    assert words in problem.reason
    assert (None if problem.span is None else problem.span.start) == at


def test_broken_text_can_still_be_shown() -> None:
    assert file_of(b"a = 1\nb = '\xe9'\n").line(2) == "b = '\ufffd'"


@given(st.binary(max_size=80))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    decoded = decode(data, "x.py")
    decoded.text.encode("utf-8")


COOKIE_LINES = st.sampled_from(
    [
        "# coding: latin-1",
        "# -*- coding: cp1252 -*-",
        "#",
        "",
        " \t# vim:fileencoding=utf-8",
        "x = 1",
        "'''",
        "# coding:",
    ]
)


@given(COOKIE_LINES, COOKIE_LINES, COOKIE_LINES)
def test_cookies_agree_with_the_standard_library(first: str, second: str, third: str) -> None:
    data = "\n".join((first, second, third)).encode()
    expected, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    cookie = coding_cookie(data) or "utf-8"
    assert (cookie.lower().replace("latin-1", "iso-8859-1")) == expected


def test_a_file_of_five_megabytes_is_read() -> None:
    line = b"value = 'some text that fills the line'\n"
    file = file_of(line * (5_000_000 // len(line)) + b"# the end\n")
    assert file.problem is None
    assert file.source.line_count == 5_000_000 // len(line) + 2
    assert file.position(len(file.text) - 1).column == 10


def test_mentions_looks_at_bytes() -> None:
    assert file_of(b"@app.task('x')").mentions(b".task")
    assert not file_of(b"pass").mentions(b".task")
    assert file_of("@app.task".encode("utf-16")).mentions(b".task"), "so that somebody says it is UTF-16"
    assert file_of(b"# coding: utf-7\n@app+AC4-task()").mentions(b".task")
    assert not file_of(b"# coding: utf-7\n@app+AC4-tusk()").mentions(b".task")
    unread = Problem(ProblemKind.UNREADABLE, "a.py", "could not be opened")
    assert SourceFile("a.py", "a", False, ".", b"", unread).mentions(b".task"), "so that somebody says it is unread"


def test_the_digest_is_of_the_bytes() -> None:
    assert file_of(b"a").digest == file_of(b"a").digest != file_of(b"b").digest
    assert len(file_of(b"").digest) == 32


def test_a_file_travels_without_its_tables() -> None:
    file = file_of("é = 1\n".encode() * 1000)
    assert file.source.line_count == 1001
    packed = pickle.dumps(file)
    assert len(packed) < len(file.data) + 400
    assert pickle.loads(packed) == file
    assert pickle.loads(packed).text == file.text
