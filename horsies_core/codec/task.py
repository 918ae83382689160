"""`TaskCodec`: both codecs of one task, each built at its first use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from horsies_core.contract.task import TaskContract
from horsies_core.outcome.result import Outcome, TaskError

if TYPE_CHECKING:
    from horsies_core.codec.payload import PayloadCodec
    from horsies_core.codec.result import EncodedResult, ResultCodec


@dataclass(frozen=True, slots=True)
class PythonTypes:
    """The resolved annotations behind a contract: of each parameter, and of the value on success."""

    parameters: Mapping[str, object]
    result: object


class TaskCodec:
    """Python values ⇄ JSON bytes for one task. ``max_bytes`` bounds a payload and a result."""

    def __init__(self, contract: TaskContract, types: PythonTypes, max_bytes: int) -> None:
        self._contract = contract
        self._types = types
        self._max_bytes = max_bytes

    def encode_payload(self, arguments: Mapping[str, object]) -> bytes:
        """The payload of these arguments; absent optional ones stay absent.

        Raises `PayloadError` where they do not fit, `PayloadTooLargeError` where they are too many bytes.
        """
        return self._payload.encode(arguments)

    def decode_payload(self, data: bytes) -> dict[str, object]:
        """The arguments in a stored payload. Raises `PayloadInvalidError`, which names the places."""
        return self._payload.decode(data)

    def encode_result(self, value: object) -> EncodedResult:
        """What the function returned. What breaks the contract comes out as the contract error that says so."""
        return self._result.encode(value)

    def decode_result(self, data: bytes) -> Outcome[Any, TaskError]:
        """A stored result. One that cannot be read comes out as the error ``RESULT_UNREADABLE``."""
        return self._result.decode(data)

    def warm_up(self) -> None:
        """Build both sides now: before a worker forks its children."""
        self.warm_up_payload()
        _ = self._result

    def warm_up_payload(self) -> None:
        """Build the payload's side now: all that an upcaster needs."""
        _ = self._payload

    @cached_property
    def _payload(self) -> PayloadCodec:
        from horsies_core.codec.payload import PayloadCodec

        return PayloadCodec(self._contract, self._types.parameters, self._max_bytes)

    @cached_property
    def _result(self) -> ResultCodec:
        from horsies_core.codec.result import ResultCodec

        return ResultCodec(self._contract, self._types.result, self._max_bytes)
