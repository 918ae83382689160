"""Repairs: from a finding to the edits that remove it.

What: `mended` gives findings of a tree the fixes that can be made. Rules find, and know nothing of repairs; a repair looks at the
one file again, as libcst sees it, and at the whole tree where calls or codes stand elsewhere. Only files with findings are
parsed for it.

**Safe** means that no run of the program changes, as far as the tree shows: what was refused when it was loaded is loaded,
a call is written in another way. Everything else is unsafe and made only when asked for. Edits replace exact stretches of text, so
comments and formatting around them stay.

libcst is loaded when there is something to mend, not before: a clean tree that is known from the last run needs no parser.
"""

from __future__ import annotations

from collections.abc import Iterable

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.source import SourceTree

__all__ = ["MENDED", "mended"]

MENDED = frozenset(
    {
        "HC101", "HC102", "HC103", "HC104", "HC105", "HC109", "HC111", "HC112", "HC118", "HC119", "HC125",
        "HC128", "HC129",
        "HC201", "HC202", "HC301", "HC303", "HC305", "HC401", "HC403",
    }
)  # fmt: skip
"""The codes that some finding has a repair for, beside those whose rule brings its own."""


MAX_SHOWN = 500
"""For how many findings a report says whether they can be repaired: in a large old tree, working it out takes longer than
finding them. ``--fix`` and ``--diff`` know no such bound."""


def mended(
    findings: Iterable[Diagnostic], tree: SourceTree, *, limit: int | None = MAX_SHOWN
) -> tuple[Diagnostic, ...]:
    """The findings on a tree, each with its repair where there is one; no more than ``limit`` of them are looked at."""
    found = tuple(findings)
    wanted = [index for index, finding in enumerate(found) if finding.code in MENDED][:limit]
    if not wanted:
        return found
    from horsies_codegen.lint.mend.mender import Mender

    last = wanted[-1] + 1
    return (*Mender(tree).mended(found[:last]), *found[last:])
