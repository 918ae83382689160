"""A task's arguments ⇄ the bytes of its payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from horsies_core.codec.adapter import Adapter, Reorder
from horsies_core.codec.lossless import are_lossless
from horsies_core.codec.problem import Misfit, PayloadInvalidError
from horsies_core.codec.sets import holds_set, sort_sets
from horsies_core.contract.schema import parameters_schema
from horsies_core.contract.task import TaskContract
from horsies_core.outcome.errors import PayloadError, PayloadProblem, PayloadTooLargeError


class PayloadCodec:
    """Encodes at the send, decodes in the worker; both check by the contract's schema and by the Python types."""

    __slots__ = ("_adapter", "_max_bytes", "_task")

    def __init__(self, contract: TaskContract, annotations: Mapping[str, object], max_bytes: int) -> None:
        optional = frozenset(item.name for item in contract.parameters if item.default is not None)
        self._task = contract.name
        self._max_bytes = max_bytes
        self._adapter = Adapter(
            annotations,
            optional,
            parameters_schema(contract),
            _reordering(contract),
            is_lossless=are_lossless((item.type, annotations[item.name]) for item in contract.parameters),
        )

    def encode(self, arguments: Mapping[str, object]) -> bytes:
        """The payload of these arguments; absent optional ones stay absent. Raises `PayloadError`."""
        try:
            data = self._adapter.encode(arguments)
        except Misfit as verdict:
            raise PayloadError(self._task, verdict.problems) from None
        if len(data) > self._max_bytes:
            raise PayloadTooLargeError(self._task, (too_large(len(data), self._max_bytes),))
        return data

    def decode(self, data: bytes) -> dict[str, object]:
        """The arguments in a payload. Raises `PayloadInvalidError`."""
        try:
            return cast("dict[str, object]", self._adapter.decode(data))
        except Misfit as verdict:
            raise PayloadInvalidError(self._task, verdict.problems) from None


def too_large(size: int, most: int) -> PayloadProblem:
    """The problem of too many bytes."""
    return PayloadProblem("", f"{size:,} bytes of JSON; at most {most:,} are allowed (AppConfig.max_payload_bytes)")


def _reordering(contract: TaskContract) -> Reorder | None:
    table = contract.definition_table
    types = {item.name: item.type for item in contract.parameters if holds_set(item.type, table)}
    if not types:
        return None

    def reorder(parsed: object) -> object:
        payload = cast("dict[str, object]", parsed)
        return {
            name: sort_sets(value, types[name], table) if name in types else value for name, value in payload.items()
        }

    return reorder
