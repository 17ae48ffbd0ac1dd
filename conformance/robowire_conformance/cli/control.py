"""`robowire control`: move a mock that is served, and see what was asked of it."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson
from robowire_fixtures.worldfile import text_of
from robowire_mocks.control_client import Control, ControlError

from robowire_conformance.cli.control_lines import entry_line, fault_line, iso
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_FOLLOWED_S = 20.0  # how long each of the requests by which the journal is followed waits


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    """A subcommand whose refusals are one line."""

    @functools.wraps(function)
    def call(*given: Any, **settings: Any) -> Any:
        try:
            return function(*given, **settings)
        except ControlError as refused:
            raise ConfigurationError(str(refused)) from None
        except ValueError as wrong:
            raise ConfigurationError(str(wrong)) from None

    return call


@click.group(invoke_without_command=True)
@click.argument("url")
@click.option("--world", "name", metavar="NAME", help="One of the server's worlds.")
@click.option("--token", help="A token of the world that is meant.")
@click.option("--ca", type=click.Path(exists=True, path_type=Path), metavar="FILE", help="The certificate to trust.")
@click.pass_context
@_told
def command(context: click.Context, url: str, name: str | None, token: str | None, ca: Path | None) -> None:
    """Control the mock at URL, that of `robowire serve`; without a command, say what it is now."""
    control = Control(url, token=token, ca_file=ca)
    context.obj = control if name is None else control.world(name)
    if context.invoked_subcommand is None:
        _tell_state(context.obj.overview())


@command.command()
@click.pass_obj
@_told
def reset(control: Control) -> None:
    """Bring state, clock, journal and faults back to the start."""
    _tell_clock(control.reset()["clock"])


@command.command()
@click.argument("name")
@click.pass_obj
@_told
def snapshot(control: Control, name: str) -> None:
    """Save the present state as NAME."""
    _tell(control.snapshot(name))


@command.command()
@click.argument("name")
@click.pass_obj
@_told
def restore(control: Control, name: str) -> None:
    """Go back to the state NAME."""
    _tell_clock(control.restore(name)["clock"])


@command.command()
@click.option("--remove", metavar="NAME", help="Forget this one.")
@click.pass_obj
@_told
def snapshots(control: Control, remove: str | None) -> None:
    """List the snapshots."""
    _tell(control.snapshots() if remove is None else control.remove_snapshot(remove))


@command.command()
@click.argument("world")
@click.option("--on-server", is_flag=True, help="WORLD is a file on the server.")
@click.pass_obj
@_told
def world(control: Control, world: str, on_server: bool) -> None:  # noqa: FBT001  # click passes by name
    """Start anew from WORLD: the name of one that comes along, or a TOML file, whose text is sent."""
    if on_server:
        _tell_clock(control.load(file=world)["clock"])
    elif world.endswith(".toml") or "/" in world:
        _tell_clock(control.load(toml=text_of(Path(world)))["clock"])
    else:
        _tell_clock(control.load(world)["clock"])


@command.command()
@click.option("--advance", type=float, metavar="SECONDS", help="Let so many seconds pass.")
@click.option("--freeze", is_flag=True, help="Let it stand still.")
@click.option("--at", metavar="TIME", help="With --freeze: when, such as 2026-11-20T12:00:00Z; earlier sets it back.")
@click.option("--resume", is_flag=True, help="Let it run on.")
@click.pass_obj
@_told
def clock(control: Control, advance: float | None, freeze: bool, at: str | None, resume: bool) -> None:  # noqa: FBT001
    """Say what time it is, or move the clock."""
    if at is not None and not freeze:
        raise ConfigurationError("--at goes with --freeze")
    if (advance is not None) + freeze + resume > 1:
        raise ConfigurationError("--advance, --freeze and --resume exclude each other")
    if advance is not None:
        told = control.advance(advance)
    elif freeze:
        told = control.freeze(None if at is None else _moment(at))
    else:
        told = control.resume() if resume else control.clock()
    _tell_clock(told)


@command.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--none", "honest", is_flag=True, help="Switch all off.")
@click.pass_obj
@_told
def deviations(control: Control, ids: tuple[str, ...], honest: bool) -> None:  # noqa: FBT001
    """Say which deviations are on, or switch exactly these on."""
    if ids and honest:
        raise ConfigurationError("--none goes without ids")
    _tell((control.deviate(*ids) if ids or honest else control.state())["deviations"])


@command.group(invoke_without_command=True)
@click.pass_context
@_told
def faults(context: click.Context) -> None:
    """List the faults, and how often each was met."""
    if context.invoked_subcommand is None:
        _tell(fault_line(one) for one in context.obj.faults())


@faults.command("add")
@click.argument("kind")
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@click.pass_obj
@_told
def add_fault(control: Control, kind: str, parameters: tuple[str, ...]) -> None:
    """Add a fault, such as `status status=429 retry_after_s=2 operation=listDevices times=2`."""
    _tell([control.fault(**{"kind": kind} | dict(_parameter(one) for one in parameters))])


@faults.command("remove")
@click.argument("fault_id", metavar="ID")
@click.pass_obj
@_told
def remove_fault(control: Control, fault_id: str) -> None:
    """Remove a fault."""
    control.remove_fault(fault_id)


@faults.command("clear")
@click.pass_obj
@_told
def clear_faults(control: Control) -> None:
    """Remove all faults."""
    control.clear_faults()


def _chosen(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose calls."""
    for option in (
        click.option("--operation", help="The document's name, such as listDevices."),
        click.option("--method"),
        click.option("--path", help="Below host and port; * stands for anything."),
        click.option("--status", type=int),
        click.option("--since", type=int, metavar="NUMBER", help="Only after this entry."),
    ):
        function = option(function)
    return function


@command.group(invoke_without_command=True)
@_chosen
@click.option("--unknown", is_flag=True, help="Only what the document does not have.")
@click.option("--limit", type=int, metavar="N", help="The latest N.")
@click.option("--follow", "-f", is_flag=True, help="Go on with what comes.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object in each line.")
@click.pass_context
@_told
def journal(context: click.Context, *, follow: bool, as_json: bool, **wanted: Any) -> None:
    """Show what was asked and answered, a line each."""
    if context.invoked_subcommand is not None:
        return
    wanted = {name: value for name, value in wanted.items() if value not in (None, False)}
    entries = context.obj.journal(**wanted)
    _tell_entries(entries, as_json=as_json)
    while follow:
        wanted["since"] = max((one["number"] for one in entries), default=wanted.get("since", 0))
        entries = context.obj.journal(wait_s=_FOLLOWED_S, **wanted)
        _tell_entries(entries, as_json=as_json)


@journal.command("show")
@click.argument("number", type=int)
@click.pass_obj
@_told
def show_entry(control: Control, number: int) -> None:
    """Show one entry whole, as JSON."""
    click.echo(orjson.dumps(control.entry(number), option=orjson.OPT_INDENT_2))


@journal.command("clear")
@click.pass_obj
@_told
def clear_journal(control: Control) -> None:
    """Forget what was asked."""
    control.clear_journal()


@journal.command("assert")
@_chosen
@click.option("--times", type=click.IntRange(min=0), help="Exactly so often; at least once without it.")
@click.option("--no-unknown", is_flag=True, help="Nothing was asked that the document does not have.")
@click.pass_obj
@_told
def assert_calls(control: Control, *, no_unknown: bool, **wanted: Any) -> int:
    """Exit with 1, and say what was called instead, unless calls that fit were made."""
    claim = {name: value for name, value in wanted.items() if value is not None}
    if no_unknown and claim:
        raise ConfigurationError("--no-unknown stands alone")
    verdict = control.verdict(unknown=False) if no_unknown else control.verdict(**claim)
    if not verdict["holds"]:
        click.echo(_printable_lines(verdict["text"]), err=True)
    return 0 if verdict["holds"] else 1


@command.command()
@click.pass_obj
@_told
def operations(control: Control) -> None:
    """List the API's operations, each with how often it was called."""
    _tell(f"{one['calls']:>5}  {one['method']:<6} {one['path']}  {one['name']}" for one in control.operations())


@command.group(invoke_without_command=True)
@click.pass_context
@_told
def worlds(context: click.Context) -> None:
    """List the worlds of the server, each with its URL."""
    if context.invoked_subcommand is None:
        _tell(f"{one['name']}  {context.obj.root}{one['path']}" for one in context.obj.worlds())


@worlds.command("open")
@click.argument("name")
@click.option("--of", metavar="NAME", help="The world to copy, in place of the base.")
@click.pass_obj
@_told
def open_world(control: Control, name: str, of: str | None) -> None:
    """Open a world of this name."""
    opened = control.open(name, of=of)
    _tell([opened.url.rpartition("/")[0]])


@worlds.command("close")
@click.argument("name")
@click.pass_obj
@_told
def close_world(control: Control, name: str) -> None:
    """Close a world, and forget what it holds."""
    control.close(name)


@command.command()
@click.argument("name")
@click.pass_obj
@_told
def read(control: Control, name: str) -> None:
    """Show what the API adds to the controls, as JSON."""
    click.echo(orjson.dumps(control.read(name), option=orjson.OPT_INDENT_2))


@command.command()
@click.argument("name")
@click.argument("body", default="{}", metavar="[JSON]")
@click.pass_obj
@_told
def act(control: Control, name: str, body: str) -> None:
    """Do what the API adds to the controls, such as `rate '{"requests_per_second": 10}'`."""
    value = _value(body)
    if not isinstance(value, dict):
        raise ConfigurationError(f"{body!r} is no JSON object")
    click.echo(orjson.dumps(control.act(name, **value), option=orjson.OPT_INDENT_2))


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(printable(line))


def _printable_lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.splitlines())


def _tell_clock(clock: Mapping[str, Any]) -> None:
    click.echo(f"{iso(clock['now'])}{' frozen' if clock['frozen'] else ''}")


def _tell_state(now: Mapping[str, Any]) -> None:
    _tell_clock(now["clock"])
    calls = now["journal"]
    click.echo(f"{now['api']}: {calls['calls']} calls, {calls['unknown']} unknown, {calls['faults']} with a fault")
    for what in ("deviations", "snapshots"):
        if now[what]:
            click.echo(f"{what}: {printable(', '.join(now[what]))}")
    if now["faults"]:
        _tell(["faults:", *(f"  {fault_line(one)}" for one in now["faults"])])
    if now["worlds"]:
        click.echo(f"worlds: {', '.join(one['name'] for one in now['worlds'])}")


def _tell_entries(entries: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    for one in entries:
        click.echo(orjson.dumps(one) if as_json else printable(entry_line(one)))


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ConfigurationError(f"{text!r} is not NAME=VALUE")
    return name, _value(value)


def _value(text: str) -> Any:
    """What a JSON text says; what is none is a string."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _moment(text: str) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is no time; write 2026-11-20T12:00:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
