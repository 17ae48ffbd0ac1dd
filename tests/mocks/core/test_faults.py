"""Faults befall the calls that they are meant for, in process as on a socket, and account for themselves."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from robowire_fixtures.catalogue import APIS
from robowire_mocks import create_mock
from robowire_mocks.core.documented import Documented
from robowire_mocks.core.fault import Fault, Kind
from robowire_mocks.core.faults import Faults
from robowire_mocks.core.meeting import MEETINGS
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import serve
from robowire_mocks.in_process import in_place_of

HOST = "https://api.foxglove.dev"
KEY = {"Authorization": "Bearer fox_sk_robowire_all"}
Ask = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def base() -> Iterator[Mock[Any]]:
    """A Foxglove mock, made once."""
    with create_mock("foxglove") as mock:
        yield mock


@pytest.fixture
def fleet(base: Mock[Any]) -> Iterator[Mock[Any]]:
    """A Foxglove mock."""
    with base.fork() as mock:
        yield mock


@pytest.fixture(params=["in process", "over a socket"])
def ask(fleet: Mock[Any], request: pytest.FixtureRequest) -> Iterator[Ask]:
    """A client of the mock that is given a path, by both ways."""
    with requests.Session() as session:
        session.headers.update(KEY)
        if request.param == "in process":
            with in_place_of(HOST, fleet):
                yield lambda path, method="GET", **options: session.request(method, HOST + path, timeout=10, **options)
        else:
            with serve(fleet) as server:
                yield lambda path, method="GET", **options: session.request(
                    method, server.url + path, timeout=10, **options
                )


def exchange(port: int, request: str) -> bytes:
    """All that a server answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


LIST = "GET /v1/devices?limit=1 HTTP/1.1\nHost: x\nAuthorization: Bearer fox_sk_robowire_all\n\n"


def statuses(ask: Ask, count: int, path: str = "/v1/devices") -> list[int]:
    """The statuses of so many calls."""
    return [ask(path).status_code for _ in range(count)]


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


def test_which_calls_are_meant(fleet: Mock[Any], ask: Ask) -> None:
    """By operation, by method, by path."""
    fleet.faults.add(kind="status", status=500, operation="listDevices")
    fleet.faults.add(kind="status", status=501, method="post")
    fleet.faults.add(kind="status", status=502, path="/v1/events/*")
    assert statuses(ask, 1, "/v1/devices") == [500]
    assert ask("/v1/devices", "POST", json={}).status_code == 501
    assert ask("/v1/events/evt_x").status_code == 502
    assert statuses(ask, 1, "/v1/events") == [200]
    assert [(one.matched, one.met) for one in fleet.faults.account()] == [(1, 1)] * 3


def test_how_often(fleet: Mock[Any], ask: Ask) -> None:
    """Some calls pass, some meet it, the others pass again."""
    fleet.faults.add(kind="status", skip=1, times=2, operation="listDevices", id="busy")
    assert statuses(ask, 5) == [200, 503, 503, 200, 200]
    (account,) = fleet.faults.account()
    assert (account.matched, account.met, account.left) == (3, 2, 0)
    assert [entry.fault for entry in fleet.requests] == [None, "busy", "busy", None, None]


def test_one_after_the_other(fleet: Mock[Any], ask: Ask) -> None:
    """A sequence goes on when its first is over; other calls do not move it."""
    ids = fleet.faults.sequence(
        [
            {"kind": "status", "status": 429, "operation": "listDevices"},
            {"kind": "status", "status": 503, "operation": "listDevices", "times": 2},
            {"kind": "status", "status": 500},
        ]
    )
    assert statuses(ask, 1, "/v1/events") == [200]
    assert statuses(ask, 3) == [429, 503, 503]
    assert statuses(ask, 2, "/v1/events") == [500, 200]
    assert [(one.fault.id, one.met, one.left) for one in fleet.faults.account()] == list(
        zip(ids, (1, 2, 1), (0, 0, 0), strict=True)
    )


def test_with_some_probability(fleet: Mock[Any]) -> None:
    """The same seed gives the same calls, another one others."""
    client = fleet.app.test_client()

    def met(seed: int) -> list[int]:
        fleet.faults.clear()
        fleet.faults.add(kind="status", probability=0.5, seed=seed)
        return [client.get("/v1/devices").status_code for _ in range(64)]

    first = met(1)
    assert first == met(1) != met(2)
    assert 16 < first.count(503) < 48


def test_the_first_that_is_due_is_met(fleet: Mock[Any], ask: Ask) -> None:
    """In the order in which they were added; one fault a call."""
    fleet.faults.add(kind="status", status=500, times=1)
    fleet.faults.add(kind="status", status=502, times=1)
    assert statuses(ask, 3) == [500, 502, 200]


def test_the_end_of_faults(fleet: Mock[Any], ask: Ask) -> None:
    """One by one, or all at once; a reset ends them too."""
    first, second = fleet.faults.add(kind="status", status=500), fleet.faults.add(kind="status", status=502)
    fleet.faults.remove(first)
    assert statuses(ask, 1) == [502]
    with pytest.raises(ValueError, match=f"no fault has the id '{first}'"):
        fleet.faults.remove(first)
    fleet.faults.clear()
    assert statuses(ask, 1) == [200]
    fleet.faults.add(kind="status", id=second)
    fleet.reset()
    assert statuses(ask, 1) == [200]
    assert fleet.faults.account() == ()


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
    assert statuses(ask, 1) == [200]
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


def test_waiting_ends_with_the_faults(fleet: Mock[Any]) -> None:
    """A call that is kept waiting for an hour is answered when they are cleared."""
    fleet.faults.add(kind="latency", seconds=3600)
    client = fleet.app.test_client()
    thread = threading.Thread(target=lambda: client.get("/v1/devices", headers=KEY))
    thread.start()
    while not fleet.faults.account()[0].met:
        thread.join(0.001)
    fleet.faults.clear()
    thread.join(10)
    assert [entry.status for entry in fleet.requests] == [200]


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


def test_the_controls_meet_no_faults(fleet: Mock[Any], ask: Ask) -> None:
    """They would be what takes the faults away."""
    fleet.faults.add(kind="status")
    assert statuses(ask, 1, "/__robowire") == [200]
    assert fleet.requests == []


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({}, "a fault needs a kind: status, latency"),
        ({"kind": "tired"}, "no fault is called 'tired'; there are: status, latency"),
        ({"kind": "status", "delay": 1}, "a fault has no 'delay'; it has kind, operation"),
        ({"kind": "status", "status": "503"}, "status of a fault cannot be '503'"),
        ({"kind": "status", "status": 42}, "status of a fault cannot be 42"),
        ({"kind": "status", "status": 200}, "cannot be 200: it is from 300 to 999, since a success is no fault"),
        ({"kind": "status", "status": 299}, "cannot be 299"),
        ({"kind": "status", "retry_after_s": 1.5}, "retry_after_s of a fault cannot be 1.5"),
        ({"kind": "latency", "seconds": float("nan")}, "seconds of a fault cannot be nan"),
        ({"kind": "latency", "seconds": -1}, "seconds of a fault cannot be -1"),
        ({"kind": "latency", "times": 0}, "times of a fault cannot be 0"),
        ({"kind": "latency", "times": True}, "times of a fault cannot be True"),
        ({"kind": "latency", "probability": 2}, "probability of a fault cannot be 2"),
        ({"kind": "slow_body", "bytes_per_s": 0}, "bytes_per_s of a fault cannot be 0"),
        ({"kind": "latency", "after_bytes": 3}, "a fault latency has no after_bytes; it belongs to cut"),
        ({"kind": "cut", "headers": {"a": "b"}}, "a fault cut has no headers; it belongs to status"),
        ({"kind": "status", "headers": {"a": 1}}, "headers of a fault cannot be"),
        ({"kind": "status", "operation": "listDevice"}, "the nearest is 'listDevices'"),
        ({"kind": "status", "id": "taken"}, "a fault with the id 'taken' is there already"),
    ],
)
def test_impossible_faults_are_refused(fleet: Mock[Any], parameters: dict[str, Any], why: str) -> None:
    """With what is wrong about them; nothing is added."""
    fleet.faults.add(Fault(kind=Kind.STATUS), id="taken", path="/nowhere")
    with pytest.raises(ValueError, match=why):
        fleet.faults.add(**parameters)
    with pytest.raises(ValueError, match=why):
        fleet.faults.sequence([{"kind": "latency"}, parameters])
    assert len(fleet.faults.account()) == 1


def test_an_account_is_json(fleet: Mock[Any]) -> None:
    """With what was asked for, and no more."""
    fleet.faults.add(kind="status", status=429, retry_after_s=1, times=2, id="busy")
    told = json.loads(json.dumps([account.told() for account in fleet.faults.account()]))
    assert told == [
        {
            "fault": {"kind": "status", "status": 429, "retry_after_s": 1, "times": 2, "id": "busy"},
            "matched": 0,
            "met": 0,
            "left": 2,
        }
    ]


def test_ids_are_given_once() -> None:
    """Unless one chooses them."""
    faults = Faults(Documented("bags"))
    assert [faults.add(kind="cut"), faults.add(kind="cut"), faults.add(kind="cut", id="mine")] == [
        "cut-1",
        "cut-2",
        "mine",
    ]
