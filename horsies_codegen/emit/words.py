"""Docstrings of a client: what a task does and how it runs, in words, wrapped and sorted."""

from __future__ import annotations

import textwrap

from horsies_codegen.emit.expression import INDENT, WIDTH
from horsies_codegen.emit.literals import docstring
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import TaskContract


def summary(entry: LockEntry) -> str:
    """One line: the first sentence or line of the docstring, else the task's name."""
    doc = " ".join((entry.doc or "").split())
    sentence = doc.split(". ")[0].rstrip(".")
    return _line(f"{sentence}." if sentence else f"Task ``{entry.contract.name}``.")


def task_doc(entry: LockEntry, *, depth: int) -> str:
    """The docstring of a stub: the task's own, then how it runs and where it stands."""
    contract = entry.contract
    paragraphs = [
        " ".join((entry.doc or "").split()) or f"Task ``{contract.name}``.",
        _how_it_runs(contract),
        *_named_defaults(contract),
        f"Source: ``{contract.source}``.",
    ]
    return _paragraphs(paragraphs, depth)


def send_doc(entry: LockEntry, *, depth: int) -> str:
    """The docstring of ``send``: the summary, and what stands for arguments that are left out."""
    return _paragraphs([_one_line(entry), *_named_defaults(entry.contract)], depth)


def _one_line(entry: LockEntry) -> str:
    return " ".join((entry.doc or "").split()) or f"Enqueue ``{entry.contract.name}``."


def _how_it_runs(contract: TaskContract) -> str:
    parts = [f"Task ``{contract.name}`` on queue ``{contract.queue}``"]
    if contract.timeout_ms is not None:
        parts.append(f"times out after {contract.timeout_ms:,} ms")
    if contract.retry is not None:
        parts.append(_retries(contract.retry))
    return "; ".join(parts) + "."


def _retries(policy: RetryPolicy) -> str:
    times = "once" if policy.max_retries == 1 else f"up to {policy.max_retries} times"
    if policy.strategy == "exponential":
        delays = f"after {policy.delays_s[0]:,} s, then doubling up to {policy.cap_s:,} s"
    else:
        delays = f"after {_listed([f'{delay:,} s' for delay in policy.delays_s])}"
    return f"retried {times} on {', '.join(policy.auto_retry_for)}, {delays}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _named_defaults(contract: TaskContract) -> list[str]:
    defaults = [
        f"``{parameter.name}`` {'computed' if parameter.default.json_text is None else parameter.default.json_text}"
        for parameter in contract.parameters
        if parameter.default is not None
    ]
    return [f"Left out, a parameter keeps the task's own default: {', '.join(defaults)}."] if defaults else []


def _paragraphs(paragraphs: list[str], depth: int) -> str:
    """A docstring's inside, wrapped; the closing quotes of one with several lines stand alone."""
    indent = INDENT * depth
    width = WIDTH - len(indent) - len('"""' * 2)
    blocks = (
        "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)) for text in paragraphs
    )
    first, *rest = docstring("\n\n".join(blocks)).split("\n")
    if not rest:
        return first
    return "\n".join([first, *(indent + line if line else line for line in rest), indent])


def _line(text: str) -> str:
    return docstring(textwrap.shorten(text, WIDTH - 10, placeholder=" ..."))
