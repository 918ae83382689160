"""What the rules about sends have in common: the words about a task's parameters, and the place where it is defined."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from horsies_codegen.diagnostic import Diagnostic, Related
from horsies_codegen.resolve.model import ResolvedSend

ABOUT_SENDS = frozenset({"HC128", "HC129", "HC130", "HC131"})
"""The codes of these rules. A contract is what it is, whatever is sent."""


def about(send: ResolvedSend, finding: Diagnostic) -> Diagnostic:
    """The finding with the task's definition beside it."""
    return replace(finding, related=(Related(send.defined, f"task {send.task!r} is defined here"),))


def nearest(word: str, send: ResolvedSend) -> str | None:
    """The parameter that is spelled nearly like a word and not given yet, or None."""
    given = {argument.name for argument in send.arguments}
    free = [name for name in send.parameters if name not in given]
    return next(iter(get_close_matches(word, free, n=1, cutoff=0.7)), None)


def taken(send: ResolvedSend) -> str:
    """The parameters of a task, in words."""
    return f"it takes {', '.join(send.parameters)}" if send.parameters else "it takes no arguments"
