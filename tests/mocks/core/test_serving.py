"""A served mock answers at once, keeps connections, speaks TLS when asked, and stops at once."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from robowire_mocks import create_mock
from robowire_mocks.bags import BagsMock
from robowire_mocks.core.serving import serve
from robowire_mocks.core.tls import Authority

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def exchange(port: int, request: bytes) -> bytes:
    """All that a server answers to these bytes until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_it_answers_when_serve_returns(mock: BagsMock) -> None:
    """On a free port of this machine alone, and no more once it is stopped."""
    server = serve(mock)
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert requests.get(f"{server.url}/bags/", timeout=10).status_code == 200
    server.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}/bags/", timeout=10)
    server.wait()


def test_a_connection_serves_many_requests(mock: BagsMock) -> None:
    """HTTP/1.1 with keep-alive: one connection for all, errors included."""
    with serve(mock) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        used = set()
        for path in ("/bags/", "/nothing", "/bags/none.bag/player", "/bags/"):
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            used.add(connection.sock.getsockname())
        connection.close()
        assert response.version == 11
        assert len(used) == 1


def test_more_clients_may_wait_than_there_are_threads(mock: BagsMock) -> None:
    """Idle connections take no thread: each of forty is answered, and answered again."""
    with serve(mock) as server:
        connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=10) for _ in range(40)]
        statuses = []
        for _ in range(2):
            for connection in connections:
                connection.request("GET", "/bags/")
                response = connection.getresponse()
                response.read()
                statuses.append(response.status)
        for connection in connections:
            connection.close()
    assert statuses == [200] * 80


def test_an_address_in_use_is_an_error(mock: BagsMock) -> None:
    """The second server on a port is refused."""
    with serve(mock) as server, pytest.raises(OSError, match=r"(?i)address"):
        serve(mock, port=server.port)


def test_tls_is_trusted_by_its_own_authority(mock: BagsMock, tmp_path: Path) -> None:
    """A client that trusts the authority's file reaches the mock by address and by name; others do not."""
    with serve(mock, tls=tmp_path / "tls") as server:
        assert server.ca_file == tmp_path / "tls" / "robowire-ca.pem"
        assert [file.name for file in (tmp_path / "tls").iterdir()] == ["robowire-ca.pem"]
        for host in ("127.0.0.1", "localhost"):
            answer = requests.get(f"https://{host}:{server.port}/bags/", verify=str(server.ca_file), timeout=10)
            assert answer.json()[0]["download_url"].startswith(f"https://{host}:{server.port}/")
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{server.url}/bags/", timeout=10)


def test_the_certificate_covers_the_vendors_host(tmp_path: Path) -> None:
    """A client that knows no other host than the API's own trusts the mock in its place."""
    with create_mock("foxglove") as mock, serve(mock, tls=tmp_path) as server:
        context = ssl.create_default_context(cafile=server.ca_file)
        with (
            socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="api.foxglove.dev") as secure,
        ):
            assert secure.version()


@pytest.mark.parametrize("host", ["w7.localhost", "W7.localhost", "w7.api.foxglove.dev"])
def test_the_host_of_a_world_has_a_certificate_too(host: str, tmp_path: Path) -> None:
    """It is made when somebody asks for it; names that are nothing of the mock's get none."""
    with create_mock("foxglove") as mock, serve(mock, tls=tmp_path) as server:
        context = ssl.create_default_context(cafile=server.ca_file)

        def version(name: str) -> str | None:
            with (
                socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain,
                context.wrap_socket(plain, server_hostname=name) as secure,
            ):
                return secure.version()

        assert version(host) == version(host) == version("localhost")
        for other in ("w7.example.com", "a.w7.localhost"):
            with pytest.raises(ssl.SSLCertVerificationError):
                version(other)


def test_servers_may_share_an_authority(mock: BagsMock, tmp_path: Path) -> None:
    """Who trusts its certificate trusts each of them."""
    authority = Authority(tmp_path)
    with serve(mock, tls=authority) as one, serve(mock, tls=authority) as other:
        assert one.ca_file == other.ca_file == authority.file
        for server in (one, other):
            assert requests.get(f"{server.url}/bags/", verify=str(authority.file), timeout=10).status_code == 200


def test_an_application_may_be_wrapped(mock: BagsMock) -> None:
    """The wrapper sees every request, and what the server itself refuses is still written as the API writes errors."""
    seen = []

    def around(app: "WSGIApplication") -> "WSGIApplication":
        def call(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            seen.append(environ["PATH_INFO"])
            return app(environ, start)

        return call

    with serve(mock, around=around) as server:
        assert requests.get(f"{server.url}/bags/", timeout=10).status_code == 200
        assert b'"error"' in exchange(server.port, b"nonsense\r\n\r\n")
    assert seen == ["/bags/"]


@pytest.mark.parametrize(
    "request_line",
    [
        b"nonsense",
        b"GET / HTTP/9.9",
        b"GET bags HTTP/1.1",
        b"get /bags/ HTTP/1.1",
        b"GET /bags/#x HTTP/1.1",
        b"GET / FTP/1.1",
    ],
)
def test_a_malformed_request_is_refused_in_json(mock: BagsMock, request_line: bytes) -> None:
    """What the server itself refuses is explained as other errors are."""
    with serve(mock) as server:
        head, _, body = exchange(server.port, request_line + b"\r\nHost: a\r\n\r\n").partition(b"\r\n\r\n")
    assert head.split()[1] in {b"400", b"505"}
    assert isinstance(json.loads(body)["error"], str)


def test_headers_have_a_limit(mock: BagsMock) -> None:
    """A client cannot fill the memory with headers."""
    with serve(mock) as server:
        answer = exchange(server.port, b"GET /bags/ HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n")
    assert answer.split()[1] == b"413"


def test_a_client_without_host_is_told_the_address(mock: BagsMock) -> None:
    """HTTP/1.0 has no Host: links then lead to where the server listens."""
    with serve(mock) as server:
        answer = exchange(server.port, b"GET /bags/ HTTP/1.0\r\n\r\n")
        assert f'"download_url":"http://127.0.0.1:{server.port}/bags/'.encode() in answer


def test_stopping_cuts_off_what_is_still_sent() -> None:
    """A client that does not read cannot keep the server from stopping."""
    sending = threading.Event()

    def endless(_: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        while True:
            sending.set()
            yield b"x" * 65536

    server = serve(endless)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert sending.wait(10)
        stopper = threading.Thread(target=server.stop)
        stopper.start()
        stopper.join(8)
        assert not stopper.is_alive()


def test_any_application_can_be_served() -> None:
    """Whatever speaks WSGI."""

    def hello(_: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        start("200 OK", [("Content-Length", "5")])
        return [b"hello"]

    with serve(hello) as server:
        assert requests.get(server.url, timeout=10).text == "hello"


def test_ipv6_addresses_stand_in_brackets(mock: BagsMock) -> None:
    """Where the machine has IPv6."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        server = serve(mock, host="::1")
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    with server:
        assert server.url == f"http://[::1]:{server.port}"
        answer: Any = requests.get(f"{server.url}/bags/", timeout=10).json()
        assert answer[0]["download_url"].startswith(server.url)
