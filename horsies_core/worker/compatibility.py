"""Whether this worker can read what was encoded by another version of a task's contract.

A payload whose contract breaks with ours is not claimed, or given back, and waits for a worker that can: running it would burn
it. What is certain to break is refused as a whole; where it depends on the payload, or nobody knows the contract, the child's
own check decides, and what it refuses is left too.
"""

from __future__ import annotations

import json

from horsies_core.contract.compare import Relation, Verdict, contract_changes
from horsies_core.contract.task import TaskContract
from horsies_core.contract.wire import WireError, decode_contract
from horsies_core.store.work import ServedContract
from horsies_core.worker.catalogue import Catalogue
from horsies_core.worker.reading import FOREIGN, OWN


class Compatibility:
    """The verdicts on fingerprints, each reached once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._readable: dict[str, bool] = dict.fromkeys(catalogue.fingerprints.values(), True)
        self._unfit: set[str] = set()
        self._bodies = {contract.fingerprint: contract.body for contract in catalogue.contracts}

    @property
    def refused(self) -> tuple[str, ...]:
        """The fingerprints that this worker cannot read."""
        return tuple(fingerprint for fingerprint, readable in self._readable.items() if not readable)

    @property
    def unfit(self) -> tuple[str, ...]:
        """Our readers that refused single payloads: such rows are not to be claimed again."""
        return tuple(sorted(self._unfit))

    def reading(self, name: str, fingerprint: str) -> int:
        """How a payload of a task is to be read."""
        return OWN if self._catalogue.fingerprints.get(name) == fingerprint else FOREIGN

    def refuse(self, name: str) -> str:
        """A child refused a payload of this task. Returns the reader that did."""
        reader = self._catalogue.readers.get(name, "")
        self._unfit.add(reader)
        return reader

    def verdict(self, fingerprint: str) -> bool | None:
        """Whether payloads of this fingerprint can be read; None until `judge` was asked."""
        return self._readable.get(fingerprint)

    def judge(self, asked: tuple[str, ...], found: tuple[ServedContract, ...]) -> tuple[ServedContract, ...]:
        """Reach the verdicts on what was asked. A contract that nobody knows is tried. Returns the refused ones."""
        self._readable.update(dict.fromkeys(asked, True))
        refused = tuple(contract for contract in found if self._breaks(contract))
        self._readable.update({contract.fingerprint: False for contract in refused})
        return refused

    def _breaks(self, old: ServedContract) -> bool:
        body = self._bodies.get(self._catalogue.fingerprints.get(old.name, ""))
        if body is None:
            return False
        theirs, ours = _decoded(old.body), _decoded(body)
        if theirs is None or ours is None:
            return False
        return any(
            effect.relation is Relation.OLD_PAYLOADS and effect.verdict is Verdict.BREAKING
            for change in contract_changes(theirs, ours)
            for effect in change.effects
        )


def _decoded(body: str) -> TaskContract | None:
    """The contract; None for one in a form that only another version of horsies reads, which the child's check judges."""
    try:
        return decode_contract(json.loads(body))
    except WireError:
        return None
