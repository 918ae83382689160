"""Membership against the validators that a worker runs, and the encoder of a producer: it may say *not known*, never wrong."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from compare_pool import DEFINITIONS, typed, types, values
from real_types import Real

from horsies_core.contract.compare.membership import accepts
from horsies_core.contract.compare.samples import samples
from horsies_core.contract.types import TypeNode
from horsies_core.contract.wire import encode_type

REAL = Real(DEFINITIONS)
VALUES = values()


def _named(node: TypeNode) -> str:
    return json.dumps(encode_type(node))


@pytest.mark.parametrize("node", types(), ids=_named)
def test_readers_take_what_the_worker_takes(node: TypeNode) -> None:
    for value in VALUES:
        answer = accepts(typed(node), value)
        if answer is not None:
            assert answer == REAL.accepts(node, value), value


@pytest.mark.parametrize("node", types(), ids=_named)
def test_writers_write_what_the_producer_writes(node: TypeNode) -> None:
    for value in islice(samples(typed(node)), 40):
        assert REAL.writes(node, value), value


def test_little_is_unknown() -> None:
    answers = [accepts(typed(node), value) for node in types() for value in VALUES]

    assert len(answers) > 50_000
    assert answers.count(None) < len(answers) / 100
