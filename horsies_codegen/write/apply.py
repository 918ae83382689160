"""Carries out a comparison: whole files or nothing, the manifest last."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from horsies_codegen.write.compare import Comparison
from horsies_codegen.write.manifest import MANIFEST_NAME, Manifest, digest_of, manifest_text


@dataclass(frozen=True, slots=True)
class Applied:
    """How many files were written, deleted, and left as they were."""

    written: int
    deleted: int
    unchanged: int


def apply(
    out: Path, files: Mapping[str, str], comparison: Comparison, digests: Mapping[str, str] | None = None
) -> Applied:
    """Make the folder hold exactly ``files``, besides what is not ours. ``digests`` holds the hash of every text, if known.

    Raises ValueError if the comparison has obstacles (nothing is written then), OSError if the system refuses.
    """
    if comparison.obstacles:
        raise ValueError(f"{comparison.obstacles[0].path} is not ours to change")
    wanted = Manifest({path: digest_of(text) for path, text in files.items()} if digests is None else digests)
    writes = {change.path: change.new for change in comparison.changes if change.new is not None}
    deletions = [change.path for change in comparison.changes if change.new is None]
    if writes or deletions:
        out.mkdir(parents=True, exist_ok=True)
        _replace(out / MANIFEST_NAME, manifest_text(_in_between(comparison, wanted)))
    for folder in sorted({(out / path).parent for path in writes}):
        folder.mkdir(parents=True, exist_ok=True)
    for path, text in writes.items():
        _replace(out / path, text)
    for path in deletions:
        _delete(out, path)
    if writes or deletions or comparison.manifest.pending:
        _sweep(out, wanted.files)
    if wanted != comparison.manifest or writes or deletions:
        out.mkdir(parents=True, exist_ok=True)
        _replace(out / MANIFEST_NAME, manifest_text(wanted))
    return Applied(len(writes), len(deletions), comparison.unchanged)


def _in_between(comparison: Comparison, wanted: Manifest) -> Manifest:
    """The manifest while files change: what stands there now is ours, and so is what will."""
    there = {change.path: digest_of(change.old) for change in comparison.changes if change.old is not None}
    return Manifest({**wanted.files, **there}, wanted.files)


def _replace(path: Path, text: str) -> None:
    """Write a file whole: it is the old or the new one whenever we are killed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(out: Path, paths: Iterable[str]) -> None:
    """Delete what killed builds left half written; a build that still runs keeps what is its own."""
    owned = {MANIFEST_NAME, *paths}
    for folder in {path.rpartition("/")[0] for path in owned}:
        for name in os.listdir(out / folder):  # noqa: PTH208 - names suffice, and there may be ten thousand
            found = _TEMPORARY.fullmatch(name) if name[0] == "." else None
            if found is None or _is_running(int(found["process"])):
                continue
            if (f"{folder}/{found['name']}" if folder else found["name"]) in owned:
                (out / folder / name).unlink(missing_ok=True)


_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<process>[0-9]{1,9})\.tmp")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _delete(out: Path, path: str) -> None:
    """Delete a file and the folders that it leaves empty."""
    (out / path).unlink(missing_ok=True)
    for folder in (out / path).parents:
        if folder == out:
            return
        try:
            folder.rmdir()
        except OSError:  # not empty: something else lives here
            return
