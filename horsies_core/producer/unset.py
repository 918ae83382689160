"""`UNSET`: what stands for a value that was not given."""

from __future__ import annotations

from typing import Any, Final


class _Unset:
    """The one value of `UNSET`."""

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "UNSET"

    def __copy__(self) -> _Unset:
        return self

    def __deepcopy__(self, _memo: object) -> _Unset:
        return self


UNSET: Final[Any] = _Unset()
"""Stands for an optional argument or field that was not given: it is left out, so the worker's default holds."""
