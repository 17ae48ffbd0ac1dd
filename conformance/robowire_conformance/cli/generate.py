"""`robowire generate`: recordings of a simulated robot."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from robowire_generators.broken import BREAKAGES, generate_broken_bag
from robowire_generators.recipe import (
    DEFAULT_DURATION_S,
    PROFILES,
    BagRecipe,
    Compression,
    parse_size,
    parse_start,
)
from robowire_generators.rosbag1 import BagSummary, generate_bag

from robowire_conformance.cli.generate_telemetry import telemetry
from robowire_conformance.configuration import ConfigurationError

PATIENCE_S = 1.0
"""Seconds after which a run is long enough for a progress bar."""


@click.group()
def command() -> None:
    """Make recordings: synthetic, from a seed, in real formats."""


command.add_command(telemetry)


@command.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed and options give the same bytes.")
@click.option(
    "--duration", type=float, metavar="S", help=f"Seconds [default: {DEFAULT_DURATION_S:g}, or until --size]."
)
@click.option("--size", metavar="SIZE", help="Until the file is about this large: 200MB, 5GB, 64KiB.")
@click.option("--start", metavar="TIME", help="First second, ISO 8601, UTC unless it says otherwise.")
@click.option(
    "--profile", type=click.Choice(PROFILES), help="How much is recorded [default: small; full from 20 MB on]."
)
@click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="Only this topic; may be repeated.")
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
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
def bag(
    out: Path,
    seed: int,
    duration: float | None,
    size: str | None,
    start: str | None,
    profile: str | None,
    topics: tuple[str, ...],
    compression: str,
    chunk_size: str | None,
    connections: int,
    broken: str | None,
    force: bool,  # noqa: FBT001  # click passes by name
) -> None:
    """Write a ROS 1 bag of a working robot to OUT."""
    defaults = BagRecipe()
    try:
        recipe = BagRecipe(
            seed=seed,
            start_ns=parse_start(start) if start else defaults.start_ns,
            duration_s=duration,
            size=parse_size(size) if size else None,
            profile=profile,
            topics=topics or None,
            chunk_size=parse_size(chunk_size) if chunk_size else defaults.chunk_size,
            compression=Compression(compression),
            connections=connections,
        )
        _write(out, recipe, broken, overwrite=force)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    except FileExistsError:
        raise ConfigurationError(f"{out} is there already: choose another name, or replace it with --force") from None
    except OSError as error:
        raise ConfigurationError(f"cannot write {out}: {error.strerror}") from None


def _write(out: Path, recipe: BagRecipe, broken: str | None, *, overwrite: bool) -> None:
    if broken:
        written = generate_broken_bag(out, broken, recipe, overwrite=overwrite)
        click.echo(f"{out}: {broken}, {written} bytes")
        return
    with _bar(out.name) as progress:
        summary = generate_bag(out, recipe, overwrite=overwrite, progress=progress)
    click.echo(_line(summary))


def _line(summary: BagSummary) -> str:
    if summary.start_ns is None or summary.end_ns is None:
        return f"{summary.path}: no messages, {summary.size} bytes"
    first, last = (datetime.fromtimestamp(at // 10**9, UTC).isoformat() for at in (summary.start_ns, summary.end_ns))
    return f"{summary.path}: {summary.messages} messages, {summary.size} bytes, {first} to {last}"


@contextmanager
def _bar(title: str) -> Iterator[Callable[[float], None] | None]:
    """A progress bar on stderr, if that is a terminal, once the work has lasted a moment."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # only for people who look on
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(file=sys.stderr), transient=True)
    task = bar.add_task(title, total=1.0)
    begun = time.monotonic()

    def update(fraction: float) -> None:
        if not bar.live.is_started and time.monotonic() - begun > PATIENCE_S:
            bar.start()
        bar.update(task, completed=fraction)

    try:
        yield update
    finally:
        bar.stop()
