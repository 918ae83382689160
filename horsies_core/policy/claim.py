"""`Claimed`: a task as the one who holds it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed task. ``claims`` is the fence: a write with an older one changes nothing.

    ``attempt`` counts earlier attempts, ``losses`` how often a child or worker died while holding it. ``good_until`` is in
    seconds since the epoch, by the database's clock. ``marked`` says that the start is durably recorded.
    """

    id: UUID
    name: str
    queue: str
    fingerprint: str
    payload: bytes
    claims: int
    attempt: int
    losses: int
    good_until: float | None
    marked: bool
