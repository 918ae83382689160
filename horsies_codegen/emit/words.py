"""Docstrings of a client: what a task does, what it takes and how it runs, in words, wrapped and sorted.

The source's own docstring stands first, as its author laid it out; only lines that are too long are wrapped. Then comes
what the contract knows: each parameter with its type, its constraints and what stands for it when it is left out.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from horsies_codegen.emit.bounds import bounds
from horsies_codegen.emit.expression import INDENT, WIDTH
from horsies_codegen.emit.literals import docstring
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract
from horsies_core.contract.types import Default, TypeNode

_MARKS = ("-", "*", "+", ":", ">>>", "..", "|", "#", "=", "~")


def summary(entry: LockEntry) -> str:
    """One line: the first sentence or line of the docstring, else the task's name."""
    return _line(first_sentence(entry) or f"Task ``{entry.contract.name}``.")


def first_sentence(entry: LockEntry) -> str:
    """The first sentence of the docstring with its full stop; nothing for a task that has no docstring."""
    paragraph = " ".join((entry.doc or "").partition("\n\n")[0].split())
    sentence = paragraph.split(". ")[0].rstrip(".")
    return f"{sentence}." if sentence else ""


def task_doc(entry: LockEntry, types: Mapping[str, str], *, depth: int) -> str:
    """The docstring of a stub: the task's own, what it takes, how it runs and where it stands.

    ``types`` holds the Python type of each parameter as text.
    """
    contract = entry.contract
    own = entry.doc or f"Task ``{contract.name}``."
    return _laid_out(
        [own, _parameters(contract, types), f"{how_it_runs(contract)}\n\nSource: ``{contract.source}``."], depth
    )


def send_doc(entry: LockEntry, types: Mapping[str, str], *, depth: int) -> str:
    """The docstring of ``send``: the task's own, and what it takes."""
    own = entry.doc or f"Enqueue ``{entry.contract.name}``."
    return _laid_out([own, _parameters(entry.contract, types)], depth)


def how_it_runs(contract: TaskContract) -> str:
    """Queue, timeout and retries, in a sentence."""
    parts = [f"Task ``{contract.name}`` on queue ``{contract.queue}``"]
    if contract.timeout_ms is not None:
        parts.append(f"times out after {contract.timeout_ms:,} ms")
    if contract.retry is not None:
        parts.append(_retries(contract.retry))
    return "; ".join(parts) + "."


def parameter_facts(parameter: Parameter) -> str:
    """The constraints of a parameter and its default, in words; nothing for a required one without constraints."""
    said = left_out(parameter.default)
    return "; ".join(filter(None, (said_bounds(parameter.type), f"{said} if left out" if said else "")))


def said_bounds(node: TypeNode) -> str:
    """The constraints of a type in words."""
    return ", ".join(bounds(node))


def left_out(default: Default | None) -> str:
    """What stands for a parameter or field that is left out; nothing for a required one."""
    if default is None:
        return ""
    text = default.json_text
    return "computed by the task" if text is None else _IN_PYTHON.get(text, text)


def _retries(policy: RetryPolicy) -> str:
    times = "once" if policy.max_retries == 1 else f"up to {policy.max_retries} times"
    if policy.strategy == "exponential":
        delays = f"after {policy.delays_s[0]:,} s, then doubling up to {policy.cap_s:,} s"
    else:
        delays = f"after {_listed([f'{delay:,} s' for delay in policy.delays_s])}"
    return f"retried {times} on {', '.join(policy.auto_retry_for)}, {delays}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _parameters(contract: TaskContract, types: Mapping[str, str]) -> str:
    return "\n".join(
        f"- ``{parameter.name}``: {'; '.join(filter(None, (types[parameter.name], parameter_facts(parameter))))}"
        for parameter in contract.parameters
    )


_IN_PYTHON = {"null": "None", "true": "True", "false": "False"}


def _laid_out(texts: list[str], depth: int) -> str:
    """A docstring's inside; the closing quotes of one with several lines stand alone."""
    indent = INDENT * depth
    width = WIDTH - len(indent) - len('"""' * 2)
    wrapped = "\n\n".join("\n".join(_wrapped(text, width)) for text in texts if text)
    first, *rest = docstring(wrapped).split("\n")
    if not rest:
        return first
    return "\n".join([first, *(indent + line if line else line for line in rest), indent])


def _wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of a text; paragraphs of prose with a line that is too long are filled anew, other long lines wrapped."""
    for number, block in enumerate(text.expandtabs(4).split("\n\n")):
        if number:
            yield ""
        lines = block.splitlines()
        if all(len(line) <= width for line in lines):
            yield from lines
        elif _is_prose(lines):
            yield from _filled(" ".join(line.strip() for line in lines), _margin(lines[0]), "", width)
        else:
            for line in lines:
                hanging = "  " if line.lstrip().startswith(_MARKS) else INDENT
                yield from _filled(line.strip(), _margin(line), hanging, width)


def _filled(text: str, margin: str, hanging: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, len(margin) + 30),
        initial_indent=margin,
        subsequent_indent=margin + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def _is_prose(lines: list[str]) -> bool:
    """Whether a block may be filled anew: one margin, and no lists, fields, headings or code."""
    return len({_margin(line) for line in lines}) == 1 and not any(line.strip().startswith(_MARKS) for line in lines)


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _line(text: str) -> str:
    return docstring(textwrap.shorten(text, WIDTH - 10, placeholder=" ..."))
