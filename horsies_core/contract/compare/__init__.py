"""What a change of contracts would break, with a payload that proves it.

A queue holds payloads of many writers at once, so the question is not whether the schema changed but whether readers take
what writers wrote: four inclusions between what is written and what is taken (`Relation`). `compare` takes two locks and
gives `Change` values: each told once, with a verdict and a witness for every relation it touches, and a remedy.

How: `inclusion` proves on type nodes, coinductively, with a part for `unions`, `lists`, `objects` and their `keys`; `leaves`
and `numbers` know scalars exactly; `records` sees models and dictionaries as one kind of thing. `samples` proposes values at
the edges of the constraints, `membership` says whether a value may be written and is taken, without looking at the proof.
`values` turns mismatches into changes by the table of the documentation; `task` and `project` add what is not on the wire:
queues, retries, names.

Invariants. Standard library only, pure. Unproven is breaking: a false alarm costs an acknowledgement, a false pass an outage.
Every witness was confirmed by `membership` on both sides. The order of parameters, fields, members and definitions, and
the names of types, never matter. Every kind of change has its mirror, or a written waiver in the tests.

Taken for not written, on purpose: numbers beyond a float, decimals of more than 28 significant digits.
"""

from horsies_core.contract.compare.catalogue import KINDS, Kind
from horsies_core.contract.compare.change import Change, Effect, Relation, Verdict, worst
from horsies_core.contract.compare.deploy import DeployOrder, deploy_order
from horsies_core.contract.compare.live import LiveChange, LiveComparison, compare_live
from horsies_core.contract.compare.policy import Mode, Standing, standing
from horsies_core.contract.compare.project import Comparison, compare
from horsies_core.contract.compare.task import contract_changes, entry_changes
from horsies_core.contract.compare.upcast import upcaster_for

__all__ = [
    "KINDS",
    "Change",
    "Comparison",
    "DeployOrder",
    "Effect",
    "Kind",
    "LiveChange",
    "LiveComparison",
    "Mode",
    "Relation",
    "Standing",
    "Verdict",
    "compare",
    "compare_live",
    "contract_changes",
    "deploy_order",
    "entry_changes",
    "standing",
    "upcaster_for",
    "worst",
]
