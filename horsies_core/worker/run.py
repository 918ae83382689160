"""`run_worker`: a worker for an app, from its settings to its exit code."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from horsies_core.config import AppConfig, QueueConfig, QueueMode, WorkerConfig
from horsies_core.contract.fingerprint import reader_fingerprint
from horsies_core.contract.names import DEFAULT_QUEUE
from horsies_core.contract.wire import encode_contract
from horsies_core.outcome.errors import ConfigError, StoreUnavailableError
from horsies_core.policy.exceptions import ExceptionRules
from horsies_core.policy.terms import Terms
from horsies_core.store.migrate import migrate
from horsies_core.store.operation import load_texts
from horsies_core.store.settings import StoreSettings
from horsies_core.store.work import ServedContract
from horsies_core.task.registry import Registry
from horsies_core.worker.catalogue import Catalogue
from horsies_core.worker.program import TaskProgram
from horsies_core.worker.supervisor import Supervisor

_log = logging.getLogger("horsies.worker")

_PATIENCE_S = 1.0


class WorkerApp(Protocol):
    """What a worker needs of an app."""

    @property
    def config(self) -> AppConfig: ...

    @property
    def registry(self) -> Registry: ...

    @property
    def child_start_hooks(self) -> tuple[Callable[[], object], ...]: ...

    def import_discovered(self) -> None: ...

    def store_settings(self) -> StoreSettings: ...


def run_worker(app: WorkerApp, config: WorkerConfig | None = None, queues: Sequence[str] | None = None) -> int:
    """Serve an app's tasks until a signal says to stop; return the exit code for the process.

    To be called in the main thread of a process without other threads: it forks. ``queues`` restricts the worker to some of
    the app's queues. The tables are created or brought up to date first. Raises `DiscoveryError` or `TaskDefinitionError`
    for a task module that cannot be loaded, `ConfigError` for an unknown queue, `SchemaError` for newer tables.
    """
    if sys.platform != "linux":
        raise ConfigError(f"a worker needs Linux (this is {sys.platform}); producers and the compiler run anywhere")
    config = config or app.config.worker
    app.import_discovered()
    _warn_of_threads()
    catalogue = catalogue_of(app.registry, app.config, config, queues)
    _warn_of_idleness(app.registry, catalogue)
    rules = ExceptionRules(app_mapper=app.config.exception_mapper, app_default=app.config.default_unhandled_error_code)
    program = TaskProgram(app.registry, rules, app.child_start_hooks)
    settings = app.store_settings()
    load_texts(settings.schema)
    supervisor = Supervisor(program, catalogue, settings, config, config.processes or available_processors())
    _migrate_patiently(settings)
    return supervisor.run()


def catalogue_of(
    registry: Registry, app_config: AppConfig, config: WorkerConfig, queues: Sequence[str] | None
) -> Catalogue:
    """What a worker serves. Raises `ConfigError` for a queue that the app does not have."""
    terms: dict[str, Terms] = {}
    fingerprints: dict[str, str] = {}
    readers: dict[str, str] = {}
    contracts: list[ServedContract] = []
    for task in registry:
        body = json.dumps(encode_contract(task.contract))
        contracts.append(ServedContract(fingerprint=task.fingerprint, name=task.name, body=body))
        for name in (task.name, *task.aliases):
            terms[name] = Terms.of(task.contract, config.max_recoveries)
            fingerprints[name] = task.fingerprint
            readers[name] = reader_fingerprint(task.contract)
    served = _served_queues(app_config, queues)
    return Catalogue(
        terms=terms,
        fingerprints=fingerprints,
        readers=readers,
        contracts=tuple(contracts),
        queues=tuple(queue.name for queue in served),
        limits={queue.name: queue.max_concurrency for queue in served},
        ranks={queue.name: queue.priority for queue in served},
    )


def available_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _served_queues(config: AppConfig, names: Sequence[str] | None) -> list[QueueConfig]:
    """The queues in the order of serving: the smaller the priority, the earlier; equals take turns."""
    declared: list[QueueConfig] = list(config.queues)
    if config.queue_mode is QueueMode.DEFAULT:
        declared = [QueueConfig(name=DEFAULT_QUEUE)]
    known = {queue.name for queue in declared}
    for name in names or ():
        if name not in known:
            raise ConfigError(f"there is no queue {name!r}; the app has: {', '.join(sorted(known))}")
    chosen = [queue for queue in declared if not names or queue.name in names]
    return sorted(chosen, key=lambda queue: queue.priority)


def _warn_of_threads() -> None:
    """Threads do not come along into the children, and a lock that one holds at the fork is never let go there."""
    others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if others:
        _log.warning(
            "importing the task modules started threads, which children will not have; start them in app.on_child_start",
            extra={"fields": {"threads": ",".join(others)}},
        )


def _warn_of_idleness(registry: Registry, catalogue: Catalogue) -> None:
    """A worker without tasks is a mistake nearly always; and so is a queue of its own that no task goes to."""
    used = {task.queue for task in registry}
    if not len(registry):
        _log.warning(
            "the app has no tasks, so nothing will be claimed: name their modules with app.discover_tasks([...])"
        )
    elif not used & set(catalogue.queues):
        fields = {"queues": ",".join(catalogue.queues), "tasks_are_in": ",".join(sorted(used))}
        _log.warning("no task goes to a queue that is served here", extra={"fields": fields})


def _migrate_patiently(settings: StoreSettings) -> None:
    """Bring the tables up to date; a database that is still starting is waited for."""
    while True:
        try:
            applied = migrate(settings)
        except StoreUnavailableError as error:
            _log.warning("waiting for the database", extra={"fields": {"error": str(error)}})
            time.sleep(_PATIENCE_S)
        else:
            if applied:
                _log.info("brought the tables up to date", extra={"fields": {"schema": settings.schema}})
            return
