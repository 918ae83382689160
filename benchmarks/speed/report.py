"""The table, the file beside it, and the plot."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from benchmarks.speed.figure import Figure

_WORDS = {True: "met", False: "NOT MET", None: ""}


def table(figures: Sequence[Figure]) -> str:
    """One line a figure: value, spread, what it is measured by, bar and aim."""
    rows: list[tuple[str, ...]] = [("figure", "value", "spread", "against", "bar", "aim", "")]
    rows.extend(_row(figure) for figure in figures)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def markdown(figures: Sequence[Figure]) -> str:
    """The same as a Markdown table."""
    rows = [_row(figure) for figure in figures]
    lines = ["| figure | value | spread | against | bar | aim | |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def machine() -> dict[str, object]:
    """Where it was measured."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(total),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write_all(out: Path, figures: Sequence[Figure], server: dict[str, str]) -> None:
    """Everything that was measured and on what, the table, and the plot."""
    body = {"machine": machine(), "server": server, "figures": [figure.to_json() for figure in figures]}
    for suffix, text in (
        (".json", json.dumps(body, indent=1, ensure_ascii=False) + "\n"),
        (".md", markdown(figures) + "\n"),
        (".svg", plot(figures)),
    ):
        out.with_suffix(suffix).write_text(text, encoding="utf-8")


def _row(figure: Figure) -> tuple[str, ...]:
    low, high = figure.spread
    sign = "≥" if figure.direction == "at least" else "≤"
    return (
        figure.title,
        f"{_number(figure.value)} {figure.unit or '×'}",
        f"{_number(low)} – {_number(high)}",
        figure.against or figure.note,
        "" if figure.bar is None else f"{sign} {_number(figure.bar)}",
        "" if figure.aim is None else f"{sign} {_number(figure.aim)}",
        _WORDS[figure.is_met] + (", aim too" if figure.is_met and figure.is_aim_met else ""),
    )


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


_LINE, _LEFT, _WIDTH, _RIGHT = 22, 430, 360, 120


def plot(figures: Sequence[Figure]) -> str:
    """An SVG: for each figure with a bar, how far beyond it the value is, on a logarithmic scale; the bar is the line."""
    shown = [figure for figure in figures if figure.bar]
    height = _LINE * (len(shown) + 2)
    total = _LEFT + _WIDTH + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{total}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="15" text-anchor="middle" fill="#555">the bar</text>',
    ]
    parts += [part for number, figure in enumerate(shown) for part in _bar(number, figure)]
    parts.append(f'<line x1="{_LEFT}" y1="20" x2="{_LEFT}" y2="{height - 10}" stroke="#555"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(number: int, figure: Figure) -> list[str]:
    y = _LINE * (number + 1) + 2
    reach = _reach(figure, figure.value)
    low, high = sorted(_reach(figure, sample) for sample in figure.spread)
    colour = "#2a7f62" if reach >= 0 else "#c0392b"
    left, width = _LEFT + min(0.0, reach), abs(reach)
    unit = figure.unit or "×"
    return [
        f'<text x="{_LEFT - 165}" y="{y + 13}" text-anchor="end">{escape(_short(figure.title))}</text>',
        f'<rect x="{left:.1f}" y="{y + 3}" width="{width:.1f}" height="13" fill="{colour}"/>',
        f'<line x1="{_LEFT + low:.1f}" x2="{_LEFT + high:.1f}" y1="{y + 9.5}" y2="{y + 9.5}" stroke="black"/>',
        f'<text x="{_LEFT + max(high, reach, 0) + 6:.1f}" y="{y + 13}">{_number(figure.value)} {unit}</text>',
    ]


def _reach(figure: Figure, sample: float) -> float:
    """Pixels beyond the bar: a factor of ten is the whole width."""
    from math import log10

    assert figure.bar
    ratio = max(sample, 1e-9) / figure.bar
    factor = ratio if figure.direction == "at least" else 1 / ratio
    return max(-150.0, min(float(_WIDTH), log10(factor) * _WIDTH / 1.5))


def _short(title: str) -> str:
    return title if len(title) <= 46 else title[:45] + "…"
