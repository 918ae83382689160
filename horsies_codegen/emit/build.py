"""Everything that one build writes, as ``{path: text}`` below the out folder."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping, Sequence

from horsies_codegen.emit.client import client_face, client_models, client_module
from horsies_codegen.emit.metadata import METADATA_PATH, metadata_text
from horsies_codegen.emit.options import DEFAULT_OPTIONS, ClientOptions
from horsies_codegen.emit.portion import Names, Portion, definitions_of, names_of, portion_of
from horsies_codegen.emit.schemas import schema_files
from horsies_codegen.emit.templates import Templates
from horsies_core.contract.lock import LOCK_FILE_NAME, LockEntry, Tombstone, lock_text
from horsies_core.contract.types import Definition

LOCK_PATH = LOCK_FILE_NAME


def emit(
    entries: Sequence[LockEntry],
    *,
    package: str,
    tombstones: Sequence[Tombstone] = (),
    options: ClientOptions = DEFAULT_OPTIONS,
) -> dict[str, str]:
    """The files of a build by posix path, sorted. ``package`` is the client's dotted import name.

    Raises ValueError for a package name that cannot be imported, SyntaxError for a module of ours that is no Python: a
    defect, found before anything is written. Raises `TemplateError` for what a user's own templates do wrong.
    """
    if not is_package_name(package):
        raise ValueError(f"{package!r} is not a name that a package can be imported by")
    modules: dict[str, list[LockEntry]] = {}
    for entry in entries:
        modules.setdefault(module_of(entry), []).append(entry)
    portions = [portion_of(module, members) for module, members in sorted(modules.items())]
    names = names_of(portions)
    printer = Printer(package, options)
    files = {
        **printer.once(portions, tombstones),
        **printer.client_once(portions, names),
        **printer.models(definitions_of(entries)),
    }
    for portion in portions:
        files |= printer.module(portion.module, modules[portion.module], [portion], names)
    printer.templates.check_all_used()
    return dict(sorted(files.items()))


class Printer:
    """Prints the files of a build, part by part.

    Each module of a client is compiled when it is printed, so that a defect is found before anything is written.
    """

    def __init__(self, package: str, options: ClientOptions) -> None:
        self._folder = package.replace(".", "/")
        self._package = package
        self._options = options
        self.templates = Templates(options.templates)

    def module(
        self, module: str, entries: Sequence[LockEntry], portions: Sequence[Portion], names: Names
    ) -> dict[str, str]:
        """The files that one source module has for itself: schemas, stubs, and what payloads are checked against."""
        client = client_module(module, entries, portions, names, self.templates)
        return {**schema_files(entry.contract for entry in entries), **self._in_package(client)}

    def once(self, portions: Sequence[Portion], tombstones: Iterable[Tombstone]) -> dict[str, str]:
        """The lock, and what makes the client a distribution."""
        tasks = {name: block for portion in portions for name, block in zip(portion.names, portion.blocks, strict=True)}
        types = {identity: block for portion in portions for identity, block in portion.types.items()}
        return {
            LOCK_PATH: lock_text(tasks, types, tombstones),
            **_metadata(self._package, self._options, len(tasks)),
        }

    def client_once(self, portions: Sequence[Portion], names: Names) -> dict[str, str]:
        """What stands once in the client, besides its models."""
        return self._in_package(client_face(portions, names, self.templates))

    def models(self, definitions: Mapping[str, Definition]) -> dict[str, str]:
        """The module of the user's types."""
        return self._in_package(client_models(definitions, self.templates, self._options.models))

    def _in_package(self, files: Mapping[str, str]) -> dict[str, str]:
        placed = {f"{self._folder}/{path}": text for path, text in files.items()}
        for path, text in placed.items():
            if path.endswith(".py"):
                _compile(path, text, self.templates)
        return placed


def module_of(entry: LockEntry) -> str:
    """The module that a task is defined in."""
    return entry.contract.source.partition(":")[0]


def _metadata(package: str, options: ClientOptions, tasks: int) -> dict[str, str]:
    if options.package_version is None:
        return {}
    return {METADATA_PATH: metadata_text(package, options.package_version, tasks)}


def _compile(path: str, text: str, templates: Templates) -> None:
    try:
        compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        if templates.are_built_in:
            raise
        raise templates.wrong_output(path, text, error) from None


def is_package_name(name: str) -> bool:
    """Whether ``import name`` can be written."""
    return all(part.isidentifier() and part.isascii() and not keyword.iskeyword(part) for part in name.split("."))
