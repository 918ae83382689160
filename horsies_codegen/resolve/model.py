"""What resolving hands on: one `ResolvedTask` for each decorated function, the apps, and what was found wrong.

Places are those of exact tokens: of a positional parameter its name, of a missing return annotation the function's name,
of an option its value (of an unknown option its keyword).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from horsies_codegen.diagnostic.model import Diagnostic
from horsies_codegen.resolve.findings import Collected
from horsies_codegen.resolve.modules import Notes
from horsies_codegen.source.span import Place
from horsies_codegen.source.text import SourceText
from horsies_core.contract.app_laws import AppViolation
from horsies_core.contract.draft import TaskDraft
from horsies_core.contract.laws import FUNCTION, Locus
from horsies_core.contract.lock import Provenance
from horsies_core.contract.types import Definition, TypeNode

MINIMUM_PYTHON = (3, 11)
"""The version that ``sys.version_info`` tests are read for when nothing else is said: the same on every host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveOptions:
    """What the user may say about reading types.

    ``types`` maps a dotted name (``acme.money.Money``) to the annotation that stands for it on the wire (``str``,
    ``shop.wire.Money``, ``dict[str, int]``). ``python`` is the version that version tests are answered for.
    """

    types: Mapping[str, str] = field(default_factory=dict[str, str])
    python: tuple[int, int] = MINIMUM_PYTHON


Stretch: TypeAlias = tuple[int, int]
"""Two offsets into a text, the second exclusive."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each part of one task's definition stands in the source.

    Places are worked out when they are asked for: a task has twenty parts, and one without findings needs two places.
    """

    path: str
    source: SourceText = field(repr=False, compare=False)
    parts: Mapping[Locus, Stretch]
    decorator_at: Stretch
    header_end_at: int
    doc_at: Stretch | None = None

    def place(self, locus: Locus) -> Place:
        """The place of a part; for a part that is not written anywhere, the function's name."""
        return self._place(self.parts.get(locus) or self.parts[FUNCTION])

    @property
    def places(self) -> Mapping[Locus, Place]:
        """Every part that is written somewhere."""
        return {locus: self._place(part) for locus, part in self.parts.items()}

    @property
    def function(self) -> Place:
        """The name token after ``def``."""
        return self.place(FUNCTION)

    @property
    def decorator(self) -> Place:
        """The whole decorator, without the ``@``."""
        return self._place(self.decorator_at)

    @property
    def header_end(self) -> Place:
        """The empty place after the ``)`` of the signature: where a return annotation would be written."""
        return self._place((self.header_end_at, self.header_end_at))

    @property
    def doc(self) -> Place | None:
        """The docstring, where there is one."""
        return None if self.doc_at is None else self._place(self.doc_at)

    def _place(self, part: Stretch) -> Place:
        return Place(self.path, self.source.span(*part))


@dataclass(frozen=True, slots=True)
class CodeUse:
    """An error code written in a task's body, as ``TaskError(error_code=...)``, and where."""

    code: str
    place: Place


@dataclass(frozen=True, slots=True)
class OtherDecorator:
    """A decorator of a task beside ``@app.task``. One above it wraps what was registered; one below is registered."""

    text: str
    place: Place
    is_above: bool


@dataclass(frozen=True, slots=True)
class RawReturn:
    """A way out of a task's body that certainly gives no ``TaskResult``: what comes out, in words, and where."""

    what: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTask:
    """One task: its draft, where its parts stand, and what a contract does not hold but rules and emitters want.

    ``error_codes`` are those that the body was seen to build, in order; ``codes_open`` says that it may return others
    (a computed code, an error made elsewhere). ``doc`` is the first paragraph of the docstring. ``app`` is the
    ``module:name`` of its ``Horsies`` instance, a key of `Resolution.apps`.
    """

    draft: TaskDraft
    origins: Origins
    module: str
    path: str
    app: str
    doc: str | None = None
    error_codes: tuple[CodeUse, ...] = ()
    codes_open: bool = False
    mapped_exceptions: tuple[str, ...] = ()
    """The keys of a literal ``exception_mapper``, as written."""
    other_decorators: tuple[OtherDecorator, ...] = ()
    raw_returns: tuple[RawReturn, ...] = ()
    provenance: Provenance = "source"
    """``imported`` where its types were asked of the live module (``--allow-import``)."""


class SentArgument(NamedTuple):
    """One argument of a send, by name: where its keyword and its value stand, and its value if that is a literal of JSON's.

    ``type`` is that of the parameter, where there is one and the value is known.
    """

    name: str
    place: Place
    value: object
    value_place: Place
    type: TypeNode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedSend:
    """What one send passes to a task that is known for certain: ``task.send(...)``, or one payload of ``send_many``."""

    task: str
    """The task's name."""
    verb: str
    shown: str
    """The task as written: ``tasks.ship``."""
    callee: Place
    """The task and the verb; of a payload, all of it."""
    positional: tuple[Place, ...]
    arguments: tuple[SentArgument, ...]
    parameters: tuple[str, ...]
    """The names that the task takes, in its order."""
    required: tuple[str, ...]
    definitions: Mapping[str, Definition]
    defined: Place
    """The name of the task's function, where it is defined."""


@dataclass(frozen=True, slots=True)
class DiscoveredEntry:
    """One entry of a ``discover_tasks`` list: a dotted module or a ``.py`` path, and where it is written.

    ``loads`` are the dotted names that are imported with it, its own among them; ``shop.tasks.*`` where it may import all
    that is below it.
    """

    entry: str
    place: Place
    loads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenSetting:
    """A law of the app's settings that is broken, and where."""

    violation: AppViolation
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedApp:
    """What can be read of one ``Horsies(...)`` instance without running it. None is *not known*, never *empty*."""

    identity: str
    place: Place
    queue_mode: str | None = None
    """``DEFAULT`` or ``CUSTOM``."""
    queue_names: tuple[str, ...] | None = None
    """The names that CUSTOM mode declares."""
    default_unhandled_error_code: str | None = None
    mapped_codes: tuple[str, ...] | None = ()
    """The codes of the app-wide exception mapper; None where it could not be read."""
    discovered: tuple[DiscoveredEntry, ...] = ()
    listings: tuple[Place, ...] = ()
    """Where ``discover_tasks`` is called for it."""
    discovery_open: bool = False
    """Whether some ``discover_tasks`` call could not be read, so ``discovered`` may lack entries."""
    broken_settings: tuple[BrokenSetting, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Everything that resolving found. Tasks are in order of path and place, apps by identity.

    ``diagnostics`` already hold every hole in a type at its exact expression, so a law's report of a hole (a code of
    `horsies_core.contract.refusals.REFUSALS`) says nothing new.
    """

    tasks: tuple[ResolvedTask, ...]
    apps: Mapping[str, ResolvedApp]
    diagnostics: tuple[Diagnostic, ...]
    files: int = 0
    """How many files were parsed."""
    sends: tuple[ResolvedSend, ...] = ()


@dataclass(frozen=True, slots=True)
class FileResolution:
    """Everything that resolving one file found, and what that depends on."""

    tasks: tuple[ResolvedTask, ...]
    apps: Mapping[str, ResolvedApp]
    """The apps that the file speaks of, with the ``discover_tasks`` that stand in it."""
    collected: Collected
    looked_into: tuple[str, ...]
    """The files whose text was read for it, itself among them, sorted."""
    notes: Notes
    sends: tuple[ResolvedSend, ...] = ()
