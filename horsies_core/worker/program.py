"""What the children of a worker do: find the task by its name and run one attempt."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from horsies_core.policy.exceptions import ExceptionRules
from horsies_core.worker.attempt import rules_of, run_attempt, run_foreign_attempt, unknown_task
from horsies_core.worker.frames import Order
from horsies_core.worker.log import current_fields
from horsies_core.worker.reading import OWN

if TYPE_CHECKING:
    from horsies_core.codec.result import EncodedResult
    from horsies_core.task.registry import Registry

_log = logging.getLogger("horsies.worker")

HOOK_FAILED = 71
"""The exit code of a child whose start hook raised."""


class TaskProgram:
    """The tasks of a registry. Codecs and rules are built once, before the fork."""

    def __init__(
        self, registry: Registry, app_rules: ExceptionRules, start_hooks: Sequence[Callable[[], object]] = ()
    ) -> None:
        self._tasks = {name: task for name in registry.names() if (task := registry.get(name)) is not None}
        self._rules = {name: rules_of(task, app_rules) for name, task in self._tasks.items()}
        self._start_hooks = start_hooks
        for task in registry:
            task.codec.warm_up()
            for upcaster in task.upcasters:
                upcaster.warm_up()

    def start(self) -> None:
        """Run the hooks for a new child. One that raises ends the child: it would do its tasks without what they need."""
        for hook in self._start_hooks:
            try:
                hook()
            except Exception as error:
                name = getattr(hook, "__qualname__", repr(hook))
                _log.exception("a start hook failed; the child takes no task", extra={"fields": {"hook": name}})
                raise SystemExit(HOOK_FAILED) from error

    def run(self, order: Order, begin: Callable[[], None]) -> tuple[bytes, str | None] | None:
        """Run one attempt; None if the payload is of another version and cannot be read here."""
        task = self._tasks.get(order.name)
        if task is None:
            encoded = unknown_task(order.name)
            return encoded.data, encoded.error_code
        token = current_fields.set(
            {"task": order.name, "id": order.id, "attempt": order.attempt, "contract": task.fingerprint}
        )
        try:
            if order.reading == OWN:
                ran: EncodedResult | None = run_attempt(task, order.payload, self._rules[order.name], begin)
            else:
                ran = run_foreign_attempt(task, order.payload, self._rules[order.name], begin, order.reading)
        finally:
            current_fields.reset(token)
        return None if ran is None else (ran.data, ran.error_code)
