"""Laws of `decide`: every report on every claim, and the cases that the page names."""

from __future__ import annotations

import json
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_core.contract.codes import OperationalErrorCode
from horsies_core.contract.retry import RetryPolicy
from horsies_core.policy.backoff import retry_delay_s
from horsies_core.policy.claim import Claimed
from horsies_core.policy.decide import MAX_UNSTARTED_LOSSES, decide
from horsies_core.policy.error_result import error_result
from horsies_core.policy.report import (
    Cancelled,
    ChildDied,
    Expired,
    Finished,
    GivenBack,
    Interrupted,
    Report,
    TimedOut,
    Unread,
    WorkerLost,
)
from horsies_core.policy.states import LEGAL, TERMINAL, TaskState, is_legal
from horsies_core.policy.terms import Terms
from horsies_core.policy.transition import Cancel, Complete, Expire, Fail, Requeue, Retry, Transition
from horsies_core.store.ids import new_id

NOW = 1_000_000.0
CODES = ["A_CODE", "TASK_TIMEOUT", "WORKER_CRASHED"]


def a_claim(attempt: int = 0, losses: int = 0, good_until: float | None = None) -> Claimed:
    return Claimed(
        id=new_id(),
        name="t",
        queue="default",
        fingerprint="f",
        payload=b"{}",
        claims=1,
        attempt=attempt,
        losses=losses,
        good_until=good_until,
        marked=True,
    )


def verdict(report: Report, terms: Terms | None = None, claimed: Claimed | None = None) -> Transition:
    return decide(claimed or a_claim(), terms or Terms(), report, now=NOW, rng=Random(1))


def retrying(*codes: str, retries: int = 2) -> Terms:
    return Terms(retry=RetryPolicy.fixed([10] * retries, auto_retry_for=codes, jitter=False))


claims = st.builds(
    a_claim,
    attempt=st.integers(0, 5),
    losses=st.integers(0, 30),
    good_until=st.none() | st.floats(NOW - 100, NOW + 100),
)
policies = st.builds(
    RetryPolicy.exponential,
    base_seconds=st.integers(1, 604_800),
    max_retries=st.integers(1, 100),
    auto_retry_for=st.lists(st.sampled_from(CODES), min_size=1),
    cap_seconds=st.integers(1, 604_800),
    jitter=st.booleans(),
) | st.builds(
    RetryPolicy.fixed,
    st.lists(st.integers(0, 604_800), min_size=1, max_size=10),
    auto_retry_for=st.lists(st.sampled_from(CODES), min_size=1),
    jitter=st.booleans(),
)
all_terms = st.builds(Terms, timeout_ms=st.just(1000), retry=st.none() | policies, max_recoveries=st.integers(0, 5))
reports: st.SearchStrategy[Report] = st.one_of(
    st.builds(Finished, st.just(b"{}"), st.none() | st.sampled_from(CODES)),
    st.builds(TimedOut, st.booleans(), st.just(1000)),
    st.builds(ChildDied, st.booleans(), st.just("exit code 1")),
    st.builds(WorkerLost, st.booleans(), st.just(7)),
    st.sampled_from([Interrupted(), GivenBack(), Expired(), Cancelled(), Unread("r" * 32)]),
)


@given(claims, all_terms, reports)
def test_every_report_gives_a_legal_change(claimed: Claimed, terms: Terms, report: Report) -> None:
    transition = decide(claimed, terms, report, now=NOW, rng=Random(0))
    assert is_legal(TaskState.RUNNING, transition.after)
    if not isinstance(transition, Complete):
        assert is_legal(TaskState.CLAIMED, transition.after)


@given(claims, all_terms, reports)
def test_retries_are_bounded_and_end_before_good_until(claimed: Claimed, terms: Terms, report: Report) -> None:
    transition = decide(claimed, terms, report, now=NOW, rng=Random(0))
    if isinstance(transition, Retry):
        assert terms.retry is not None
        assert claimed.attempt < terms.retry.max_retries
        assert transition.error_code in terms.retry.auto_retry_for
        assert claimed.good_until is None or NOW + transition.delay_s < claimed.good_until
        assert not transition.is_loss or claimed.losses < terms.max_recoveries


@given(all_terms)
def test_terms_survive_their_json(terms: Terms) -> None:
    assert Terms.from_json(json.loads(json.dumps(terms.to_json()))) == terms


@given(all_terms, st.booleans())
def test_a_task_that_kills_every_worker_ends(terms: Terms, started: bool) -> None:
    attempt = 0
    for losses in range(200):
        transition = decide(a_claim(attempt, losses), terms, WorkerLost(started, 1), now=NOW, rng=Random(0))
        if isinstance(transition, Fail):
            assert transition.error_code == OperationalErrorCode.WORKER_CRASHED
            return
        assert isinstance(transition, Retry | Requeue)
        assert transition.is_loss
        attempt += isinstance(transition, Retry)
    pytest.fail("it was tried 200 times")


@given(policies, st.integers(0, 9), st.integers())
def test_delays_stay_within_a_quarter_and_under_the_cap(policy: RetryPolicy, retry: int, seed: int) -> None:
    retry %= len(policy.delays_s) if policy.strategy == "fixed" else 10
    delay_s = retry_delay_s(policy, retry, Random(seed))
    if policy.strategy == "fixed":
        nominal_s = policy.delays_s[retry]
    else:
        nominal_s = min(policy.delays_s[0] * 2**retry, policy.cap_s)
        assert delay_s <= policy.cap_s
    assert 0.75 * nominal_s <= delay_s <= 1.25 * nominal_s
    assert policy.jitter or delay_s == nominal_s


def test_jitter_spreads() -> None:
    policy = RetryPolicy.exponential(base_seconds=100, auto_retry_for=["A"], cap_seconds=604_800)
    delays = [retry_delay_s(policy, 0, Random(seed)) for seed in range(200)]
    assert min(delays) < 80 < 120 < max(delays)


def test_exponential_doubles_up_to_the_cap() -> None:
    policy = RetryPolicy.exponential(base_seconds=30, auto_retry_for=["A"], cap_seconds=100, jitter=False)
    assert [retry_delay_s(policy, retry, Random()) for retry in (0, 1, 2, 99)] == [30, 60, 100, 100]


def test_success_completes() -> None:
    assert verdict(Finished(b'{"ok":1}')) == Complete(b'{"ok":1}')


def test_error_keeps_the_bytes_of_the_result() -> None:
    assert verdict(Finished(b"bytes", "A_CODE")) == Fail("A_CODE", b"bytes")


def test_error_is_retried_only_for_its_codes_and_while_attempts_remain() -> None:
    result = error_result("A_CODE", "text")
    failure = Finished(result, "A_CODE")
    assert verdict(failure, retrying("A_CODE")) == Retry(10.0, "A_CODE", "text", False)
    assert verdict(failure, retrying("OTHER")) == Fail("A_CODE", result)
    assert verdict(failure, retrying("A_CODE"), a_claim(attempt=1)) == Retry(10.0, "A_CODE", "text", False)
    assert verdict(failure, retrying("A_CODE"), a_claim(attempt=2)) == Fail("A_CODE", result)


def test_retry_that_would_come_after_good_until_fails_with_the_error() -> None:
    failure = Finished(b"bytes", "A_CODE")
    assert verdict(failure, retrying("A_CODE"), a_claim(good_until=NOW + 10)) == Fail("A_CODE", b"bytes")
    assert isinstance(verdict(failure, retrying("A_CODE"), a_claim(good_until=NOW + 11)), Retry)


def test_timeout_is_terminal_unless_opted_in() -> None:
    ended = verdict(TimedOut(started=True, timeout_ms=1500))
    assert isinstance(ended, Fail)
    assert json.loads(ended.result)["err"]["error_code"] == "TASK_TIMEOUT"
    assert "1500 ms" in json.loads(ended.result)["err"]["message"]
    assert isinstance(verdict(TimedOut(started=True, timeout_ms=1500), retrying("TASK_TIMEOUT")), Retry)


def test_timeout_before_user_code_requeues_whatever_the_policy() -> None:
    assert verdict(TimedOut(started=False, timeout_ms=1000), retrying("TASK_TIMEOUT")) == Requeue(is_loss=True)


def test_death_names_its_cause() -> None:
    ended = verdict(ChildDied(started=True, how="killed by SIGSEGV"))
    assert isinstance(ended, Fail)
    assert ended.error_code == "WORKER_CRASHED"
    assert "killed by SIGSEGV" in json.loads(ended.result)["err"]["message"]


def test_death_is_retried_by_policy_up_to_the_bound_of_recoveries() -> None:
    terms = retrying("WORKER_CRASHED", retries=50)
    died = ChildDied(started=True, how="exit code 1")
    assert verdict(died, terms, a_claim(losses=2)) == Retry(
        10.0, "WORKER_CRASHED", "the child process died: exit code 1", True
    )
    assert isinstance(verdict(died, terms, a_claim(losses=3)), Fail)


def test_loss_before_the_start_counts_no_attempt() -> None:
    assert verdict(WorkerLost(started=False, worker=1)) == Requeue(is_loss=True)
    lost_often = a_claim(losses=MAX_UNSTARTED_LOSSES)
    assert isinstance(verdict(WorkerLost(started=False, worker=1), None, lost_often), Fail)


@pytest.mark.parametrize("report", [Interrupted(), GivenBack()])
def test_shutdown_gives_back(report: Report) -> None:
    assert verdict(report, retrying("WORKER_CRASHED")) == Requeue(is_loss=False)


def test_a_payload_that_cannot_be_read_here_is_put_back_for_other_readers() -> None:
    assert verdict(Unread("r" * 32), retrying("PAYLOAD_INVALID")) == Requeue(is_loss=False, refused_by="r" * 32)


def test_expiry_and_cancelling_carry_their_errors() -> None:
    expired, cancelled = verdict(Expired()), verdict(Cancelled())
    assert isinstance(expired, Expire)
    assert isinstance(cancelled, Cancel)
    assert json.loads(expired.result)["err"]["error_code"] == expired.error_code == "TASK_EXPIRED"
    assert json.loads(cancelled.result)["err"]["error_code"] == cancelled.error_code == "TASK_CANCELLED"


def test_table_knows_every_state_and_terminal_ones_stay() -> None:
    assert set(LEGAL) == set(TaskState)
    assert {
        TaskState.COMPLETED,
        TaskState.FAILED,
        TaskState.CANCELLED,
        TaskState.EXPIRED,
    } == TERMINAL
    assert not any(is_legal(state, after) for state in TERMINAL for after in TaskState)
    reachable = {after for kind in get_args(Transition) for after in [kind.after]}
    assert reachable == TERMINAL | {TaskState.PENDING}
