"""Many values of one run in one file, for the next run of the same project to read at once.

Opening, checking and reading a thousand entries takes longer than everything else that a build with one edited file does.
So a build leaves the values that it used together, and the next one takes from there what it wants under the same keys.
A pack is a short cut and no more: each value has its own entry too, and what is not in the pack is looked for there. It is
written anew when a sixteenth of it is out of date, so one edit does not write all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple, TypeVar

from horsies_codegen.cache.store import Cache
from horsies_codegen.cache.tool import key_of

T = TypeVar("T")

LEAST = 32
"""Fewer values than this are not worth a pack."""
_STALE_PART = 16


class Packed(NamedTuple):
    """What stands in the file of a pack."""

    values: Mapping[str, object]


class Contents(NamedTuple):
    """The keys of a pack, in a small file beside it, for who wants to know what it lacks before it is read."""

    keys: frozenset[str]


class Pack:
    """The values that a run of one project uses, ``wanted`` of them, before and behind them the ``cache``."""

    def __init__(self, cache: Cache, key: str, wanted: int) -> None:
        self._cache = cache
        self._key = key
        self._is_wanted = wanted >= LEAST

    @cached_property
    def _values(self) -> Mapping[str, object]:
        found = self._cache.get(self._key, Packed) if self._is_wanted else None
        return {} if found is None else found.values

    def lacks(self, keys: Iterable[str]) -> list[str]:
        """Those of some keys that are not in the pack, which need not be read to tell."""
        contents = self._cache.get(_contents_key(self._key), Contents) if self._is_wanted else None
        return [key for key in keys if contents is None or key not in contents.keys]

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value of this type under a key, if it was packed."""
        value = self._values.get(key)
        return value if isinstance(value, kind) else None

    def keep(self, values: Mapping[str, object]) -> None:
        """Leave the values that this run used for the next one."""
        strange = sum(self._values.get(key) is not value for key, value in values.items())
        if self._is_wanted and strange * _STALE_PART > len(values):
            self._cache.put(self._key, Packed(values))
            self._cache.put(_contents_key(self._key), Contents(frozenset(values)))


def _contents_key(key: str) -> str:
    return key_of("contents", key)
