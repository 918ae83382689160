"""What each kind of role needs, and nothing beyond it: one file of GRANT statements a kind.

They are printed, never executed: who may do what is decided by whoever owns the database.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import resources

from horsies_core.store.operation import in_schema, quoted


class RoleKind(StrEnum):
    """What a role is for."""

    PRODUCER = "producer"
    """Sends tasks and reads their results."""
    CANCELLER = "canceller"
    """Cancels tasks as well: given beside ``PRODUCER``."""
    WORKER = "worker"
    """Runs tasks."""
    OBSERVER = "observer"
    """Looks at counts and times."""


def grants_sql(kind: RoleKind, role: str, schema: str) -> str:
    """The statements that give a role what its kind needs, for the schema's owner to run. May be repeated."""
    text = resources.files("horsies_core.store").joinpath("grants", f"{kind}.sql").read_text(encoding="utf-8")
    return in_schema(text, schema).replace("{role}", quoted(role))
