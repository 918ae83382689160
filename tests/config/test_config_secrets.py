"""A password with characters of a URL's own is refused where it is given, not shown where it fails."""

from __future__ import annotations

import pytest

from horsies import ConfigError, PostgresConfig


@pytest.mark.parametrize("password", ["se%cret99", "top@secret", "sec/ret", "s3cret#x", "a[b", "what?"])
def test_an_unescaped_password_is_refused_without_being_shown(password: str) -> None:
    with pytest.raises(ConfigError, match="percent-encoded") as refused:
        PostgresConfig(database_url=f"postgresql://user:{password}@host/db")
    assert password not in str(refused.value)


def test_an_escaped_password_is_taken_and_never_shown() -> None:
    config = PostgresConfig(database_url="postgresql://user:se%25cret%40@host/db?sslmode=require")
    assert "cret" not in repr(config)
    assert config.conninfo == "postgresql://user:se%25cret%40@host/db?sslmode=require"


def test_a_folder_of_sockets_in_the_query_is_taken() -> None:
    url = "postgresql://horsies@/postgres?host=%2Ftmp%2Fx&port=5432"
    assert PostgresConfig(database_url=url).conninfo == url
