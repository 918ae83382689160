"""Contracts → an AsyncAPI 3 document: queues are channels, tasks are operations that a worker receives and replies to.

The default schema format of AsyncAPI is a superset of JSON Schema Draft-07, so schemas are converted down from 2020-12:
definitions move to the document's components, fixed places of arrays get their older spelling, and a reference, beside
which Draft-07 ignores everything, is wrapped where something stands beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from horsies_codegen.emit.identifiers import distinct, short_hash
from horsies_codegen.emit.python_types import references
from horsies_codegen.emit.words import first_sentence, how_it_runs
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.schema import Schema, definition_pointer, definition_schema, parameters_schema, result_schema
from horsies_core.contract.task import TaskContract, reachable
from horsies_core.contract.types import Definition

ASYNCAPI_VERSION = "3.0.0"
OUTCOMES = "outcomes"
"""The key of the channel that results come from."""

_DROPPED = frozenset({"$schema", "$id", "$comment", "$defs", "contentSchema"})
_TABLES = frozenset({"properties"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf"})
_SCHEMAS = frozenset({"items", "additionalProperties", "propertyNames", "not"})


def asyncapi_text(entries: Sequence[LockEntry], *, title: str, version: str) -> str:
    """The document as JSON: two spaces of indentation, a newline at the end; tasks and types sorted by name."""
    document = _Document(sorted(entries, key=lambda entry: entry.contract.name))
    return json.dumps(document.value(title, version), indent=2, ensure_ascii=False) + "\n"


class _Document:
    """One document: which key each task, queue and type has in it, and its parts."""

    def __init__(self, entries: Sequence[LockEntry]) -> None:
        self._entries = entries
        contracts = [entry.contract for entry in entries]
        table = {name: item for contract in contracts for name, item in contract.definition_table.items()}
        self._table = table
        self._two_sided = _two_sided(table)
        self._tasks = _keys(contract.name for contract in contracts)
        self._queues = _keys([OUTCOMES, *(contract.queue for contract in contracts)])
        self._types = _keys([*table, *(_out(name) for name in self._two_sided)])
        self._identities = {definition_pointer(name): name for name in table}

    def value(self, title: str, version: str) -> Schema:
        return {
            "asyncapi": ASYNCAPI_VERSION,
            "info": {"title": title, "version": version},
            "defaultContentType": "application/json",
            "channels": self._channels(),
            "operations": {self._tasks[entry.contract.name]: self._operation(entry) for entry in self._entries},
            "components": {"messages": self._messages(), "schemas": self._schemas()},
        }

    def _channels(self) -> Schema:
        queues = sorted({entry.contract.queue for entry in self._entries})
        return {
            **{self._queues[queue]: self._channel(queue) for queue in queues},
            self._queues[OUTCOMES]: {
                "address": None,
                "title": "Outcomes",
                "description": "What tasks gave back, fetched by the id of the task.",
                "messages": {key: {"$ref": f"#/components/messages/{key}.outcome"} for key in self._tasks.values()},
            },
        }

    def _channel(self, queue: str) -> Schema:
        tasks = [self._tasks[entry.contract.name] for entry in self._entries if entry.contract.queue == queue]
        return {
            "address": queue,
            "title": f"Queue {queue}",
            "messages": {key: {"$ref": f"#/components/messages/{key}.payload"} for key in tasks},
        }

    def _operation(self, entry: LockEntry) -> Schema:
        contract = entry.contract
        key, queue = self._tasks[contract.name], self._queues[contract.queue]
        return {
            "action": "receive",
            "title": contract.name,
            "summary": first_sentence(entry) or f"Task {contract.name}.",
            "description": "\n\n".join(filter(None, (entry.doc, how_it_runs(contract)))),
            "channel": {"$ref": f"#/channels/{queue}"},
            "messages": [{"$ref": f"#/channels/{queue}/messages/{key}"}],
            "reply": {
                "channel": {"$ref": f"#/channels/{self._queues[OUTCOMES]}"},
                "messages": [{"$ref": f"#/channels/{self._queues[OUTCOMES]}/messages/{key}"}],
            },
            "x-horsies": _facts(entry),
        }

    def _messages(self) -> Schema:
        messages: Schema = {}
        for entry in self._entries:
            contract, key = entry.contract, self._tasks[entry.contract.name]
            messages[f"{key}.outcome"] = {
                "name": contract.name,
                "title": f"Outcome of {contract.name}",
                "contentType": "application/json",
                "payload": self._converted(result_schema(contract), is_out=True),
            }
            messages[f"{key}.payload"] = {
                "name": contract.name,
                "title": f"Payload of {contract.name}",
                "contentType": "application/json",
                "payload": self._converted(parameters_schema(contract), is_out=False),
            }
        return dict(sorted(messages.items()))

    def _schemas(self) -> Schema:
        """Each type as it is taken and, where that differs and is given back at all, as it is given back."""
        schemas: Schema = {}
        for entry in self._entries:
            for definition in _used(entry.contract, is_out=False):
                self._add(schemas, definition, is_out=False)
            for definition in _used(entry.contract, is_out=True):
                self._add(schemas, definition, is_out=definition.name in self._two_sided)
        return dict(sorted(schemas.items()))

    def _add(self, schemas: Schema, definition: Definition, *, is_out: bool) -> None:
        key = self._type_key(definition.name, is_out=is_out)
        if key not in schemas:
            schema = self._converted(
                definition_schema(definition, "emit" if is_out else "accept", self._table), is_out=is_out
            )
            schemas[key] = (
                {"title": definition.name, **schema}
                if "$ref" not in schema
                else {
                    "title": definition.name,
                    "allOf": [schema],
                }
            )

    def _type_key(self, identity: str, *, is_out: bool) -> str:
        return self._types[_out(identity) if is_out and identity in self._two_sided else identity]

    def _converted(self, schema: Schema, *, is_out: bool) -> Schema:
        """The schema in Draft-07; what stands as data (defaults, enumerated values) is left as it is."""
        made: Schema = {}
        for key, value in schema.items():
            if key in _DROPPED or key == "prefixItems":
                continue
            if key == "items" and "prefixItems" in schema:
                places = cast("list[Schema]", schema["prefixItems"])
                made["items"] = [self._converted(place, is_out=is_out) for place in places]
                made["additionalItems"] = value
            elif key == "items" and value is False:
                made["maxItems"] = 0
            else:
                made[key] = self._value(key, value, is_out=is_out)
        if "$ref" in made and len(made) > 1:
            return {"allOf": [{"$ref": made.pop("$ref")}], **made}
        return made

    def _value(self, key: str, value: object, *, is_out: bool) -> object:
        if key == "$ref":
            return f"#/components/schemas/{self._type_key(self._identities[str(value)], is_out=is_out)}"
        if key in _TABLES:
            table = cast("Mapping[str, Schema]", value)
            return {name: self._converted(inner, is_out=is_out) for name, inner in table.items()}
        if key in _LISTS:
            return [self._converted(inner, is_out=is_out) for inner in cast("list[Schema]", value)]
        if key in _SCHEMAS and isinstance(value, dict):
            return self._converted(cast("Schema", value), is_out=is_out)
        return value


def _facts(entry: LockEntry) -> Schema:
    """What AsyncAPI has no words for."""
    contract = entry.contract
    facts: Schema = {"source": contract.source, "error-codes": list(entry.error_codes)}
    if contract.timeout_ms is not None:
        facts["timeout-ms"] = contract.timeout_ms
    if contract.retry is not None:
        facts["max-retries"] = contract.retry.max_retries
        facts["retried-on"] = list(contract.retry.auto_retry_for)
    return facts


def _used(contract: TaskContract, *, is_out: bool) -> tuple[Definition, ...]:
    roots = (contract.result,) if is_out else tuple(parameter.type for parameter in contract.parameters)
    return reachable(roots, contract.definition_table)


def _two_sided(table: Mapping[str, Definition]) -> frozenset[str]:
    """The types whose schema as given back differs from that as taken, in itself or in what it refers to."""
    found = {
        name
        for name, item in table.items()
        if definition_schema(item, "emit", table) != definition_schema(item, "accept", table)
    }
    while more := {name for name, item in table.items() if name not in found and references(item) & found}:
        found |= more
    return frozenset(found)


def _out(identity: str) -> str:
    return f"{identity}.out"


def _keys(names: Iterable[str]) -> dict[str, str]:
    """A key for each name of the characters that AsyncAPI allows; a name that is one already keeps it."""
    ladders: dict[str, tuple[str, ...]] = {}
    for name in sorted(set(names)):
        safe = re.sub(r"[^A-Za-z0-9_.-]", "_", name.replace(":", "."))
        ladders[name] = (safe,) if safe == name else (safe, f"{safe}.{short_hash(name)}")
    return distinct(ladders)
