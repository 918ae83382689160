"""The producer of a storm: it sends what the plan says, and sends again what the database did not take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from horsies_core.outcome.errors import EnqueueError, StoreUnavailableError
from horsies_core.producer.handle import TaskHandle
from horsies_core.producer.options import SendOptions
from horsies_core.store.enqueue import insert_again
from horsies_core.store.ids import new_id
from horsies_core.store.rows import NewTask
from storm.app import app
from storm.plan import Send
from storm.server import PATIENCE_S

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent:
    """A task that was stored: its id, the exact payload, and the moment after which it must not begin (monotonic clock)."""

    send: Send
    id: UUID
    payload: str
    begin_before: float | None


class Producer:
    """Sends through the app, as user code does."""

    def __init__(self, revive: Callable[[], None]) -> None:
        self._revive = revive
        self.sent: dict[int, Sent] = {}
        self.replays = 0
        self.cancelled: set[int] = set()
        self._to_cancel: list[tuple[float, int, TaskHandle[Any, Any]]] = []

    def send(self, sends: Iterable[Send], *, in_bulk: bool) -> None:
        """Store all of them; those without any option in one go if ``in_bulk``."""
        plain = [send for send in sends if in_bulk and send.kind == "fast" and send == _without_options(send)]
        if plain:
            self._send_many(plain)
        for send in sends:
            if send not in plain:
                self._send_nobodys(send) if send.name == "nobodys" else self._send_one(send)

    def cancel_due(self) -> None:
        """Cancel the tasks whose time for it has come; for those that have ended it is too late."""
        now = time.monotonic()
        due = [each for each in self._to_cancel if each[0] <= now]
        self._to_cancel = [each for each in self._to_cancel if each[0] > now]
        for _, key, handle in due:
            if self._insist(handle.cancel):
                self.cancelled.add(key)

    def cancel_rest(self) -> None:
        """Cancel everything that is still to be cancelled."""
        while self._to_cancel:
            self.cancel_due()
            time.sleep(0.02)

    def _send_one(self, send: Send) -> None:
        target = app.registry.get(send.name)
        assert target is not None
        now, clock = time.monotonic(), datetime.now(UTC)
        good_until = None if send.good_for_s is None else clock + timedelta(seconds=send.good_for_s)
        options = SendOptions(delay=send.delay_s, good_until=good_until, priority=send.priority)
        [handle] = self._stored(lambda: [app.sender.send(target, send.arguments, options)])
        payload = target.codec.encode_payload(send.arguments).decode()
        begin_before = None if send.good_for_s is None else now + send.good_for_s
        self.sent[send.key] = Sent(send, handle.task_id, payload, begin_before)
        if send.cancel_after_s is not None:
            self._to_cancel.append((now + send.cancel_after_s, send.key, handle))

    def _send_many(self, sends: list[Send]) -> None:
        target = app.registry.get(sends[0].name)
        assert target is not None
        handles = self._stored(lambda: app.sender.send_many(target, [send.arguments for send in sends], SendOptions()))
        for send, handle in zip(sends, handles, strict=True):
            payload = target.codec.encode_payload(send.arguments).decode()
            self.sent[send.key] = Sent(send, handle.task_id, payload, None)

    def _send_nobodys(self, send: Send) -> None:
        """A task of which no worker has ever heard."""
        payload = f'{{"key":{send.key}}}'
        row = NewTask(id=new_id(), name=send.name, queue="default", payload=payload.encode(), fingerprint="0" * 32)

        def store() -> None:
            opened = app.open_store()
            opened.run(insert_again([row], opened.bell))

        self._insist(store)
        self.sent[send.key] = Sent(send, row.id, payload, None)

    def _stored(self, send: Callable[[], list[TaskHandle[Any, Any]]]) -> list[TaskHandle[Any, Any]]:
        try:
            return send()
        except EnqueueError as error:
            return self._replayed(error)

    def _replayed(self, error: EnqueueError) -> list[TaskHandle[Any, Any]]:
        give_up = time.monotonic() + PATIENCE_S
        while True:
            assert error.retryable, error
            assert time.monotonic() < give_up, error
            self.replays += 1
            self._revive()
            try:
                return app.replay(error)
            except EnqueueError as again:
                error = again

    def _insist(self, work: Callable[[], T]) -> T:
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                return work()
            except StoreUnavailableError:
                assert time.monotonic() < give_up
                self._revive()


def _without_options(send: Send) -> Send:
    return Send(key=send.key, kind=send.kind, name=send.name, arguments=send.arguments)
