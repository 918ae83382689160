"""Replacing files: all of them or none, and each whole."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def replace_files(files: Mapping[str, bytes]) -> None:
    """Give each file its new bytes, keeping its mode; a link stays a link. Raises OSError.

    All are written beside their targets before the first is replaced: a full disk or a folder that may not be written
    changes nothing.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, data in sorted(files.items()):
            target = Path(path).resolve()
            temporary = target.with_name(f".{target.name}.horsies.tmp")
            staged.append((temporary, target))
            temporary.write_bytes(data)
            if target.exists():
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        for temporary, target in staged:
            temporary.replace(target)
    finally:
        for temporary, _ in staged:
            with suppress(FileNotFoundError):
                temporary.unlink()
