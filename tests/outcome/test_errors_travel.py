"""Errors cross process boundaries: a pool that cannot unpickle one breaks, or hangs."""

from __future__ import annotations

import pickle
from typing import cast

import pytest

from horsies import (
    EnqueueError,
    HorsiesError,
    PayloadError,
    PayloadProblem,
    PayloadTooLargeError,
    ResultError,
    ResultTimeoutError,
    TaskDefinitionError,
    TaskError,
)
from horsies_core.codec.problem import PayloadInvalidError

PROBLEMS = (PayloadProblem("/to", "not a string"),)


@pytest.mark.parametrize(
    "error",
    [
        PayloadError("t", PROBLEMS),
        PayloadTooLargeError("t", PROBLEMS),
        PayloadInvalidError("t", PROBLEMS),
        EnqueueError("no database", attempted=object(), retryable=True),
        ResultError(TaskError(error_code="A")),
        ResultTimeoutError("too long"),
        TaskDefinitionError("bad", code="HC101"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_out_of_a_pickle_as_it_went_in(error: HorsiesError) -> None:
    back = cast("HorsiesError", pickle.loads(pickle.dumps(error)))
    assert type(back) is type(error)
    assert str(back) == str(error)
    for name in ("problems", "task", "retryable", "error", "code"):
        assert getattr(back, name, None) == getattr(error, name, None)
