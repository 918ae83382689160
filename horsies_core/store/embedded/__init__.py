"""The database behind ``Horsies()`` without a URL: a private Postgres server that comes and goes with its users.

    with EmbeddedPostgres().acquire() as lease:
        psycopg.connect(lease.url)

What happens: the data folder is made and prepared (:mod:`folder`), the caller takes a share of ``users.lock``, and
if no keeper lives in the folder, one is started (:mod:`launch`): a small detached process that makes the cluster,
runs ``postgres`` and stops it when the last user is gone (:mod:`keeper`, where the protocol is explained).

*Invariants.*

- Everything about who uses what is a kernel lock on an open file. Nothing is counted in a file or in memory, so there
  is nothing to repair after a ``kill -9``, and several leases in one process are as good as several processes.
- The order of locks is: the folder, the users' lock, the keeper's lock. The folder is locked by whoever prepares or
  starts; a keeper never takes that lock.
- The server listens on a Unix socket only. The folder's mode 0700 and its owner are the access control.
- No other user of the machine can take a name or a lock that we need, and root never writes where another account
  could have laid a link.
- Every file written is written by the account that runs the server, which is never root.

Left aside: a server per process (the producer and the worker must meet), a server that stays until stopped by hand
(that is what a database URL is for), and the manager that comes with the wheel (it leaves servers behind after a
``kill -9``, and signals process ids that it read from stale files).

Errors are :class:`EmbeddedPostgresError`; the server's log is ``server.log`` in the data folder.
"""

from __future__ import annotations

from .errors import EmbeddedPostgresError
from .manager import EmbeddedPostgres, Lease
from .place import default_data_dir

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "Lease", "default_data_dir"]
