"""What the children of a worker do: find the task by its name and run one attempt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from horsies_core.policy.exceptions import ExceptionRules
from horsies_core.worker.attempt import rules_of, run_attempt, unknown_task
from horsies_core.worker.frames import Order
from horsies_core.worker.log import current_fields

if TYPE_CHECKING:
    from horsies_core.task.registry import Registry


class TaskProgram:
    """The tasks of a registry. Codecs and rules are built once, before the fork."""

    def __init__(
        self, registry: Registry, app_rules: ExceptionRules, on_start: Callable[[], None] | None = None
    ) -> None:
        self._tasks = {name: task for name in registry.names() if (task := registry.get(name)) is not None}
        self._rules = {name: rules_of(task, app_rules) for name, task in self._tasks.items()}
        self._on_start = on_start
        for task in registry:
            task.codec.warm_up()

    def start(self) -> None:
        """Run the hook for a new child, if there is one. An exception ends the child."""
        if self._on_start is not None:
            self._on_start()

    def run(self, order: Order, begin: Callable[[], None]) -> tuple[bytes, str | None]:
        """Run one attempt."""
        task = self._tasks.get(order.name)
        if task is None:
            encoded = unknown_task(order.name)
            return encoded.data, encoded.error_code
        token = current_fields.set(
            {"task": order.name, "id": order.id, "attempt": order.attempt, "contract": task.fingerprint}
        )
        try:
            encoded = run_attempt(task, order.payload, self._rules[order.name], begin)
        finally:
            current_fields.reset(token)
        return encoded.data, encoded.error_code
