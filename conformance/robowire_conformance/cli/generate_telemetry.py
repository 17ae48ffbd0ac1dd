"""`robowire generate telemetry`: worlds of devices and their histories."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from robowire_conformance.configuration import ConfigurationError

if TYPE_CHECKING:
    from robowire_generators.telemetry.fleet import FleetRecipe

_HEAD = """A fleet made by: robowire generate telemetry --seed {seed} --devices {devices} --duration {duration:g} \
--period {period}
Serve it with: robowire serve losant --world {name}
Histories end at the last whole minute before the mock starts; `anchor = 2026-11-20T12:00:00Z` up here fixes that."""


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed and options give the same world.")
@click.option("--devices", type=int, default=10, show_default=True, help="How many vehicles report.")
@click.option("--duration", type=float, default=10_800.0, show_default=True, metavar="S", help="Seconds of history.")
@click.option("--period", type=int, default=1000, show_default=True, metavar="MS", help="From one state to the next.")
@click.option("--regular", is_flag=True, help="No gaps, bursts, ties, late or missing values.")
@click.option("--states", is_flag=True, help="Write every state out instead of how they are generated.")
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
def telemetry(
    out: Path,
    seed: int,
    devices: int,
    duration: float,
    period: int,
    regular: bool,  # noqa: FBT001  # click passes by name
    states: bool,  # noqa: FBT001  # as above
    force: bool,  # noqa: FBT001  # as above
) -> None:
    """Write a world of a fleet, for `robowire serve losant --world`, to OUT (TOML)."""
    from robowire_generators.telemetry.fleet import FleetRecipe  # brings numpy

    try:
        recipe = FleetRecipe(seed=seed, devices=devices, duration_s=duration, period_ms=period, regular=regular)
        head = _HEAD.format(seed=seed, devices=devices, duration=duration, period=period, name=out.name)
        _write(out, recipe, head + "\n", states=states, overwrite=force)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    except FileExistsError:
        raise ConfigurationError(f"{out} is there already: choose another name, or replace it with --force") from None
    except OSError as error:
        raise ConfigurationError(f"cannot write {out}: {error.strerror}") from None
    click.echo(f"{out}: {devices} devices, {recipe.points} values at most")


def _write(out: Path, recipe: "FleetRecipe", head: str, *, states: bool, overwrite: bool) -> None:
    from robowire_generators.telemetry.fleet import fleet  # as above
    from robowire_generators.telemetry.loading import make
    from robowire_generators.telemetry.writing import spec_of, write_spec

    spec = fleet(recipe)
    write_spec(spec_of(make(spec)) if states else spec, out, head=head, overwrite=overwrite)
