"""Structured logs: one line an event, as text or JSON, never coloured, with the task, its attempt and its contract in it.

Fields are given as ``extra={"fields": {...}}``; lines written while a task runs carry that task's fields too, whoever
writes them, if they go through a logger below ``horsies``.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from typing_extensions import override

from horsies_core.policy.claim import Claimed

LogFormat: TypeAlias = Literal["text", "json"]

current_fields: ContextVar[Mapping[str, object]] = ContextVar("horsies_log_fields", default={})  # noqa: B039  # read only
"""The fields of the task that runs in this context."""


def task_fields(claimed: Claimed, contract: str | None = None) -> dict[str, object]:
    """What every line about a claimed task says. ``contract``: the worker's own fingerprint, else the payload's."""
    return {
        "task": claimed.name,
        "id": claimed.id,
        "attempt": claimed.attempt + 1,
        "contract": contract or claimed.fingerprint,
    }


def set_up(log_format: LogFormat, level: str) -> None:
    """Let log lines go to standard error, one line an event: horsies' own, and user code's unless it set up logging itself."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logger = logging.getLogger("horsies")
    logger.handlers = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(handler)
        root.setLevel(level.upper())


class TextFormatter(logging.Formatter):
    """``2026-01-31T12:00:00.123Z INFO task failed task=send_email attempt=2``"""

    @override
    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{key}={_shown(value)}" for key, value in _fields(record).items())
        line = f"{_time(record)} {record.levelname} {record.getMessage()} {fields}".rstrip()
        return _with_trace(self, record, line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ``time``, ``level``, ``event``, the fields, ``trace`` for an exception."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    own: Mapping[str, object] = getattr(record, "fields", {})
    return {**current_fields.get(), "pid": record.process, **own}


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(value: object) -> str:
    text = str(value)
    return json.dumps(text) if not text or any(character in ' "=\n\r\t' for character in text) else text


def _with_trace(formatter: logging.Formatter, record: logging.LogRecord, line: str) -> str:
    return f"{line}\n{formatter.formatException(record.exc_info)}" if record.exc_info else line
