"""The settings of an app, as frozen values that check themselves.

A wrong setting raises `ConfigError`, whose message names the field and the remedy, where the value is made: at import
of the app's module, not at the first send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from horsies_core.contract.app_laws import (
    AppViolation,
    code_violations,
    queue_violations,
    routing_violations,
)
from horsies_core.contract.names import DEFAULT_QUEUE
from horsies_core.outcome.errors import ConfigError

DATABASE_URL_VARIABLE = "HORSIES_DATABASE_URL"
"""Read by an app without a broker; without it such an app runs a Postgres of its own."""

WORKER_URL_VARIABLE = "HORSIES_WORKER_URL"
"""Read by ``horsies worker``: the database to serve, whatever the app says."""

DEFAULT_MAX_PAYLOAD_BYTES = 1024 * 1024
MAX_PAYLOAD_BYTES_LIMIT = 256 * 1024 * 1024

_SCHEMES = ("postgresql", "postgres")
_SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_HOST = re.compile(r"(?:\[[^\]]*\]|[^:]*)(?::([0-9]{0,9}))?")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SECRET_WORDS = ("password", "passwd", "secret", "token", "sslkey")


class QueueMode(StrEnum):
    """How tasks are routed."""

    DEFAULT = "DEFAULT"
    """One queue, named ``default``; no task names a queue."""
    CUSTOM = "CUSTOM"
    """The queues that the app declares; each task goes to one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueConfig:
    """One queue of CUSTOM mode.

    ``priority`` (1 to 100): the smaller, the earlier its tasks are claimed. ``max_concurrency``: how many of its tasks
    run at one time over all workers; None for no limit.
    """

    name: str
    priority: int = 100
    max_concurrency: int | None = None

    def __post_init__(self) -> None:
        _raise_first(queue_violations(self.name, self.priority, self.max_concurrency))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PostgresConfig:
    """Where the queue lives.

    ``database_url`` is a libpq URL; ``postgresql+psycopg://`` is taken too. ``schema`` is the Postgres schema of horsies'
    own tables. ``pool_size`` bounds the connections of one process, ``connect_timeout_s`` the wait for one of them.
    ``listen_url`` leads past a pooler in transaction mode, for LISTEN alone; ``listen`` off: poll instead. ``prepare`` off: no
    prepared statements, for poolers that do not know them.
    """

    database_url: str
    schema: str = "horsies"
    pool_size: int = 4
    connect_timeout_s: float = 10.0
    listen: bool = True
    listen_url: str | None = None
    prepare: bool = True

    def __post_init__(self) -> None:
        _check_url("PostgresConfig.database_url", self.database_url)
        if self.listen_url is not None:
            _check_url("PostgresConfig.listen_url", self.listen_url)
        checked_schema("PostgresConfig.schema", self.schema)
        _require_int("PostgresConfig.pool_size", self.pool_size, 1, 1_000)
        _require_number("PostgresConfig.connect_timeout_s", self.connect_timeout_s, 0.1, 3_600)

    @property
    def conninfo(self) -> str:
        """The URL as libpq takes it. It holds the password: never print it."""
        return _as_libpq_takes_it(self.database_url)

    @property
    def listen_conninfo(self) -> str | None:
        """As `conninfo`, of the connection that listens; None for the same one."""
        return None if self.listen_url is None else _as_libpq_takes_it(self.listen_url)

    @property
    def shown_url(self) -> str:
        """The URL with its secrets masked, for messages and logs."""
        return _masked(self.conninfo)

    def __repr__(self) -> str:
        return f"PostgresConfig(database_url={self.shown_url!r}, schema={self.schema!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """How a worker behaves; the command line's options override it. Times are in seconds.

    ``lease_s``: a worker that has not renewed its lease for so long is taken for dead, and its tasks are recovered.
    ``poll_s``: how often it looks for work when no wake-up comes. ``drain_timeout_s``: how long running tasks may go on
    after a shutdown was asked for. ``max_tasks_per_child``: a child takes no more tasks than so many, then it is
    replaced (the first ones earlier, each at another count, so that not all are replaced at once).
    ``max_child_memory_mb``: a child is replaced after the task in which it grew over so much. ``max_recoveries``: how
    often a task that was running when its child or worker died is given another worker at all, whatever its retry
    policy says. ``retention_hours``: how long the outcomes of ended tasks are kept; None for ever.
    """

    processes: int | None = None
    lease_s: float = 15.0
    poll_s: float = 5.0
    drain_timeout_s: float = 30.0
    max_tasks_per_child: int | None = None
    max_child_memory_mb: int | None = None
    max_recoveries: int = 3
    retention_hours: float | None = 24.0 * 7

    def __post_init__(self) -> None:
        if self.processes is not None:
            _require_int("WorkerConfig.processes", self.processes, 1, 1_024)
        _require_number("WorkerConfig.lease_s", self.lease_s, 1, 3_600)
        _require_number("WorkerConfig.poll_s", self.poll_s, 0.01, 3_600)
        _require_number("WorkerConfig.drain_timeout_s", self.drain_timeout_s, 0, 7 * 24 * 3_600)
        if self.max_tasks_per_child is not None:
            _require_int("WorkerConfig.max_tasks_per_child", self.max_tasks_per_child, 1, 1_000_000_000)
        if self.max_child_memory_mb is not None:
            _require_int("WorkerConfig.max_child_memory_mb", self.max_child_memory_mb, 16, 1_048_576)
        _require_int("WorkerConfig.max_recoveries", self.max_recoveries, 0, 100)
        if self.retention_hours is not None:
            _require_number("WorkerConfig.retention_hours", self.retention_hours, 0, 24 * 3_660)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppConfig:
    """The settings of one app.

    ``broker`` None: the URL in ``HORSIES_DATABASE_URL``, else an embedded Postgres. ``queues`` belong to CUSTOM mode.
    ``exception_mapper`` and ``default_unhandled_error_code`` hold for every task that does not say otherwise.
    ``max_payload_bytes`` bounds one encoded payload and one encoded result.
    ``types`` names types that make their own wire form by code, each with the type whose form that is:
    ``{"acme.money.Money": str}``. It says here what ``[tool.horsies.codegen.types]`` says to the compiler.
    """

    broker: PostgresConfig | None = None
    queue_mode: QueueMode = QueueMode.DEFAULT
    queues: Sequence[QueueConfig] = ()
    exception_mapper: Mapping[type[BaseException], str] = field(default_factory=dict[type[BaseException], str])
    default_unhandled_error_code: str | None = None
    max_payload_bytes: int = DEFAULT_MAX_PAYLOAD_BYTES
    worker: WorkerConfig = field(default_factory=WorkerConfig)
    types: Mapping[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", _types(self.types))
        if self.broker is not None:
            _require_instance("AppConfig.broker", self.broker, PostgresConfig, "a PostgresConfig or None")
        _require_instance("AppConfig.worker", self.worker, WorkerConfig, "a WorkerConfig")
        object.__setattr__(self, "queue_mode", _queue_mode(self.queue_mode))
        object.__setattr__(self, "queues", _queues(self.queue_mode, self.queues))
        object.__setattr__(self, "exception_mapper", _exception_mapper(self.exception_mapper))
        if self.default_unhandled_error_code is not None:
            _check_code("default_unhandled_error_code", self.default_unhandled_error_code)
        _require_int("AppConfig.max_payload_bytes", self.max_payload_bytes, 64, MAX_PAYLOAD_BYTES_LIMIT)

    @property
    def queue_names(self) -> tuple[str, ...]:
        """The names of all queues; in DEFAULT mode the one there is."""
        if self.queue_mode is QueueMode.DEFAULT:
            return (DEFAULT_QUEUE,)
        return tuple(queue.name for queue in self.queues)


def _types(types: object) -> Mapping[str, object]:
    if not isinstance(types, Mapping):
        raise ConfigError(
            f"AppConfig.types maps dotted names to types, as in {{'acme.money.Money': str}}, not {types!r}"
        )
    given = dict(cast("Mapping[object, object]", types))
    for name in given:
        if not isinstance(name, str) or "." not in name:
            raise ConfigError(f"AppConfig.types names types with their module, as in 'acme.money.Money', not {name!r}")
    return cast("Mapping[str, object]", given)


def checked_schema(where: str, value: object) -> str:
    """The name of a schema. Raises `ConfigError`, which names ``where``."""
    name = _require_text(where, value)
    if _SCHEMA_NAME.fullmatch(name) is None:
        raise ConfigError(f"{where} is {name!r}; use 1 to 63 lower-case letters, digits and underscores")
    return name


def _as_libpq_takes_it(url: str) -> str:
    return "postgresql://" + url.partition("://")[2]


def _check_url(where: str, value: object) -> None:
    url = _require_url(where, value)
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in _SCHEMES:
        raise ConfigError(f"{where} must look like postgresql://user:password@host:5432/database")
    if scheme.partition("+")[2] not in ("", "psycopg"):
        raise ConfigError(
            f"{where} names the driver {scheme.partition('+')[2]!r}; horsies speaks psycopg: "
            "write postgresql:// or postgresql+psycopg://"
        )
    userinfo = rest.rpartition("@")[0]
    if any(character in userinfo for character in "@/?#[]") or _BAD_ESCAPE.search(rest):
        raise ConfigError(
            f"{where} holds a character that must be percent-encoded, in the user or the password: "
            "write urllib.parse.quote(password, safe='')"
        )
    if not _is_splittable(url):
        raise ConfigError(f"{where} names a host that is none; write an IPv6 address as [::1]")
    if not all(map(_has_port, urlsplit(url).netloc.rpartition("@")[2].split(","))):
        raise ConfigError(f"{where} names a port that is none: it must be a number from 1 to 65535, as in @host:5432/")
    if "\0" in rest or any(character.isspace() for character in rest):
        raise ConfigError(f"{where} holds white space; escape it as %20")


def _is_splittable(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:  # its text may show the whole of what stands between // and /
        return False
    return True


def _has_port(host: str) -> bool:
    """Whether what follows the host, if anything does, is a port. libpq notices only when it connects, as if nobody answered."""
    found = _HOST.fullmatch(host)
    return found is not None and (not found[1] or 0 < int(found[1]) <= 65535)


def _masked(url: str) -> str:
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    user, colon, _ = credentials.partition(":")
    shown = f"{user}:***{at}{host}" if colon else parts.netloc
    query = [
        (key, "***" if _is_secret(key) else value) for key, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    encoded = urlencode(query, safe="*/:,", quote_via=quote)
    return urlunsplit((parts.scheme, shown, parts.path, encoded, ""))


def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _SECRET_WORDS)


def _queue_mode(value: object) -> QueueMode:
    for mode in QueueMode:
        if value == mode:
            return mode
    raise ConfigError(f"AppConfig.queue_mode is {value!r}; use QueueMode.DEFAULT or QueueMode.CUSTOM")


def _queues(mode: QueueMode, value: Sequence[QueueConfig] | None) -> tuple[QueueConfig, ...]:
    queues = tuple(value or ())
    for queue in queues:
        _require_instance("AppConfig.queues", queue, QueueConfig, "a list of QueueConfig")
    _raise_first(routing_violations(mode, [queue.name for queue in queues]))
    return queues


def _exception_mapper(value: object) -> Mapping[type[BaseException], str]:
    if not isinstance(value, Mapping):
        raise _mapper_error("AppConfig.exception_mapper must be a dict of exception classes to error codes")
    checked: dict[type[BaseException], str] = {}
    for key, code in cast("Mapping[object, object]", value).items():
        if not (isinstance(key, type) and issubclass(key, BaseException)):
            raise _mapper_error(f"AppConfig.exception_mapper has the key {key!r}, which is no exception class")
        checked[key] = _check_code("exception_mapper", code)
    return checked


def _mapper_error(message: str) -> ConfigError:
    return ConfigError(f"HC307 invalid-exception-mapper: {message}", code="HC307")


def _check_code(setting: str, code: object) -> str:
    _raise_first(code_violations(setting, code))
    return str(code)


def _raise_first(broken: Iterator[AppViolation]) -> None:
    first = next(broken, None)
    if first is not None:
        raise ConfigError(first.text, code=first.code)


def _require_text(where: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{where} must be a string that is not empty, not {value!r}")
    return value


def _require_url(where: str, value: object) -> str:
    """As `_require_text`, without showing what was given: it may be a password."""
    if not isinstance(value, str) or not value:
        raise ConfigError(
            f"{where} must be a URL, not {type(value).__name__ if not isinstance(value, str) else 'empty'}"
        )
    return value


def _require_int(where: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ConfigError(f"{where} is {value!r}; it must be a whole number from {low:,} to {high:,}")


def _require_number(where: str, value: object, low: float, high: float) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise ConfigError(f"{where} is {value!r}; it must be a number from {low:,} to {high:,}")


def _require_instance(where: str, value: object, kind: type, words: str) -> None:
    if not isinstance(value, kind):
        raise ConfigError(f"{where} is {value!r}; it must be {words}")
