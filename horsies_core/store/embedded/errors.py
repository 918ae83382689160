"""The one error of this package."""

from __future__ import annotations

from horsies_core.outcome.errors import HorsiesError


class EmbeddedPostgresError(HorsiesError):
    """The embedded server cannot be had; the text says why, with the server's last words, and what to do."""
