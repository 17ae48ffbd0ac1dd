"""The clients that Foxglove publishes for Python drive the mock: the current one, and the older one of the samples.

They know no other place than `https://api.foxglove.dev`, so each test runs twice for each: with the mock in the place
of that host in process, and over TLS under its name.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import foxglove.client
import foxglove_data_platform.client
import pytest
import requests
from robowire_mocks import create_mock
from robowire_mocks.core.serving import Server, serve
from robowire_mocks.foxglove import FoxgloveMock
from robowire_mocks.in_process import in_place_of

HOST = "api.foxglove.dev"
TOKEN = "fox_sk_robowire_all"
CLIENTS: dict[str, Any] = {"current": foxglove.client.Client, "older": foxglove_data_platform.client.Client}
Ask = Callable[[], Any]
renamed = pytest.mark.filterwarnings("ignore:The `foxglove-data-platform` package has been renamed:DeprecationWarning")
pytestmark = renamed

# The reference's samples that do not need recordings' data, as written there.
SAMPLES = {
    "get_devices": """
from foxglove_data_platform.client import Client

token = "<YOUR API TOKEN HERE>"
client = Client(token=token)

client.get_devices()
""",
    "get_device": """
from foxglove_data_platform.client import Client

token = "<YOUR API TOKEN HERE>"
client = Client(token=token)

client.get_device(
    device_id=device_id,
)
""",
    "delete_device": """
from foxglove_data_platform.client import Client

token = "<YOUR API TOKEN HERE>"
client = Client(token=token)

client.delete_device(device_id=device_id)
""",
    "get_events": """
from foxglove_data_platform.client import Client

from datetime import datetime, timedelta

token = "<YOUR API TOKEN HERE>"
client = Client(token=token)

client.get_events(
    device_id=device_id,
    sort_by=sort_by,
    sort_order=sort_order,
    limit=limit,
    offset=offset,
    start=datetime.now() - timedelta(hours=3),
    end=datetime.now() - timedelta(hours=1),
    query="key:val"
)
""",
    "delete_event": """
from foxglove_data_platform.client import Client

token = "<YOUR API TOKEN HERE>"
client = Client(token=token)

client.delete_event(
    event_id=event_id,
)
""",
}


@pytest.fixture(scope="module")
def shared_mock() -> Iterator[FoxgloveMock]:
    """One mock of the default world for all tests."""
    with create_mock("foxglove") as made:
        assert isinstance(made, FoxgloveMock)
        yield made


@pytest.fixture(scope="module")
def server(shared_mock: FoxgloveMock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The mock on a socket that speaks TLS."""
    with serve(shared_mock, tls=tmp_path_factory.mktemp("authority")) as served:
        yield served


@pytest.fixture
def mock(shared_mock: FoxgloveMock) -> FoxgloveMock:
    """The mock as it is at the start."""
    shared_mock.reset()
    return shared_mock


@pytest.fixture(params=["in process", "over TLS"])
def there(request: pytest.FixtureRequest, mock: FoxgloveMock, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the clients look for Foxglove there is the mock."""
    with _trusted_name(request, monkeypatch) if request.param == "over TLS" else in_place_of(f"https://{HOST}", mock):
        yield


@contextmanager
def _trusted_name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The name leads to the served mock, as a line in a hosts file would, and its authority is trusted."""
    server: Server = request.getfixturevalue("server")
    look_up = socket.getaddrinfo

    def local(host: Any, port: Any, *more: Any, **options: Any) -> Any:
        return look_up(*(("127.0.0.1", server.port) if host == HOST else (host, port)), *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", local)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
    monkeypatch.setenv("NO_PROXY", "*")
    yield


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, there: None) -> Any:
    """Either client, with the all-powerful key."""
    del there
    return CLIENTS[request.param](token=TOKEN)


def run_sample(name: str, **names: Any) -> Any:
    """Run a sample with what it leaves open; the value of its last expression, and the client."""
    source = SAMPLES[name].replace("<YOUR API TOKEN HERE>", TOKEN)
    head, call = source.split("\nclient.", 1)
    space = dict(names)
    exec(head, space)  # the samples of the reference, above
    return eval(f"client.{call}", space)


# ---- the reference's samples


@pytest.mark.usefixtures("there")
def test_the_sample_of_listing_devices_runs() -> None:
    """It gives the world's devices, in a stable order."""
    names = [device["name"] for device in run_sample("get_devices")]
    assert names[:4] == ["tug-01", "tug-02", "tug-03", "tug-04"]


@pytest.mark.usefixtures("there")
def test_the_sample_of_reading_a_device_runs() -> None:
    """It gives the device of the id."""
    assert run_sample("get_device", device_id="dev_robowire_scout")["name"] == "scout.alpha"


@pytest.mark.usefixtures("there")
def test_the_sample_of_deleting_a_device_runs() -> None:
    """The device is gone afterwards."""
    run_sample("delete_device", device_id="dev_robowire_retired")
    assert "tug-00" not in [device["name"] for device in run_sample("get_devices")]


@pytest.mark.usefixtures("there")
def test_the_sample_of_listing_events_runs() -> None:
    """With every parameter: what happened to the device between three hours ago and one, sorted and cut."""
    client = foxglove.client.Client(token=TOKEN)
    now = datetime.now(tz=UTC)
    for minutes in (90, 100, 110, 300):
        when = now - timedelta(minutes=minutes)
        client.create_event(device_id="dev_robowire_sim", start=when, end=None, metadata={"key": "val"})
    asked = {"device_id": "dev_robowire_sim", "sort_by": "start", "sort_order": "desc", "limit": 1, "offset": 1}
    (found,) = run_sample("get_events", **asked)
    assert found["start"] == now - timedelta(minutes=100)


@pytest.mark.usefixtures("there")
def test_the_sample_of_deleting_an_event_runs() -> None:
    """It answers the event's id."""
    assert run_sample("delete_event", event_id="evt_robowire_estop") == {"id": "evt_robowire_estop"}


# ---- devices


def test_devices_live_a_life(client: Any) -> None:
    """Created, read by id and by name, updated, deleted by name; typed properties come back as they were given."""
    given = {"serialNumber": "AT-1", "payload_kg": 12.5, "leased": True, "hall": "yard"}
    made = client.create_device(name="tug-05", properties=given)
    assert (made["name"], made["properties"]) == ("tug-05", given)
    assert client.get_device(device_id=made["id"]) == client.get_device(device_name="tug-05") == made
    changed = client.update_device(device_name="tug-05", new_name="tug-05.b", properties={"leased": False})
    assert changed["id"] == made["id"]
    assert changed["properties"] == given | {"leased": False}
    client.delete_device(device_name="tug-05.b")
    assert made["id"] not in {device["id"] for device in client.get_devices()}


def test_devices_may_have_no_properties(client: Any) -> None:
    """Neither when they are created nor in what is read."""
    made = client.create_device(name="bare")
    assert not made["properties"]
    assert not client.get_device(device_id=made["id"])["properties"]


def test_a_name_goes_before_an_id(client: Any) -> None:
    """The device that is named like another one's id is the one that is meant."""
    assert client.get_device(device_id="dev_robowire_tug_04")["id"] == "dev_robowire_mistake"


@pytest.mark.usefixtures("there")
def test_the_current_client_reads_times_of_devices() -> None:
    """The members createdAt and updatedAt are date-times to it."""
    device = foxglove.client.Client(token=TOKEN).get_device(device_name="scout.alpha")
    assert device["created_at"].tzinfo is not None
    assert device["created_at"] < device["updated_at"]


@pytest.mark.usefixtures("there")
def test_members_of_newer_pages_are_ignored() -> None:
    """The current client names projects, event types and sessions, of which the mock knows nothing."""
    client = foxglove.client.Client(token=TOKEN)
    made = client.create_device(name="in-a-project", project_id="prj_1")
    assert len(client.get_devices(project_id="prj_1")) == 9
    client.delete_device(device_id=made["id"], project_id="prj_1")
    start = datetime.now(tz=UTC)
    event = client.create_event(
        device_name="tug-01", project_id="prj_1", start=start, end=start, properties={"a": 1}, event_type_id="t"
    )
    assert client.get_events(device_name="tug-01", start=start, end=start)[0]["id"] == event["id"]


# ---- events


def test_events_live_a_life(client: Any) -> None:
    """Created for a device by id and by name, found by device, time and query, deleted."""
    start = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    end = start + timedelta(seconds=2)
    metadata = {"kind": "test drive", "note": 'a "quoted" word'}
    first = client.create_event(device_id="dev_robowire_sim", start=start, end=end, metadata=metadata)
    second = client.create_event(device_name="sim_nightly", start=start, end=None)
    assert (first["start"], first["end"], first["metadata"]) == (start, end, metadata)
    assert (second["start"], second["end"], second["metadata"]) == (start, start, {})
    assert first["device"] == {"id": "dev_robowire_sim", "name": "sim_nightly"}
    window = {"start": start - timedelta(hours=1), "end": end + timedelta(hours=1)}
    found = client.get_events(device_name="sim_nightly", **window)
    assert {event["id"] for event in found} == {first["id"], second["id"]}
    (queried,) = client.get_events(query='kind:"test drive"', **window)
    assert queried["id"] == first["id"]
    assert client.delete_event(event_id=first["id"]) == {"id": first["id"]}
    (left,) = client.get_events(device_id="dev_robowire_sim", **window)
    assert left["id"] == second["id"]


def test_events_are_sorted_and_cut(client: Any) -> None:
    """By fields under the clients' own names, both ways, in pages."""
    up = client.get_events(sort_by="created_at", sort_order="asc")
    assert [event["created_at"] for event in up] == sorted(event["created_at"] for event in up)
    down = client.get_events(sort_by="created_at", sort_order="desc")
    assert [event["created_at"] for event in down] == sorted((event["created_at"] for event in up), reverse=True)
    pages = [client.get_events(sort_by="device_id", limit=4, offset=offset) for offset in (0, 4, 8)]
    assert [event for page in pages for event in page] == client.get_events(sort_by="device_id")


@pytest.mark.usefixtures("there")
def test_the_current_client_updates_events() -> None:
    """Times and metadata; what is left out stays."""
    client = foxglove.client.Client(token=TOKEN)
    (before,) = client.get_events(query="kind:slip")
    after = client.update_event(event_id=before["id"], metadata={"kind": "slip", "reviewed": "yes"})
    assert after["metadata"] == {"kind": "slip", "reviewed": "yes"}
    assert (after["start"], after["end"]) == (before["start"], before["end"])
    assert after["updated_at"] > before["updated_at"]
    moved = client.update_event(event_id=before["id"], start=before["start"] - timedelta(seconds=1))
    assert moved["start"] == before["start"] - timedelta(seconds=1)
    assert moved["metadata"] == after["metadata"]


# ---- errors


def status_and_text(error: pytest.ExceptionInfo[requests.HTTPError]) -> tuple[int, str]:
    """What the clients make of an error: the status, and the reason, which they take from `error` in the body."""
    return error.value.response.status_code, error.value.response.reason


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)
@pytest.mark.parametrize("token", ["nobody's", "fox_sk_robowire_revoked", "fox_sk_robowire_disabled"])
def test_keys_that_are_not_valid_are_refused(make: Any, token: str) -> None:
    """401, and the client tells why."""
    with pytest.raises(requests.HTTPError) as error:
        make(token=token).get_devices()
    assert status_and_text(error)[0] == 401
    assert status_and_text(error)[1] not in {"", "UNAUTHORIZED"}


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)
def test_a_lacking_capability_is_refused(make: Any) -> None:
    """403 names the capability; what the key may do works."""
    reader = make(token="fox_sk_robowire_devices.list")
    assert reader.get_devices()
    with pytest.raises(requests.HTTPError, match=r"devices\.create") as error:
        reader.create_device(name="no")
    assert status_and_text(error)[0] == 403
    with pytest.raises(requests.HTTPError) as error:
        reader.get_events()
    assert status_and_text(error)[0] == 403


def test_what_is_not_there_is_not_found(client: Any) -> None:
    """404 for devices and events."""
    refused: list[Ask] = [
        lambda: client.get_device(device_id="dev_nothing"),
        lambda: client.get_device(device_name="a/b c"),
        lambda: client.delete_device(device_name="nothing"),
        lambda: client.update_device(device_name="nothing", new_name="other"),
        lambda: client.delete_event(event_id="evt_nothing"),
    ]
    for ask in refused:
        with pytest.raises(requests.HTTPError) as error:
            ask()
        assert status_and_text(error)[0] == 404


def test_a_name_is_taken_once(client: Any) -> None:
    """409 for a new device and for a renamed one."""
    refused: list[Ask] = [
        lambda: client.create_device(name="tug-01"),
        lambda: client.update_device(device_name="tug-02", new_name="tug-01"),
    ]
    for ask in refused:
        with pytest.raises(requests.HTTPError, match="tug-01") as error:
            ask()
        assert status_and_text(error)[0] == 409


def test_bad_input_is_refused(client: Any) -> None:
    """400 with a reason, whatever the clients let through."""
    now = datetime.now(tz=UTC)
    refused: list[Ask] = [
        lambda: client.create_device(name="white space"),
        lambda: client.create_device(name="x" * 101),
        lambda: client.create_device(name="typed", properties={"payload_kg": "heavy"}),
        lambda: client.delete_device(device_id="dev_robowire_tug_01"),
        lambda: client.get_events(sort_by="nothing"),
        lambda: client.get_events(sort_order="up"),
        lambda: client.get_events(limit=2001),
        lambda: client.get_events(offset=-1),
        lambda: client.get_events(query='key:"open'),
        lambda: client.create_event(device_name="tug-01", start=now, end=now, metadata={"n": 1}),
    ]
    for ask in refused:
        with pytest.raises(requests.HTTPError) as error:
            ask()
        assert status_and_text(error)[0] == 400
        assert status_and_text(error)[1] not in {"", "BAD REQUEST"}


# ---- by address


@pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)
def test_a_client_may_name_the_mocks_own_address(make: Any, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host is an argument of the clients; the authority's certificate is all that they need besides."""
    monkeypatch.setenv("NO_PROXY", "*")
    client = make(token=TOKEN, host=f"{server.host}:{server.port}")
    with pytest.raises(requests.exceptions.SSLError):
        client.get_devices()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
    assert client.get_devices()


def test_the_samples_are_the_references() -> None:
    """Each sample that the saved reference has of devices and events is here, word for word."""
    folder = Path(os.environ.get("ROBOWIRE_DOCUMENTS") or Path(__file__).parents[4] / "shared" / "documents")
    reference = folder / "foxglove-api-reference.txt"
    if not reference.is_file():
        pytest.skip(f"NOT COMPARED with the reference: no file {reference}; set ROBOWIRE_DOCUMENTS")
    lines = reference.read_text(encoding="utf-8").splitlines()
    written = {"".join(line.split()) for line in lines if line.startswith("from foxglove_data_platform")}
    ours = {"".join(sample.split()) for sample in SAMPLES.values()}
    assert ours <= written
