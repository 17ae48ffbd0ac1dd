"""A mock answers in the place of a host what this process asks with `requests`, and nothing else."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
import urllib3
from robowire_mocks import create_mock
from robowire_mocks.bags import BagsMock
from robowire_mocks.in_process import in_place_of, stub
from urllib3.util import Retry

ORIGIN = "https://robot.example"
Place = Callable[[Any], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def mock() -> Iterator[BagsMock]:
    """A robot with a few bags."""
    with create_mock("bags") as made:
        assert isinstance(made, BagsMock)
        yield made


@pytest.mark.usefixtures("echoing")
def test_the_application_sees_the_request(strange: Any) -> None:
    """Method, path, query, host, headers and body; the client sees status, reason and headers."""
    answer = requests.patch(f"{ORIGIN}{strange.path}", json={"n": 1}, timeout=10)
    assert (answer.status_code, answer.reason, answer.headers["X-Twice"]) == (201, "Made", "a, b")
    told = answer.json()
    assert json.loads(told.pop("body")) == {"n": 1}
    assert told == strange.seen


BODIES: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "text": lambda: "text",
    "bytes": lambda: b"bytes",
    "parts": lambda: iter([b"a", b"", b"b"]),
    "file": lambda: io.BytesIO(b"file"),
}


@pytest.mark.usefixtures("echoing")
@pytest.mark.parametrize(
    ("kind", "arrived"), [("none", ""), ("parts", "ab")] + [(k, k) for k in ("text", "bytes", "file")]
)
def test_bodies_of_every_kind_arrive(kind: str, arrived: str) -> None:
    """Text, bytes, parts, files, none at all; by requests and by bare urllib3."""
    answer = requests.post(f"{ORIGIN}/", data=BODIES[kind](), timeout=10)
    assert answer.json()["body"] == arrived
    with urllib3.PoolManager() as pool:
        assert json.loads(pool.request("POST", f"{ORIGIN}/", body=BODIES[kind]()).data)["body"] == arrived


def test_answers_are_read_piece_by_piece(place: Place) -> None:
    """With stream=True nothing is read before the client reads, and closing it closes the application's answer."""
    given: list[str] = []

    def slow(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        del environ
        start("200 OK", [])
        try:
            for number in range(5):
                given.append(str(number))
                yield b"x" * 10
        finally:
            given.append("closed")

    with place(slow):
        answer = requests.get(f"{ORIGIN}/", stream=True, timeout=10)
        assert given == ["0"]
        assert next(answer.iter_content(10)) == b"x" * 10
        assert "4" not in given
        answer.close()
    assert given[-1] == "closed"


def test_requests_are_sent_piece_by_piece(place: Place) -> None:
    """What a generator gives is asked for when the application reads it."""
    seen: list[str] = []

    def body() -> Iterator[bytes]:
        for number in range(3):
            seen.append(f"made {number}")
            yield b"x" * 8192

    def reading(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        while environ["wsgi.input"].read(8192):
            seen.append("read")
        start("204 No Content", [])
        return []

    with place(reading):
        assert requests.put(f"{ORIGIN}/", data=body(), timeout=10).status_code == 204
    assert seen == ["made 0", "read", "made 1", "read", "made 2", "read"]


def answering(*statuses: int, headers: tuple[tuple[str, str], ...] = ()) -> Any:
    """An application that answers these statuses, one call each."""
    left = list(statuses)

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        start(f"{left.pop(0)} Status", list(headers))
        return [b"{}"]

    return app


def test_a_clients_retries_are_its_own(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What urllib3 is told to try again is tried again, after the pause that the answer asks for."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    with place(answering(503, 429, 200, headers=(("Retry-After", "7"),))), requests.Session() as session:
        again = Retry(total=3, status_forcelist=[503, 429], allowed_methods=None)
        session.mount("https://", requests.adapters.HTTPAdapter(max_retries=again))
        assert session.put(f"{ORIGIN}/", data=io.BytesIO(b"again"), timeout=10).status_code == 200
    assert slept == [7, 7]


def failing(error: Exception, *parts: bytes, length: int = 10) -> Any:
    """An application that fails after some parts of a body that should have a length."""

    def app(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        del environ
        if parts:
            start("200 OK", [("Content-Length", str(length))])
        yield from parts
        raise error

    return app


@pytest.mark.parametrize(
    ("app", "error"),
    [
        (failing(ConnectionResetError("gone")), requests.ConnectionError),
        (failing(TimeoutError()), requests.ReadTimeout),
        (failing(ConnectionResetError("gone"), b"abc"), requests.exceptions.ChunkedEncodingError),
        (failing(StopAsyncIteration()), StopAsyncIteration),
    ],
    ids=["before", "silence", "amid", "a fault of the application"],
)
def test_what_breaks_off_is_an_error_of_the_client(place: Place, app: Any, error: type[Exception]) -> None:
    """As on a socket."""
    with place(app), pytest.raises(error):
        _ = requests.get(f"{ORIGIN}/", timeout=10).content


@pytest.mark.parametrize(("parts", "length"), [([b"abc"], 10), ([b"abc", b"def"], 4)])
def test_lengths_are_held_to(place: Place, parts: list[bytes], length: int) -> None:
    """A body that is too short is broken off; of one that is too long the rest is not read."""

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        del environ
        start("200 OK", [("Content-Length", str(length))])
        return parts

    with place(app):
        if length == 4:
            assert requests.get(f"{ORIGIN}/", timeout=10).content == b"abcd"
        else:
            with pytest.raises(requests.exceptions.ChunkedEncodingError):
                requests.get(f"{ORIGIN}/", timeout=10)


FAULTS: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "latency": ({"kind": "latency", "seconds": 30}, requests.ReadTimeout),
    "slow_body": ({"kind": "slow_body", "bytes_per_s": 0.01}, requests.ReadTimeout),
    "cut": ({"kind": "cut"}, requests.ConnectionError),
    "cut amid": ({"kind": "cut", "after_bytes": 1}, requests.exceptions.ChunkedEncodingError),
    "wrong_length": ({"kind": "wrong_length"}, requests.exceptions.ChunkedEncodingError),
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.values(), ids=FAULTS)
def test_faults_are_met(fault: dict[str, Any], error: type[Exception], tmp_path: Path) -> None:
    """As on a socket: a client's patience ends when it said it would."""
    with create_mock("bags", bags=tmp_path) as mock, in_place_of(ORIGIN, mock):
        mock.faults.add(fault, times=1)
        with pytest.raises(error):
            requests.get(f"{ORIGIN}/bags/", timeout=0.05 if error is requests.ReadTimeout else 10)
        mock.faults.clear()
        assert requests.get(f"{ORIGIN}/bags/", timeout=10).ok


def test_links_lead_to_the_same_place(mock: BagsMock) -> None:
    """A mock's own links are followed without a socket too."""
    with in_place_of(ORIGIN, mock):
        entry = requests.get(f"{ORIGIN}/bags/", timeout=10).json()[0]
        assert entry["download_url"].startswith(f"{ORIGIN}/")
        assert len(requests.get(entry["download_url"], timeout=10).content) == entry["size_bytes"]


def test_other_hosts_are_asked_as_ever(mock: BagsMock) -> None:
    """Another host is looked for where it is, during and after; so is the host itself afterwards."""
    with requests.Session() as session:
        with in_place_of("http://127.0.0.1:1", mock):
            assert session.get("http://127.0.0.1:1/bags/", timeout=10).ok
            with pytest.raises(requests.ConnectionError):
                session.get("http://127.0.0.1:2/bags/", timeout=10)
        with pytest.raises(requests.ConnectionError):
            session.get("http://127.0.0.1:1/bags/", timeout=10)


def test_a_proxy_is_not_asked(mock: BagsMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    for origin in ("http://robot.example:8090", "https://robot.example"):
        with in_place_of(origin, mock):
            assert requests.get(f"{origin}/bags/", timeout=10).ok


# ---- beside stubs of `responses`


def asked() -> tuple[str, str]:
    """What the stub answers, and what the mock."""
    other = requests.get("https://other.example/", timeout=10).text
    return other, requests.get(f"{ORIGIN}/", timeout=10).json()["REQUEST_METHOD"]


@pytest.mark.usefixtures("echoing")
@responses.activate
def test_stubs_that_begin_later_leave_the_mock_alone() -> None:
    """They answer what is theirs, even of the mock's host."""
    responses.get("https://other.example/", body="stub")
    assert asked() == ("stub", "GET")
    responses.delete(f"{ORIGIN}/", status=418)
    assert requests.delete(f"{ORIGIN}/", timeout=10).status_code == 418
    with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        requests.get("https://third.example/", timeout=10)


def test_stubs_that_were_there_do_not_refuse_what_is_the_mocks(
    echoes: Callable[[], AbstractContextManager[None]],
) -> None:
    """Those of a library's own object as well."""
    with responses.RequestsMock() as stubs:
        stubs.get("https://other.example/", body="stub")
        with echoes():
            assert asked() == ("stub", "GET")


def test_whatever_is_no_address_is_asked_as_ever(mock: BagsMock) -> None:
    """Addresses in numbers, pools that name no port, and sockets of the file system."""
    with in_place_of("http://[::1]:8090", mock):
        assert requests.get("http://[::1]:8090/bags/", timeout=10).status_code == 200
    with in_place_of("https://[::1]", mock):
        assert urllib3.HTTPSConnectionPool("::1").request("GET", "/bags/").status == 200
        for other in ("http://[::1]:9", "http://127.0.0.1:9"):
            with pytest.raises(requests.ConnectionError):
                requests.get(other, timeout=10)

    class Local(urllib3.HTTPConnectionPool):
        scheme = "http+unix"

    with in_place_of(ORIGIN, mock), pytest.raises(urllib3.exceptions.MaxRetryError):
        Local("localhost", 9).request("GET", "/info", retries=0)


@responses.activate
def test_a_mock_may_be_a_stub(mock: BagsMock) -> None:
    """Among others, and `responses.calls` tells of it."""
    responses.get("https://other.example/", body="stub")
    responses.add(stub(mock, ORIGIN))
    entry = requests.get(f"{ORIGIN}/bags/", timeout=10).json()[0]
    assert len(requests.get(entry["download_url"], timeout=10).content) == entry["size_bytes"]
    assert requests.get("https://other.example/", timeout=10).text == "stub"
    assert [call.request.url for call in responses.calls][1] == entry["download_url"]
