"""One slot on its own: what the loop may do to it in any order."""

from __future__ import annotations

from typing import Any

from horsies_core.worker.marks import Marks
from horsies_core.worker.slot import Phase, Slot


class NoTemplate:
    """Forks nothing: the child of the slot is never there."""

    def spawn(self, *_: object) -> None: ...

    def kill(self, *_: object) -> None: ...


def test_buried_child_may_be_read_once_more() -> None:
    """The loop hears of a death from the template and from the pipe in one round, in any order."""
    slot, template = Slot(0, Marks(1)), NoTemplate()
    started: Any = template
    slot.start(started)
    slot.bury("killed by SIGKILL")
    assert slot.phase is Phase.EMPTY
    assert list(slot.read(0.0)) == []
    assert slot.take_back() == []
