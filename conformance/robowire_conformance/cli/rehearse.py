"""`robowire rehearse`: things go wrong on purpose for somebody's client, and the journal tells what it made of them."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from robowire_fixtures.catalogue import APIS
from robowire_mocks.rehearsal import (
    FAILS_UNDISTURBED,
    Program,
    Status,
    Verdict,
    rehearse,
    rehearse_listener,
    scenarios,
)

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import printable

INCOMPLETE_STATUS = 3


@click.command()
@click.argument("api", type=click.Choice(APIS))
@click.option("--scenario", "ids", multiple=True, metavar="ID", help="Play this one only; may be given several times.")
@click.option("--list", "listing", is_flag=True, help="List the scenarios and play none.")
@click.option("--world", metavar="FILE", help="State to start from: a TOML file, or the name of a world.")
@click.option("--tls", is_flag=True, help="Speak HTTPS; {ca} is the certificate to be trusted.")
@click.option("--webhook", metavar="URL", help="The command listens here; deliver webhooks to it.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="S",
    help="Seconds that the command may take each time.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option("--json", "as_json", is_flag=True, help="Write the verdicts as JSON.")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="-- COMMAND...")
def command(
    api: str,
    ids: tuple[str, ...],
    listing: bool,  # noqa: FBT001  # click passes by name
    world: str | None,
    tls: bool,  # noqa: FBT001
    webhook: str | None,
    timeout: float,
    strict: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    words: tuple[str, ...],
) -> int:
    """Play scenarios of API to a client: COMMAND does its work once, and ends with status 0 if it did all of it.

    It finds the mock by ROBOWIRE_URL, ROBOWIRE_TOKEN and, with --tls, ROBOWIRE_CA in its environment, or where {url},
    {host}, {token} and {ca} stand in its arguments. It is run once undisturbed, and once for each scenario.

    Exit status 0: it did right; 1: it did what the document or HTTP forbids (with --strict, or advises against);
    3: no scenario could be tested.
    """
    try:
        if listing:
            return _list(api, ids)
        if not words:
            raise ConfigurationError("say what the client is: robowire rehearse API -- COMMAND…")
        program = Program(words, timeout)
        with tempfile.TemporaryDirectory(prefix="robowire-") as folder:
            if webhook:
                played = rehearse_listener(api, program, webhook, ids, world=world)
            else:
                played = rehearse(api, program, ids, world=world, tls=Path(folder) if tls else None)
            verdicts = list(_shown(played, as_json=as_json))
    except ValueError as error:  # no such scenario, program or world
        raise ConfigurationError(str(error)) from None
    if as_json:
        click.echo(json.dumps([verdict.told() for verdict in verdicts], indent=1, ensure_ascii=False))
    elif verdicts:
        click.echo(_summary([verdict.status for verdict in verdicts]))
    return _status(verdicts, strict=strict)


def _list(api: str, ids: tuple[str, ...]) -> int:
    for scenario in scenarios(api, ids):
        click.echo(f"{scenario.id}: {scenario.title}. {scenario.story}")
        for expectation in scenario.expect:
            click.echo(f"  {expectation.level} {expectation.rule} ({expectation.source})")
    return 0


def _shown(played: Iterator[Verdict], *, as_json: bool) -> Iterator[Verdict]:
    """The verdicts, each written as it comes; of a client that fails by itself, the first tells everything."""
    for verdict in played:
        if verdict.reason.startswith(FAILS_UNDISTURBED):
            click.echo(f"robowire: {printable(verdict.without_token(verdict.reason))}", err=True)
            return
        if not as_json:
            for line in str(verdict).splitlines():
                click.echo(printable(line))
            sys.stdout.flush()
        yield verdict


def _summary(ended: list[Status]) -> str:
    """How many scenarios ended how."""
    counts = (f"{ended.count(status)} {status}" for status in Status if status in ended)
    return f"{len(ended)} scenario{'s' if len(ended) > 1 else ''}: {', '.join(counts)}"


def _status(verdicts: list[Verdict], *, strict: bool) -> int:
    if any(verdict.failed or (strict and verdict.findings) for verdict in verdicts):
        return 1
    return 0 if any(verdict.status is not Status.NOT_TESTED for verdict in verdicts) else INCOMPLETE_STATUS
