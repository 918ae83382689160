"""What a change would break, on the compiler's side: baselines to compare with, acknowledgements, findings with places.

The comparison itself is `horsies_core.contract.compare`, pure and without sources. Here: `Baseline` (a lock file, the lock or
the sources at a git ref, every lock of a retention window), `look` (live rows, through the runtime's own command), `judge` (each
change once, over all baselines), `finding_of` (changes → diagnostics with carets), `Acknowledgements` (intended breaks, from
a committed file), and Markdown for a pull request.

Invariants. A baseline that cannot be had is an error that says what to run, never an empty comparison. An acknowledgement
fits one change against one form of the contract: if the change changes, so does its fingerprint. Today's date comes in from
the command; nothing here reads a clock.
"""

from horsies_codegen.compat.acknowledge import Acknowledgement, Acknowledgements, read_acknowledgements
from horsies_codegen.compat.baseline import Baseline, BaselineError, from_file, from_ref, kept_at
from horsies_codegen.compat.findings import Judged, change_fingerprint, finding_of, names_in_words
from horsies_codegen.compat.judged import Compared, ComparedLive, judge
from horsies_codegen.compat.live import LiveSource, look
from horsies_codegen.compat.markdown import render_markdown

__all__ = [
    "Acknowledgement",
    "Acknowledgements",
    "Baseline",
    "BaselineError",
    "Compared",
    "ComparedLive",
    "Judged",
    "LiveSource",
    "change_fingerprint",
    "finding_of",
    "from_file",
    "from_ref",
    "judge",
    "kept_at",
    "look",
    "names_in_words",
    "read_acknowledgements",
    "render_markdown",
]
