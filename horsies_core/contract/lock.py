"""The contract lock: every task's contract in one committed JSON file.

A block a task, sorted by name; named types once, in a table that all tasks share, so that a change to a model is one change in
the review. Each block carries its fingerprint, which is checked on reading: a lock edited by hand does not pass for one
that was compiled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.task import TaskContract, all_definitions
from horsies_core.contract.types import Definition
from horsies_core.contract.wire import (
    Json,
    JsonObject,
    WireError,
    decode_contract_body,
    decode_definition,
    encode_contract_body,
    encode_definition,
)
from horsies_core.contract.wire.printed import printed
from horsies_core.contract.wire.untrusted import (
    join,
    read_bool,
    read_closed,
    read_int,
    read_key,
    read_object,
    read_one_of,
    read_optional,
    read_text,
    read_texts,
)

LOCK_FILE_NAME = "horsies.lock.json"
LOCK_FORMAT = 1
"""Raised when a reader of the old format would misread the new one."""

Provenance = Literal["source", "imported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEntry:
    """One task: its contract, and what only its source text tells.

    ``error_codes`` are the codes that the task is seen to produce, sorted; ``codes_open`` says that there may be others.
    ``doc`` is the docstring without its indentation. ``provenance`` is ``imported`` where a type was asked of pydantic.
    """

    contract: TaskContract
    error_codes: tuple[str, ...] = ()
    codes_open: bool = False
    doc: str | None = None
    provenance: Provenance = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A name that had a contract once and must not be used for another task."""

    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """All tasks of one project, sorted by name."""

    entries: tuple[LockEntry, ...]
    tombstones: tuple[Tombstone, ...] = ()

    def entry(self, task_name: str) -> LockEntry | None:
        """The entry of a task by its name, or None."""
        return next((entry for entry in self.entries if entry.contract.name == task_name), None)


def write_lock(lock: Lock) -> str:
    """The text of the lock file: canonical, two spaces of indentation, a newline at the end."""
    definitions: dict[str, Definition] = {}
    for entry in lock.entries:
        definitions.update({definition.name: definition for definition in all_definitions(entry.contract)})
    return lock_text(
        {entry.contract.name: task_block(entry) for entry in lock.entries},
        {name: type_block(definition) for name, definition in definitions.items()},
        lock.tombstones,
    )


def task_block(entry: LockEntry) -> str:
    """The block of one task, as it stands in the text of a lock."""
    return printed(_encode_entry(entry), _DEPTH)


def type_block(definition: Definition) -> str:
    """The block of one named type, as it stands in the text of a lock."""
    return printed(encode_definition(definition), _DEPTH)


def lock_text(tasks: Mapping[str, str], types: Mapping[str, str], tombstones: Iterable[Tombstone] = ()) -> str:
    """The text of the lock file with these blocks, in any order."""
    stones = {stone.name: printed({"fingerprint": stone.fingerprint}, _DEPTH) for stone in tombstones}
    tables = {"tasks": tasks, "types": types, "tombstones": stones}
    parts = [f'  "format": {LOCK_FORMAT}', *(f'  "{name}": {_table(blocks)}' for name, blocks in tables.items())]
    return "{\n" + ",\n".join(parts) + "\n}\n"


_DEPTH = " " * 4
"""The indentation of a block's last line."""


def _table(blocks: Mapping[str, str]) -> str:
    lines = [f"{_DEPTH}{printed(name)}: {blocks[name]}" for name in sorted(blocks)]
    return "{\n" + ",\n".join(lines) + "\n  }" if lines else "{}"


def read_lock(text: str) -> Lock:
    """The lock written by `write_lock`.

    Raises `WireError` for text that is no JSON, no lock, a lock of another format, or one whose blocks do not match their
    fingerprints.
    """
    body = read_object(_json(text), "")
    found = read_int(read_key(body, "format", ""), "/format")
    if found != LOCK_FORMAT:
        raise WireError("/format", f"the lock has format {found}, this version of horsies reads {LOCK_FORMAT}")
    read_closed(body, frozenset({"format", "tasks", "types", "tombstones"}), "")
    types = read_object(read_key(body, "types", ""), "/types")
    table = {name: decode_definition(name, types[name], join("/types", name)) for name in types}
    tasks = read_object(read_key(body, "tasks", ""), "/tasks")
    stones = read_object(body.get("tombstones", {}), "/tombstones")
    return Lock(
        entries=tuple(_decode_entry(name, block, table, join("/tasks", name)) for name, block in tasks.items()),
        tombstones=tuple(_decode_tombstone(name, stone, join("/tombstones", name)) for name, stone in stones.items()),
    )


def served_names(text: str) -> frozenset[str]:
    """The names and aliases in the text of a lock, without reading its contracts. Raises `WireError` for what is no lock."""
    tasks = read_object(read_key(read_object(_json(text), ""), "tasks", ""), "/tasks")
    aliases = (read_object(block, join("/tasks", name)).get("aliases", []) for name, block in tasks.items())
    return frozenset(tasks).union(*(read_texts(each, "/tasks/*/aliases") for each in aliases))


_ENTRY_KEYS = ("doc", "error_codes", "codes_open", "provenance", "fingerprint")


def _json(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError) as error:
        raise WireError("", f"this is not JSON: {error}") from None


def _encode_entry(entry: LockEntry) -> JsonObject:
    block = encode_contract_body(entry.contract)
    if entry.doc is not None:
        block = {"doc": entry.doc, **block}
    block["error_codes"] = cast("list[Json]", list(entry.error_codes))
    block["codes_open"] = entry.codes_open
    if entry.provenance != "source":
        block["provenance"] = entry.provenance
    block["fingerprint"] = fingerprint(entry.contract)
    return block


def _decode_entry(name: str, data: object, table: dict[str, Definition], at: str) -> LockEntry:
    block = read_object(data, at)
    body = {key: value for key, value in block.items() if key not in _ENTRY_KEYS}
    contract = decode_contract_body(name, body, table, at)
    written = read_text(read_key(block, "fingerprint", at), at + "/fingerprint")
    if written != fingerprint(contract):
        raise WireError(at + "/fingerprint", "the block does not match its fingerprint; build the lock again")
    provenance = read_one_of(block.get("provenance", "source"), get_args(Provenance), at + "/provenance")
    return LockEntry(
        contract=contract,
        error_codes=read_texts(block.get("error_codes", []), at + "/error_codes"),
        codes_open=read_bool(block.get("codes_open", False), at + "/codes_open"),
        doc=read_optional(read_text, block.get("doc"), at + "/doc"),
        provenance=cast("Provenance", provenance),
    )


def _decode_tombstone(name: str, data: object, at: str) -> Tombstone:
    stone = read_closed(data, frozenset({"fingerprint"}), at)
    return Tombstone(name=name, fingerprint=read_text(read_key(stone, "fingerprint", at), at + "/fingerprint"))
