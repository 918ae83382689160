"""Write the figures of runs into ``docs/performance.md`` and its plot: ``python -m benchmarks.speed.page RUN.json...``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from benchmarks.speed import report
from benchmarks.speed.figure import Figure
from benchmarks.speed.processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- figures: written by benchmarks/speed/page.py -->", "<!-- end of figures -->"


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def main(runs: tuple[Path, ...]) -> None:
    """Put the figures of RUNS between the marks of the page, and the plot beside it."""
    bodies = [json.loads(run.read_text(encoding="utf-8")) for run in runs]
    figures = [figure_of(each) for body in bodies for each in body["figures"]]
    where = "\n".join(f"- {key}: {value}" for key, value in (bodies[0]["machine"] | bodies[0]["server"]).items())
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), figures, where), encoding="utf-8")
    PAGE.with_suffix(".svg").write_text(report.plot(figures), encoding="utf-8")


def figure_of(body: Mapping[str, Any]) -> Figure:
    """A figure from its JSON."""
    return Figure(
        name=body["name"],
        title=body["title"],
        samples=tuple(body["samples"]),
        unit="" if body["unit"] == "ratio" else body["unit"],
        against=body["against"],
        bar=body["bar"],
        aim=body["aim"],
        direction=body["direction"],
        measured={name: tuple(values) for name, values in body["measured"].items()},
        measured_unit=body["measured_unit"],
        note=body["note"],
    )


def with_figures(page: str, figures: list[Figure], where: str) -> str:
    """The page with the table and the machine between its marks. Raises ValueError where the marks are missing."""
    head, begin, rest = page.partition(_BEGIN)
    _, end, tail = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has not the two marks around its figures")
    return f"{head}{begin}\n\n{report.markdown(figures)}\n\nMeasured on:\n\n{where}\n\n{end}{tail}"


if __name__ == "__main__":
    main()
