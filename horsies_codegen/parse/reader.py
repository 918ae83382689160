"""libcst's expressions → ours, with exact places.

A cursor runs over the text beside the tree: what the grammar puts between two children (white space, comments, brackets,
operators) is stepped over in the text, so every node's place is known without any metadata provider. Where the text is
not what the tree says, `Misplaced` is raised: the caller then knows that it began at the wrong offset.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from horsies_codegen.parse.expression import (
    ELLIPSIS,
    Argument,
    Attribute,
    Binary,
    Call,
    Constant,
    Expr,
    Items,
    ItemsKind,
    Name,
    Other,
    Pairs,
    Starred,
    Subscript,
    Text,
    Unary,
)
from horsies_codegen.parse.statement import Parameter, TypeParameter
from horsies_codegen.source.span import Position
from horsies_codegen.source.text import SourceText
from horsies_core.contract.draft import ParameterKind

_BLANK = re.compile(r"(?:[ \t\f]+|\\(?:\r\n|\r|\n)|\r\n|\r|\n|#[^\r\n]*)*")
_BLANK_STARTS = " \t\f\\\r\n#"
_OPERATOR = re.compile(
    r"\*\*|//|<<|>>|==|!=|<=|>=|[-+*/%@&|^<>~]|not(?:[ \t]+in\b)?|is(?:[ \t]+not\b)?|in\b|and\b|or\b"
)
_CONSTANTS = {"True": True, "False": False, "None": None}


class Misplaced(Exception):  # noqa: N818 - a signal between two modules, not an error of anybody's
    """The text at the cursor is not what the tree says."""


class ExpressionReader:
    """Reads nodes in source order, beginning at ``at``."""

    def __init__(self, text: str, at: int, module: cst.Module) -> None:
        self.text = text
        self.at = at
        self._module = module

    def skip(self) -> int:
        """Steps over white space, comments and line breaks; the offset of the next token."""
        text, at = self.text, self.at
        if text[at : at + 1] not in _BLANK_STARTS:
            return at
        if text.startswith(" ", at) and text[at + 1 : at + 2] not in _BLANK_STARTS:  # by far the most common
            self.at = at + 1
            return at + 1
        blank = _BLANK.match(text, at)
        self.at = at if blank is None else blank.end()
        return self.at

    def expect(self, token: str) -> int:
        """Steps over a token that must come next; its offset."""
        start = self.at
        if not self.text.startswith(token, start):
            start = self.skip()
            if not self.text.startswith(token, start):
                raise Misplaced
        self.at = start + len(token)
        return start

    def step_over(self, node: cst.CSTNode) -> int:
        """Steps over any node by its length; the offset where it began."""
        start = self.skip()
        self.at = Alignment(self._module.code_for_node(node), self.text, start).end
        return start

    def accept(self, token: str) -> bool:
        """Steps over a token if it comes next."""
        start = before = self.at
        if not self.text.startswith(token, start):
            start = self.skip()
            if not self.text.startswith(token, start):
                self.at = before  # what was skipped belongs to whatever stands there
                return False
        self.at = start + len(token)
        return True

    def read(self, node: cst.BaseExpression) -> Expr:
        """The expression at the cursor."""
        reader = _READERS.get(type(node))
        if reader is None:
            return self._other(node)
        if not node.lpar:
            return reader(self, node)
        for _ in node.lpar:
            self.expect("(")
        expression = reader(self, node)
        for _ in node.rpar:
            self.expect(")")
        return expression

    def arguments(self, arguments: Sequence[cst.Arg]) -> tuple[Argument, ...]:
        """The arguments of a call or the bases of a class, between their parentheses."""
        return tuple([self._argument(argument) for argument in arguments])

    def parameters(self, node: cst.Parameters) -> tuple[Parameter, ...]:
        """The parameters of a function, between their parentheses."""
        found = [self._parameter(item, ParameterKind.POSITIONAL_ONLY) for item in node.posonly_params]
        if node.posonly_params:
            self.expect("/")
            self.accept(",")
        found += [self._parameter(item, ParameterKind.POSITIONAL_OR_KEYWORD) for item in node.params]
        if isinstance(node.star_arg, cst.Param):
            found.append(self._parameter(node.star_arg, ParameterKind.VAR_POSITIONAL))
        elif isinstance(node.star_arg, cst.ParamStar):
            self.expect("*")
            self.expect(",")
        found += [self._parameter(item, ParameterKind.KEYWORD_ONLY) for item in node.kwonly_params]
        if node.star_kwarg is not None:
            found.append(self._parameter(node.star_kwarg, ParameterKind.VAR_KEYWORD))
        return tuple(found)

    def type_parameters(self, node: cst.TypeParameters | None) -> tuple[TypeParameter, ...]:
        """PEP 695's parameters with their brackets; none if there are no brackets."""
        if node is None:
            return ()
        self.expect("[")
        found = tuple(self._type_parameter(item) for item in node.params)
        self.expect("]")
        return found

    def _type_parameter(self, node: cst.TypeParam) -> TypeParameter:
        declared = node.param
        bound: Expr | None = None
        match declared:
            case cst.TypeVar():
                self.expect(declared.name.value)
                if declared.bound is not None:
                    self.expect(":")
                    bound = self.read(declared.bound)
                kind = "var"
            case cst.TypeVarTuple():
                self.expect("*")
                self.expect(declared.name.value)
                kind = "tuple"
            case _:
                self.expect("**")
                self.expect(declared.name.value)
                kind = "spec"
        default = self._type_default(node)
        self.accept(",")
        name = declared.name.value
        return TypeParameter(name, "var" if kind == "var" else "tuple" if kind == "tuple" else "spec", bound, default)

    def _type_default(self, node: cst.TypeParam) -> Expr | None:
        if node.default is None:
            return None
        self.expect("=")
        self.accept("*")
        return self.read(node.default)

    def _parameter(self, node: cst.Param, kind: ParameterKind) -> Parameter:
        if isinstance(node.star, str) and node.star:
            self.expect(node.star)
        start = self.expect(node.name.value)
        end = self.at
        annotation = default = None
        if node.annotation is not None:
            self.expect(":")
            annotation = self.read(node.annotation.annotation)
        if node.default is not None:
            self.expect("=")
            default = self.read(node.default)
        self.accept(",")
        return Parameter(start, end, node.name.value, kind, annotation, default)

    def _argument(self, node: cst.Arg) -> Argument:
        start = self.skip()
        star = node.star
        if star:
            self.expect(star)
        keyword: str | None = None
        if node.keyword is not None:
            keyword = node.keyword.value
            if self.text.startswith(f"{keyword}=", start):  # as nearly everybody writes it
                self.at = start + len(keyword) + 1
            else:
                self.expect(keyword)
                self.expect("=")
        value = self.read(node.value)
        end = self.at
        self.accept(",")
        return Argument(start, end, keyword, star, value)

    def _name(self, node: cst.Name) -> Expr:
        name = node.value
        start = self.at
        if self.text.startswith(name, start):
            self.at = start + len(name)
        else:
            start = self.expect(name)
        if name in _CONSTANTS:
            return Constant(start, self.at, _CONSTANTS[name])
        return Name(start, self.at, name)

    def _attribute(self, node: cst.Attribute) -> Expr:
        start = self.skip()
        value = self.read(node.value)
        self.expect(".")
        name_start = self.expect(node.attr.value)
        return Attribute(start, self.at, value, node.attr.value, name_start)

    def _subscript(self, node: cst.Subscript) -> Expr:
        start = self.skip()
        value = self.read(node.value)
        self.expect("[")
        items: list[Expr] = []
        commas = 0
        for element in node.slice:
            items.append(self._subscript_item(element.slice))
            commas += self.accept(",")
        self.expect("]")
        return Subscript(start, self.at, value, tuple(items), commas > 0)

    def _subscript_item(self, node: cst.BaseSlice) -> Expr:
        if not isinstance(node, cst.Index):
            begin = self.step_over(node)
            return Other(begin, self.at, "slice")
        start = self.skip()
        if node.star:
            self.expect("*")
            value = self.read(node.value)
            return Starred(start, self.at, value)
        return self.read(node.value)

    def _call(self, node: cst.Call) -> Expr:
        start = self.skip()
        function = self.read(node.func)
        self.expect("(")
        arguments = self.arguments(node.args)
        self.expect(")")
        return Call(start, self.at, function, arguments)

    def _number(self, node: cst.Integer | cst.Float | cst.Imaginary) -> Expr:
        start = self.expect(node.value)
        return Constant(start, self.at, _number_value(node))

    def _ellipsis(self, _node: cst.Ellipsis) -> Expr:
        start = self.expect("...")
        return Constant(start, self.at, ELLIPSIS)

    def _string(self, node: cst.SimpleString) -> Expr:
        token = node.value
        value = _string_value(node)
        start = self.expect(token)
        end = self.at
        if isinstance(value, str):
            return Text(start, end, value, ((start, token),))
        return Other(start, end, "string that cannot be read") if value is None else Constant(start, end, value)

    def _joined(self, node: cst.ConcatenatedString) -> Expr:
        parts = list(_string_parts(node))
        if any(isinstance(part, cst.FormattedString) for part in parts):
            return self._bare_other(node, "f-string")
        return self._text([part for part in parts if isinstance(part, cst.SimpleString)])

    def _text(self, parts: Sequence[cst.SimpleString]) -> Expr:
        tokens: list[tuple[int, str]] = []
        for part in parts:
            for _ in part.lpar:
                self.expect("(")
            tokens.append((self.expect(part.value), part.value))
            for _ in part.rpar:
                self.expect(")")
        place = (tokens[0][0], self.at)
        values = [_string_value(part) for part in parts]
        if values and all(isinstance(value, bytes) for value in values):
            return Constant(*place, b"".join(value for value in values if isinstance(value, bytes)))
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) != len(values):
            return Other(*place, "string that cannot be read")
        return Text(*place, "".join(texts), tuple(tokens))

    def _display(self, node: cst.Tuple | cst.List | cst.Set) -> Expr:
        """A tuple's parentheses are its ``lpar``; those of lists and sets are brackets of their own."""
        opening, closing, kind = _DISPLAYS[type(node)]
        start = self._display_start(node)
        if opening:
            self.expect(opening)
        items = tuple(self._element(element) for element in node.elements)
        if closing:
            self.expect(closing)
        return Items(start, self.at, kind, items)

    def _display_start(self, node: cst.Tuple | cst.List | cst.Set) -> int:
        return self.skip() if node.elements or not isinstance(node, cst.Tuple) else self.at

    def _element(self, element: cst.BaseElement) -> Expr:
        start = self.skip()
        if isinstance(element, cst.StarredElement):
            self.expect("*")
            value = self.read(element.value)
            item: Expr = Starred(start, self.at, value)
        else:
            item = self.read(element.value)
        self.accept(",")
        return item

    def _dict(self, node: cst.Dict) -> Expr:
        start = self.expect("{")
        items = tuple(self._pair(element) for element in node.elements)
        self.expect("}")
        return Pairs(start, self.at, items)

    def _pair(self, element: cst.BaseDictElement) -> tuple[Expr | None, Expr]:
        key: Expr | None = None
        if isinstance(element, cst.DictElement):
            key = self.read(element.key)
            self.expect(":")
        else:
            self.expect("**")
        value = self.read(element.value)
        self.accept(",")
        return key, value

    def _binary(self, node: cst.BinaryOperation | cst.BooleanOperation) -> Expr:
        """Left-leaning chains are walked in a loop, so that a long union costs no stack."""
        left, chain = _leftmost(node)
        starts: list[int] = []
        for link in chain:
            for _ in link.lpar if link is not node else ():
                self.expect("(")
            starts.append(self.skip())
        expression = self.read(left)
        for link, start in zip(reversed(chain), reversed(starts), strict=True):
            operator = self._operator()
            right = self.read(link.right)
            expression = Binary(start, self.at, operator, expression, right)
            for _ in link.rpar if link is not node else ():
                self.expect(")")
        return expression

    def _comparison(self, node: cst.Comparison) -> Expr:
        if len(node.comparisons) != 1:
            return self._bare_other(node, "chained comparison")
        start = self.skip()
        left = self.read(node.left)
        operator = self._operator()
        right = self.read(node.comparisons[0].comparator)
        return Binary(start, self.at, operator, left, right)

    def _unary(self, node: cst.UnaryOperation) -> Expr:
        start = self.skip()
        operator = self._operator()
        operand = self.read(node.expression)
        return Unary(start, self.at, operator, operand)

    def _operator(self) -> str:
        operator = _OPERATOR.match(self.text, self.skip())
        if operator is None:
            raise Misplaced
        self.at = operator.end()
        return " ".join(operator[0].split())

    def _other(self, node: cst.BaseExpression) -> Expr:
        start = self.step_over(node)
        return self._named_other(node, start, _what(node))

    def _bare_other(self, node: cst.BaseExpression, what: str) -> Expr:
        """A node whose parentheses were stepped over by `read`."""
        bare = node.with_changes(lpar=(), rpar=())
        start = self.step_over(bare)
        return self._named_other(bare, start, what)

    def _named_other(self, node: cst.BaseExpression, start: int, what: str) -> Expr:
        calls = self._calls_inside(node, start) if _CALL.search(self.text, start, self.at) else ()
        return Other(start, self.at, what, calls)

    def _calls_inside(self, node: cst.BaseExpression, start: int) -> tuple[Call, ...]:
        """The calls of errors inside an expression that has no node of its own, found with libcst's own positions."""
        snippet = cst.Module(body=[cst.SimpleStatementLine([cst.Expr(node)])])
        snippet = snippet.with_changes(default_newline=self._module.default_newline)
        finder = _CallFinder()
        wrapper = MetadataWrapper(snippet)
        wrapper.visit(finder)
        code = wrapper.module.code
        table = SourceText(code)
        alignment = Alignment(code.rstrip("\r\n"), self.text, start)
        calls: list[Call] = []
        for call, line, column in finder.found:
            at = alignment.at(table.offset(Position(line, column + 1)))
            inner = ExpressionReader(self.text, at, self._module)
            expression = inner.read(call.with_changes(lpar=(), rpar=()))
            if isinstance(expression, Call):
                calls.append(expression)
        return tuple(calls)


class Alignment:
    """Printed code beside the text it was parsed from.

    libcst prints a node on its own without the indentation of the block around it, so continuation lines are found
    shorter than they stand in the text.
    """

    def __init__(self, code: str, text: str, start: int) -> None:
        self._lines: list[tuple[int, int]] = []
        position, printed = start, 0
        for line in _LINES.findall(code):
            content = line
            if not text.startswith(line, position):
                content = line.lstrip(_INDENT)
                position = _after_indent(text, position)
                printed += len(line) - len(content)
                if not text.startswith(content, position):
                    raise Misplaced
            self._lines.append((printed, position))
            position += len(content)
            printed += len(content)
        self.end = position

    def at(self, offset: int) -> int:
        """The offset in the text of an offset in the printed code."""
        index = bisect_right(self._lines, offset, key=itemgetter(0)) - 1
        printed, position = self._lines[max(index, 0)]
        return position + max(offset - printed, 0)


def _after_indent(text: str, position: int) -> int:
    while position < len(text) and text[position] in _INDENT:
        position += 1
    return position


_INDENT = " \t\f"
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_CALL = re.compile(r"\bTask(?:Error|Result)\b|\berror_code\b")


class _CallFinder(cst.CSTVisitor):
    """The outermost calls in a tree, in source order, with their lines and columns."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.Call, int, int]] = []

    def visit_Call(self, node: cst.Call) -> bool:  # noqa: N802 - libcst's name
        position = self.get_metadata(PositionProvider, node, None)
        if isinstance(position, CodeRange):
            self.found.append((node, position.start.line, position.start.column))
        return False


def end_of_code(code: str, text: str, start: int) -> int:
    """Where printed code ends that begins at ``start`` in the text it was parsed from."""
    return Alignment(code, text, start).end


def _leftmost(
    node: cst.BinaryOperation | cst.BooleanOperation,
) -> tuple[cst.BaseExpression, list[cst.BinaryOperation | cst.BooleanOperation]]:
    """The first operand of a left-leaning chain, and its links from the outermost in."""
    chain = [node]
    left = node.left
    while isinstance(left, cst.BinaryOperation | cst.BooleanOperation):
        chain.append(left)
        left = left.left
    return left, chain


def _string_parts(node: cst.BaseString) -> Iterable[cst.BaseString]:
    """The literals of an implicit concatenation, which leans to the right."""
    while isinstance(node, cst.ConcatenatedString):
        yield node.left
        node = node.right
    yield node


_PLAIN_STRING = re.compile(r"""(["'])([^\\\r\n"']*)\1""")
_PLAIN_PARAGRAPH = re.compile(r"""(?:\"{3}([^\\\r"]*)\"{3})""")
_PLAIN_NUMBER = re.compile(r"[1-9][0-9_]{0,30}")
"""Literals that are what they look like, which nearly all are: evaluating each as a program costs as much as reading it."""


def _string_value(node: cst.SimpleString) -> str | bytes | None:
    plain = _PLAIN_STRING.fullmatch(node.value)
    if plain is not None:
        return plain[2]
    paragraph = _PLAIN_PARAGRAPH.fullmatch(node.value)
    if paragraph is not None:
        return paragraph[1]
    try:
        return node.evaluated_value
    except (ValueError, SyntaxError):
        return None


def _number_value(node: cst.Integer | cst.Float | cst.Imaginary) -> int | float | complex | None:
    if _PLAIN_NUMBER.fullmatch(node.value):
        return int(node.value)
    try:
        return node.evaluated_value
    except (ValueError, SyntaxError, OverflowError):
        return None


_DISPLAYS: dict[type[cst.CSTNode], tuple[str, str, ItemsKind]] = {
    cst.Tuple: ("", "", "tuple"),
    cst.List: ("[", "]", "list"),
    cst.Set: ("{", "}", "set"),
}


def _what(node: cst.CSTNode) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).lower()
    return _WORDS.get(words, words)


_WORDS = {
    "formatted string": "f-string",
    "templated string": "t-string",
    "if exp": "conditional expression",
    "list comp": "list comprehension",
    "dict comp": "dict comprehension",
    "set comp": "set comprehension",
    "generator exp": "generator expression",
    "named expr": "assignment expression",
}

_Read = Callable[[ExpressionReader, Any], Expr]
"""Each takes the class of nodes that stands as its key below."""

_READERS: dict[type[cst.CSTNode], _Read] = {
    cst.Name: ExpressionReader._name,
    cst.Attribute: ExpressionReader._attribute,
    cst.Subscript: ExpressionReader._subscript,
    cst.Call: ExpressionReader._call,
    cst.Integer: ExpressionReader._number,
    cst.Float: ExpressionReader._number,
    cst.Imaginary: ExpressionReader._number,
    cst.Ellipsis: ExpressionReader._ellipsis,
    cst.SimpleString: ExpressionReader._string,
    cst.ConcatenatedString: ExpressionReader._joined,
    cst.Tuple: ExpressionReader._display,
    cst.List: ExpressionReader._display,
    cst.Set: ExpressionReader._display,
    cst.Dict: ExpressionReader._dict,
    cst.BinaryOperation: ExpressionReader._binary,
    cst.BooleanOperation: ExpressionReader._binary,
    cst.Comparison: ExpressionReader._comparison,
    cst.UnaryOperation: ExpressionReader._unary,
}
