"""`robowire serve`: mocks on sockets, until they are told to stop."""

import errno
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

import click
from robowire_fixtures.catalogue import APIS
from robowire_mocks import create_mock
from robowire_mocks.core.world import WorldError
from robowire_mocks.core.worlds import Worlds
from robowire_mocks.deviations import load

from robowire_conformance.cli.deviations import require_known
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import printable

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

    from robowire_mocks.core.mock import Mock
    from robowire_mocks.core.serving import Server
    from robowire_mocks.core.tls import Authority

PORTS: Mapping[str, int] = MappingProxyType({"foxglove": 8080, "losant": 8081, "bags": 8090})
"""Where each API is served unless a port is named; that of the Bags API is its document's."""

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
    help="Port [default: 8080 foxglove, 8081 losant, 8090 bags]; 0 takes a free one.",
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

    Prints `ready URL` on a line of its own for each, once it answers; requests are logged on stderr. Ctrl-C stops.
    """
    apis = tuple(APIS) if api == "all" else (api,)
    require_known(apis, deviate)
    _stop_on_signals()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="robowire-"))
        if record:
            world = _recording_world(Path(folder), world, bags)
        authority = _authority(data_dir or Path(folder)) if tls else None
        running: list[Server] = []
        for name in apis:
            own = {deviation.id for deviation in load(name)}
            mock = stack.enter_context(
                _mock(
                    name,
                    world=world,
                    bags=bags,
                    data_dir=data_dir / name if data_dir and api == "all" else data_dir,
                    control=not no_control,
                    deviate=[one for one in deviate if one in own],
                )
            )
            wanted = PORTS[name] if port is None else port and port + len(running)
            worlds = stack.enter_context(Worlds(mock))
            server = stack.enter_context(_listen(worlds, host, wanted, authority, quiet=quiet))
            click.echo(f"ready {server.url}{mock.url_path}")
            sys.stdout.flush()
            running.append(server)
        try:
            running[0].wait()
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


def _stop_on_signals() -> None:
    def stop(signum: int, frame: FrameType | None) -> NoReturn:
        del signum, frame
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGINT"):  # SIGINT too: a shell starts background commands with it ignored
        signal.signal(getattr(signal, name), stop)


def _mock(api: str, **settings: Any) -> "Mock[Any]":  # those of create_mock
    try:
        return create_mock(api, **settings)
    except WorldError as error:
        raise ConfigurationError(str(error)) from None
    except OSError as error:
        raise ConfigurationError(f"{error.filename or api}: {error.strerror}") from None


def _recording_world(folder: Path, world: str | None, bags: Path | None) -> str:
    """A world file that says no more than that the recorder is on."""
    if world is not None:
        raise ConfigurationError("--record and --world exclude each other: say [recorder] on = true in the world file")
    path = folder / "recording.toml"
    path.write_text(f"demo = {'false' if bags else 'true'}\n[recorder]\non = true\n", encoding="utf-8")
    return str(path)


def _authority(folder: Path) -> "Authority":
    """One authority for all that is served."""
    from robowire_mocks.core.tls import Authority  # brings cryptography

    try:
        authority = Authority(folder)
    except OSError as error:
        raise ConfigurationError(f"{error.filename or folder}: {error.strerror}") from None
    click.echo(f"certificate authority {authority.file}", err=True)
    return authority


def _listen(worlds: Worlds, host: str, port: int, tls: "Authority | None", *, quiet: bool) -> "Server":
    from robowire_mocks.core.serving import serve  # brings cheroot

    try:
        return serve(worlds, host=host, port=port, tls=tls, around=None if quiet else logged)
    except OSError as error:
        raise ConfigurationError(_refusal(host, port, error)) from None


def _refusal(host: str, port: int, error: OSError) -> str:
    """Why an address cannot be listened on; cheroot gives the system's reason as text only."""
    quoted = re.search(r"\[Errno (\d+)\] ([^)]*)", str(error))
    number, reason = (int(quoted[1]), quoted[2]) if quoted else (error.errno or 0, error.strerror or str(error))
    if number in _REFUSALS:
        return f"port {port} of {host} {_REFUSALS[number]}"
    return f"cannot listen on {host}: {reason}"


def logged(app: "WSGIApplication") -> "WSGIApplication":
    """The application, with a line on stderr for each request: time, request, status, bytes, milliseconds."""

    def call(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        begun = time.perf_counter()
        status = ["-"]

        def start(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:  # PEP 3333
            status[0] = line[:3]
            return start_response(line, headers, exc_info) if exc_info else start_response(line, headers)

        return _Counted(app(environ, start), _request_text(environ), status, begun)

    return call


class _Counted:
    """A response's body, counted; the line is written when it is over."""

    def __init__(self, body: Iterable[bytes], request: str, status: list[str], begun: float) -> None:
        self._body = body
        self._request = request
        self._status = status
        self._begun = begun
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            self._size += len(part)
            yield part

    def close(self) -> None:
        """Close the body and write the line."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
        spent = (time.perf_counter() - self._begun) * 1000
        now = time.strftime("%H:%M:%S")
        click.echo(f"{now} {self._request} {self._status[0]} {self._size} B {spent:.1f} ms", err=True)


def _request_text(environ: Mapping[str, Any]) -> str:
    query = environ.get("QUERY_STRING", "")
    path = environ.get("REQUEST_URI") or environ["PATH_INFO"] + (f"?{query}" if query else "")
    return printable(f"{environ['REQUEST_METHOD']} {path}")
