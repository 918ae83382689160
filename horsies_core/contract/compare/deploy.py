"""The order of deployment that follows from what happens to payloads.

Old payloads at new workers (a), and new payloads at old workers (b): if only b breaks, workers go first; if only a breaks,
producers go first and the queue is drained before the workers follow; if both do, no order helps.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from horsies_core.contract.compare.change import Change, Relation, Verdict, worst


class DeployOrder(StrEnum):
    """Which side may be deployed first."""

    ANY = "any"
    WORKERS_FIRST = "workers-first"
    PRODUCERS_FIRST = "producers-first"
    NONE = "none"

    @property
    def advice(self) -> str:
        """The order in words."""
        return _ADVICE[self]


_ADVICE = {
    DeployOrder.ANY: "any order",
    DeployOrder.WORKERS_FIRST: "workers first, then producers",
    DeployOrder.PRODUCERS_FIRST: "producers first, let the queue drain, then workers",
    DeployOrder.NONE: "no order is safe: expand and contract in several deploys, or use a new task name",
}


def deploy_order(changes: Iterable[Change]) -> DeployOrder:
    """The order in which the changes can be deployed together."""
    told = tuple(changes)
    old_break = worst(told, Relation.OLD_PAYLOADS) >= Verdict.CONDITIONAL
    new_break = worst(told, Relation.NEW_PAYLOADS) >= Verdict.CONDITIONAL
    if old_break and new_break:
        return DeployOrder.NONE
    if old_break:
        return DeployOrder.PRODUCERS_FIRST
    return DeployOrder.WORKERS_FIRST if new_break else DeployOrder.ANY
