"""What the commands that record the robot share: options, progress, the line about what was written, refusals."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from robowire_generators.recipe import DEFAULT_DURATION_S, DEFAULT_START_NS, PROFILES, parse_size, parse_start
from robowire_generators.rosbag1 import BagSummary

from robowire_conformance.configuration import ConfigurationError

PATIENCE_S = 1.0
"""Seconds after which a run is long enough for a progress bar."""

_OPTIONS = (
    click.argument("out", type=click.Path(path_type=Path)),
    click.option(
        "--seed", type=int, default=0, show_default=True, help="The same seed and options give the same bytes."
    ),
    click.option(
        "--duration", type=float, metavar="S", help=f"Seconds [default: {DEFAULT_DURATION_S:g}, or until --size]."
    ),
    click.option("--size", metavar="SIZE", help="Until the file is about this large: 200MB, 5GB, 64KiB."),
    click.option("--start", metavar="TIME", help="First second, ISO 8601, UTC unless it says otherwise."),
    click.option(
        "--profile", type=click.Choice(PROFILES), help="How much is recorded [default: small; full from 20 MB on]."
    ),
    click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="Only this topic; may be repeated."),
    click.option("--force", is_flag=True, help="Replace OUT if it is there."),
)


def recording_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the argument OUT and the options that every recording has, for `recipe_values` to read."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def recipe_values(
    *,
    seed: int,
    duration: float | None,
    size: str | None,
    start: str | None,
    profile: str | None,
    topics: tuple[str, ...],
) -> dict[str, Any]:
    """Give what the common options say, as the arguments of a recipe.

    Raises:
        ValueError: A text is no size or no time.
    """
    return {
        "seed": seed,
        "start_ns": parse_start(start) if start else DEFAULT_START_NS,
        "duration_s": duration,
        "size": parse_size(size) if size else None,
        "profile": profile,
        "topics": topics or None,
    }


@contextmanager
def refusals(out: Path) -> Iterator[None]:
    """Turn what cannot be made or written into the one line that a person gets."""
    try:
        yield
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    except FileExistsError:
        raise ConfigurationError(f"{out} is there already: choose another name, or replace it with --force") from None
    except OSError as error:
        raise ConfigurationError(f"cannot write {out}: {error.strerror}") from None


def line(summary: BagSummary) -> str:
    """Say what has been written."""
    if summary.start_ns is None or summary.end_ns is None:
        return f"{summary.path}: no messages, {summary.size} bytes"
    first, last = (datetime.fromtimestamp(at // 10**9, UTC).isoformat() for at in (summary.start_ns, summary.end_ns))
    return f"{summary.path}: {summary.messages} messages, {summary.size} bytes, {first} to {last}"


@contextmanager
def bar(title: str) -> Iterator[Callable[[float], None] | None]:
    """A progress bar on stderr, if that is a terminal, once the work has lasted a moment."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # only for people who look on
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=Console(file=sys.stderr), transient=True)
    task = shown.add_task(title, total=1.0)
    begun = time.monotonic()

    def update(fraction: float) -> None:
        if not shown.live.is_started and time.monotonic() - begun > PATIENCE_S:
            shown.start()
        shown.update(task, completed=fraction)

    try:
        yield update
    finally:
        shown.stop()
