"""Where a key stands in a TOML file: the parser of the standard library does not say.

A block of an array of tables counts as a key of its number: ``("tool", "project", "0")``.
Tables and keys are looked for line by line. It is a search, not a parser: where a file writes a key in a way that is not
found (an inline table over several lines, a dotted key in an outer table), the place is the nearest header above, or the
start of the file, and the finding still names the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from horsies_codegen.source import START, SourceText, Span

_HEADER = re.compile(r"[ \t]*\[[ \t]*([^\[\]#]+?)[ \t]*\][ \t]*(?:#.*)?$")
_BLOCK = re.compile(r"[ \t]*\[\[[ \t]*([^\[\]#]+?)[ \t]*\]\][ \t]*(?:#.*)?$")
_KEY = re.compile(r"[ \t]*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:[ \t]*\.[ \t]*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)[ \t]*=")
_PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")


def key_span(source: str, keys: Sequence[str]) -> Span:
    """The place of a key, given as its path from the top; of its nearest table if the key itself is not found."""
    text = SourceText(source)
    best: tuple[int, Span] = (0, Span(START, START))
    for path, start, end in _declared(source):
        if path == tuple(keys[: len(path)]) and len(path) > best[0]:
            best = (len(path), text.span(start, end))
    return best[1]


def _declared(source: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Every header and key with its full path and where it stands."""
    table: tuple[str, ...] = ()
    blocks: dict[tuple[str, ...], int] = {}
    offset = 0
    for line in source.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        block, header, key = _BLOCK.match(bare), _HEADER.match(bare), _KEY.match(line)
        if block is not None:
            path = _parts(block[1])
            blocks[path] = blocks.get(path, -1) + 1
            table = (*path, str(blocks[path]))
            yield table, offset + block.start(1), offset + block.end(1)
        elif header is not None:
            table = _within(blocks, _parts(header[1]))
            yield table, offset + header.start(1), offset + header.end(1)
        elif key is not None:
            yield (*table, *_parts(key[1])), offset + key.start(1), offset + key.end(1)
        offset += len(line)


def _within(blocks: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> tuple[str, ...]:
    """The path of a table with the number of the block that it belongs to."""
    for block, number in blocks.items():
        if path[: len(block)] == block:
            return (*block, str(number), *path[len(block) :])
    return path


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
