"""Lock entries → the views of the stubs, one module for each module of the source.

One module for everything would be rewritten by every change and parsed by every producer; a module a task would cost a
type checker more than what stands in it. So a client module mirrors a source module, and is loaded when one of its
tasks is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from horsies_codegen.emit.expression import (
    INDENT,
    WIDTH,
    Either,
    Expression,
    Import,
    Index,
    Name,
    Room,
    fitted,
    flat,
    imports_of,
    laid_out,
)
from horsies_codegen.emit.identifiers import distinct, parameter_ladder, self_name, task_class_ladder
from horsies_codegen.emit.layout import TYPED_DICT, Keys, header, import_block
from horsies_codegen.emit.literals import docstring, string_literal
from horsies_codegen.emit.python_types import CLIENT_MODULE, LITERAL, TypePrinter
from horsies_codegen.emit.view import CodeView, ParameterView, TaskModuleView, TaskView
from horsies_codegen.emit.words import send_doc, summary, task_doc
from horsies_core.contract.codes import is_well_formed_code
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.task import Parameter

MODELS = Import("..", "models")

_STUB = Name("TaskStub", Import(CLIENT_MODULE, "TaskStub"))
_HANDLE = Name("TaskHandle", Import(CLIENT_MODULE, "TaskHandle"))
_OTHER_CODE = Name("OtherErrorCode", Import(CLIENT_MODULE, "OtherErrorCode"))
_UNSET = Import(CLIENT_MODULE, "UNSET")
_TYPE_ALIAS = Import("typing", "TypeAlias")
_FINAL = Import("typing", "Final")

_IMPORTED = (
    "Final JsonValue Literal Mapping NotRequired OtherErrorCode Sequence TaskHandle TaskStub TypeAlias TypedDict UNSET "
    "Union collections datetime decimal ipaddress models pathlib uuid"
)
RESERVED = frozenset(_IMPORTED.split())
"""Names that a module of stubs imports: no class in it takes them."""


def class_names(tasks: Iterable[str]) -> dict[str, str]:
    """The class name of each task of one module, by task name."""
    ladders = {task: task_class_ladder(task) for task in tasks}
    return distinct(ladders, reserved=RESERVED, claims=lambda _, name: tuple(_names(name)))


def task_module_view(
    module: str, stem: str, entries: Sequence[LockEntry], attributes: Mapping[str, str], printer: TypePrinter
) -> TaskModuleView:
    """The view of one module of stubs; ``attributes`` says what each task is called on the client."""
    names = class_names(entry.contract.name for entry in entries)
    stubs = [_Stub(entry, names[entry.contract.name], printer) for entry in entries]
    expressions = [expression for stub in stubs for expression in stub.expressions]
    return TaskModuleView(
        module=module,
        stem=stem,
        header=header(
            expressions,
            hides=any(stub.hides for stub in stubs),
            has_other_self=any(stub.self_name != "self" for stub in stubs),
        ),
        imports=import_block([*imports_of(expressions), *(item for stub in stubs for item in stub.imports)]),
        tasks=tuple(stub.view(attributes[stub.task_name], f".._schemas.{stem}") for stub in stubs),
    )


class _Names(NamedTuple):
    """What is declared for one task."""

    stub: str
    payload: str
    error_code: str
    codes: str


def _names(stub: str) -> _Names:
    return _Names(stub, f"{stub}Payload", f"{stub}ErrorCode", f"{stub}Codes")


class _Stub:
    """One task on its way to its view; ``expressions`` are all types that are printed for it."""

    def __init__(self, entry: LockEntry, class_name: str, printer: TypePrinter) -> None:
        self._entry = entry
        self._names = _names(class_name)
        self.task_name = entry.contract.name
        parameters = entry.contract.parameters
        self._keywords = distinct({parameter.name: parameter_ladder(parameter.name) for parameter in parameters})
        types = {parameter.name: printer.expression(parameter.type, "accept") for parameter in parameters}
        self._keys = Keys(
            (parameter.name, types[parameter.name], parameter.default is None) for parameter in parameters
        )
        self._flat = {name: flat(expression) for name, expression in types.items()}
        self._types = {
            parameter.name: fitted(types[parameter.name], self._parameter_room(parameter)) for parameter in parameters
        }
        result = printer.expression(entry.contract.result, "emit")
        code = Name(self._names.error_code)
        self._base = fitted(Index(_STUB, (Name(self._names.payload), result, code)), _BASE_ROOM)
        self._handle = fitted(Index(_HANDLE, (result, code)), _HANDLE_ROOM)
        self._code_head = f"{self._names.error_code}: TypeAlias = "
        self._code_type = fitted(_code_type(entry.error_codes), Room(0, len(self._code_head)))
        self.expressions: tuple[Expression, ...] = (
            *self._keys.expressions,
            *self._types.values(),
            self._base,
            self._handle,
            self._code_type,
        )

    @property
    def self_name(self) -> str:
        """What the methods call the stub."""
        return self_name(self._keywords.values())

    @property
    def hides(self) -> bool:
        """Whether a key of the payload would hide a type in a class body."""
        return self._keys.hides

    @property
    def imports(self) -> Iterator[Import]:
        """What the module needs besides what its types need."""
        yield from (TYPED_DICT, _TYPE_ALIAS)
        if any(parameter.default is not None for parameter in self._entry.contract.parameters):
            yield _UNSET
        if _constants(self._entry):
            yield _FINAL

    def view(self, attribute: str, contracts: str) -> TaskView:
        """The view; ``contracts`` is the module that holds the contract, relative to the stub's."""
        name, names = self.task_name, self._names
        return TaskView(
            name_in_doc=docstring(name),
            task_literal=string_literal(name),
            class_name=names.stub,
            attribute=attribute,
            summary=summary(self._entry),
            doc=task_doc(self._entry, self._flat, depth=1),
            send_doc=send_doc(self._entry, self._flat, depth=2),
            self_name=self.self_name,
            payload=self._keys.view(names.payload, f"The payload of ``{docstring(name)}``.", quoted=False),
            error_code_statement=self._code_head + laid_out(self._code_type, Room(0, len(self._code_head))),
            codes_class=names.codes,
            codes=_constants(self._entry),
            base=laid_out(self._base, _BASE_ROOM),
            handle=laid_out(self._handle, _HANDLE_ROOM),
            contracts=contracts,
            parameters=tuple(self._parameter(parameter) for parameter in self._entry.contract.parameters),
        )

    def _parameter(self, parameter: Parameter) -> ParameterView:
        keyword = self._keywords[parameter.name]
        kind = laid_out(self._types[parameter.name], self._parameter_room(parameter))
        default = "" if parameter.default is None else _UNSET_TEXT
        argument = f"{string_literal(parameter.name)}: {keyword},"
        passed = f"{parameter.name}={keyword},"
        return ParameterView(declaration=f"{keyword}: {kind}{default},", argument=argument, passed=passed)

    def _parameter_room(self, parameter: Parameter) -> Room:
        before = 2 * len(INDENT) + len(self._keywords[parameter.name]) + 2
        return Room(2, before, 1 if parameter.default is None else 1 + len(_UNSET_TEXT))


_UNSET_TEXT = " = UNSET"
_BASE_ROOM = Room(1, len(INDENT), 1)
_HANDLE_ROOM = Room(1, len(INDENT) + len(") -> "), 1)


def _code_type(codes: Sequence[str]) -> Expression:
    """The known codes, and whatever a newer worker may say."""
    if not codes:
        return _OTHER_CODE
    return Either((Index(LITERAL, tuple(Name(string_literal(code)) for code in codes)), _OTHER_CODE))


def _constants(entry: LockEntry) -> tuple[CodeView, ...]:
    return tuple(_constant(code) for code in entry.error_codes if is_well_formed_code(code))


def _constant(code: str) -> CodeView:
    """A constant stands on one line: a formatter would break a long one at some line lengths and join it at others."""
    declaration = f"{code}: Final = {string_literal(code)}"
    is_long = len(INDENT + declaration) > WIDTH
    return CodeView(declaration=f"{declaration}  # fmt: skip" if is_long else declaration)
