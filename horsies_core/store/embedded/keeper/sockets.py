"""Where the server's socket stands: in the data folder, or, when that path cannot be one, in a private short one.

The name of a Unix socket has at most 107 bytes on Linux and 103 on macOS, and ``unix_socket_directories`` and a
connection URL's ``host`` are lists separated by commas. A folder that does not fit gets a stand-in: a new folder
with a random name and mode 0700 in ``/tmp``, published as a symbolic link in the data folder. The name is random
because a predictable one could be taken by another user first.
"""

from __future__ import annotations

import contextlib
import os
import stat

from . import layout

_MAX_BYTES = 103
_SHORT_PARENT = "/tmp"  # noqa: S108  (each folder in it is made by us, with a random name and mode 0700)


def prepare_socket_folder(home: str) -> str:
    """Return the folder for the socket of ``home``, made and published if need be."""
    link = os.path.join(home, layout.SOCKET_LINK)
    if _fits(home):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(link)
        return home
    published = layout.socket_folder(home)
    if published != home and _is_private(published):
        return published  # left by a killed keeper: users may still have its path
    return _publish(link)


def discard_socket_folder(home: str) -> None:
    """Remove the stand-in of ``home``, if it has one."""
    folder = layout.socket_folder(home)
    if folder == home:
        return
    os.unlink(os.path.join(home, layout.SOCKET_LINK))
    with contextlib.suppress(OSError):  # somebody put a file there: it is theirs
        os.rmdir(folder)


def remove_socket(folder: str) -> None:
    """Remove the socket and its lock file; for when the server they belong to is known to be gone."""
    path = layout.socket_path(folder)
    for name in (path, f"{path}.lock"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _fits(folder: str) -> bool:
    if "," in folder or '"' in folder or folder != folder.strip() or not folder.isprintable():
        return False
    return len(os.fsencode(layout.socket_path(folder))) <= _MAX_BYTES


def _is_private(folder: str) -> bool:
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _publish(link: str) -> str:
    folder = os.path.join(_SHORT_PARENT, f"horsies-{os.urandom(8).hex()}")
    os.mkdir(folder, 0o700)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(link)
    os.symlink(folder, link)
    return folder
