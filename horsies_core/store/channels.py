"""The names of the notification channels. Postgres allows 63 bytes, so the schema's name goes in as a digest."""

from __future__ import annotations

import hashlib
import uuid

CANCEL = "cancel"
"""What a worker's bell says when there is something to stop."""


def bell_prefix(schema: str) -> str:
    """What a worker's own channel begins with; its number follows."""
    return f"horsies_{_digest(schema)}_w"


def new_reply_channel(schema: str) -> str:
    """A channel on which one process hears of the tasks it waits for."""
    return f"horsies_{_digest(schema)}_r{uuid.uuid4().hex}"


def _digest(schema: str) -> str:
    return hashlib.sha256(schema.encode()).hexdigest()[:12]
