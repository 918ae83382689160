"""Making the Postgres data directory, once, wholly or not at all."""

from __future__ import annotations

import os
import signal

from . import children, layout
from .failure import KeeperError, describe

_INITDB_OPTIONS = (
    f"--username={layout.SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C",  # the same order of text on every machine, untouched by upgrades of the C library
    "--auth-local=trust",  # the folder's mode decides who gets as far as the socket
    "--auth-host=reject",
    "--no-instructions",
)

_SETTINGS = """
# A small private server, written by horsies when it made this data directory. It may be changed:
# by hand, or with ALTER SYSTEM. Measured: about 13 MB at rest.
shared_buffers = 32MB
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
jit = off                              # short statements only
wal_level = minimal                    # nobody replicates from here
max_wal_senders = 0
max_replication_slots = 0
max_logical_replication_workers = 0
max_worker_processes = 0
max_parallel_workers = 0
autovacuum_max_workers = 2
autovacuum_naptime = 15s               # the queue's tables are small and churn
max_wal_size = 256MB
checkpoint_completion_target = 0.9
log_checkpoints = off
log_autovacuum_min_duration = -1
"""
_SETTINGS_SINCE_18 = "io_method = sync                       # no helper processes for reading\n"


def ensure_cluster(bin_dir: str, home: str) -> str:
    """Return the path of the cluster of ``home``, made now if there was none.

    Raises :class:`KeeperError` with what ``initdb`` printed.
    """
    cluster = os.path.join(home, layout.CLUSTER)
    _remove_unfinished(home)
    if not os.path.exists(cluster):
        new = os.path.join(home, f"{layout.UNFINISHED}{os.urandom(4).hex()}")
        try:
            _initdb(bin_dir, home, new)
            _configure(new)
            os.rename(new, cluster)
            _sync_folder(home)
        finally:
            _remove_unfinished(home)
    return cluster


def _initdb(bin_dir: str, home: str, new: str) -> None:
    program = os.path.join(bin_dir, "initdb")
    read, write = os.pipe()
    child = children.spawn((program, "--pgdata", new, *_INITDB_OPTIONS), write, signal.SIGKILL)
    os.close(write)
    with open(read, encoding="utf-8", errors="replace") as output:
        printed = output.read()
    code = children.wait_for(child)
    if code != 0:
        raise KeeperError(describe(f"{program} failed with exit code {code}:", printed, home))


def _configure(new: str) -> None:
    with open(os.path.join(new, "PG_VERSION"), encoding="utf-8") as file:
        version = int(file.read())
    with open(os.path.join(new, "postgresql.conf"), "a", encoding="utf-8") as file:
        file.write(_SETTINGS)
        if version >= 18:
            file.write(_SETTINGS_SINCE_18)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: str) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _remove_unfinished(home: str) -> None:
    for name in os.listdir(home):
        if name.startswith(layout.UNFINISHED):
            _remove_tree(os.path.join(home, name))


def _remove_tree(top: str) -> None:
    """``shutil.rmtree`` for plain files and folders, without its price at import."""
    for folder, folders, files in os.walk(top, topdown=False):
        for name in files:
            os.unlink(os.path.join(folder, name))
        for name in folders:
            os.rmdir(os.path.join(folder, name))
    os.rmdir(top)
