"""What each kind of fault does to a call, in process as on a socket."""

import json
import socket
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from robowire_fixtures.catalogue import APIS
from robowire_mocks import create_mock
from robowire_mocks.core.documented import Documented
from robowire_mocks.core.fault import Fault, Kind
from robowire_mocks.core.meeting import MEETINGS
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import serve

KEY = {"Authorization": "Bearer fox_sk_robowire_all"}
Ask = Callable[..., requests.Response]


def exchange(port: int, request: str) -> bytes:
    """All that a server answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


LIST = "GET /v1/devices?limit=1 HTTP/1.1\nHost: x\nAuthorization: Bearer fox_sk_robowire_all\n\n"


def test_every_kind_is_met() -> None:
    """There is something to be done by each."""
    assert set(MEETINGS) == set(Kind)


@pytest.mark.parametrize("api", APIS)
def test_errors_have_the_apis_own_form(api: str) -> None:
    """Of all three APIs: the mock's `problem` writes them."""
    operation = next(iter(Documented(api).operations.values()))
    with create_mock(api) as mock:
        mock.faults.add(kind="status", status=503, text="out of order", headers={"X-Why": "a test"})
        answer = mock.app.test_client().open(operation.path, method=operation.method)
        assert answer.status_code == 503
        assert answer.get_json() == mock.problem(503, "out of order")
        assert answer.headers["X-Why"] == "a test"
        assert [entry.fault for entry in mock.requests] == ["status-1"]


def test_too_many_requests(fleet: Mock[Any], ask: Ask) -> None:
    """429 with Retry-After, once; what was asked for was not done, and can be asked for again."""
    fleet.faults.add(kind="status", status=429, retry_after_s=2, operation="createDevice", times=1)
    refused = ask("/v1/devices", "POST", json={"name": "tug-09"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert ask("/v1/devices/tug-09").status_code == 404
    assert ask("/v1/devices", "POST", json={"name": "tug-09"}).status_code == 200
    assert [entry.json for entry in fleet.journal.entries(method="POST")] == [{"name": "tug-09"}] * 2


def test_a_date_to_ask_again_at(fleet: Mock[Any], ask: Ask) -> None:
    """Retry-After as HTTP writes dates, not before the seconds are over."""
    fleet.faults.add(kind="status", status=503, retry_after_s=60, as_date=True)
    before = time.time()
    at = parsedate_to_datetime(ask("/v1/devices").headers["Retry-After"]).timestamp()
    assert before + 60 <= at <= time.time() + 61


def test_an_answer_that_is_lost(fleet: Mock[Any], ask: Ask) -> None:
    """What was asked for was done, though the client is told otherwise, or nothing."""
    fleet.faults.sequence(
        [
            Fault(kind=Kind.STATUS, status=502, carried_out=True, operation="createDevice"),
            Fault(kind=Kind.CUT, carried_out=True, operation="deleteDevice"),
        ]
    )
    assert ask("/v1/devices", "POST", json={"name": "tug-09"}).status_code == 502
    assert ask("/v1/devices/tug-09").status_code == 200
    with pytest.raises(requests.ConnectionError):
        ask("/v1/devices/tug-09", "DELETE")
    assert ask("/v1/devices/tug-09").status_code == 404


def test_a_cut_closes_the_socket(fleet: Mock[Any]) -> None:
    """Before anything is answered, after the head, or within the body; and the next connection is served."""
    with serve(fleet) as server:
        whole = exchange(server.port, LIST.replace("\n\n", "\nConnection: close\n\n"))
        for after_bytes, body in ((None, None), (0, b""), (7, whole.partition(b"\r\n\r\n")[2][:7])):
            fleet.faults.add(kind="cut", after_bytes=after_bytes, times=1)
            head, _, rest = exchange(server.port, LIST).partition(b"\r\n\r\n")
            assert (rest if head else None) == body
            assert head.startswith(b"HTTP/1.1 200") == (body is not None)
            assert fleet.requests[-1].cut
        assert requests.get(f"{server.url}/v1/devices", headers=KEY, timeout=10).status_code == 200


def test_a_cut_after_what_was_sent(fleet: Mock[Any]) -> None:
    """The body of the request is read and noted, and nothing is answered."""
    fleet.faults.add(kind="cut")
    body = '{"name": "tug-09"}'
    request = LIST.replace("GET", "POST").replace("\n\n", f"\nContent-Length: {len(body)}\n\n{body}")
    with serve(fleet) as server:
        assert exchange(server.port, request) == b""
    assert [(entry.body, entry.status, entry.cut) for entry in fleet.requests] == [(body.encode(), 0, True)]


def test_a_cut_in_the_middle(fleet: Mock[Any], ask: Ask) -> None:
    """Is what `requests` says of a broken connection, and is no cut where the body is shorter."""
    fleet.faults.add(kind="cut", after_bytes=20, times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask("/v1/devices")
    fleet.faults.clear()
    fleet.faults.add(kind="cut", after_bytes=10**6)
    assert ask("/v1/devices").status_code == 200
    assert ask("/v1/devices", "HEAD").status_code == 200
    (account,) = fleet.faults.account()
    assert (account.matched, account.met) == (2, 0)
    assert [entry.fault for entry in fleet.requests[1:]] == [None, None]


@pytest.mark.parametrize(("given", "told"), [({}, 1), ({"by": -3}, -3), ({"length": 5}, None)])
def test_a_wrong_length_is_on_the_wire(fleet: Mock[Any], given: dict[str, int], told: int | None) -> None:
    """More than there is, or less; all of the body follows, and the connection is closed."""
    fleet.faults.add(kind="wrong_length", **given)
    with serve(fleet) as server:
        head, _, body = exchange(server.port, LIST).partition(b"\r\n\r\n")
    json.loads(body)
    length = 5 if told is None else len(body) + told
    assert f"Content-Length: {length}\r\n".encode() in head
    assert head.count(b"Content-Length") == 1
    assert fleet.requests[0].answer_size == len(body)


def test_a_wrong_length_is_noticed(fleet: Mock[Any], ask: Ask) -> None:
    """By a client that reads all that it was promised."""
    fleet.faults.add(kind="wrong_length", by=10)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask("/v1/devices")


def test_bad_json(fleet: Mock[Any], ask: Ask) -> None:
    """The first half of what it was, of the length that is told; or any text."""
    honest = ask("/v1/devices").content
    fleet.faults.sequence([{"kind": "bad_json"}, {"kind": "bad_json", "text": "<html>"}])
    assert ask("/v1/devices").content == honest[: len(honest) // 2]
    assert ask("/v1/devices").text == "<html>"
    assert ask("/v1/devices").content == honest


def test_altered_json(fleet: Mock[Any], ask: Ask) -> None:
    """Other values, and members that the document does not have, wherever the place is."""
    fleet.faults.add(
        kind="altered",
        operation="listDevices",
        changes={
            "*.name": "tug-x",
            "[].properties.new": [1],
            "[].properties.[].x": 1,
            "0.first": True,
            "*.name.deeper": 1,
            "9.none": 1,
        },
    )
    devices = ask("/v1/devices").json()
    assert {device["name"] for device in devices} == {"tug-x"}
    assert all(device["properties"]["new"] == [1] for device in devices if "properties" in device)
    assert [device.get("first") for device in devices] == [True, *[None] * (len(devices) - 1)]


def test_links_that_lead_elsewhere(fleet: Mock[Any], ask: Ask) -> None:
    """In bodies and redirects; what has no link does not count as met."""
    fleet.faults.add(kind="elsewhere", host="storage.test:99")
    assert ask("/v1/devices").status_code == 200
    upload = ask("/v1/data/upload", "POST", json={"filename": "a.mcap", "key": "a"}).json()
    assert upload["link"].partition("://")[2].startswith("storage.test:99/")
    attachment = ask("/v1/recording-attachments").json()[0]["id"]
    answer = ask(f"/v1/recording-attachments/{attachment}/download", allow_redirects=False)
    assert "://storage.test:99/" in answer.headers["Location"]
    (account,) = fleet.faults.account()
    assert (account.matched, account.met) == (4, 2)


def test_what_is_no_json_stays_as_it_is() -> None:
    """And the account says that the fault was not met."""
    with create_mock("bags") as mock:
        client = mock.app.test_client()
        name = client.get("/bags/").get_json()[0]["filename"]
        honest = client.get(f"/bags/{name}/download").data
        mock.faults.add(kind="bad_json", operation="downloadBag")
        mock.faults.add(kind="altered", changes={"a": 1}, operation="downloadBag")
        assert client.get(f"/bags/{name}/download").data == honest
        assert [(one.matched, one.met) for one in mock.faults.account()] == [(1, 0), (0, 0)]


def test_latency_and_slow_bodies(fleet: Mock[Any], ask: Ask) -> None:
    """The same answer, later, or in pieces."""
    honest = ask("/v1/devices").content
    fleet.faults.sequence([{"kind": "latency", "seconds": 0.001}, {"kind": "slow_body", "bytes_per_s": 1e6}])
    assert [ask("/v1/devices").content for _ in range(3)] == [honest] * 3
    assert [entry.fault for entry in fleet.requests] == [None, "latency-1", "slow_body-2", None]


def test_a_slow_body_drips(fleet: Mock[Any]) -> None:
    """In pieces, each sent when it is due, and not all at the end."""
    fleet.faults.add(kind="slow_body", bytes_per_s=20)
    answer = fleet.app.test_client().get("/v1/devices", headers=KEY)
    blocks = answer.iter_encoded()
    assert len(next(blocks)) == 1
    fleet.faults.clear()
    assert 1 + sum(len(block) for block in blocks) == answer.content_length


def test_a_slow_body_drips_on_a_socket(fleet: Mock[Any]) -> None:
    """A client has the first bytes while the others wait; once the faults are cleared, it has all."""
    fleet.faults.add(kind="slow_body", bytes_per_s=20)
    with serve(fleet) as server, requests.get(f"{server.url}/v1/devices", headers=KEY, timeout=10, stream=True) as got:
        first = got.raw.read(1)
        assert fleet.requests == []
        fleet.faults.clear()
        json.loads(first + got.raw.read())


def test_a_long_body_does_not_disturb_the_next_request(fleet: Mock[Any]) -> None:
    """Whether its length is told or it comes in chunks, it is read before the fault is answered."""
    fleet.faults.add(kind="status", operation="createDevice")
    chunks = (b"x" * 1000 for _ in range(300))
    with serve(fleet) as server, requests.Session() as session:
        session.headers.update(KEY)
        for body in (b"x" * 300_000, chunks):
            assert session.post(f"{server.url}/v1/devices", data=body, timeout=10).status_code == 503
            assert session.get(f"{server.url}/v1/devices", timeout=10).status_code == 200
    assert [entry.body_size for entry in fleet.journal.entries(method="POST")] == [300_000] * 2
