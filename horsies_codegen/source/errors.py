"""Why a whole tree could not be read.

::

    SourceError
    ├── GitNotFoundError        there is no git to ask
    ├── NotARepositoryError     the folder is in no work tree of git
    ├── OutsideRepositoryError  a path that was asked for is not in that work tree
    ├── UnknownRefError         the ref names nothing here; `help` says what to fetch
    ├── ShallowHistoryError     the history that is asked for is not all here
    └── GitFailedError          git said no for another reason

What is wrong with one file of a tree is not an error but a `Problem`.
"""

from __future__ import annotations


class SourceError(Exception):
    """A tree could not be read. ``message`` says why, ``help`` what to do, one step a line."""

    def __init__(self, message: str, *help_lines: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_lines


class GitNotFoundError(SourceError):
    """There is no ``git`` on the PATH."""


class NotARepositoryError(SourceError):
    """A folder that is in no git work tree."""


class OutsideRepositoryError(SourceError):
    """A path that is not in the work tree whose history is asked for."""


class UnknownRefError(SourceError):
    """A ref that the repository does not have."""


class ShallowHistoryError(SourceError):
    """A shallow clone whose history ends too early."""


class GitFailedError(SourceError):
    """A git command failed; ``message`` quotes git."""
