"""Testing tasks: without a database and without a worker, or with real ones.

Without: `run_inline` does all that a worker's child does with one attempt, through the real codec: the arguments become bytes and
values again, exceptions become errors, the result is checked, stored and read back. `inline_sends` does so with every ``send``
of an app, for testing code that sends::

    with inline_sends(app) as sent:
        checkout(basket)                                   # calls send_receipt.send(...) somewhere inside
    assert [task.name for task in sent] == ["send_receipt"]

One attempt is made of each, at once: no retries, no delays, no timeouts, no deadlines; those belong to the worker.

With: `temporary_database` makes a database of its own for a while, `running_worker` runs a real worker on it. pytest has both as
fixtures (`horsies_core.pytest_plugin`): ``horsies_worker``, ``horsies_inline``, ``horsies_app``, ``horsies_database``.
"""

from horsies_core.testing.inline import InlineHandle, InlineSend, inline_sends, run_inline
from horsies_core.testing.live import RunningWorker, WorkerFailedError, running_worker, temporary_database

__all__ = [
    "InlineHandle",
    "InlineSend",
    "RunningWorker",
    "WorkerFailedError",
    "inline_sends",
    "run_inline",
    "running_worker",
    "temporary_database",
]
