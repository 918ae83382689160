"""What a superuser's server needs: a place that an unprivileged account can reach, for its data and its programs.

Postgres refuses to run as root, so the server runs under an existing account (see :mod:`account`), and that account
cannot pass through folders like ``/root``. Whatever it cannot reach goes to :data:`STATE_FOLDER`, which belongs to
root and which nobody else can list, write to, or lock; nobody's folders change their modes or owners. It is not in
``/var/tmp``, where files unused for some weeks are deleted one by one, which no database survives.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from .account import Account
from .binaries import PROGRAMS, REMEDY, WHEEL, Binaries
from .errors import EmbeddedPostgresError
from .keeper import locks

STATE_FOLDER = Path("/var/db/horsies" if sys.platform == "darwin" else "/var/lib/horsies")


def data_folder_for(data_dir: Path) -> Path:
    """Return where the data of ``data_dir`` stands when ``data_dir`` itself is out of the account's reach."""
    project = data_dir.parent.parent if data_dir.parent.name == ".horsies" else data_dir
    readable = re.sub(r"[^A-Za-z0-9_-]", "_", project.name)[:40]
    return _state_folder() / f"{readable}-{_key(str(data_dir.resolve()))}"


def reachable(found: Binaries, account: Account) -> Binaries:
    """Return the programs where ``account`` can run them: in place, or as a copy.

    A virtual environment under ``/root``, or one that was installed with a tight umask, is out of its reach.
    """
    if all(account.can_read(found.folder / program) for program in PROGRAMS):
        return found
    install = found.folder.parent
    if install.parent.name != WHEEL:
        raise EmbeddedPostgresError(
            f"The programs in {found.folder} are out of reach for the account that has to run them, "
            f"because Postgres refuses to run as root. {REMEDY}"
        )
    return Binaries(_copy_from_wheel(install, _state_folder()) / found.folder.name, found.major)


def _state_folder() -> Path:
    try:
        STATE_FOLDER.mkdir(mode=0o711, exist_ok=True)
        found = STATE_FOLDER.lstat()
        if found.st_uid != 0 or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o022:
            raise EmbeddedPostgresError(f"{STATE_FOLDER} must be a folder of root that nobody else may write to.")
        if stat.S_IMODE(found.st_mode) != 0o711:
            STATE_FOLDER.chmod(0o711)  # the umask narrowed it
    except OSError as error:
        raise EmbeddedPostgresError(
            f"Postgres refuses to run as root, and there is no place that both root and an ordinary account can "
            f"reach: {error}. Set HORSIES_DATA_DIR to one, run as an ordinary user, or give a database URL."
        ) from error
    return STATE_FOLDER


def _copy_from_wheel(install: Path, store: Path) -> Path:
    """Copy one of the wheel's installations and the libraries beside it; return the copy of ``install``.

    They find each other by their places in ``site-packages``, which the copy repeats. Its name says what was copied,
    so that another or an upgraded installation gets another copy.
    """
    site_packages = install.parent.parent
    stamp = (install / "bin" / "postgres").stat()
    copy = store / f"programs-{_key(f'{install}:{stamp.st_mtime_ns}:{stamp.st_size}')}"
    folder = os.open(store, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        locks.wait_for_lock(folder, locks.EXCLUSIVE)
        if not copy.exists():
            _copy_parts(site_packages, (f"{WHEEL}/{install.name}", f"{WHEEL}/.dylibs", f"{WHEEL}.libs"), copy)
    finally:
        locks.unlock(folder)
        os.close(folder)
    return copy / WHEEL / install.name


def _copy_parts(site_packages: Path, parts: tuple[str, ...], copy: Path) -> None:
    unused = shutil.ignore_patterns("pgxs", "pkgconfig", "include", "*.a")
    with tempfile.TemporaryDirectory(dir=copy.parent, prefix="copying-") as temporary:
        new = Path(temporary) / "new"
        for part in parts:
            if (site_packages / part).exists():
                shutil.copytree(site_packages / part, new / part, ignore=unused)
        for path in (new, *new.rglob("*")):
            path.chmod(0o755)
        os.sync()  # the name must not survive a power cut that the contents do not
        new.rename(copy)


def _key(text: str) -> str:
    return sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]
