"""Settings check themselves, and keep the password to themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from horsies_core.config import AppConfig, PostgresConfig, QueueConfig, QueueMode, WorkerConfig
from horsies_core.outcome.errors import ConfigError

URL = "postgresql+psycopg://shop:s3cr3t@db.example:5433/shop?sslmode=require&sslpassword=hush"


def test_both_forms_of_the_url() -> None:
    plain = PostgresConfig(database_url="postgresql://u@h/d")
    assert plain.conninfo == PostgresConfig(database_url="postgresql+psycopg://u@h/d").conninfo == "postgresql://u@h/d"
    assert PostgresConfig(database_url="postgres:///d").conninfo == "postgresql:///d"
    assert PostgresConfig(database_url=URL).conninfo == URL.replace("+psycopg", "")


def test_no_secret_is_shown() -> None:
    broker = PostgresConfig(database_url=URL)
    for shown in (repr(broker), str(broker), broker.shown_url, repr(AppConfig(broker=broker))):
        assert "s3cr3t" not in shown
        assert "hush" not in shown
        assert "db.example:5433" in shown
        assert "sslmode=require" in shown


@pytest.mark.parametrize("hosts", ["h", "h:", "h:1", "a:1,b,c:65535", "[::1]:5432", "%2Frun%2Fpg:5433", ""])
def test_ports_of_all_hosts(hosts: str) -> None:
    assert PostgresConfig(database_url=f"postgresql://u@{hosts}/d").conninfo == f"postgresql://u@{hosts}/d"


def test_a_wrong_url_is_refused_without_being_shown() -> None:
    for wrong in (
        "mysql://u:s3cr3t@h/d",
        "postgresql+asyncpg://u:s3cr3t@h/d",
        "postgresql://u:s3cr3t@h/a b",
        "postgresql://u:s3cr3t@[::1/d",
        "postgresql://u:s3cr3t@h\u2100/d",
        "postgresql://u:s3cr3t@h:s3cr3t/d",
        "postgresql://u:s3cr3t@h:65536/d",
        "postgresql://u:s3cr3t@h:0/d",
        "postgresql://u:s3cr3t@a:1,b:x/d",
        "s3cr3t",
    ):
        with pytest.raises(ConfigError, match="database_url") as raised:
            PostgresConfig(database_url=wrong)
        assert "s3cr3t" not in str(raised.value)


def test_defaults() -> None:
    config = AppConfig()
    assert config.broker is None
    assert config.queue_mode is QueueMode.DEFAULT
    assert config.queue_names == ("default",)
    assert config.max_payload_bytes == 1024 * 1024


def test_custom_queues() -> None:
    config = AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="b"), QueueConfig(name="a", priority=1)])
    assert config.queue_names == ("b", "a")
    assert isinstance(config.queues, tuple)


def test_the_mode_may_be_its_name() -> None:
    loose: Any = "CUSTOM"
    assert AppConfig(queue_mode=loose, queues=[QueueConfig(name="a")]).queue_mode is QueueMode.CUSTOM


def test_the_mapper_is_a_copy() -> None:
    mapper: dict[type[BaseException], str] = {TimeoutError: "TIMEOUT"}
    config = AppConfig(exception_mapper=mapper)
    mapper[ValueError] = "OTHER"
    assert config.exception_mapper == {TimeoutError: "TIMEOUT"}


Make = Callable[[], object]
loose: Any = AppConfig
WRONG: list[tuple[str, Make]] = [
    ("PostgresConfig.schema", lambda: PostgresConfig(database_url="postgresql:///d", schema='x"; drop')),
    ("PostgresConfig.pool_size", lambda: PostgresConfig(database_url="postgresql:///d", pool_size=0)),
    ("QueueConfig.name", lambda: QueueConfig(name="")),
    ("QueueConfig.name", lambda: QueueConfig(name="a b")),
    ("QueueConfig.priority", lambda: QueueConfig(name="a", priority=0)),
    ("QueueConfig.max_concurrency", lambda: QueueConfig(name="a", max_concurrency=0)),
    ("QueueConfig.max_concurrency", lambda: QueueConfig(name="a", max_concurrency=True)),
    ("AppConfig.broker", lambda: loose(broker="postgresql:///d")),
    ("AppConfig.queue_mode", lambda: loose(queue_mode="SOME")),
    ("AppConfig.queues .*DEFAULT mode", lambda: AppConfig(queues=[QueueConfig(name="a")])),
    ("AppConfig.queues is empty", lambda: AppConfig(queue_mode=QueueMode.CUSTOM)),
    ("twice", lambda: AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="a"), QueueConfig(name="a")])),
    ("AppConfig.queues", lambda: loose(queue_mode=QueueMode.CUSTOM, queues=["a"])),
    ("AppConfig.exception_mapper", lambda: loose(exception_mapper=["A"])),
    ("AppConfig.exception_mapper", lambda: loose(exception_mapper={"A": "A"})),
    ("UPPER_SNAKE", lambda: AppConfig(exception_mapper={ValueError: "bad value"})),
    ("reserved", lambda: AppConfig(exception_mapper={ValueError: "TASK_TIMEOUT"})),
    ("reserved", lambda: AppConfig(default_unhandled_error_code="PAYLOAD_INVALID")),
    ("AppConfig.max_payload_bytes", lambda: AppConfig(max_payload_bytes=0)),
    ("WorkerConfig.lease_s", lambda: WorkerConfig(lease_s=0)),
    ("WorkerConfig.processes", lambda: WorkerConfig(processes=0)),
    ("WorkerConfig.retention_hours", lambda: WorkerConfig(retention_hours=-1)),
]


@pytest.mark.parametrize(("says", "make"), WRONG)
def test_a_wrong_setting_names_its_field(says: str, make: Make) -> None:
    with pytest.raises(ConfigError, match=says):
        make()
