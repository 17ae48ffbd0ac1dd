"""`robowire deviations`: the ways in which a mock can be made to break one requirement."""

import difflib
from collections.abc import Iterable

import click
import orjson
from robowire_fixtures.catalogue import APIS
from robowire_mocks.deviations import load

from robowire_conformance.configuration import ConfigurationError


@click.command()
@click.argument("api", required=False, type=click.Choice(APIS))
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
def command(api: str | None, *, as_json: bool) -> None:
    """List the deviations of API, or of all APIs: id, the requirement that it breaks, and what a client sees."""
    found = [deviation for name in ([api] if api else APIS) for deviation in load(name)]
    if as_json:
        entries = [
            {"api": one.api, "id": one.id, "breaks": one.breaks, "step": one.step, "summary": one.summary}
            for one in found
        ]
        click.echo(orjson.dumps(entries, option=orjson.OPT_INDENT_2))
        return
    width = max((len(one.id) for one in found), default=0)
    for one in found:
        click.echo(f"{one.id:<{width}}  {one.breaks:<20} {one.summary}")


def require_known(apis: Iterable[str], ids: Iterable[str]) -> None:
    """Make sure that every id is a deviation of one of the APIs.

    Raises:
        ConfigurationError: One is not; the text names the nearest.
    """
    names = list(apis)
    known = [deviation.id for api in names for deviation in load(api)]
    for name in ids:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"`robowire deviations {names[0]}` lists them"
            raise ConfigurationError(f"no deviation is called {name!r}; {hint}")
