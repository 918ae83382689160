"""Values ⇄ bytes: pickle, with only plain classes of our own let through on the way back.

A cache folder may come with a repository from anybody. Pickle runs what a file names; here a file can name nothing but
named tuples, dataclasses and enums of the compiler, whose making runs no code of theirs. Nor can it change a class or a
member of an enum, which outlive it: pickle would set attributes of whatever it is told to, so every class that is let
through has a ``__setstate__``, which none but an instance with a state of its own can be given.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import pickle
from enum import Enum
from functools import cache
from typing import cast

PACKAGES = ("horsies_codegen.", "horsies_core.contract.")
_DIGEST_BYTES = 16


class ColdError(Exception):
    """The bytes are no value that this version of the tool wrote."""


def frozen(value: object) -> bytes:
    """The bytes of a value, with a hash before them."""
    body = pickle.dumps(value, protocol=5)
    return hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() + body


def thawed(data: bytes) -> object:
    """The value that `frozen` made the bytes of. Raises `ColdError` for any other bytes."""
    body = memoryview(data)[_DIGEST_BYTES:]
    if hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() != data[:_DIGEST_BYTES]:
        raise ColdError("torn, or not ours")
    try:
        return _Thawing(io.BytesIO(body)).load()
    except Exception as error:  # noqa: BLE001 - broken pickles raise anything; every one means the same
        raise ColdError(str(error)) from None


class _Thawing(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        return _plain_class(module, name)


@cache
def _plain_class(module: str, name: str) -> object:
    if not module.startswith(PACKAGES) or "." in name:
        raise ColdError(f"{module}.{name} is not among the classes of a cache")
    found: object = getattr(importlib.import_module(module), name, None)
    if isinstance(found, type) and found.__module__ == module and _is_plain(cast("type[object]", found)):
        _guard(cast("type[object]", found))
        return found
    raise ColdError(f"{module}.{name} is not a plain value")


def _is_plain(kind: type[object]) -> bool:
    is_named_tuple = tuple in kind.__mro__ and "_fields" in vars(kind)
    return is_named_tuple or "__dataclass_fields__" in vars(kind) or Enum in kind.__mro__


def _guard(kind: type[object]) -> None:
    """See that a state can be given to instances only: told to build the class itself, pickle calls this without one."""
    if not hasattr(kind, "__setstate__"):
        has_state = "__dataclass_fields__" in vars(kind) and Enum not in kind.__mro__
        setattr(kind, "__setstate__", _take_state if has_state else _refuse_state)  # noqa: B010 - not among its attributes


def _take_state(self: object, state: object) -> None:
    """What pickle does by itself for an instance that is no frozen one: a dict, or one of attributes and one of slots."""
    for part in cast("tuple[object, ...]", state) if isinstance(state, tuple) else (state,):
        for name, value in cast("dict[str, object]", part or {}).items():
            object.__setattr__(self, name, value)


def _refuse_state(self: object, _state: object) -> None:
    raise ColdError(f"a {type(self).__name__} is made whole")
