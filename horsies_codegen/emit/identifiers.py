"""Names of tasks, types and parameters → Python identifiers, by a mapping that stays.

A task's attribute on the client is its name, where that is a public identifier. Otherwise: NFKC, every other character
becomes ``_``; a name that begins with ``_`` or a digit loses its underscores and gets ``task_`` before it; a keyword gets
``_`` behind it. Class names are the same words in CamelCase.

Where several would share an identifier, one whose name is the identifier itself keeps it and the others climb to the next
rung of their ladder (for types the name with its module, for all at last a hash of the full name). So which name a task
or a type gets depends on those that clash with it and on nothing else: no order, no history.
"""

from __future__ import annotations

import hashlib
import keyword
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

Ladder = tuple[str, ...]
Claims = Callable[[str, str], tuple[str, ...]]


def attribute_ladder(task_name: str) -> Ladder:
    """The attributes that a task may have on the client, the best first."""
    attribute = _public(_words(task_name), prefix="task_")
    return (attribute,) if attribute == task_name else (attribute, f"{attribute}_{short_hash(task_name)}")


def task_class_ladder(task_name: str) -> Ladder:
    """The class names that a task may have."""
    name = camel_case(_public(_words(task_name), prefix="task_"))
    return (name, f"{name}Task", f"{name}{short_hash(task_name).upper()}")


def type_ladder(identity: str) -> Ladder:
    """The class names that a named type (``module:qualname``, generic arguments in parentheses) may have."""
    short = camel_case(_public(_words(_without_modules(identity)), prefix="Type"))
    full = camel_case(_public(_words(identity), prefix="Type"))
    return (short, full, f"{full}{short_hash(identity).upper()}")


def module_ladder(module: str) -> Ladder:
    """The file names, without ``.py``, that the client module of a source module may have; lower case for all disks."""
    stem = _public(_words(module), prefix="module_").lower()
    return (stem, f"{stem}_{short_hash(module)}")


def parameter_ladder(parameter: str) -> Ladder:
    """The keywords that a parameter may have in a method: ``__x`` would be mangled there."""
    if not parameter.startswith("__") or parameter.endswith("__"):
        return (parameter,)
    plain = _public(parameter, prefix="arg_")
    return (plain, f"{plain}_{short_hash(parameter)}")


def distinct(
    ladders: Mapping[str, Ladder],
    *,
    reserved: Iterable[str] = (),
    claims: Claims = lambda _key, name: (name,),
) -> dict[str, str]:
    """One name a key, each the lowest rung on which nobody else claims it or what goes with it.

    ``claims`` says which identifiers a key takes with a name (itself and those derived from it). A ladder of one rung never yields.
    """
    rungs = dict.fromkeys(ladders, 0)
    taken = frozenset(reserved)
    while climbing := _clashing(ladders, rungs, taken, claims):
        for key in climbing:
            rungs[key] += 1
    return {key: ladders[key][rung] for key, rung in rungs.items()}


def self_name(keywords: Iterable[str]) -> str:
    """What the first parameter of a method is called beside these keywords."""
    taken = frozenset(keywords)
    name = "self"
    while name in taken:
        name = f"_{name}" if name == "self" else f"{name}_"
    return name


def is_plain_key(key: str) -> bool:
    """Whether a wire name can be declared in a class body under the same name."""
    mangled = key.startswith("__") and not key.endswith("__")
    return key.isidentifier() and not keyword.iskeyword(key) and not mangled and key == _normal(key)


def camel_case(identifier: str) -> str:
    """``send_email`` → ``SendEmail``; capitals inside a word stay."""
    name = "".join(word[:1].upper() + word[1:] for word in identifier.split("_"))
    return f"{name}_" if keyword.iskeyword(name) else name


def short_hash(text: str) -> str:
    """Six hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def _clashing(
    ladders: Mapping[str, Ladder],
    rungs: Mapping[str, int],
    reserved: frozenset[str],
    claims: Claims,
) -> list[str]:
    owners: dict[str, list[str]] = {name: [""] for name in reserved}
    for key, rung in rungs.items():
        for name in claims(key, ladders[key][rung]):
            owners.setdefault(name, []).append(key)
    contested = {key for keys in owners.values() if len(keys) > 1 for key in keys}
    return [key for key in ladders if key in contested and rungs[key] + 1 < len(ladders[key])]


def _words(text: str) -> str:
    if text.isascii():
        return _NOT_ASCII_WORD.sub("_", text)
    return "".join(character if ("a" + character).isidentifier() else "_" for character in _normal(text))


def _public(text: str, *, prefix: str) -> str:
    bare = text if text[:1].isidentifier() and not text.startswith("_") else prefix + text.strip("_")
    return f"{bare}_" if keyword.iskeyword(bare) else bare


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


_NOT_ASCII_WORD = re.compile(r"[^0-9A-Za-z_]")
_MODULE = re.compile(r"[^\s:(),]+:")


def _without_modules(identity: str) -> str:
    return _MODULE.sub("", identity)
