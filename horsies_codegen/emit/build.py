"""Everything that one build writes, as ``{path: text}`` below the out folder."""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from horsies_codegen.emit.client import client_files
from horsies_codegen.emit.metadata import METADATA_PATH, metadata_text
from horsies_codegen.emit.options import DEFAULT_OPTIONS, ClientOptions
from horsies_codegen.emit.schemas import schema_files
from horsies_codegen.emit.templates import Templates
from horsies_core.contract.lock import LOCK_FILE_NAME, Lock, LockEntry, Tombstone, write_lock

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
    ordered = sorted(entries, key=lambda entry: entry.contract.name)
    folder = package.replace(".", "/")
    lock = write_lock(Lock(entries=tuple(ordered), tombstones=tuple(tombstones)))
    templates = Templates(options.templates)
    files = {
        LOCK_PATH: lock,
        **_metadata(package, options, len(ordered)),
        **schema_files(entry.contract for entry in ordered),
        **{f"{folder}/{path}": text for path, text in client_files(ordered, lock, templates).items()},
    }
    templates.check_all_used()
    for path, text in files.items():
        if path.endswith(".py"):
            _compile(path, text, templates)
    return dict(sorted(files.items()))


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
