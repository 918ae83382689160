"""The committed lock → the tombstones of the lock that follows it.

In most builds there is nothing to bury: the lock has no tombstones, and every name in it is still served. To see that, its names
suffice; those of a lock that this tool wrote are kept under the hash of its text, since reading all of it as JSON took a
sixth of a build with one edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from horsies_codegen.cache import Cache, key_of
from horsies_codegen.emit import LOCK_PATH, Portion
from horsies_codegen.pipeline.drawn import entries_of
from horsies_codegen.write import digest_of
from horsies_core.contract.lock import Lock, Tombstone, read_lock, served_names
from horsies_core.contract.tombstones import buried
from horsies_core.contract.wire import WireError


class Served(NamedTuple):
    """The names and aliases in a lock."""

    names: tuple[str, ...]


def tombstones_after(out: Path, portions: Sequence[Portion], cache: Cache | None) -> tuple[Tombstone, ...]:
    """The names that the committed lock buried, and those that it has and these tasks have not."""
    previous = _previous(out, _served(portions), cache)
    return () if previous is None else buried(previous, entries_of(portions))


def keep_served(digest: str, portions: Sequence[Portion], cache: Cache) -> None:
    """Keep the names in a lock that these tasks make, and whose text has this hash."""
    cache.put(_key(digest), Served(tuple(sorted(_served(portions)))))


def _served(portions: Sequence[Portion]) -> frozenset[str]:
    return frozenset(name for portion in portions for name in portion.served)


def _previous(out: Path, served: frozenset[str], cache: Cache | None) -> Lock | None:
    """The committed lock, if there is a name in it to bury.

    A lock that cannot be read was not written by us: comparing finds it.
    """
    try:
        text = (out / LOCK_PATH).read_text(encoding="utf-8")
        return read_lock(text) if _buries(text, served, cache) else None
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, WireError):
        return None


_NO_TOMBSTONES = '\n  "tombstones": {}\n'
"""How a lock without tombstones ends."""


def _buries(text: str, served: frozenset[str], cache: Cache | None) -> bool:
    """Whether a lock holds a tombstone, or a name that is gone; asked first, because `read_lock` checks every fingerprint."""
    return _NO_TOMBSTONES not in text or not served.issuperset(_names_in(text, cache))


def _names_in(text: str, cache: Cache | None) -> frozenset[str] | tuple[str, ...]:
    kept = None if cache is None else cache.get(_key(digest_of(text)), Served)
    return served_names(text) if kept is None else kept.names


def _key(digest: str) -> str:
    return key_of("served", digest)
