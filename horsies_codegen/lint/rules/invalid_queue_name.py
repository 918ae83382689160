"""``queue_name`` is no string, or holds characters that queue names may not hold.

Allowed are 1 to 63 letters, digits, ``_``, ``.`` and ``-``.

Bad::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))

    @app.task("page", queue_name="critical queue")
    def page(*, on_call: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))

    @app.task("page", queue_name="critical")
    def page(*, on_call: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC404", __doc__)
