"""What a task returned ⇄ the bytes of its stored result: ``{"ok": ...}`` or ``{"err": {"error_code": ..., ...}}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic_core import to_json

from horsies_core.codec.adapter import Adapter, Reorder
from horsies_core.codec.lossless import are_lossless
from horsies_core.codec.payload import too_large
from horsies_core.codec.plain import plain
from horsies_core.codec.problem import Misfit, in_words, misfit
from horsies_core.codec.schema_check import SchemaCheck
from horsies_core.codec.sets import holds_set, sort_sets
from horsies_core.codec.text import parse
from horsies_core.contract.codes import BUILT_IN_FAMILIES, RESERVED_CODES, ContractErrorCode, RetrievalErrorCode
from horsies_core.contract.schema import ERROR_SCHEMA, META_SCHEMA, definition_schema, type_schema
from horsies_core.contract.task import TaskContract, reachable
from horsies_core.outcome.errors import PayloadProblem
from horsies_core.outcome.result import Err, JsonLike, Ok, Outcome, TaskError, TaskResult

_FAMILY_MEMBERS: Mapping[str, str] = {str(code): code for family in BUILT_IN_FAMILIES for code in family}
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class EncodedResult:
    """A result as it is stored, and its error code beside it, so that deciding on a retry needs no parsing."""

    data: bytes
    error_code: str | None


class ResultCodec:
    """Encodes what a function returned, decodes what was stored."""

    __slots__ = ("_adapter", "_error_check", "_max_bytes", "_task")

    def __init__(self, contract: TaskContract, annotation: object, max_bytes: int) -> None:
        self._task = contract.name
        self._max_bytes = max_bytes
        self._adapter = Adapter(
            {"ok": annotation},
            frozenset(),
            _success_schema(contract),
            _reordering(contract),
            is_lossless=are_lossless(((contract.result, annotation),)),
        )
        self._error_check = SchemaCheck(ERROR_SCHEMA).check

    def encode(self, value: object) -> EncodedResult:
        """What a task function returned. A value that breaks the contract becomes the contract error that says so."""
        match value:
            case Ok():
                return self._encode_ok(cast("Ok[object]", value).ok)
            case Err(TaskError() as error):
                return self._encode_err(error)
            case _:
                return encode_error(self._not_a_result(value))

    def decode(self, data: bytes) -> Outcome[Any, TaskError]:
        """A stored result. One that cannot be read becomes the error ``RESULT_UNREADABLE``."""
        try:
            return self._decode(data)
        except Misfit as verdict:
            message = f"the stored result of task {self._task!r} cannot be read: {in_words(verdict.problems)}"
            return TaskResult(err=_error(RetrievalErrorCode.RESULT_UNREADABLE, message, verdict.problems))

    def _decode(self, data: bytes) -> Outcome[Any, TaskError]:
        if data.startswith(b'{"ok":'):
            return TaskResult(ok=self._adapter.decode(data)["ok"])
        body = parse(data)
        if not isinstance(body, dict) or len(cast("dict[str, object]", body)) != 1:
            raise misfit("", "a stored result is an object with one key, ok or err")
        key, value = next(iter(cast("dict[str, object]", body).items()))
        if key == "err":
            self._error_check(value)
            return TaskResult(err=_decoded_error(cast("dict[str, Any]", value)))
        return TaskResult(ok=self._adapter.decode(data)["ok"])

    def _encode_ok(self, value: object) -> EncodedResult:
        try:
            data = self._adapter.encode({"ok": value})
            self._refuse_size(data)
        except Misfit as verdict:
            told = in_words(verdict.problems)
            message = f"task {self._task!r} returned a value that breaks its declared result type: {told}"
            return encode_error(_error(ContractErrorCode.RESULT_INVALID, message, verdict.problems))
        return EncodedResult(data, None)

    def _encode_err(self, error: TaskError[str]) -> EncodedResult:
        try:
            encoded = EncodedResult(_error_bytes(error), str(error.error_code))
            self._refuse_size(encoded.data)
        except Misfit as verdict:
            problems = tuple(_below("/err", verdict))
            code = _writable(str(error.error_code))
            message = f"task {self._task!r} returned the error {code}, which cannot be stored: {in_words(problems)}"
            return encode_error(_error(ContractErrorCode.RESULT_INVALID, message, problems))
        if error.error_code in RESERVED_CODES:
            return encode_error(self._reserved(error))
        return encoded

    def _refuse_size(self, data: bytes) -> None:
        if len(data) > self._max_bytes:
            raise Misfit((too_large(len(data), self._max_bytes),))

    def _not_a_result(self, value: object) -> TaskError:
        if isinstance(value, Err):
            held = type(cast("Err[object]", value).err).__qualname__
            message = f"task {self._task!r} returned TaskResult(err=...) of a {held}, not of a TaskError"
        else:
            message = f"task {self._task!r} returned a {type(value).__qualname__}, not a TaskResult"
        return TaskError(error_code=ContractErrorCode.RETURN_NOT_TASK_RESULT, message=message)

    def _reserved(self, error: TaskError[str]) -> TaskError:
        message = (
            f"task {self._task!r} returned the error code {error.error_code!s}, which is reserved: horsies gives it a "
            "meaning of its own"
        )
        data: JsonLike = {"error_code": str(error.error_code), "message": error.message, "data": error.data}
        return TaskError(error_code=ContractErrorCode.RESERVED_ERROR_CODE, message=message, data=data)


def encode_error(error: TaskError[str]) -> EncodedResult:
    """An error of horsies' own making, whose code may be reserved. What cannot be written of its text is replaced."""
    message = None if error.message is None else _writable(error.message)
    written = TaskError(error_code=error.error_code, message=message, data=_writable_data(error.data))
    return EncodedResult(_error_bytes(written), str(error.error_code))


def _success_schema(contract: TaskContract) -> dict[str, object]:
    used = reachable((contract.result,), contract.definition_table)
    return {
        "$schema": META_SCHEMA,
        "type": "object",
        "properties": {"ok": type_schema(contract.result, "accept", contract.definition_table)},
        "required": ["ok"],
        "additionalProperties": False,
        "$defs": {
            definition.name: definition_schema(definition, "accept", contract.definition_table) for definition in used
        },
    }


def _reordering(contract: TaskContract) -> Reorder | None:
    table = contract.definition_table
    if not holds_set(contract.result, table):
        return None
    return lambda parsed: {"ok": sort_sets(cast("dict[str, object]", parsed)["ok"], contract.result, table)}


def _error_bytes(error: TaskError[str]) -> bytes:
    code = plain(error.error_code, ("error_code",))
    if not isinstance(code, str) or not code:
        raise misfit("/error_code", "an error code is a string that is not empty")
    if error.message is not None and not isinstance(cast("object", error.message), str):
        raise misfit("/message", "a message is a string or None")
    body = {"error_code": code, "message": plain(error.message, ("message",)), "data": plain(error.data, ("data",))}
    return to_json({"err": {key: value for key, value in body.items() if value is not None}})


def _decoded_error(body: Mapping[str, Any]) -> TaskError:
    code = body["error_code"]
    return TaskError(error_code=_FAMILY_MEMBERS.get(code, code), message=body.get("message"), data=body.get("data"))


def _error(code: str, message: str, problems: tuple[PayloadProblem, ...]) -> TaskError:
    data: JsonLike = {"problems": [{"pointer": item.pointer, "message": item.message} for item in problems]}
    return TaskError(error_code=code, message=message, data=data)


def _below(prefix: str, verdict: Misfit) -> tuple[PayloadProblem, ...]:
    return tuple(PayloadProblem(prefix + item.pointer, item.message) for item in verdict.problems)


def _writable_data(data: JsonLike) -> JsonLike:
    """Words of others stand in it, such as those of a validator of the user's."""
    match data:
        case str():
            return _writable(data)
        case Mapping():
            return {_writable(key): _writable_data(inner) for key, inner in data.items()}
        case list() | tuple():
            return [_writable_data(inner) for inner in data]
        case _:
            return data


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
