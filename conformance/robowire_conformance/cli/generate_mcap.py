"""`robowire generate mcap` and `robowire generate rosbag2`."""

from pathlib import Path
from typing import Any

import click
from robowire_generators.mcap.broken import BREAKAGES, generate_broken_mcap
from robowire_generators.mcap.chunk import Compression
from robowire_generators.mcap.encodings import Encoding
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.recording import generate_mcap
from robowire_generators.mcap.rosbag2 import Rosbag2Recipe, StorageId, generate_rosbag2
from robowire_generators.recipe import parse_size

from robowire_conformance.cli.recording import bar, line, recipe_values, recording_options, refusals


@click.command()
@recording_options
@click.option(
    "--encoding",
    type=click.Choice([kind.value for kind in Encoding]),
    default=Encoding.PROTOBUF.value,
    show_default=True,
    help="Of messages and schemas; ros2 and ros2idl are CDR with .msg or .idl.",
)
@click.option(
    "--compression",
    type=click.Choice([kind.value for kind in Compression]),
    default=Compression.ZSTD.value,
    show_default=True,
    help="Of chunks.",
)
@click.option("--chunk-size", metavar="SIZE", help="Of a chunk, uncompressed [default: 1MiB].")
@click.option("--unchunked", is_flag=True, help="Write messages without chunks.")
@click.option("--channels", type=int, default=1, show_default=True, help="Of each topic.")
@click.option("--track-hz", type=float, default=0.0, show_default=True, help="Poses a second on /track, up to 1000000.")
@click.option("--index/--no-index", default=True, help="Of messages, chunks, attachments and metadata.")
@click.option("--statistics/--no-statistics", default=True, help="In the summary.")
@click.option("--crcs/--no-crcs", default=True, help="Of chunks, attachments, data and summary.")
@click.option("--attachments/--no-attachments", default=True, help="A floor plan and a calibration.")
@click.option("--metadata/--no-metadata", default=True, help="Of the robot, and for the platform.")
@click.option("--device-name", metavar="NAME", help="The device in the record `foxglove` [default: the robot's name].")
@click.option("--key", metavar="KEY", help="The key in the record `foxglove` [default: none].")
@click.option("--broken", type=click.Choice([*BREAKAGES]), metavar="KIND", help=f"Break it: {', '.join(BREAKAGES)}.")
def mcap(
    out: Path,
    encoding: str,
    compression: str,
    chunk_size: str | None,
    unchunked: bool,  # noqa: FBT001  # click passes by name
    broken: str | None,
    force: bool,  # noqa: FBT001  # as above
    **options: Any,
) -> None:
    """Write an MCAP file of a working robot to OUT."""
    with refusals(out):
        size = parse_size(chunk_size) if chunk_size else McapRecipe().chunk_size
        recipe = McapRecipe(
            **_recipe_values(options),
            encoding=Encoding(encoding),
            compression=Compression(compression),
            chunk_size=None if unchunked else size,
        )
        _write(out, recipe, broken, overwrite=force)


def _recipe_values(options: dict[str, Any]) -> dict[str, Any]:
    """Give what the options say that are not named otherwise in the recipe."""
    own = ("channels", "track_hz", "index", "statistics", "crcs", "attachments", "metadata", "device_name", "key")
    return {name: options.pop(name) for name in own} | recipe_values(**options)


def _write(out: Path, recipe: McapRecipe, broken: str | None, *, overwrite: bool) -> None:
    if broken:
        written = generate_broken_mcap(out, broken, recipe, overwrite=overwrite)
        click.echo(f"{out}: {broken}, {written} bytes")
        return
    with bar(out.name) as progress:
        summary = generate_mcap(out, recipe, overwrite=overwrite, progress=progress)
    click.echo(line(summary))


@click.command()
@recording_options
@click.option(
    "--storage",
    type=click.Choice([kind.value for kind in StorageId]),
    default=StorageId.SQLITE3.value,
    show_default=True,
    help="What the messages are kept in.",
)
@click.option("--idl", is_flag=True, help="Define the messages by .idl instead of .msg.")
@click.option(
    "--compression",
    type=click.Choice([kind.value for kind in Compression]),
    default=Compression.NONE.value,
    show_default=True,
    help="Of the chunks of mcap.",
)
def rosbag2(
    out: Path,
    storage: str,
    idl: bool,  # noqa: FBT001  # click passes by name
    compression: str,
    force: bool,  # noqa: FBT001  # as above
    **common: Any,
) -> None:
    """Write a ROS 2 bag of a working robot to the folder OUT."""
    with refusals(out), bar(out.name) as progress:
        recipe = Rosbag2Recipe(
            **recipe_values(**common), storage=StorageId(storage), idl=idl, compression=Compression(compression)
        )
        click.echo(line(generate_rosbag2(out, recipe, overwrite=force, progress=progress)))
