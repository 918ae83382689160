"""Checking parsed JSON by the contract's own schema, the very one that the compiler prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema_rs import Draft202012Validator

from horsies_core.codec.problem import MAX_PROBLEMS, Misfit, pointer
from horsies_core.outcome.errors import PayloadProblem


class SchemaCheck:
    """One schema, compiled once. Messages name the place and the rule, never the value: payloads may be private."""

    __slots__ = ("_validator",)

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._validator = Draft202012Validator(dict(schema), mask="the value")

    def check(self, parsed: object) -> None:
        """Return if the value fits, else raise `Misfit`."""
        if not self._validator.is_valid(parsed):
            raise Misfit(self._problems(parsed))

    def _problems(self, parsed: object) -> list[PayloadProblem]:
        found: list[PayloadProblem] = []
        for error in self._validator.iter_errors(parsed):
            found.append(PayloadProblem(pointer(error.instance_path), error.message))
            if len(found) == MAX_PROBLEMS:
                break
        return found
