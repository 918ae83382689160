"""What generated clients are built on; for their code, not for people."""

from horsies_core.outcome.result import OtherErrorCode, TaskError, TaskResult
from horsies_core.producer.handle import TaskHandle
from horsies_core.producer.stub import ClientApp, TaskClient, TaskStub
from horsies_core.producer.unset import UNSET
from horsies_core.producer.wire_object import WireObject

__all__ = [
    "UNSET",
    "ClientApp",
    "OtherErrorCode",
    "TaskClient",
    "TaskError",
    "TaskHandle",
    "TaskResult",
    "TaskStub",
    "WireObject",
]
