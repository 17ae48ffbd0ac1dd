"""A mock answers in the place of a host what this process asks with `httpx`, and nothing else."""

import io
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import httpx
import pytest
from robowire_mocks import create_mock
from robowire_mocks.in_process import in_place_of, transport

ORIGIN = "https://robot.example"
Place = Callable[[Any], AbstractContextManager[None]]
Ask = Callable[..., httpx.Response]


def ask_async(method: str, url: str, **options: Any) -> httpx.Response:
    """As httpx.request, from an event loop."""

    async def asking() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.request(method, url, **options)

    return anyio.run(asking)


@pytest.fixture(params=[httpx.request, ask_async], ids=["sync", "async"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Asks either way."""
    asking: Ask = request.param
    return asking


@pytest.mark.usefixtures("echoing")
def test_the_application_sees_the_request(ask: Ask, strange: Any) -> None:
    """Method, path, query, host, headers and body; the client sees status, reason and headers."""
    answer = ask("PATCH", f"{ORIGIN}{strange.path}", json={"n": 1})
    assert (answer.status_code, answer.reason_phrase, answer.headers["X-Twice"]) == (201, "Made", "a, b")
    told = answer.json()
    assert json.loads(told.pop("body")) == {"n": 1}
    assert told == strange.seen


@pytest.mark.usefixtures("echoing")
def test_bodies_of_every_kind_arrive(ask: Ask) -> None:
    """Text, bytes, parts, files, none at all."""

    def parts() -> Iterator[bytes]:
        yield from (b"a", b"", b"b")

    async def later() -> AsyncIterator[bytes]:
        for part in parts():
            yield part

    given = {"": None, "text": "text", "bytes": b"bytes", "ab": later() if ask is ask_async else parts()}
    for arrived, content in given.items():
        assert ask("POST", f"{ORIGIN}/", content=content).json()["body"] == arrived
    form = ask("POST", f"{ORIGIN}/", files={"file": ("name", io.BytesIO(b"a file"))}).json()["body"]
    assert "a file" in form


def streaming(given: list[str]) -> Any:
    """An application that notes which of its pieces were asked for."""

    def slow(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        del environ
        start("200 OK", [])
        try:
            for number in range(5):
                given.append(str(number))
                yield b"x" * 10
        finally:
            given.append("closed")

    return slow


def test_answers_are_read_piece_by_piece(place: Place) -> None:
    """Nothing is read before the client reads, and closing it closes the application's answer."""
    given: list[str] = []
    with place(streaming(given)):
        with httpx.stream("GET", f"{ORIGIN}/") as answer:
            assert given == ["0"]
            assert next(answer.iter_bytes()) == b"x" * 10
            assert "4" not in given
        assert given[-1] == "closed"


def test_answers_are_read_piece_by_piece_from_an_event_loop(place: Place) -> None:
    """The same."""
    given: list[str] = []

    async def reading() -> None:
        async with httpx.AsyncClient() as client, client.stream("GET", f"{ORIGIN}/") as answer:
            assert given == ["0"]
            assert await anext(answer.aiter_bytes()) == b"x" * 10
            assert "4" not in given

    with place(streaming(given)):
        anyio.run(reading)
    assert given[-1] == "closed"


@pytest.mark.parametrize(
    ("failure", "error"),
    [(ConnectionResetError("gone"), httpx.RemoteProtocolError), (TimeoutError(), httpx.ReadTimeout)],
)
@pytest.mark.parametrize("parts", [[], [b"abc"]], ids=["before", "amid"])
def test_what_breaks_off_is_an_error_of_the_client(
    place: Place, ask: Ask, failure: Exception, error: type[Exception], parts: list[bytes]
) -> None:
    """As on a socket."""

    def app(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        del environ
        start("200 OK", [("Content-Length", "10")])
        yield from parts
        raise failure

    with place(app), pytest.raises(error):
        ask("GET", f"{ORIGIN}/")


@pytest.mark.parametrize(("parts", "length"), [([b"abc"], 10), ([b"abc", b"def"], 4)])
def test_lengths_are_held_to(place: Place, ask: Ask, parts: list[bytes], length: int) -> None:
    """A body that is too short is broken off; of one that is too long the rest is not read; HEAD has none."""

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", str(length))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else parts

    with place(app):
        assert ask("HEAD", f"{ORIGIN}/").content == b""
        if length == 4:
            assert ask("GET", f"{ORIGIN}/").content == b"abcd"
        else:
            with pytest.raises(httpx.RemoteProtocolError, match="received 3 bytes, expected 10"):
                ask("GET", f"{ORIGIN}/")


def test_an_event_loop_goes_on_meanwhile(place: Place) -> None:
    """What an application waits for holds up nothing else, and who gives up need not wait for it."""

    async def both() -> None:
        release = Event()

        def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            del environ
            release.wait(10)
            start("200 OK", [])
            return [b"late"]

        async def asking() -> None:
            async with httpx.AsyncClient() as client:
                assert (await client.get(f"{ORIGIN}/")).text == "late"

        with place(app):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(asking)
                await anyio.lowlevel.checkpoint()
                with anyio.move_on_after(0.01):
                    await asking()
                release.set()

    anyio.run(both)


def test_a_transport_leads_to_a_mock() -> None:
    """Whatever the host; redirects are followed."""
    with create_mock("foxglove") as mock:
        key = {"Authorization": "Bearer fox_sk_robowire_all"}
        with httpx.Client(base_url="https://anywhere/v1", headers=key, transport=transport(mock)) as client:
            assert client.get("/devices/tug-01").json()["name"] == "tug-01"

        async def asking() -> Any:
            async with httpx.AsyncClient(
                base_url="https://anywhere/v1", headers=key, transport=transport(mock)
            ) as client:
                return (await client.get("/devices/tug-01")).json()["name"]

        assert anyio.run(asking) == "tug-01"


def test_other_hosts_are_asked_as_ever(ask: Ask, tmp_path: Path) -> None:
    """Another host is looked for where it is, during and after; so is the host itself afterwards."""
    with create_mock("bags", bags=tmp_path) as mock:
        with in_place_of("http://127.0.0.1:1", mock):
            assert ask("GET", "http://127.0.0.1:1/bags/").is_success
            with pytest.raises(httpx.ConnectError):
                ask("GET", "http://127.0.0.1:2/bags/")
        with pytest.raises(httpx.ConnectError):
            ask("GET", "http://127.0.0.1:1/bags/")


FAULTS: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "latency": ({"kind": "latency", "seconds": 30}, httpx.ReadTimeout),
    "slow_body": ({"kind": "slow_body", "bytes_per_s": 0.01}, httpx.ReadTimeout),
    "cut": ({"kind": "cut"}, httpx.RemoteProtocolError),
    "cut amid": ({"kind": "cut", "after_bytes": 1}, httpx.RemoteProtocolError),
    "wrong_length": ({"kind": "wrong_length"}, httpx.RemoteProtocolError),
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.values(), ids=FAULTS)
def test_faults_are_met(ask: Ask, fault: dict[str, Any], error: type[Exception], tmp_path: Path) -> None:
    """As on a socket: a client's patience ends when it said it would."""
    with create_mock("bags", bags=tmp_path) as mock, in_place_of(ORIGIN, mock):
        mock.faults.add(fault, times=1)
        with pytest.raises(error):
            ask("GET", f"{ORIGIN}/bags/", timeout=0.05 if error is httpx.ReadTimeout else 10)
        mock.faults.clear()
        assert ask("GET", f"{ORIGIN}/bags/").is_success
