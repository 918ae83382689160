"""From arguments to the row that will be stored: pure, so everything that can be refused is refused before the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        task_id,
        target.name,
        target.queue,
        target.codec.encode_payload(arguments),
        target.fingerprint,
        options.priority or DEFAULT_PRIORITY,
        None,
        options.delay_s,
        options.good_until,
        options.idempotency_key,
    )


def prepare_all(
    task_ids: Iterable[UUID], target: Target, batch: Iterable[Mapping[str, object]], options: SendOptions
) -> tuple[NewTask, ...]:
    """The rows of a batch, as `prepare`. What they have in common is looked up once."""
    name, queue, fingerprint, encode = target.name, target.queue, target.fingerprint, target.codec.encode_payload
    priority, delay_s = options.priority or DEFAULT_PRIORITY, options.delay_s
    good_until, key = options.good_until, options.idempotency_key
    return tuple(
        [
            NewTask(task_id, name, queue, encode(arguments), fingerprint, priority, None, delay_s, good_until, key)
            for task_id, arguments in zip(task_ids, batch, strict=True)
        ]
    )
