"""The whole build: sources → findings and files. Nothing here writes a generated file.

::

    tree ─▶ sift ─▶ each file with tasks: parse, resolve, judge ─▶ join ─▶ suppressions ─▶ selection ─▶ gate ─▶ emit
            bytes   (in several processes, or from the cache)      all files

Where there are tasks, files that only send them are sifted from the others once the names of tasks are known, and go the same way.

`inspect` is that way up to the gate, fast: only small values of a file outlive its turn (`Judged`), so memory does not
grow with the tree. `analyse` is the same with every task at hand, in one process, for what needs them (`breaking`,
`schema`).

Invariants. Both give the same findings. What a file comes to depends on its text, on the settings, on the version of this
tool and on the look-ups that were noted, those that found nothing among them; a cached result counts only if all of these
are the same, so a cache never changes a result. The gate is all or nothing: if anything reported is an error, there are no
files. Neither a comment nor a setting opens it for a task that breaks a law: such a task has no contract.
"""

from horsies_codegen.pipeline.analysis import Analysis, analyse, gated, lock_entries
from horsies_codegen.pipeline.building import Building
from horsies_codegen.pipeline.burial import tombstones_after
from horsies_codegen.pipeline.drawn import entries_of
from horsies_codegen.pipeline.effort import Effort, Progress
from horsies_codegen.pipeline.inspection import Inspection, inspect
from horsies_codegen.pipeline.plan import Order, Plan, plan_of

__all__ = [
    "Analysis",
    "Building",
    "Effort",
    "Inspection",
    "Order",
    "Plan",
    "Progress",
    "analyse",
    "entries_of",
    "gated",
    "inspect",
    "lock_entries",
    "plan_of",
    "tombstones_after",
]
