"""horsies: task contracts, compiled; a background-task queue on Postgres.

    from horsies import Horsies, TaskError, TaskResult

    app = Horsies()

    @app.task("process_order")
    def process_order(*, order_id: int) -> TaskResult[str, TaskError]:
        return TaskResult(ok=f"Order {order_id} processed")

This package only re-exports. Names are loaded when they are first asked for, so importing it costs next to nothing;
`horsies.client` holds what generated clients need.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue as JsonValue

    from horsies_core.app import Horsies as Horsies
    from horsies_core.config import AppConfig as AppConfig
    from horsies_core.config import PostgresConfig as PostgresConfig
    from horsies_core.config import QueueConfig as QueueConfig
    from horsies_core.config import QueueMode as QueueMode
    from horsies_core.config import WorkerConfig as WorkerConfig
    from horsies_core.contract.codes import ContractErrorCode as ContractErrorCode
    from horsies_core.contract.codes import OperationalErrorCode as OperationalErrorCode
    from horsies_core.contract.codes import OutcomeErrorCode as OutcomeErrorCode
    from horsies_core.contract.codes import RetrievalErrorCode as RetrievalErrorCode
    from horsies_core.contract.retry import RetryPolicy as RetryPolicy
    from horsies_core.outcome.errors import ConfigError as ConfigError
    from horsies_core.outcome.errors import ContractMismatchError as ContractMismatchError
    from horsies_core.outcome.errors import DiscoveryError as DiscoveryError
    from horsies_core.outcome.errors import DuplicateTaskError as DuplicateTaskError
    from horsies_core.outcome.errors import EnqueueError as EnqueueError
    from horsies_core.outcome.errors import HorsiesError as HorsiesError
    from horsies_core.outcome.errors import IdempotencyConflictError as IdempotencyConflictError
    from horsies_core.outcome.errors import PayloadError as PayloadError
    from horsies_core.outcome.errors import PayloadProblem as PayloadProblem
    from horsies_core.outcome.errors import PayloadTooLargeError as PayloadTooLargeError
    from horsies_core.outcome.errors import ResultError as ResultError
    from horsies_core.outcome.errors import ResultTimeoutError as ResultTimeoutError
    from horsies_core.outcome.errors import SchemaError as SchemaError
    from horsies_core.outcome.errors import SendDuringDiscoveryError as SendDuringDiscoveryError
    from horsies_core.outcome.errors import SendError as SendError
    from horsies_core.outcome.errors import SendOptionError as SendOptionError
    from horsies_core.outcome.errors import StoreError as StoreError
    from horsies_core.outcome.errors import StoreUnavailableError as StoreUnavailableError
    from horsies_core.outcome.errors import TaskDefinitionError as TaskDefinitionError
    from horsies_core.outcome.errors import TaskOptionError as TaskOptionError
    from horsies_core.outcome.result import Err as Err
    from horsies_core.outcome.result import JsonLike as JsonLike
    from horsies_core.outcome.result import Ok as Ok
    from horsies_core.outcome.result import OtherErrorCode as OtherErrorCode
    from horsies_core.outcome.result import Outcome as Outcome
    from horsies_core.outcome.result import TaskError as TaskError
    from horsies_core.outcome.result import TaskResult as TaskResult
    from horsies_core.outcome.result import is_err as is_err
    from horsies_core.outcome.result import is_ok as is_ok
    from horsies_core.policy.states import TaskState as TaskState
    from horsies_core.producer.handle import TaskHandle as TaskHandle
    from horsies_core.producer.options import SendOptions as SendOptions
    from horsies_core.producer.task import Task as Task
    from horsies_core.store.rows import PastAttempt as PastAttempt
    from horsies_core.store.rows import TaskInfo as TaskInfo

_HOMES = {
    "pydantic": ("JsonValue",),
    "horsies_core.app": ("Horsies",),
    "horsies_core.config": ("AppConfig", "PostgresConfig", "QueueConfig", "QueueMode", "WorkerConfig"),
    "horsies_core.contract.codes": (
        "ContractErrorCode",
        "OperationalErrorCode",
        "OutcomeErrorCode",
        "RetrievalErrorCode",
    ),
    "horsies_core.contract.retry": ("RetryPolicy",),
    "horsies_core.outcome.errors": (
        "ConfigError",
        "ContractMismatchError",
        "DiscoveryError",
        "DuplicateTaskError",
        "EnqueueError",
        "HorsiesError",
        "IdempotencyConflictError",
        "PayloadError",
        "PayloadProblem",
        "PayloadTooLargeError",
        "ResultError",
        "ResultTimeoutError",
        "SchemaError",
        "SendDuringDiscoveryError",
        "SendError",
        "SendOptionError",
        "StoreError",
        "StoreUnavailableError",
        "TaskDefinitionError",
        "TaskOptionError",
    ),
    "horsies_core.outcome.result": (
        "Err",
        "JsonLike",
        "Ok",
        "OtherErrorCode",
        "Outcome",
        "TaskError",
        "TaskResult",
        "is_err",
        "is_ok",
    ),
    "horsies_core.policy.states": ("TaskState",),
    "horsies_core.producer.handle": ("TaskHandle",),
    "horsies_core.producer.options": ("SendOptions",),
    "horsies_core.producer.task": ("Task",),
    "horsies_core.store.rows": ("PastAttempt", "TaskInfo"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__version__ = "0.1.0"


if not TYPE_CHECKING:  # hidden from type checkers, which would take any name for a good one
    # Else `from horsies import *` would give nothing of it: nothing is loaded yet.
    globals()["__all__"] = list(_HOME_OF)

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module 'horsies' has no attribute {name!r}")
        value: object = getattr(import_module(home), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_HOME_OF})
