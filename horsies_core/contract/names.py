"""Names: of tasks, queues and contracts' sources, and how one task name becomes a file name."""

from __future__ import annotations

import hashlib
import re

TASK_NAME_MAX_LENGTH = 200
QUEUE_NAME_MAX_LENGTH = 63
DEFAULT_QUEUE = "default"

_TASK_NAME = re.compile(r"[^\s\x00-\x1f\x7f/\\]+(?: [^\s\x00-\x1f\x7f/\\]+)*")
_QUEUE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SAFE_IN_FILE = re.compile(r"[a-z0-9_.-]")


def task_name_problem(name: str) -> str | None:
    """Why a task name is not allowed, or None.

    Allowed: 1 to 200 characters, no control characters, no slashes, no white space but single inner spaces, no lone
    surrogates.
    """
    if not name:
        return "the task name is empty"
    if len(name) > TASK_NAME_MAX_LENGTH:
        return f"the task name has {len(name)} characters; at most {TASK_NAME_MAX_LENGTH} are allowed"
    if not name.isascii() and any(0xD800 <= ord(character) <= 0xDFFF for character in name):
        return "the task name holds half of a surrogate pair"
    if _TASK_NAME.fullmatch(name) is None:
        return f"the task name {name!r} holds a slash, a control character or stray white space"
    return None


def queue_name_problem(name: str) -> str | None:
    """Why a queue name is not allowed, or None.

    Allowed: 1 to 63 of ``A-Z a-z 0-9 _ . -``, not beginning with ``.`` or ``-``.
    """
    if len(name) > QUEUE_NAME_MAX_LENGTH:
        return f"the queue name has {len(name)} characters; at most {QUEUE_NAME_MAX_LENGTH} are allowed"
    if _QUEUE_NAME.fullmatch(name) is None:
        return f"the queue name {name!r} may hold only letters, digits, '_', '.' and '-', and must not be empty"
    return None


def task_module_problem(entry: str) -> str | None:
    """Why an entry of ``discover_tasks`` is not allowed, or None. Allowed: a dotted module, a path that ends in ``.py``."""
    if entry.endswith(".py") or all(part.isidentifier() for part in entry.split(".")):
        return None
    return f"discover_tasks cannot import {entry!r}: write a dotted module (myapp.tasks) or a path that ends in .py"


def file_stem(task_name: str) -> str:
    """A file name for a task that no other task name has, on file systems that fold case too.

    Lower-case letters, digits and ``_ . -`` stay; any other character becomes ``%``, its hexadecimal code point, ``;``.
    A leading dot is written so too. Names are at most 200 characters; a stem over 150 ends in a hash instead.
    """
    encoded = "".join(_in_file(character, first=index == 0) for index, character in enumerate(task_name))
    if len(encoded) <= _STEM_MAX_LENGTH:
        return encoded
    digest = hashlib.sha256(task_name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{encoded[:_STEM_MAX_LENGTH]}~{digest}"


_STEM_MAX_LENGTH = 150


def _in_file(character: str, *, first: bool) -> str:
    if _SAFE_IN_FILE.fullmatch(character) and not (first and character == "."):
        return character
    return f"%{ord(character):x};"
