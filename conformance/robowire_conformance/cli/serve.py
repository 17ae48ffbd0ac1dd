"""`robowire serve`: mocks on sockets, until they are told to stop."""

import errno
import logging
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click
from robowire_fixtures.catalogue import APIS
from robowire_mocks import create_mock
from robowire_mocks.core.sharing import Shared
from robowire_mocks.core.world import WorldError, is_file, sections_of
from robowire_mocks.core.worlds import Worlds
from robowire_mocks.deviations import load

from robowire_conformance.cli.deviations import require_known
from robowire_conformance.cli.reloading import WorldFile
from robowire_conformance.cli.request_log import RequestLog
from robowire_conformance.configuration import ConfigurationError

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock
    from robowire_mocks.core.serving import Server
    from robowire_mocks.core.tls import Authority

PORTS: Mapping[str, int] = MappingProxyType({"foxglove": 8080, "losant": 8081, "bags": 8090})
"""Where each API is served unless a port is named; that of the Bags API is its document's."""

LOOK_S: float = 0.25
"""How often a world file is looked at, and a robot that records, in seconds."""

_REFUSALS = {
    errno.EADDRINUSE: "is taken: choose another with --port, or --port 0 for a free one",
    errno.EACCES: "is not for everyone: choose one above 1023 with --port",
}


@click.command()
@click.argument("api", type=click.Choice([*APIS, "all"]))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port [default: 8080 foxglove, 8081 losant, 8090 bags]; 0 takes a free one. With all, that of the first API; "
    "the next ones follow.",
)
@click.option(
    "--world", metavar="FILE", help="State to start from: a TOML file, or the name of a world that comes along."
)
@click.option("--bags", type=click.Path(path_type=Path), metavar="DIR", help="Serve the .bag files of this folder.")
@click.option("--data-dir", type=click.Path(path_type=Path), metavar="DIR", help="Keep the state here.")
@click.option("--record", is_flag=True, help="Keep recording: a new bag every minute, the oldest purged.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, with a certificate authority made for it.")
@click.option("--deviate", multiple=True, metavar="ID", help="Break this on purpose (see `robowire deviations`).")
@click.option("--no-control", is_flag=True, help="Switch the mock's own controls under /__robowire off.")
@click.option("--quiet", is_flag=True, help="Do not log requests.")
def command(
    api: str,
    host: str,
    port: int | None,
    world: str | None,
    bags: Path | None,
    data_dir: Path | None,
    record: bool,  # noqa: FBT001  # click passes by name
    tls: bool,  # noqa: FBT001
    deviate: tuple[str, ...],
    no_control: bool,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
) -> None:
    """Serve the mock of API, or of all APIs.

    Prints `ready URL` on a line of its own for each, once it answers: with all, of bags, losant and foxglove, in this
    order, and on stderr which is which. Requests are logged on stderr. Ctrl-C stops. A world file that is changed
    meanwhile is loaded again; one that has a section for each of several APIs is shared by those that are served.
    """
    apis = (_sections(world) or tuple(APIS)) if api == "all" else (api,)
    ports = ports_of(apis, port)
    require_known(apis, deviate)
    signals = _signals()
    with ExitStack() as stack:
        stack.enter_context(_warnings_told())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="robowire-"))
        recording = _recording_world(api, world, bags) if record else world
        authority = _authority(data_dir or Path(folder)) if tls else None
        mocks = [
            stack.enter_context(
                _mock(
                    name,
                    world=recording if name == "bags" else world,
                    bags=bags if name == "bags" or api != "all" else None,
                    data_dir=data_dir / name if data_dir and api == "all" else data_dir,
                    control=not no_control,
                    deviate=[one for one in deviate if one in {deviation.id for deviation in load(name)}],
                )
            )
            for name in apis
        ]
        tasks = _tasks(mocks, world, watched=not record)
        for mock in mocks:
            if not signals.empty():
                break
            log = None if quiet else RequestLog(mock.api if len(mocks) > 1 else "")
            worlds = stack.enter_context(_worlds(mock, log))
            server = stack.enter_context(_listen(worlds, host, ports[mock.api], authority, log))
            if len(mocks) > 1:
                click.echo(f"{mock.api} is at {server.url}{mock.url_path}", err=True)
            click.echo(f"ready {server.url}{mock.url_path}")
            sys.stdout.flush()
        _wait(tasks, signals)
    click.echo("stopped", err=True)


def _sections(world: str | None) -> tuple[str, ...]:
    """The APIs that share a world."""
    if world is None:
        return ()
    try:
        return sections_of(world)
    except WorldError as error:
        raise ConfigurationError(str(error)) from None


def ports_of(apis: Sequence[str], port: int | None) -> Mapping[str, int]:
    """Where each API is served: from `port` on, one after the other, or wherever there is room if it is 0."""
    if port is None:
        return PORTS
    if port + len(apis) - 1 > 65535:
        raise ConfigurationError(f"{', '.join(apis)} need {len(apis)} ports from {port} on, and ports end at 65535")
    return {api: port and port + number for number, api in enumerate(apis)}


def _tasks(mocks: Sequence["Mock[Any]"], world: str | None, *, watched: bool) -> list[Callable[[], None]]:
    """What is to be looked after while mocks of a world are served: its file, and the robot that they share."""
    tasks: list[Callable[[], None]] = []
    if world is not None and watched and is_file(world):
        tasks.append(WorldFile(Path(world), mocks).look)
    if len(mocks) > 1 and _sections(world):
        tasks.append(Shared(mocks).catch_up)
    return tasks


def _wait(tasks: Sequence[Callable[[], None]], signals: SimpleQueue[int]) -> None:
    """Do the tasks now and then, until somebody stops the process."""
    while True:
        with suppress(Empty):
            signals.get(timeout=LOOK_S if tasks else None)
            return
        for task in tasks:
            task()


def _worlds(mock: "Mock[Any]", log: RequestLog | None) -> Worlds:
    """The worlds of a server; what is asked of them is logged."""
    if log is None:
        return Worlds(mock)
    log.listen("", mock)
    return Worlds(mock, opened=log.listen)


@contextmanager
def _warnings_told() -> Iterator[None]:
    """Write the mocks' own warnings to stderr, a line each, as the command writes its own: no --quiet hides them."""
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(logging.Formatter("robowire: %(message)s"))
    logger = logging.getLogger("robowire")
    logger.addHandler(told)
    try:
        yield
    finally:
        logger.removeHandler(told)


def _signals() -> SimpleQueue[int]:
    """The signals that tell the process to stop; whatever is begun or ended when they come is not left half done."""
    signals: SimpleQueue[int] = SimpleQueue()  # the one queue that may be put to amid itself
    for number in (signal.SIGTERM, signal.SIGINT):  # SIGINT too: a shell starts background commands with it ignored
        signal.signal(number, lambda number, _: signals.put(number))
    return signals


def _mock(api: str, **settings: Any) -> "Mock[Any]":  # those of create_mock
    try:
        return create_mock(api, **settings)
    except WorldError as error:
        world, text = settings.get("world"), str(error)
        named = not isinstance(world, str) or world in text
        raise ConfigurationError(text if named else f"{world}: {text}") from None
    except OSError as error:
        raise ConfigurationError(f"{error.filename or api}: {error.strerror}") from None


def _recording_world(api: str, world: str | None, bags: Path | None) -> Mapping[str, Any]:
    """A world of the Bags API that says no more than that the recorder is on."""
    if api not in {"bags", "all"}:
        raise ConfigurationError(f"{api} records no bags: --record is of bags, or of all")
    if world is not None:
        raise ConfigurationError("--record and --world exclude each other: say [recorder] on = true in the world file")
    return {"demo": not bags, "recorder": {"on": True}}


def _authority(folder: Path) -> "Authority":
    """One authority for all that is served."""
    from robowire_mocks.core.tls import Authority  # brings cryptography

    try:
        authority = Authority(folder)
    except OSError as error:
        raise ConfigurationError(f"{error.filename or folder}: {error.strerror}") from None
    click.echo(f"certificate authority {authority.file}", err=True)
    return authority


def _listen(worlds: Worlds, host: str, port: int, tls: "Authority | None", log: RequestLog | None) -> "Server":
    from robowire_mocks.core.serving import serve  # brings cheroot

    try:
        return serve(worlds, host=host, port=port, tls=tls, around=log.around if log else None)
    except OSError as error:
        raise ConfigurationError(_refusal(host, port, error)) from None


def _refusal(host: str, port: int, error: OSError) -> str:
    """Why an address cannot be listened on; cheroot gives the system's reason as text only."""
    quoted = re.search(r"\[Errno (\d+)\] ([^)]*)", str(error))
    number, reason = (int(quoted[1]), quoted[2]) if quoted else (error.errno or 0, error.strerror or str(error))
    if number in _REFUSALS:
        return f"port {port} of {host} {_REFUSALS[number]}"
    return f"cannot listen on {host}: {reason}"
