"""Against a server that implements nothing, nothing passes and no run ends well."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from robowire_conformance.judgement import Exit
from robowire_conformance.run import RunResult
from robowire_conformance.target import TargetSpec
from robowire_conformance.verdict import Status
from suite_runs import App, answering, entries, listening, run_suite

JSON = {"Content_Type": "application/json"}


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer what was asked."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"path": "%s", "query": "%s"}' % (environ["PATH_INFO"].encode(), environ["QUERY_STRING"].encode())]


def crash(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Fail at everything."""
    del environ, start_response
    raise RuntimeError("the application is broken")


IN_PROCESS: dict[str, App] = {
    "200 {}": answering("200 OK", b"{}", **JSON),
    "200 []": answering("200 OK", b"[]", **JSON),
    "200 nothing": answering("200 OK", b""),
    "200 HTML": answering("200 OK", b"<!doctype html><title>Log in</title>", Content_Type="text/html"),
    "204": answering("204 No Content", b""),
    "302 to itself": answering("302 Found", b"", Location="/bags/"),
    "400 with an error": answering("400 Bad Request", b'{"error": "no"}', **JSON),
    "401": answering("401 Unauthorized", b'{"error": "who are you"}', WWW_Authenticate="Bearer", **JSON),
    "403": answering("403 Forbidden", b"{}", **JSON),
    "404": answering("404 Not Found", b"<h1>Not Found</h1>", Content_Type="text/html"),
    "429": answering("429 Too Many Requests", b"{}", **JSON),
    "429 with Retry-After": answering("429 Too Many Requests", b"{}", Retry_After="3600", **JSON),
    "429 with a date": answering("429 Too Many Requests", b"", Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"),
    "500": answering("500 Internal Server Error", b'{"error": "oops"}', **JSON),
    "echo": echo,
    "crash": crash,
}


@pytest.mark.parametrize("name", IN_PROCESS)
def test_nothing_passes_against_a_null_application(name: str) -> None:
    """Whatever one answer a server gives to everything, no requirement is proven."""
    result = run_suite(TargetSpec("bags", app=IN_PROCESS[name]), timeout_s=0.1)
    assert_nothing_proven(result)
    assert result.exit_status in {Exit.FAILS, Exit.INCOMPLETE}


@contextmanager
def refusing() -> Iterator[str]:
    """A port at which nobody listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


def hang(connection: socket.socket) -> None:
    """Listen and say nothing."""
    while connection.recv(65536):
        pass


def drip(connection: socket.socket) -> None:
    """Send a header that never ends."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def hang_up(connection: socket.socket) -> None:
    """Close without an answer."""
    connection.recv(65536)


def babble(connection: socket.socket) -> None:
    """Speak another protocol."""
    connection.recv(65536)
    connection.sendall(b"220 mail.example ESMTP\r\n")


SILENT: dict[str, Callable[[], Any]] = {
    "refusing": refusing,
    "hanging": lambda: listening(hang),
    "dripping its header": lambda: listening(drip),
    "hanging up": lambda: listening(hang_up),
    "not speaking HTTP": lambda: listening(babble),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_server_is_unreachable(name: str) -> None:
    """A server that gives no answer is unreachable, and costs a few time-outs, not one per check."""
    begun = time.monotonic()
    with SILENT[name]() as url:
        result = run_suite(TargetSpec("bags", url=url), timeout_s=0.25)
    assert_nothing_proven(result)
    assert result.exit_status is Exit.UNREACHABLE
    assert {entry.status for entry in entries(result).values()} == {Status.NOT_TESTED}
    assert time.monotonic() - begun < 60  # 72 checks of a whole time-out each are not far away


def assert_nothing_proven(result: RunResult) -> None:
    """No requirement passes, none is an error of the harness, and the run does not end well."""
    passed = [name for name, entry in entries(result).items() if entry.status is Status.PASSED]
    assert not passed
    assert result.exit_status is not Exit.CONFORMS
    assert not [name for name, entry in entries(result).items() if entry.status is Status.ERROR]
