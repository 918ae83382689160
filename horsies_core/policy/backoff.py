"""How long to wait before the next attempt."""

from __future__ import annotations

from random import Random

from horsies_core.contract.retry import RetryPolicy

JITTER = 0.25
"""A delay is spread evenly over this share to both sides."""


def retry_delay_s(policy: RetryPolicy, earlier_retries: int, rng: Random) -> float:
    """The delay before the next retry, in seconds; ``earlier_retries`` is 0 before the first.

    ``fixed``: the entry of the list. ``exponential``: the base times 2 to the power of the earlier retries; neither it nor
    its jitter goes above the cap.
    """
    if policy.strategy == "fixed":
        return _spread(policy, float(policy.delays_s[earlier_retries]), rng)
    delay_s = float(min(policy.delays_s[0] << min(earlier_retries, 64), policy.cap_s))
    return min(_spread(policy, delay_s, rng), float(policy.cap_s))


def _spread(policy: RetryPolicy, delay_s: float, rng: Random) -> float:
    return delay_s * rng.uniform(1 - JITTER, 1 + JITTER) if policy.jitter else delay_s
