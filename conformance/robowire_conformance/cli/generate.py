"""`robowire generate`: recordings of a simulated robot, and telemetry."""

from pathlib import Path
from typing import Any

import click
from robowire_generators.broken import BREAKAGES, generate_broken_bag
from robowire_generators.recipe import BagRecipe, Compression, parse_size
from robowire_generators.rosbag1 import generate_bag

from robowire_conformance.cli.generate_mcap import mcap, rosbag2
from robowire_conformance.cli.generate_telemetry import telemetry
from robowire_conformance.cli.recording import bar, line, recipe_values, recording_options, refusals


@click.group()
def command() -> None:
    """Make recordings: synthetic, from a seed, in real formats."""


command.add_command(telemetry)
command.add_command(mcap)
command.add_command(rosbag2)


@command.command()
@recording_options
@click.option(
    "--compression",
    type=click.Choice([kind.value for kind in Compression]),
    default="none",
    show_default=True,
    help="Of chunks.",
)
@click.option("--chunk-size", metavar="SIZE", help="Of a chunk, uncompressed [default: 768KiB].")
@click.option("--connections", type=int, default=1, show_default=True, help="Publishers of each topic.")
@click.option("--broken", type=click.Choice([*BREAKAGES]), metavar="KIND", help=f"Break it: {', '.join(BREAKAGES)}.")
def bag(
    out: Path,
    compression: str,
    chunk_size: str | None,
    connections: int,
    broken: str | None,
    force: bool,  # noqa: FBT001  # click passes by name
    **common: Any,
) -> None:
    """Write a ROS 1 bag of a working robot to OUT."""
    with refusals(out):
        recipe = BagRecipe(
            **recipe_values(**common),
            chunk_size=parse_size(chunk_size) if chunk_size else BagRecipe().chunk_size,
            compression=Compression(compression),
            connections=connections,
        )
        _write(out, recipe, broken, overwrite=force)


def _write(out: Path, recipe: BagRecipe, broken: str | None, *, overwrite: bool) -> None:
    if broken:
        written = generate_broken_bag(out, broken, recipe, overwrite=overwrite)
        click.echo(f"{out}: {broken}, {written} bytes")
        return
    with bar(out.name) as progress:
        summary = generate_bag(out, recipe, overwrite=overwrite, progress=progress)
    click.echo(line(summary))
