"""Servers that misbehave in simple ways, and runs of the suite against them."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from robowire_conformance.options import Options
from robowire_conformance.report.model import Entry
from robowire_conformance.run import Plan, RunResult, run
from robowire_conformance.target import Profile, TargetSpec

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def answering(status: str, body: bytes, **headers: str) -> App:
    """An application that gives the same answer to everything."""
    fields = [(name.replace("_", "-"), value) for name, value in headers.items()]

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        del environ
        start_response(status, fields)
        return [body]

    return app


@contextmanager
def listening(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does `talk` with each connection in a thread of its own; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        open_ones: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                open_ones.append(connection)
                threading.Thread(target=_quietly, args=(talk, connection), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for connection in open_ones:
                connection.close()
            thread.join()


def _quietly(talk: Callable[[socket.socket], None], connection: socket.socket) -> None:
    try:
        talk(connection)
    except OSError:
        pass
    finally:
        connection.close()


def run_suite(
    spec: TargetSpec, *folders: Path, timeout_s: float = 5.0, **options: Any
) -> RunResult:  # those of Options
    """Run the Bags suite, or the small suites in `folders`, in this process."""
    settings: dict[str, Any] = {"profile": Profile.FULL, "timeout_s": timeout_s} | options
    return run(Plan(("bags",), Options(targets={"bags": spec}, **settings), folders=folders))


def entries(result: RunResult) -> dict[str, Entry]:
    """The verdicts of a run's only report, by requirement."""
    (report,) = result.reports
    return {entry.id: entry for entry in report.requirements}
