"""Contracts → JSON Schema files: one for the payload that is accepted, one for the result that is given back."""

from __future__ import annotations

from collections.abc import Iterable

from horsies_core.contract.names import file_stem
from horsies_core.contract.schema import Schema, parameters_schema, result_schema
from horsies_core.contract.task import TaskContract
from horsies_core.contract.wire.printed import printed

SCHEMAS = "schemas"


def schema_files(contracts: Iterable[TaskContract]) -> dict[str, str]:
    """``schemas/<task>.params.json`` and ``schemas/<task>.result.json`` of each contract."""
    files: dict[str, str] = {}
    for contract in contracts:
        stem = f"{SCHEMAS}/{file_stem(contract.name)}"
        files[f"{stem}.params.json"] = schema_text(parameters_schema(contract))
        files[f"{stem}.result.json"] = schema_text(result_schema(contract))
    return files


def schema_text(schema: Schema) -> str:
    """A schema as it stands in a file: two spaces of indentation, a newline at the end."""
    return printed(schema) + "\n"
