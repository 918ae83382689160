"""The engine held to what it says: SAFE means that no value is refused, BREAKING that the witness is.

Brute force over every pair of a pool of small types, and random edits on random contracts with random payloads.
"""

from __future__ import annotations

import json
from functools import cache
from random import Random

import jsonschema_rs
import pytest
from compare_pool import DEFINITIONS, typed, types, values
from random_contracts import edited, random_contract, random_payload
from real_types import Real

from horsies_core.contract.compare.inclusion import Prover
from horsies_core.contract.compare.membership import accepts, may_write
from horsies_core.contract.compare.mismatch import Mismatch
from horsies_core.contract.compare.resolved import Typed
from horsies_core.contract.compare.task import payload_type
from horsies_core.contract.schema import parameters_schema
from horsies_core.contract.task import TaskContract
from horsies_core.contract.types import TypeNode
from horsies_core.contract.wire import Json, encode_type

VALUES = values()
TYPES = types()


@cache
def _refused_by() -> list[set[int]]:
    """For each type, which values of the pool its readers refuse."""
    return [{at for at, value in enumerate(VALUES) if accepts(typed(node), value) is False} for node in TYPES]


@pytest.mark.parametrize("node", TYPES, ids=lambda node: json.dumps(encode_type(node)))
def test_every_pair_of_small_types(node: TypeNode) -> None:
    prover = Prover(DEFINITIONS, DEFINITIONS)
    written = {at for at, value in enumerate(VALUES) if may_write(typed(node), value) is True}
    for reader, refused in zip(TYPES, _refused_by(), strict=True):
        found = [mismatch for mismatch in prover.mismatches(node, reader) if mismatch.is_fatal]
        if not found:
            assert not written & refused, (encode_type(reader), [VALUES[at] for at in written & refused][:3])
        for mismatch in found:
            _assert_witness(mismatch, typed(node), typed(reader))
        if written & refused:
            assert any(mismatch.witness for mismatch in found), (
                encode_type(reader),
                "a witness exists and was not found",
            )


def _assert_witness(mismatch: Mismatch, writer: Typed, reader: Typed) -> None:
    for value in mismatch.witness:
        assert may_write(writer, value) is True, mismatch
        assert accepts(reader, value) is False, mismatch


REAL = Real(DEFINITIONS)


@pytest.mark.parametrize("node", TYPES[::3], ids=lambda node: json.dumps(encode_type(node)))
def test_witnesses_convince_the_real_validators(node: TypeNode) -> None:
    prover = Prover(DEFINITIONS, DEFINITIONS)
    for reader in TYPES:
        for mismatch in prover.mismatches(node, reader):
            for value in mismatch.witness:
                assert REAL.writes(node, value), (encode_type(reader), value)
                assert not REAL.accepts(reader, value), (encode_type(reader), value)


BATCHES = 20
EDITS_A_BATCH = 500
PAYLOADS = 12


@pytest.mark.parametrize("seed", range(BATCHES))
def test_random_edits(seed: int) -> None:
    """20 batches of 500 edits, both ways: 20,000 pairs of old and new, each with up to 12 random payloads."""
    rng = Random(seed)
    unproven = 0
    for count in range(EDITS_A_BATCH):
        old = random_contract(rng)
        new = edited(rng, old)
        unproven += _check_way(rng, old, new, with_schema=count % 10 == 0)
        unproven += _check_way(rng, new, old, with_schema=False)

    assert unproven < EDITS_A_BATCH * 2 / 50, "more than one false alarm in fifty"


def _check_way(rng: Random, old: TaskContract, new: TaskContract, *, with_schema: bool) -> int:
    """Holds one direction to its word; 1 if a mismatch came without a witness."""
    writer = Typed(payload_type(old), old.definition_table)
    reader = Typed(payload_type(new), new.definition_table)
    found = Prover(old.definition_table, new.definition_table).mismatches(writer.node, reader.node)
    fatal = [mismatch for mismatch in found if mismatch.is_fatal]
    payloads = [payload for _ in range(PAYLOADS) if (payload := random_payload(rng, old)) is not None]
    written = [payload for payload in payloads if may_write(writer, payload) is True]
    if not fatal:
        for payload in written:
            assert accepts(reader, payload) is not False, (old, new, payload)
    for mismatch in fatal:
        _assert_witness(mismatch, writer, reader)
    if with_schema:
        _check_schema(old, new, written if not fatal else [], [value for one in fatal for value in one.witness])
    return int(any(not mismatch.witness for mismatch in fatal))


def _check_schema(old: TaskContract, new: TaskContract, safe: list[dict[str, Json]], witnesses: list[Json]) -> None:
    """The schema that a worker checks by takes what is safe, and the old worker's takes each witness."""
    before = jsonschema_rs.validator_for(parameters_schema(old))
    after = jsonschema_rs.validator_for(parameters_schema(new))
    assert all(after.is_valid(payload) for payload in safe)
    assert all(before.is_valid(witness) for witness in witnesses)
