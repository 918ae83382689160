"""From arguments to the row that will be stored: pure, so everything that can be refused is refused before the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from horsies_core.producer.options import SendOptions
from horsies_core.store.rows import DEFAULT_PRIORITY, NewTask

if TYPE_CHECKING:
    from horsies_core.codec.task import TaskCodec


class Target(Protocol):
    """What a send must know of a task: a registered function has it, and so has a generated stub."""

    @property
    def name(self) -> str:
        """The task's name."""
        ...

    @property
    def queue(self) -> str:
        """The queue of its contract."""
        ...

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its contract."""
        ...

    @property
    def codec(self) -> TaskCodec:
        """Its codec."""
        ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """One send, or one `send_many`, as it went or would have gone to the database."""

    target: Target
    rows: tuple[NewTask, ...]


def prepare(task_id: UUID, target: Target, arguments: Mapping[str, object], options: SendOptions) -> NewTask:
    """The row of one send: the same whether the app or a generated client sends it. Raises `PayloadError`."""
    return NewTask(
        id=task_id,
        name=target.name,
        queue=target.queue,
        payload=target.codec.encode_payload(arguments),
        fingerprint=target.fingerprint,
        priority=options.priority or DEFAULT_PRIORITY,
        delay_s=options.delay_s,
        good_until=options.good_until,
        idempotency_key=options.idempotency_key,
    )
