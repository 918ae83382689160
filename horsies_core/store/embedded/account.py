"""The operating-system account that runs the server, and which paths it can reach."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedPostgresError

_SERVICE_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user and its primary group; the server gets no other groups."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Return whether the mode bits let it pass through ``folder`` and every folder above, links followed."""
        real = folder.resolve()
        return all(self._has(step, stat.S_IXUSR) for step in (folder, *folder.parents, real, *real.parents))

    def can_read(self, path: Path) -> bool:
        """Return whether it can reach and read ``path``, and run it if it is a program."""
        return self.can_enter(path.parent) and self._has(path, stat.S_IRUSR)

    def _has(self, path: Path, owner_bit: int) -> bool:
        found = path.stat()
        if self.uid == 0:
            return True
        if found.st_uid == self.uid:
            return bool(found.st_mode & owner_bit)
        if found.st_gid == self.gid:
            return bool(found.st_mode & owner_bit >> 3)
        return bool(found.st_mode & owner_bit >> 6)


def is_superuser() -> bool:
    return os.geteuid() == 0


def own_account() -> Account:
    return Account(os.geteuid(), os.getegid())


def service_account() -> Account:
    """Return the account that runs a superuser's server, since Postgres refuses to be run by one.

    An existing one is used, none is ever created: ``postgres`` where there is one, else ``nobody``.
    """
    for name in _SERVICE_ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise EmbeddedPostgresError(
        "Postgres refuses to run as root, and this machine has neither a 'postgres' nor a 'nobody' account. "
        "Run as an ordinary user, or give a database URL."
    )


def name_of(uid: int) -> str:
    """Return the account's name for messages, or its number if it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
