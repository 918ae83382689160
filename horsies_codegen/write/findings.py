"""A comparison as diagnostics: what `--check` reports, and what keeps a build from writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.source import START, Place, Span
from horsies_codegen.write.compare import Change, ChangeKind
from horsies_codegen.write.manifest import MANIFEST_NAME, ManifestFormatError


@dataclass(frozen=True, slots=True)
class _Words:
    code: str
    name: str
    message: str
    help: str


_WORDS: dict[ChangeKind, _Words] = {
    ChangeKind.MISSING: _Words(
        "HC901", "missing-generated-file", "this generated file is missing", "run the build and commit what it writes"
    ),
    ChangeKind.OUTDATED: _Words(
        "HC902",
        "outdated-generated-file",
        "this generated file is not what the tasks say now",
        "run the build and commit what it writes",
    ),
    ChangeKind.STALE: _Words(
        "HC903",
        "stale-generated-file",
        "this file was generated, and no task calls for it any more",
        "run the build, which deletes it, and commit that",
    ),
    ChangeKind.EDITED: _Words(
        "HC904",
        "edited-generated-file",
        "this generated file was edited by hand",
        "move the change to the tasks or to a file of your own, delete this file, and build again",
    ),
    ChangeKind.FOREIGN: _Words(
        "HC905",
        "foreign-file-in-the-way",
        "a file that the build did not write stands where it wants to write",
        "move it away, or choose another --out or --package",
    ),
}


def findings_of(changes: Iterable[Change], out: str) -> Iterator[Diagnostic]:
    """One finding a change. ``out`` is the out folder as the user spelled it."""
    for change in changes:
        words = _WORDS[change.kind]
        yield Diagnostic(
            code=words.code,
            name=words.name,
            level=Level.ERROR,
            message=words.message,
            place=_place(out, change.path),
            help=(words.help,),
        )


def finding_of_format(error: ManifestFormatError, out: str) -> Diagnostic:
    """The finding about a manifest that this version does not read."""
    return Diagnostic(
        code="HC906",
        name="other-format",
        level=Level.ERROR,
        message=str(error),
        place=_place(out, MANIFEST_NAME),
        help=("use the version of horsies-codegen that wrote it, or delete the generated folder and build again",),
    )


def _place(out: str, path: str) -> Place:
    prefix = "" if out in ("", ".") else out.rstrip("/") + "/"
    return Place(prefix + path, Span(START, START))
