"""The payload of a task as a type: a closed object, one field a parameter."""

from __future__ import annotations

from collections.abc import Iterable

from horsies_core.contract.task import Parameter
from horsies_core.contract.types import Field, ObjectDefinition

_NAME = "payload"


def payload_of(parameters: Iterable[Parameter]) -> ObjectDefinition:
    """The type of the payloads of these parameters."""
    return ObjectDefinition(
        name=_NAME,
        kind="model",
        fields=tuple(
            Field(
                name=parameter.name,
                type=parameter.type,
                accept=(parameter.name,),
                emit=parameter.name,
                default=parameter.default,
                required=parameter.default is None,
            )
            for parameter in parameters
        ),
        extra="forbid",
    )
