"""Source files and the places in them: the only part of the compiler that reads the user's tree.

What: `discover` finds Python files under folders, `git.discover_at` the same at a git ref, by the same rules; both give a
`SourceTree` of files with dotted module names. `ExternalModules` reads installed packages as source. `tree_of` makes a
tree of strings. Spans count code points; text is decoded by Python's own rules.

Which names: imports begin at the given folder, unless packages (``__init__.py``) lead further up; at the ``src`` of a
project; at the top of a nested project; and at a folder whose name no import can say. ``roots`` overrules all of it.

Left out while walking: hidden folders, caches, installed packages, virtual environments, ``build`` and ``dist`` at the top
of a project, and whatever ``exclude`` matches. A path that the user names is read even there, unless it is excluded.

Invariants: nothing is imported and nothing of the user's is run; the order never depends on the file system; every real
file occurs once, links or not; a file that cannot be read is a value (`Problem`) and costs no other file; contents are read
when asked for and not kept, so memory does not grow with the tree.
"""

from horsies_codegen.source.cores import available_cores
from horsies_codegen.source.errors import (
    GitFailedError,
    GitNotFoundError,
    NotARepositoryError,
    OutsideRepositoryError,
    SourceError,
    UnknownRefError,
)
from horsies_codegen.source.external import ExternalModules, environment_paths
from horsies_codegen.source.file import SENDING, SourceFile, speaks
from horsies_codegen.source.glob import path_filter
from horsies_codegen.source.memory import tree_of
from horsies_codegen.source.problem import Problem, ProblemKind
from horsies_codegen.source.span import START, Place, Position, Span, point
from horsies_codegen.source.survey import Entry
from horsies_codegen.source.text import SourceText
from horsies_codegen.source.tree import SourceTree, discover

__all__ = [
    "SENDING",
    "START",
    "Entry",
    "ExternalModules",
    "GitFailedError",
    "GitNotFoundError",
    "NotARepositoryError",
    "OutsideRepositoryError",
    "Place",
    "Position",
    "Problem",
    "ProblemKind",
    "SourceError",
    "SourceFile",
    "SourceText",
    "SourceTree",
    "Span",
    "UnknownRefError",
    "available_cores",
    "discover",
    "environment_paths",
    "path_filter",
    "point",
    "speaks",
    "tree_of",
]
