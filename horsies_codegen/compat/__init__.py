"""What a change would break, on the compiler's side: baselines to compare with, acknowledgements, findings with places.

The comparison itself is `horsies_core.contract.compare`, pure and without sources. Here: `Baseline` (a lock file, the lock or
the sources at a git ref), `findings_of` (changes → diagnostics with carets), `Acknowledgements` (intended breaks, from a
committed file), and Markdown for a pull request.

Invariants. A baseline that cannot be had is an error that says what to run, never an empty comparison. An acknowledgement
fits one change against one form of the contract: if the change changes, so does its fingerprint. Today's date comes in from
the command; nothing here reads a clock.
"""

from horsies_codegen.compat.acknowledge import Acknowledgement, Acknowledgements, read_acknowledgements
from horsies_codegen.compat.baseline import Baseline, BaselineError, from_file, from_ref
from horsies_codegen.compat.findings import change_fingerprint, findings_of
from horsies_codegen.compat.markdown import render_markdown

__all__ = [
    "Acknowledgement",
    "Acknowledgements",
    "Baseline",
    "BaselineError",
    "change_fingerprint",
    "findings_of",
    "from_file",
    "from_ref",
    "read_acknowledgements",
    "render_markdown",
]
