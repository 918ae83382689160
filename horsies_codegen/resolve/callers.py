"""Which files may send tasks of a tree, told by their bytes before any parse."""

from __future__ import annotations

import re
from collections.abc import Iterable

from horsies_codegen.source.file import may_send

_SENT = re.compile(rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*)\s*\.\s*(?:send|with_options|payload)")
_RENAMED = re.compile(rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*)\s+as\s+([A-Za-z_\x80-\xff][\w\x80-\xff]*)")


class Callers:
    """Tells the files that may send one of some functions: under its own name, or under one that the file gives it.

    A file that sends a function under a name which another file gave it is not told. Asking every file that sends anything at
    all (mails, signals, packets) would mean to parse them.
    """

    def __init__(self, functions: Iterable[str]) -> None:
        self._functions = frozenset(name.encode() for name in functions)

    def __contains__(self, data: bytes) -> bool:
        if not may_send(data):
            return False
        sent = frozenset(_SENT.findall(data))
        if not sent.isdisjoint(self._functions):
            return True
        return any(new in sent and old in self._functions for old, new in _RENAMED.findall(data))
