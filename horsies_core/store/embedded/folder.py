"""The data folder: made, checked, given to the account that runs the server, and locked while someone starts it.

*Invariants.*

- It has mode 0700 and belongs to the server's account. That is the whole access control: whoever gets as far as the
  socket could read the data files as well, so the server trusts every connection and a password would add nothing.
- It holds ``users.lock`` and ``keeper.lock`` before anything else can be in it, and nothing that is not ours.
- A superuser creates files in it only under a fresh name, and changes the owner only of what it has just created or
  of an empty folder of its own: a link planted there by the server's account leads nowhere.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .account import Account, is_superuser, name_of, own_account, service_account
from .errors import EmbeddedPostgresError
from .keeper import layout, locks
from .superuser import data_folder_for

_ELSEWHERE = "elsewhere"
"""A link to the real folder, where the server's account cannot reach this one."""

_NOT_FOREIGN = (layout.KEEPER_LOCK, layout.USERS_LOCK, _ELSEWHERE, "lost+found")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A prepared folder (its real path) and the account that runs its server."""

    path: Path
    account: Account


@contextmanager
def locked_folder(data_dir: Path, timeout_s: float) -> Generator[DataFolder, None, None]:
    """Make and prepare ``data_dir`` if need be, and keep every other process from doing so, or from starting a server.

    Raises :class:`OSError` when it cannot be made, :class:`EmbeddedPostgresError` when it belongs to somebody else,
    holds something else, or stays locked for ``timeout_s``.
    """
    fd = _open_and_lock(data_dir, timeout_s)
    try:
        yield _prepared(data_dir, fd)
    finally:
        locks.unlock(fd)  # a process forked meanwhile shares this open file: closing would not be enough
        os.close(fd)


def real_path(data_dir: Path) -> Path:
    """Return the folder that holds the data of ``data_dir``, which need not exist."""
    link = data_dir / _ELSEWHERE
    return link.readlink() if link.is_symlink() else data_dir.resolve()


def _open_and_lock(data_dir: Path, timeout_s: float) -> int:
    deadline = time.monotonic() + timeout_s
    while True:
        _make(data_dir)
        fd = _open(data_dir)
        if not locks.lock_within(fd, locks.EXCLUSIVE, deadline - time.monotonic()):
            os.close(fd)
            raise EmbeddedPostgresError(f"Another process has been starting the server of {data_dir} for too long.")
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(fd), data_dir.stat()):
                return fd
        os.close(fd)  # the folder was replaced meanwhile


def _open(data_dir: Path) -> int:
    try:
        return os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        owner = data_dir.stat().st_uid
        if owner == os.geteuid():
            raise
        raise EmbeddedPostgresError(_belongs_to_another(data_dir, owner)) from None


def _make(data_dir: Path) -> None:
    _make_parents(data_dir.parent)
    with contextlib.suppress(FileExistsError):
        data_dir.mkdir(mode=0o700)


def _make_parents(folder: Path) -> None:
    if folder.exists():
        return
    _make_parents(folder.parent)
    try:
        folder.mkdir()
    except FileExistsError:  # another process was faster
        return
    if is_superuser():
        folder.chmod(0o755)  # whatever the umask: the server's account has to pass
    if folder.name == ".horsies":
        (folder / ".gitignore").write_text("*\n")


def _prepared(data_dir: Path, fd: int) -> DataFolder:
    owner = os.fstat(fd).st_uid
    if not is_superuser():
        if owner != os.geteuid():
            raise EmbeddedPostgresError(_belongs_to_another(data_dir, owner))
        return _prepare(data_dir, fd, own_account())
    if owner != 0:
        return _prepare(data_dir, fd, _trusted_owner(data_dir, fd))
    account = service_account()
    if account.can_enter(data_dir.parent):
        return _prepare(data_dir, fd, account)
    return _prepare_elsewhere(data_dir, fd, account)


def _prepare(path: Path, fd: int, account: Account) -> DataFolder:
    _refuse_foreign(path, fd)
    present = os.listdir(fd)
    for name in (layout.KEEPER_LOCK, layout.USERS_LOCK):
        if name not in present:
            _create(fd, name, account)
    if stat.S_IMODE(os.fstat(fd).st_mode) != 0o700:
        os.fchmod(fd, 0o700)
    if os.fstat(fd).st_uid != account.uid:
        os.fchown(fd, account.uid, account.gid)  # last: from now on the account may do as it likes in it
    return DataFolder(path.resolve(), account)


def _prepare_elsewhere(data_dir: Path, fd: int, account: Account) -> DataFolder:
    """Use a folder that the account can reach; a link in ``data_dir`` leads there.

    Data without a link to it was left behind when ``data_dir`` was deleted, and goes the way of it.
    """
    _refuse_foreign(data_dir, fd)
    link = data_dir / _ELSEWHERE
    target = data_folder_for(data_dir)
    if link.is_symlink():
        target = link.readlink()  # of another name if the project was moved
    with contextlib.suppress(FileExistsError):
        target.mkdir(mode=0o700)
    target_fd = os.open(target, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not link.is_symlink():
            _clear_unless_used(target)
            link.symlink_to(target)
        return _prepare(target, target_fd, account)
    finally:
        os.close(target_fd)


def _clear_unless_used(folder: Path) -> None:
    try:
        keeper_lock = locks.open_lock(str(folder / layout.KEEPER_LOCK))
    except FileNotFoundError:
        return
    try:
        if not locks.lock_within(keeper_lock, locks.EXCLUSIVE, timeout_s=1.0):
            return
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name not in _NOT_FOREIGN:
                entry.unlink()
    finally:
        os.close(keeper_lock)


def _create(fd: int, name: str, account: Account) -> None:
    """Create an empty file of the account in the folder ``fd``, complete from its first moment."""
    temporary = f"{name}.{os.urandom(4).hex()}"
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=fd)
    try:
        if is_superuser():
            os.fchown(file, account.uid, account.gid)
    finally:
        os.close(file)
    os.rename(temporary, name, src_dir_fd=fd, dst_dir_fd=fd)


def _refuse_foreign(path: Path, fd: int) -> None:
    names = os.listdir(fd)
    foreign = [name for name in names if not name.startswith(_NOT_FOREIGN)]
    if foreign and layout.USERS_LOCK not in names:
        raise EmbeddedPostgresError(
            f"{path} holds something else ({sorted(foreign)[0]}), so it is left alone. "
            f"Set HORSIES_DATA_DIR to a new or an empty folder."
        )


def _trusted_owner(path: Path, fd: int) -> Account:
    """Return the owner of a folder that a superuser was given, as the account to run its server.

    A folder in a place where everybody may make one proves nothing about who was meant.
    """
    found = os.fstat(fd)
    account = Account(found.st_uid, found.st_gid)
    if path.parent.stat().st_mode & stat.S_IWOTH and account.uid != service_account().uid:
        raise EmbeddedPostgresError(_belongs_to_another(path, found.st_uid))
    if not account.can_enter(path.parent):
        raise EmbeddedPostgresError(f"{path} belongs to {name_of(account.uid)}, who cannot reach it.")
    return account


def _belongs_to_another(path: Path, owner: int) -> str:
    return (
        f"{path} belongs to {name_of(owner)}, so only {name_of(owner)} and root can use the server in it. "
        f"Set HORSIES_DATA_DIR to a folder of your own, or give a database URL."
    )
