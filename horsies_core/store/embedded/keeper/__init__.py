"""The keeper: the small process that owns one embedded server and stops it when nobody uses it any more.

It is started once per data folder, detached from whoever started it, and is the parent of ``postgres``::

    keeper ── postgres ── ...
      └────── watcher            blocks in flock(users.lock, LOCK_EX)

Users hold ``users.lock`` shared. The watcher is a fork of the keeper that shares the keeper's open file, so the
moment when the last user has let go (closed it, or died: the kernel makes no difference) the *keeper* owns the
lock exclusively and the watcher's exit tells it so. The keeper then stops the server and exits with the lock in
its hand; whoever comes meanwhile waits for that, and starts afresh. ``os.wait()`` is the whole event loop: it
returns when the server is gone or when the users are. Nothing polls while the server serves.

*Invariants.*

- At most one keeper per folder: it holds ``keeper.lock`` exclusively as long as it lives, and only the holder
  starts a server, makes a cluster, or removes a stale file in the folder.
- No server outlives its keeper for long: the kernel sends the server a fast-shutdown signal when the keeper dies
  (Linux); elsewhere, the next keeper stops what it finds.
- No signal is sent to a process by number alone: it is our own unreaped child, or one whose program and working
  directory prove that it is the server of this very folder.
- A cluster is either absent or whole: it is made under another name and renamed.

This package runs under ``python -I -S``, as a program of its own and, for a superuser, after giving up its
rights, when the interpreter's own files may be out of reach. Hence: standard library only, relative imports only,
everything imported at the top. It keeps to modules that are cheap to import, so paths are ``str`` here.
"""
