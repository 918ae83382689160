"""`Upcast`: an upcaster as a worker runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from horsies_core.codec.task import TaskCodec
from horsies_core.contract.task import TaskContract, Upcaster
from horsies_core.contract.types import NullType
from horsies_core.task.live.upcasters import AnyFunction, LiveUpcaster


@dataclass(frozen=True, slots=True)
class Upcast:
    """A function of a former signature, and the codec that reads payloads of it."""

    source: str
    function: AnyFunction
    codec: TaskCodec

    @classmethod
    def of(cls, task: str, signature: Upcaster, live: LiveUpcaster, max_bytes: int) -> Upcast:
        """The upcaster of a task. Its payloads are checked like the task's own: by schema, and by the Python types."""
        former = TaskContract(
            name=task,
            source=signature.source,
            parameters=signature.parameters,
            result=NullType(),
            definitions=signature.definitions,
        )
        return cls(signature.source, live.function, TaskCodec(former, live.types, max_bytes))

    def warm_up(self) -> None:
        """Build the codec now: before a worker forks its children."""
        self.codec.warm_up_payload()

    def arguments(self, payload: bytes) -> dict[str, object]:
        """The former arguments in a payload. Raises `PayloadInvalidError` if it is not of that signature."""
        return self.codec.decode_payload(payload)

    def __call__(self, arguments: dict[str, object]) -> Mapping[str, object]:
        """Today's arguments, as the function makes them. Raises whatever it raises."""
        return cast("Mapping[str, object]", self.function(**arguments))
