"""The command line of the runtime: ``horsies worker``, ``migrate``, ``check``, ``status``.

What: `main`, and a module a command, listed in `COMMANDS` and imported when the command is called, so that ``--help`` costs
neither pydantic nor psycopg.

Invariants: what was asked for goes to stdout, everything else to stderr. Exit code 0 is done, 1 is *looked, and found
something wrong*, 2 is *could not do the job*; no code but 0 comes without a printed reason. Errors of ours are one message
without a traceback; an exception that nobody expected is caught in one place, with a traceback on request.
"""

from horsies_core.cli.main import main

__all__ = ["main"]
