"""What stands between a writer and a reader, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from horsies_core.contract.compare.resolved import AnyType
from horsies_core.contract.wire import Json


class Cause(StrEnum):
    """Why a reader would not take what a writer may write."""

    KIND = "kind"
    """Another type."""
    VALUES = "values"
    """A literal or an enum member that the reader does not have."""
    BOUND = "bound"
    """A constraint of the reader: bounds, multiples, digits, lengths."""
    PATTERN = "pattern"
    """Another regular expression; patterns are compared as text only."""
    TAG = "tag"
    """Members of a union are told apart by another property."""
    MISSING = "missing"
    """A property that the reader requires may be absent."""
    EXTRA = "extra"
    """A property that the reader refuses may be present."""
    UNPROVEN = "unproven"
    """Neither a proof nor a counterexample was found."""
    IGNORED = "ignored"
    """The reader drops the property in silence."""
    DEFAULT = "default"
    """An absent property means another value to the reader."""
    VALIDATOR = "validator"
    """The reader checks more than its contract says."""

    @property
    def is_fatal(self) -> bool:
        """Whether the reader refuses the value; otherwise it takes it for something else."""
        return self not in (Cause.IGNORED, Cause.DEFAULT, Cause.VALIDATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One place where a reader does not take, or takes otherwise, what a writer may write.

    ``path`` leads from the compared type to the place: property names, ``*`` for any item or value, ``<keys>`` for the
    keys of a dictionary, numbers for the places of a tuple. ``writer`` and ``reader`` are the types there. ``witness``
    holds one value of the whole compared type that is written and refused, or nothing where none was found. ``always``
    says that every value is refused for this, ``overlaps`` that some values of the place are taken.
    """

    cause: Cause
    path: tuple[str, ...] = ()
    writer: AnyType | None = None
    reader: AnyType | None = None
    witness: tuple[Json, ...] = ()
    always: bool = False
    overlaps: bool = False
    detail: str = ""

    @property
    def is_fatal(self) -> bool:
        """Whether the reader refuses something."""
        return self.cause.is_fatal
