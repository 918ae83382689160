"""The command line of the benchmark."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.speed import draining, fairness, producing, report, resting
from benchmarks.speed.figure import Figure
from benchmarks.speed.peers.race import race
from benchmarks.speed.scale import FULL, QUICK, Scale
from benchmarks.speed.server import described, own_server, settle

Measurement = Callable[[str, Scale], list[Figure]]

MEASUREMENTS: dict[str, Measurement] = {
    "drain": draining.drain,
    "send": producing.sends,
    "send-many": producing.sends_of_many,
    "latency": resting.latency,
    "beside-many": draining.beside_many,
    "old-snapshot": draining.past_old_snapshot,
    "rest": resting.at_rest,
    "producers": producing.eight_producers,
    "starts": resting.starts,
    "footprint": draining.footprint,
    "import": resting.imports,
    "fairness": fairness.fairness,
    "processes": draining.many_processes,
}
PEERS = "peers"


@click.command()
@click.option("--quick", is_flag=True, help="Smaller sizes and two repeats: a look, not a result.")
@click.option("--only", multiple=True, type=click.Choice([*MEASUREMENTS, PEERS]), help="Only this; may be repeated.")
@click.option("--repeats", type=click.IntRange(1), help="How often each contestant has its turn.")
@click.option("--out", type=click.Path(path_type=Path), help="Write NAME.json, NAME.md and NAME.svg.", metavar="NAME")
def main(*, quick: bool, only: tuple[str, ...], repeats: int | None, out: Path | None) -> None:
    """Measure, and print one table."""
    scale = (QUICK if quick else FULL).with_repeats(repeats)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="horsies-bench-") as folder, own_server(Path(folder) / "data") as url:
        server = described(url)
        for name in only or MEASUREMENTS:
            click.echo(f"{name} ...", err=True)
            settle(url)
            figures += (MEASUREMENTS | {PEERS: race})[name](url, scale)
    click.echo(report.table(figures))
    click.echo("\n".join(f"{key}: {value}" for key, value in (report.machine() | server).items()))
    if out is not None:
        report.write_all(out, figures, server)


if __name__ == "__main__":
    main()
