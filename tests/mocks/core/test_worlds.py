"""Many worlds in one server: who asks for one by path, credential or host gets that one, and nothing of another."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from robowire_mocks import create_mock
from robowire_mocks.core.addressing import Address, by_credential, by_path, is_name
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import serve
from robowire_mocks.core.worlds import UnknownWorld, Worlds
from werkzeug.test import Client, TestResponse

KEY = "fox_sk_all"
WORLD = {
    "clock": {"frozen": True},
    "key": [{"key": KEY, "capabilities": ["*"]}, {"key": "odd~w1", "capabilities": ["*"]}],
    "device": [{"name": "rover", "id": "dev_rover"}],
    "site": [{"name": "cloud", "id": "site_cloud", "type": "foxglove-hosted"}],
    "recording": [
        {"id": "rec_one", "path": "one.mcap", "device": "dev_rover", "site": "site_cloud"}
        | {"start": -60, "end": -30, "make": "mcap"}
    ],
}
BAGS = {"demo": False, "bag": [{"filename": "a.bag", "duration_s": 2.0, "profile": "small"}]}


@pytest.fixture(scope="module")
def base() -> Iterator[Mock[Any]]:
    """A mock of which worlds are made; nobody changes it."""
    with create_mock("foxglove", world=WORLD) as mock:
        yield mock


@pytest.fixture
def worlds(base: Mock[Any]) -> Iterator[Worlds]:
    """Two worlds, w1 and w2, each with a device of its own besides."""
    with Worlds(base) as opened:
        for name in ("w1", "w2"):
            opened.open(name)
            assert add(opened, f"of-{name}", path=f"/__worlds/{name}").status_code == 200
        yield opened


def ask(worlds: Worlds, path: str, *, token: str | None = KEY, **options: Any) -> TestResponse:
    """An answer; `options` as werkzeug's client has them, and headers of the request."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(worlds.app).open(path, headers=headers | options.pop("headers", {}), **options)


def add(worlds: Worlds, device: str, *, path: str = "", **options: Any) -> TestResponse:
    """Make a device."""
    return ask(worlds, f"{path}/v1/devices", method="POST", json={"name": device}, **options)


def follow(worlds: Worlds, link: str) -> TestResponse:
    """What an absolute link leads to, without credentials."""
    parts = urlsplit(link)
    return Client(worlds.app).get(f"{parts.path}?{parts.query}", base_url=f"{parts.scheme}://{parts.netloc}")


def names(answer: TestResponse) -> list[str]:
    """The names of the devices in an answer."""
    assert answer.status_code == 200, answer.text
    return [device["name"] for device in answer.get_json()]


WAYS: dict[str, dict[str, Any]] = {
    "path": {"path": "/__worlds/w1/v1/devices"},
    "path in capitals": {"path": "/__worlds/W1/v1/devices"},
    "credential": {"path": "/v1/devices", "token": f"{KEY}~w1"},
    "host": {"path": "/v1/devices", "base_url": "http://w1.localhost:8080"},
    "host in capitals": {"path": "/v1/devices", "base_url": "http://W1.robots.test"},
    "path and credential": {"path": "/__worlds/w1/v1/devices", "token": f"{KEY}~w1"},
    "credential and host": {"path": "/v1/devices", "token": f"{KEY}~w1", "base_url": "http://w1.localhost"},
    "credential before host": {"path": "/v1/devices", "token": f"{KEY}~w1", "base_url": "http://w2.localhost"},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_request_says_its_world(worlds: Worlds, way: dict[str, Any]) -> None:
    """In any of three ways, of which the path counts first and the host last."""
    assert names(ask(worlds, **way)) == ["rover", "of-w1"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "api.foxglove.dev", "w3.localhost", "w1", "[::1]:80"])
def test_any_other_host_is_that_of_the_base(worlds: Worlds, host: str) -> None:
    """Also one whose first label is no world, or that is nothing but a label."""
    assert names(ask(worlds, "/v1/devices", headers={"Host": host})) == ["rover"]


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (404, {"path": "/__worlds/w9/v1/devices"}),
        (404, {"path": "/__worlds/"}),
        (404, {"path": "/__worlds//v1/devices"}),
        (404, {"path": "/__worlds"}),
        (401, {"path": "/v1/devices", "token": f"{KEY}~w9"}),
        (401, {"path": "/__worlds/w2/v1/devices", "token": f"{KEY}~w1"}),
        (401, {"path": "/v1/devices", "token": "nobody~w1"}),
        (401, {"path": "/gcs/inbox/name", "method": "PUT", "token": "any~w9", "data": b"x" * 100_000}),
    ],
)
def test_a_world_that_is_not_there_answers_nothing(worlds: Worlds, status: int, request_: dict[str, Any]) -> None:
    """As the API answers an unknown key, or 404; above all, the base does not answer in its place."""
    answer = ask(worlds, **request_)
    assert (answer.status_code, list(answer.get_json())) == (status, ["error"])
    assert answer.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)


@pytest.mark.parametrize("api", ["bags", "foxglove", "losant"])
def test_the_controls_of_a_world_that_is_not_there_name_those_that_are(api: str) -> None:
    """In the form of the controls, whatever that of the API's errors is."""
    with create_mock(api) as mock, Worlds(mock) as worlds:
        worlds.open("w1")
        worlds.open("w2")
        worlds.close("w1")
        for request_ in ({"path": "/__worlds/w1/__robowire/clock"}, {"path": "/__robowire", "token": "any~w1"}):
            answer = ask(worlds, **request_)
            assert answer.get_json() == {"error": "no world is called 'w1'; it may have been closed; there are: w2"}
        assert "w2" not in ask(worlds, "/__worlds/w1/v1/devices").text


def test_a_key_that_only_looks_like_one_of_a_world_is_itself(worlds: Worlds) -> None:
    """The base's own keys go first."""
    assert names(ask(worlds, "/v1/devices", token="odd~w1")) == ["rover"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Bearer key~w1", "w1"),
        ("bearer  a~b~w-1  ", "w-1"),
        ("AWS4-HMAC-SHA256 Credential=id~w1/20261121/eu/s3/aws4_request, SignedHeaders=host, Signature=ab", "w1"),
        ("AWS id~w1:c2ln", "w1"),
        ("SharedKey account~W1:c2lnbmF0dXJl", "w1"),
        ("Bearer key~", None),
        ("Bearer key~w_1", None),
        ("Bearer ~", None),
        ("", None),
    ],
)
def test_a_credential_may_have_any_scheme(header: str, name: str | None) -> None:
    """It ends with the name, before whatever its scheme puts after it."""
    assert by_credential({"HTTP_AUTHORIZATION": header}) == (name and Address(name, 401))


@pytest.mark.parametrize(
    "query",
    [
        "a=1&X-Amz-Credential=id~w1%2F20261121%2Feu&X-Amz-Date=x",
        "X-Goog-Credential=robot%40here%7Ew1%2F20261121",
        "AWSAccessKeyId=id~w1&Signature=x",
    ],
)
def test_a_signed_link_has_its_credential_in_the_query(query: str) -> None:
    """As S3's and Google's clients sign them."""
    assert by_credential({"QUERY_STRING": query}) == Address("w1", 401)
    assert by_credential({"QUERY_STRING": "note=id~w1"}) is None


def test_names_of_worlds() -> None:
    """Are labels of host names that are no part of an address."""
    assert all(is_name(name) for name in ("w7", "gw0", "0a", "a-b", "x" * 63))
    assert not any(is_name(name) for name in ("", "7", "127", "W7", "a.b", "a_b", "-a", "a-", "x" * 64, "ä", "a\n"))
    assert by_path({"PATH_INFO": "/__worldsize/w1"}) is None


def test_links_of_a_world_lead_back_to_it(worlds: Worlds) -> None:
    """Signed ones too, which carry no credential: whichever way the world was asked for."""
    for way in (
        {"path": "/v1/data/stream", "token": f"{KEY}~w1"},
        {"path": "/__worlds/w1/v1/data/stream"},
        {"path": "/v1/data/stream", "base_url": "http://w1.localhost"},
    ):
        link = ask(worlds, method="POST", json={"recordingId": "rec_one", "outputFormat": "mcap0"}, **way).get_json()
        answer = follow(worlds, link["link"])
        assert (answer.status_code, answer.data[:5]) == (200, b"\x89MCAP"), link
        elsewhere = link["link"].replace("/__worlds/w1", "").replace("w1.", "")
        assert follow(worlds, elsewhere).status_code == 404, "the base gave no such link"


def test_a_world_is_a_mock_of_its_own(worlds: Worlds) -> None:
    """Clock, deviations, faults, journal, snapshots and controls."""
    one, other = worlds["w1"], worlds["w2"]
    one.clock.advance(60)
    one.deviate("anonymous-lists")
    one.faults.add(kind="status", status=503)
    one.snapshots.save("here")
    other.journal.clear()
    assert ask(worlds, "/__worlds/w1/v1/devices").status_code == 503
    assert names(ask(worlds, "/__worlds/w2/v1/devices")) == ["rover", "of-w2"]
    assert [entry.path for entry in other.journal.entries()] == ["/v1/devices"]
    assert (one.snapshots.names(), other.snapshots.names()) == (["here"], [])
    assert (len(one.deviations), other.deviations) == (1, ())
    state = ask(worlds, "/__worlds/w1/__robowire").get_json()
    assert state["clock"]["now"] == other.clock.now() + 60


def test_a_world_may_be_made_of_another(worlds: Worlds) -> None:
    """As that is now; what follows is its own."""
    worlds.open("copy", of="w1")
    assert add(worlds, "late", path="/__worlds/w1").status_code == 200
    assert names(ask(worlds, "/__worlds/copy/v1/devices")) == ["rover", "of-w1"]


def test_a_reset_brings_a_world_back_to_what_it_was_made_of(worlds: Worlds) -> None:
    """Not to what has become of the base since."""
    worlds.open("copy", of="w1")
    add(worlds, "late", path="/__worlds/copy")
    worlds["copy"].reset()
    assert names(ask(worlds, "/__worlds/copy/v1/devices")) == ["rover", "of-w1"]


def test_opening_and_closing(base: Mock[Any]) -> None:
    """Each name once, and names alone; whoever wants it is told."""
    told: list[tuple[str, Mock[Any]]] = []
    with Worlds(base, opened=lambda *one: told.append(one)) as worlds:
        first = worlds.open("a")
        assert told == [("a", first)]
        with pytest.raises(ValueError, match="a world is called 'a' already"):
            worlds.open("a")
        with pytest.raises(ValueError, match="no name of a world"):
            worlds.open("A")
        with pytest.raises(UnknownWorld, match="no world is called 'b'; there are: a"):
            worlds.open("c", of="b")
        worlds.open("b", of="a")
        assert (worlds.names(), "a" in worlds, "c" in worlds) == (["a", "b"], True, False)
        worlds.close("a")
        with pytest.raises(UnknownWorld):
            worlds.close("a")
        assert names(ask(worlds, "/__worlds/b/v1/devices")) == ["rover"]
        assert ask(worlds, "/__worlds/a/v1/devices").status_code == 404
    assert worlds.names() == []
    assert base.app.test_client().get("/v1/devices", headers={"Authorization": f"Bearer {KEY}"}).status_code == 200


def test_two_hundred_worlds_at_once(base: Mock[Any]) -> None:
    """Written, read and reset by many threads in any order, each holds what was put into it and nothing else."""
    with Worlds(base) as worlds, ThreadPoolExecutor(16) as threads:
        numbers = range(200)
        list(threads.map(lambda number: worlds.open(f"w{number}"), numbers))

        def live(number: int) -> list[str]:
            token, seen = f"{KEY}~w{number}", []
            for time in range(3):
                for place in range(2):
                    assert add(worlds, f"d-{number}-{place}", token=token).status_code == 200
                if time == 1:
                    worlds[f"w{number}"].reset()
                    assert add(worlds, f"again-{number}", token=token).status_code == 200
                    break
                seen += names(ask(worlds, "/v1/devices", token=token))
                assert ask(worlds, f"/v1/devices/d-{number}-0", method="DELETE", token=token).status_code == 200
                assert ask(worlds, f"/v1/devices/d-{number}-1", method="DELETE", token=token).status_code == 200
            return seen + names(ask(worlds, "/v1/devices", token=token))

        for number, seen in zip(numbers, threads.map(live, numbers), strict=True):
            assert seen == ["rover", f"d-{number}-0", f"d-{number}-1", "rover", f"again-{number}"]
        assert names(ask(worlds, "/v1/devices")) == ["rover"]


def test_worlds_are_served_on_a_socket(base: Mock[Any]) -> None:
    """As a mock is; a body that nobody reads does not spoil the connection."""
    with Worlds(base) as worlds, serve(worlds) as server, requests.Session() as session:
        worlds.open("w1")
        session.headers["Authorization"] = f"Bearer {KEY}~w1"
        assert session.post(f"{server.url}/v1/devices", json={"name": "one"}, timeout=10).status_code == 200
        gone = session.put(f"{server.url}/__worlds/none/s3/inbox/a", data=b"x" * 3_000_000, timeout=10)
        assert (gone.status_code, list(gone.json())) == (404, ["error"])
        listed = session.get(f"{server.url}/v1/devices", timeout=10).json()
        assert [device["name"] for device in listed] == ["rover", "one"]


def test_every_api_has_worlds() -> None:
    """Those without credentials by path or host."""
    with create_mock("bags", world=BAGS) as base, Worlds(base) as worlds:
        worlds.open("w1")
        url = Client(worlds.app).get("/__worlds/w1/bags/").get_json()[0]["download_url"]
        assert url == "http://localhost/__worlds/w1/bags/a.bag/download"
        assert Client(worlds.app).get(url).data.startswith(b"#ROSBAG V2.0")
    with create_mock("losant") as base, Worlds(base) as worlds:
        worlds.open("w1")
        application = next(iter(base.world.applications))
        path = f"/applications/{application}/data/last-value-query"
        for token, status in (("losant_robowire_all~w1", 200), ("losant_robowire_all~w2", 401), ("other~w1", 401)):
            headers = {"Authorization": f"Bearer {token}"}
            answer = Client(worlds.app).post(path, headers=headers, json={})
            assert answer.status_code == status, answer.text
        assert list(answer.get_json()) == ["type", "message"]
