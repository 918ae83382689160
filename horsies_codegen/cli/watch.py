"""``build --watch``: builds again whenever a source or a setting changes, until Ctrl-C.

Files are asked for their times twice a second: that needs no service of the system, works on every file system, and costs a
thousand files a few milliseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from horsies_codegen.cli.output import note
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import ExitCode
from horsies_codegen.source import discover

INTERVAL_S = 0.5


def watch(read: Callable[[], tuple[Config, ...]], build: Callable[[tuple[Config, ...]], object]) -> NoReturn:
    """Build whenever something changes. ``read`` and ``build`` may exit; only Ctrl-C ends the watch."""
    seen: object = None
    chosen: tuple[Config, ...] = ()
    try:
        while True:
            now = _state(chosen)
            if now != seen or not chosen:
                with suppress(SystemExit):
                    chosen = read()
                    now = _state(chosen)
                    build(chosen)
                if now != seen:
                    note("watching for changes; Ctrl-C ends it")
                seen = now
            time.sleep(INTERVAL_S)
    except KeyboardInterrupt:
        note("")
        sys.exit(ExitCode.CLEAN)


def _state(projects: Sequence[Config]) -> object:
    """What the system says of every file that a build reads."""
    return tuple(sorted(_stamp(path) for config in projects for path in _files(config)))


def _files(config: Config) -> Iterator[str]:
    outs = () if Path(config.out) == Path() else (f"/{Path(config.out).as_posix()}",)
    with discover(config.paths, exclude=(*config.exclude, *outs), roots=config.roots) as tree:
        yield from (entry.location for entry in tree.entries)
    if config.path is not None:
        yield config.path
    if config.templates is not None:
        yield from (str(path) for path in Path(config.templates).rglob("*.j2"))


def _stamp(path: str) -> tuple[str, int, int]:
    try:
        status = Path(path).stat()
    except OSError:
        return path, 0, -1
    return path, status.st_mtime_ns, status.st_size
