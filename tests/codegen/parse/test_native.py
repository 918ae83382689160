"""Parsing with nodes made our way: the same trees, and everybody else's nodes are made and checked as before."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from threading import Thread
from typing import Any

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from horsies_codegen.parse import makers, native

OWN_FILES = sorted(Path(native.__file__).parent.glob("*.py"))

EVERYTHING = textwrap.dedent('''\
    #!/usr/bin/env python
    """Doc."""
    from __future__ import annotations; import a.b as c, d
    from .. import (e as f, g,)
    from x import *
    @decorated(1, *args, key = 2, **kwargs)  # why
    class C[T: int = str, *Ts, **P](Base, metaclass=Meta):
        x: int = 1; y: "str"
        def f(self, a, /, b=2, *rest, c, d: int = 3, **more) -> None: pass

        async def g(self):
            async with a as b, c: await d
            async for i in j: yield i
            else: return
            return [k async for k in l if k if not m]
    def h(*, a): yield from a; yield; return lambda *x, y=1: (x, y)
    type Alias[T] = list[T]
    global_ = {**a, "k": v, 1: 2}; s = {1, *t}; e = {}; n = (); u = 1,
    if a < b <= c != d is not e not in f in g is h == i > j >= k: ...
    elif not a and b or ~c: del a, b[1], c.d
    else: a += 1; a -= 1; a *= 1; a /= 1; a //= 1; a %= 1; a @= 1; a **= 1; a &= 1; a |= 1; a ^= 1; a <<= 1; a >>= 1
    for i, in x:
        continue
    else:
        pass
    while (n := f()): break
    else: raise
    with (open(a) as b, c): raise X from y
    try: assert a, "b"
    except (A, B) as e: pass
    except: pass
    else: pass
    finally: nonlocal_ = -1 + +2 - 3 * 4 / 5 // 6 % 7 @ 8 ** 9 & a | b ^ c << d >> e
    try: pass
    except* E as g: pass
    f"a{b!r:>{c}}{d=}" r"e" "g"; b"f"
    0xff, 1.5, 2j, ..., a[1:2:3, ::, ...], a[b,], a if b else c
    [x for y in z for w in y if w], {x: y for x in y}, {x for x in y}, (x for x in y)
    match a:
        case [1, *_, "x"] | (2, y) | {"k": v, **rest} | P(1, q=2) | None | a.b as z if z: pass
        case _: pass
    def scoped():
        global g
        nonlocal n
        print(
            1,  # one

            2
            , \\
            3)

    # the end
''')


def refuses_a_bad_node() -> bool:
    """Whether libcst checks the nodes that are made by hand."""
    try:
        cst.Name("no name")
    except cst.CSTValidationError:
        return True
    return False


def kinds_in(node: cst.CSTNode) -> set[type[cst.CSTNode]]:
    """The classes of all nodes of a tree."""
    return {type(node)}.union(*(kinds_in(child) for child in node.children))


def assert_same_tree(text: str) -> None:
    """The tree is libcst's own, in every part and in what it is printed as."""
    found = native.parse_module(text)
    assert found.deep_equals(cst.parse_module(text))
    assert found.code == text


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_trees_are_those_of_libcst(path: Path) -> None:
    assert_same_tree(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        EVERYTHING,
        EVERYTHING.replace("\n", "\r\n"),
        EVERYTHING.replace("    ", "\t"),
        "",
        "x",
        "\n\n",
        "# only\n",
        "x = 'é ☃'\n",
    ],
)
def test_trees_of_every_kind_of_node_are_those_of_libcst(text: str) -> None:
    assert_same_tree(text)


def test_every_kind_of_node_is_made_our_way() -> None:
    kinds = kinds_in(cst.parse_module(EVERYTHING))
    assert len(kinds) > 130
    assert [kind for kind in kinds if makers.maker(kind) is kind] == []


@pytest.mark.parametrize(
    "kind", [cst.Parameters, cst.Pass, cst.Comma, cst.TrailingWhitespace, cst.EmptyLine, cst.Raise]
)
def test_what_a_node_is_not_told_is_as_libcst_has_it(kind: Callable[[], cst.CSTNode]) -> None:
    assert makers.maker(type(kind()))().deep_equals(kind())


def test_nodes_stay_frozen() -> None:
    tree = native.parse_module("x = 1\n")
    with pytest.raises(FrozenInstanceError):
        tree.header = ()  # type: ignore[misc]


def test_nodes_made_by_hand_are_checked_before_and_after() -> None:
    assert refuses_a_bad_node()
    native.parse_module("x = 1\n")
    assert refuses_a_bad_node()
    assert sys.modules["libcst"] is cst


def test_libcst_is_in_its_place_after_a_text_that_does_not_parse() -> None:
    with pytest.raises(cst.ParserSyntaxError) as ours:
        native.parse_module("def (:\n")
    assert sys.modules["libcst"] is cst
    with pytest.raises(cst.ParserSyntaxError) as theirs:
        cst.parse_module("def (:\n")
    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize(
    "other",
    [
        lambda _: cst.parse_module("x = 2\n"),
        lambda _: sys.modules["libcst"].Missing,
        lambda _: sys.modules["nowhere"],
    ],
    ids=["another tree", "a class that is not there", "a module that is not there"],
)
def test_libcst_that_is_built_otherwise_is_left_to_its_own_way(monkeypatch: pytest.MonkeyPatch, other: Any) -> None:
    native._is_as_expected.cache_clear()
    monkeypatch.setattr(native, "_PARSE", other)
    try:
        assert native.parse_module("x = 1\n").deep_equals(cst.parse_module("x = 1\n"))
        assert not native._is_as_expected()
        assert sys.modules["libcst"] is cst
    finally:
        native._is_as_expected.cache_clear()
    monkeypatch.undo()
    assert native._is_as_expected()


def test_no_node_is_checked_while_a_text_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[cst.CSTNode] = []
    monkeypatch.setattr(cst.Name, "_validate", lambda node: checked.append(node))
    native.parse_module("x = y\n")
    assert not checked
    cst.parse_module("x = y\n")
    assert len(checked) == 2


def test_blanks_that_look_the_same_are_one_node_of_one_tree() -> None:
    first, second = native.parse_module("f(a, b, c)\n"), native.parse_module("f(a, b, c)\n")
    ours, theirs = (blanks_of(tree) for tree in (first, second))
    assert len(ours) == 1
    assert not ours & theirs
    assert len(blanks_of(cst.parse_module("f(a, b, c)\n"))) == 2


def blanks_of(tree: cst.Module) -> set[cst.CSTNode]:
    """The nodes after the commas of a call."""
    commas = [node for node in nodes_in(tree) if isinstance(node, cst.Comma)]
    return {comma.whitespace_after for comma in commas}


def nodes_in(node: cst.CSTNode) -> list[cst.CSTNode]:
    """All nodes of a tree."""
    return [node, *(inner for child in node.children for inner in nodes_in(child))]


def test_places_of_statements_do_not_depend_on_shared_blanks() -> None:
    tree = native.parse_module(EVERYTHING)
    found = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    expected = MetadataWrapper(cst.parse_module(EVERYTHING), unsafe_skip_copy=True).resolve(PositionProvider)
    kind = cst.BaseStatement | cst.BaseExpression
    assert [at for node, at in found.items() if isinstance(node, kind)] == [
        at for node, at in expected.items() if isinstance(node, kind)
    ]


def test_threads_that_parse_at_the_same_time_leave_libcst_in_its_place() -> None:
    text = EVERYTHING * 2
    trees: list[cst.Module] = []
    threads = [Thread(target=lambda: trees.append(native.parse_module(text))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sys.modules["libcst"] is cst
    assert [tree.code == text for tree in trees] == [True] * 8


@pytest.mark.parametrize("own", [{"__post_init__": print}, {"__new__": object}, {"value": property(str)}])
def test_a_class_that_is_not_as_expected_makes_its_nodes_itself(own: dict[str, object]) -> None:
    kind = type("Name", (cst.Name,), {"__slots__": (), **own})
    assert makers.maker(kind) is kind
