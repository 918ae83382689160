"""Whether this worker can read what was encoded by another version of a task's contract.

A payload whose contract breaks with ours is not claimed, or given back, and waits for a worker that can: running it would burn
it. What is certain to break is refused as a whole; where it depends on the payload, or nobody knows the contract, the child's
own check decides, and what it refuses is left too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from horsies_core.contract.compare import Change, Relation, Verdict, contract_changes, upcaster_for
from horsies_core.contract.task import TaskContract
from horsies_core.contract.wire import WireError, decode_contract
from horsies_core.store.work import ServedContract
from horsies_core.worker.catalogue import Catalogue
from horsies_core.worker.reading import FIRST_UPCASTER, FOREIGN, OWN


class Compatibility:
    """The verdicts on fingerprints, each reached once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._readable: dict[str, bool] = dict.fromkeys(catalogue.fingerprints.values(), True)
        self._upcasters: dict[str, int] = {}
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
        if self._catalogue.fingerprints.get(name) == fingerprint:
            return OWN
        return self._upcasters.get(fingerprint, FOREIGN)

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
        breaks = _is_broken(contract_changes(theirs, replace(ours, upcasters=())))
        upcaster = upcaster_for(theirs, ours, is_needed=breaks)
        if upcaster is not None:
            self._upcasters[old.fingerprint] = FIRST_UPCASTER + upcaster
        return breaks and upcaster is None


def _is_broken(changes: Iterable[Change]) -> bool:
    return any(change.verdict(Relation.OLD_PAYLOADS) is Verdict.BREAKING for change in changes)


def _decoded(body: str) -> TaskContract | None:
    """The contract; None for one in a form that only another version of horsies reads, which the child's check judges."""
    try:
        return decode_contract(json.loads(body))
    except WireError:
        return None
