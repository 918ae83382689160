"""The command line: the only part that prints and exits.

What: `main`, and a module a command (`build`, `lint`, `explain`, `schema`, ...), listed in `COMMANDS` and imported when
the command is called, so that ``--help`` costs no compiler. A new command is a module with a click command named
``command`` and a line in the table.

Invariants: findings and what was asked for go to stdout, progress and summaries to stderr. Exit code 0 is clean, 1 is
findings, drift or a breaking change, 2 is *could not do the job*; no code but 0 comes without a printed reason. An
exception that nobody expected is caught here, in one place, and is a defect of ours: one line, how to report it, exit 2.
"""

from horsies_codegen.cli.main import main

__all__ = ["main"]
