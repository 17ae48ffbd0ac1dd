"""The journal has every request and its answer before the client has the last byte of it, in bounded memory."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import requests
from robowire_fixtures.catalogue import APIS
from robowire_mocks import create_mock
from robowire_mocks.bags import BagsMock
from robowire_mocks.core import journal as journal_module
from robowire_mocks.core.documented import Documented
from robowire_mocks.core.entry import KEPT, Entry, redacted
from robowire_mocks.core.journal import Journal
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import serve
from werkzeug.test import Client

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

KEY = {"Authorization": "Bearer fox_sk_robowire_all"}


@pytest.fixture
def journal() -> Journal:
    """A journal that no mock writes."""
    return Journal(lambda: 5.0, Documented("foxglove"))


def answering(
    blocks: Callable[[], Iterable[bytes]], headers: tuple[tuple[str, str], ...] = (), status: str = "200 OK"
) -> "WSGIApplication":
    """An application that answers everything alike, and reads what it is sent in pieces."""

    def app(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        while environ["wsgi.input"].read(10_000):
            pass
        start(status, list(headers))
        return blocks()

    return app


@pytest.mark.parametrize("api", APIS)
def test_every_mock_keeps_one(api: str) -> None:
    """What was asked, what was answered, and which operation it was; not what was asked of the controls."""
    operation = next(iter(Documented(api).operations.values()))
    with create_mock(api) as mock:
        client = mock.app.test_client()
        answer = client.open(operation.path, method=operation.method, query_string={"a b": "ü"})
        client.get("/__robowire")
        (entry,) = mock.requests
    assert (entry.method, entry.path) == (operation.method, operation.path)
    assert entry.pairs == (("a b", "ü"),)
    assert entry.operation == operation.name
    assert (entry.status, entry.answer_body) == (answer.status_code, answer.data)
    assert entry.answer_headers["content-type"] == answer.headers["Content-Type"]
    assert not entry.cut


def test_bodies_are_kept(fleet: Mock[Any]) -> None:
    """As bytes and as JSON, with the time of the mock's clock."""
    fleet.clock.freeze(1_800_000_000)
    fleet.app.test_client().post("/v1/devices", json={"name": "tug-09"}, headers=KEY)
    (entry,) = fleet.requests
    assert entry.json == {"name": "tug-09"}
    assert entry.body_size == len(entry.body)
    assert entry.answer_json["name"] == "tug-09"
    assert entry.at == 1_800_000_000
    assert entry.duration_ms > 0


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer fox_sk_robowire_all", "Bearer …_all"),
        ("Authorization", "Bearer short", "Bearer …"),
        ("authorization", "fox_sk_robowire_all", "…_all"),
        ("Authorization", "Basic dXNlcjpwYXNzd29yZA==", "Basic …ZA=="),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=robot/20260101/eu/s3/aws4_request, SignedHeaders=host, Signature=0123456789ab",
            "AWS4-HMAC-SHA256 Credential=robot/20260101/eu/s3/aws4_request, SignedHeaders=host, Signature=…89ab",
        ),
        ("Authorization", "SharedKey account:c2VjcmV0c2VjcmV0", "SharedKey account:…cmV0"),
        ("Cookie", "session=0123456789", "…6789"),
        ("Accept", "application/json", "application/json"),
    ],
)
def test_secrets_are_not_kept(name: str, value: str, shown: str) -> None:
    """But for their last characters and what names the key."""
    assert redacted(name, value) == shown


def test_headers_are_found_in_any_case(fleet: Mock[Any]) -> None:
    """Of the request and of the answer."""
    fleet.app.test_client().get("/v1/devices", headers={**KEY, "X-Robot": "tug"})
    (entry,) = fleet.requests
    assert entry.headers["x-robot"] == entry.headers.get("X-ROBOT") == "tug"
    assert "X-Robot" in entry.headers
    assert entry.headers["authorization"] == "Bearer …_all"
    assert "…_all" not in str(entry)
    assert entry.told()["headers"]["X-Robot"] == "tug"


@pytest.mark.parametrize(("sized", "size"), [(True, 3 * KEPT), (False, 3 * KEPT), (True, 0), (False, 0)])
def test_long_bodies_are_cut_short(journal: Journal, sized: bool, size: int) -> None:  # noqa: FBT001  # a case table
    """Only their beginnings are kept, and their sizes; the client gets all."""
    blocks = [b"x" * 1000] * (size // 1000) + [b"y" * (size % 1000)]
    app = answering(lambda: iter(blocks), (("Content-Length", str(size)),) if sized else ())
    answer = Client(journal.around(app)).post("/", data=b"z" * 2 * KEPT)
    assert len(answer.data) == size
    (entry,) = journal.entries()
    assert (entry.answer_size, len(entry.answer_body)) == (size, min(size, KEPT))
    assert (entry.body_size, entry.body) == (2 * KEPT, b"z" * KEPT)
    assert not entry.cut


def test_an_entry_is_there_before_the_last_byte(journal: Journal) -> None:
    """Of an answer whose length is told, with its last block; else when there are no more."""
    for headers, before_last in (((("Content-Length", "2"),), 1), ((), 0)):
        journal.clear()
        answer = Client(journal.around(answering(lambda: iter([b"a", b"b"]), headers))).get("/")
        assert [len(journal.entries()) for _ in answer.iter_encoded()] == [0, before_last]
        assert len(journal.entries()) == 1


def test_an_answer_that_nobody_reads_is_there_too(journal: Journal) -> None:
    """If it comes in one piece."""
    Client(journal.around(answering(lambda: [b"ab"], (("Content-Length", "2"),)))).get("/", buffered=False)
    assert [entry.answer_body for entry in journal.entries()] == [b"ab"]


def test_a_client_that_goes_away_is_noted(journal: Journal) -> None:
    """When the server gives up the answer."""
    answer = Client(journal.around(answering(lambda: iter([b"a", b"b", b"c"])))).get("/")
    next(answer.iter_encoded())
    assert journal.entries() == []
    answer.close()
    (entry,) = journal.entries()
    assert entry.cut


def test_an_answer_that_breaks_off_is_noted(journal: Journal) -> None:
    """Where its body does, and where it does not begin at all."""

    def broken() -> Iterator[bytes]:
        yield b"abc"
        raise ConnectionAbortedError

    def refusing() -> Iterable[bytes]:
        raise ConnectionAbortedError

    for app in (answering(broken), answering(refusing)):
        with pytest.raises(ConnectionAbortedError):
            _ = Client(journal.around(app)).get("/").data
    assert [(entry.status, entry.answer_body, entry.cut) for entry in journal.entries()] == [
        (200, b"abc", True),
        (200, b"", True),
    ]


def test_over_a_socket_it_is_the_same(mock: BagsMock) -> None:
    """A request that was answered is there when the answer is; also HEAD, and a file in parts."""
    with serve(mock) as server, requests.Session() as session:
        since = mock.journal.entries()[-1].number if mock.requests else 0
        name = session.get(f"{server.url}/bags/", timeout=10).json()[0]["filename"]
        session.head(f"{server.url}/bags/{name}/download", timeout=10)
        whole = session.get(f"{server.url}/bags/{name}/download", timeout=10).content
        session.get(f"{server.url}/bags/{name}/download", headers={"Range": "bytes=5-9"}, timeout=10)
        noted = mock.journal.entries(since=since)
    assert [(entry.method, entry.status, entry.answer_size, entry.cut) for entry in noted] == [
        ("GET", 200, noted[0].answer_size, False),
        ("HEAD", 200, 0, False),
        ("GET", 200, len(whole), False),
        ("GET", 206, 5, False),
    ]
    assert noted[3].answer_body == whole[5:10]


def test_a_client_that_hangs_up_is_noted(journal: Journal) -> None:
    """On a socket, in the middle of an answer without end."""

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 65536

    with serve(journal.around(answering(endless))) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/v1/devices")
        connection.getresponse().read(10)
        connection.close()
        (entry,) = journal.wait_for(operation="listDevices")
    assert entry.cut


def test_entries_are_chosen(fleet: Mock[Any]) -> None:
    """By operation, method, path, status and number, and by all of them together."""
    client = fleet.app.test_client()
    for path in ("/v1/devices", "/v1/devices/tug-01", "/v1/devices/none", "/v1/events"):
        client.get(path, headers=KEY)
    client.post("/v1/devices", json={}, headers=KEY)

    def numbers(**wanted: Any) -> list[int]:
        return [entry.number for entry in fleet.journal.entries(**wanted)]

    assert numbers(operation="getDevice") == [2, 3]
    assert numbers(method="post") == [5]
    assert numbers(path="/v1/devices") == [1, 5]
    assert numbers(path="/v1/devices/*") == [2, 3]
    assert numbers(status=404) == [3]
    assert numbers(since=3) == [4, 5]
    assert numbers(operation="getDevice", status=200) == [2]
    newest = fleet.journal.last()
    assert newest is not None
    assert newest.number == 5


def test_an_operation_that_is_not_there_is_an_error(fleet: Mock[Any]) -> None:
    """A misspelled name, or word to choose by, would make an assertion pass that should not."""
    asking: list[Any] = [fleet.journal.entries, fleet.journal.assert_not_called, fleet.journal.wait_for]
    for ask in asking:
        with pytest.raises(ValueError, match="the nearest is 'listDevices'"):
            ask(operation="listDevice")
        with pytest.raises(TypeError, match="unexpected keyword argument 'operaton'"):
            ask(operaton="listDevices")


def test_assertions_show_what_was_called_instead(fleet: Mock[Any]) -> None:
    """Entry by entry, with what is strange about them."""
    journal = fleet.journal
    with pytest.raises(AssertionError, match="expected operation=listDevices, and got 0; nothing was called"):
        journal.assert_called("listDevices")
    fleet.app.test_client().get("/v1/devices?sortby=name", headers=KEY)
    assert len(journal.assert_called("listDevices")) == len(journal.assert_called("listDevices", 1, status=200)) == 1
    journal.assert_not_called("listEvents")
    journal.assert_not_called(method="POST")
    with pytest.raises(AssertionError) as failure:
        journal.assert_called("listDevices", times=2)
    assert str(failure.value) == (
        "expected 2 times operation=listDevices, and got 1; what was called:\n"
        "  1: GET /v1/devices?sortby=name -> 200 listDevices "
        "(listDevices has no parameter 'sortby'; the nearest is 'sortBy')"
    )
    with pytest.raises(AssertionError, match="expected 0 times operation=listDevices, and got 1"):
        journal.assert_not_called("listDevices")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/v1/devices?limit=1", ""),
        ("/v1/devices/none", ""),
        ("/v1/device", "the nearest is /v1/devices"),
        ("/v1/devices/tug-01/properties", "the nearest is /v1/devices/{nameOrId}"),
        ("/v1/devices?Limit=1", "the nearest is 'limit'"),
        ("/files/extensions/none.foxe", ""),
    ],
)
def test_unknown_calls_are_helped(fleet: Mock[Any], path: str, hint: str) -> None:
    """What the document has not is told with the nearest; what only the mock has, such as signed links, is not."""
    if path.startswith("/files"):
        from robowire_mocks.foxglove import extensions

        path = f"{extensions.FILES}/none.foxe"
    fleet.app.test_client().get(path, headers=KEY)
    (entry,) = fleet.requests
    assert hint in entry.hint
    assert bool(entry.hint) == bool(hint)
    if hint:
        with pytest.raises(AssertionError, match="the document does not have what was asked for"):
            fleet.journal.assert_no_unknown()
    else:
        fleet.journal.assert_no_unknown()


def test_waiting_ends_when_it_comes(fleet: Mock[Any]) -> None:
    """In another thread; or when time is up, with what came instead."""
    client = fleet.app.test_client()
    thread = threading.Thread(target=lambda: [client.get("/v1/devices", headers=KEY) for _ in range(2)])
    thread.start()
    assert len(fleet.journal.wait_for(operation="listDevices", count=2)) == 2
    thread.join()
    with pytest.raises(TimeoutError, match=r"expected 1 times operation=listEvents, and got 0; what was called"):
        fleet.journal.wait_for(operation="listEvents", timeout=0)


def test_a_reset_forgets(fleet: Mock[Any]) -> None:
    """Also what is still being answered; numbers go on, so that an entry can be named."""
    client = fleet.app.test_client()
    client.get("/v1/devices", headers=KEY)
    fleet.reset()
    assert fleet.requests == []
    assert fleet.journal.last() is None
    client.get("/v1/devices", headers=KEY)
    assert [entry.number for entry in fleet.requests] == [2]


def test_what_began_before_is_not_noted_after(journal: Journal) -> None:
    """An answer of an earlier test that ends in the next one."""
    answer = Client(journal.around(answering(lambda: iter([b"a", b"b"])))).get("/")
    journal.clear()
    assert answer.data == b"ab"
    assert journal.entries() == []


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """In number, and in what bodies weigh."""
    journal = Journal(lambda: 0.0, Documented("foxglove"), limit=3)
    client = Client(journal.around(answering(lambda: [b"x" * 100])))
    for _ in range(5):
        _ = client.get("/").data
    assert [entry.number for entry in journal.entries()] == [3, 4, 5]
    monkeypatch.setattr(journal_module, "BODIES", 250)
    _ = client.get("/").data
    assert [entry.number for entry in journal.entries()] == [5, 6]


def test_listeners_hear_each_entry(fleet: Mock[Any]) -> None:
    """Before the client has its answer."""
    heard: list[Entry] = []
    fleet.journal.listeners.append(heard.append)
    fleet.app.test_client().get("/v1/devices", headers=KEY)
    assert heard == fleet.requests


def test_threads_write_at_once(fleet: Mock[Any]) -> None:
    """Each entry has a number of its own, and none is lost."""

    def ask() -> None:
        client = fleet.app.test_client()
        for _ in range(25):
            client.get("/v1/devices?limit=1", headers=KEY)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.number for entry in fleet.requests] == list(range(1, 201))


def test_a_request_in_chunks_is_kept(fleet: Mock[Any]) -> None:
    """Over a socket, without its framing."""
    head = b"POST /v1/devices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer fox_sk_robowire_all\r\n"
    body = b'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n8\r\n{"name":\r\n9\r\n"tug-09"}\r\n0\r\n\r\n'
    with serve(fleet) as server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head + body)
        while connection.recv(65536):
            pass
    (entry,) = fleet.requests
    assert entry.json == {"name": "tug-09"}
    assert entry.status == 200
