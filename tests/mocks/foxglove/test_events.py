"""Events are kept, filtered, sorted and changed as the document says, and as this mock chose where it is silent."""

from typing import Any

import pytest

DEVICES = [{"name": "b", "id": "dev_1"}, {"name": "a", "id": "dev_2"}, {"name": "dev_1", "id": "dev_3"}]
START = "2026-01-01T00:00:00Z"
METADATA = [{"kind": "stop", "why": "wet floor"}, {"kind": "go"}, {}, {"place": "stopover", "kind": "go"}]
SPANS = [(10, 20), (20, 20), (5, 40), (30, 35)]


def at(seconds: float) -> str:
    """A moment of the first minute of 2026."""
    whole, nanoseconds = divmod(round(seconds * 10**9), 10**9)
    return f"2026-01-01T00:00:{whole:02}.{nanoseconds:09}Z"


@pytest.fixture
def fox(make_api: Any) -> Any:
    """Three devices and four events of the first two."""
    events = [
        {
            "id": f"evt_{number}",
            "device": f"dev_{number % 2 + 1}",
            "start": at(start),
            "end": at(end),
            "created_at": at(40 + number),
            "updated_at": at(50 - number),
            "metadata": metadata,
        }
        for number, ((start, end), metadata) in enumerate(zip(SPANS, METADATA, strict=True))
    ]
    return make_api(device=DEVICES, event=events)


def numbers(fox: Any, **query: Any) -> str:
    """The numbers of the events in a list."""
    return "".join(event["id"].removeprefix("evt_") for event in fox.get("/events", **query))


def test_an_event_shows_its_device(fox: Any) -> None:
    """And times in Zulu."""
    assert fox.get("/events/evt_0") == {
        "id": "evt_0",
        "start": "2026-01-01T00:00:10Z",
        "end": "2026-01-01T00:00:20Z",
        "deviceId": "dev_1",
        "device": {"id": "dev_1", "name": "b"},
        "metadata": {"kind": "stop", "why": "wet floor"},
        "createdAt": "2026-01-01T00:00:40Z",
        "updatedAt": "2026-01-01T00:00:50Z",
    }
    fox.send("PATCH", "/devices/dev_2", {"name": "renamed"})
    assert fox.get("/events/evt_1")["device"] == {"id": "dev_2", "name": "renamed"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "0123"),
        ({"start": at(20)}, "0123"),
        ({"start": at(20.000000001)}, "23"),
        ({"end": at(20)}, "012"),
        ({"end": at(19.999999999)}, "02"),
        ({"start": at(21), "end": at(29)}, "2"),
        ({"start": at(30), "end": at(30)}, "23"),
        ({"start": "2026-01-01T05:30:30+05:30", "end": at(30)}, "23"),
        ({"start": at(41)}, ""),
        ({"createdAfter": at(41)}, "23"),
        ({"updatedAfter": at(48)}, "01"),
        ({"deviceId": "dev_1"}, "02"),
        ({"deviceName": "a"}, "13"),
        ({"device.id": "dev_2"}, "13"),
        ({"device.name": "b"}, "02"),
        ({"deviceId": "dev_1", "device.id": "dev_2"}, "02"),
        ({"deviceName": "a", "device.name": "b"}, "13"),
        ({"deviceId": "dev_1", "deviceName": "a"}, ""),
        ({"deviceName": "dev_1"}, ""),
        ({"deviceId": "nobody"}, ""),
        ({"query": "kind:go"}, "13"),
        ({"query": 'why:"wet floor"'}, "0"),
        ({"query": "stop"}, "03"),
        ({"query": "stop kind:go"}, "3"),
        ({"query": "kind:stop,go place:*"}, "3"),
        ({"query": "*:stop"}, "0"),
        ({"query": "*:*"}, "013"),
        ({"query": " "}, "0123"),
        ({"query": "kind:go", "deviceId": "dev_2", "start": at(21), "createdAfter": START}, "3"),
    ],
)
def test_a_list_is_filtered(fox: Any, query: Any, expected: str) -> None:
    """By what meets every parameter."""
    assert numbers(fox, **query) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("id", "0123"),
        ("deviceId", "0213"),
        ("device.id", "0213"),
        ("deviceName", "1302"),
        ("device.name", "1302"),
        ("start", "2013"),
        ("createdAt", "0123"),
        ("updatedAt", "3210"),
    ],
)
def test_a_list_is_sorted(fox: Any, field: str, expected: str) -> None:
    """Both ways, and then cut."""
    assert numbers(fox, sortBy=field) == numbers(fox, sortBy=field, sortOrder="asc") == expected
    assert numbers(fox, sortBy=field, sortOrder="desc", limit=3) == expected[::-1][:3]
    assert numbers(fox, sortBy=field, query="kind:*", limit=1, offset=1) == expected.replace("2", "")[1]


def test_a_sort_follows_a_renamed_device(fox: Any) -> None:
    """Nothing is remembered of the old name."""
    assert numbers(fox, sortBy="deviceName") == "1302"
    fox.send("PATCH", "/devices/dev_2", {"name": "z"})
    assert numbers(fox, sortBy="deviceName") == "0213"


@pytest.mark.parametrize(
    "query",
    [
        {"start": at(2), "end": at(1)},
        {"start": "yesterday"},
        {"createdAfter": "P1D"},
        {"updatedAfter": ""},
        {"query": 'kind:"go'},
        {"query": "kind:"},
        {"sortBy": "end"},
    ],
)
def test_a_malformed_question_is_refused(fox: Any, query: Any) -> None:
    """With 400."""
    assert fox.refusal("GET", "/events", query=query)[0] == 400


@pytest.mark.parametrize(
    ("device", "owner"),
    [
        ({"deviceId": "dev_2"}, "dev_2"),
        ({"deviceName": "dev_1"}, "dev_3"),
        ({"device.id": "dev_1"}, "dev_1"),
        ({"device.name": "a"}, "dev_2"),
        ({"deviceId": "dev_1", "device.id": "dev_2"}, "dev_1"),
        ({"deviceName": "a", "device.name": "b"}, "dev_2"),
        ({"deviceId": "dev_1", "deviceName": "b"}, "dev_1"),
    ],
)
def test_an_event_is_created(fox: Any, device: Any, owner: str) -> None:
    """For the device that is named, at the mock's time, and found then."""
    event = fox.send("POST", "/events", {**device, "start": at(1), "end": at(1), "unknown": 1})
    assert (event["deviceId"], event["metadata"], event["start"]) == (owner, {}, "2026-01-01T00:00:01Z")
    assert event["createdAt"] == event["updatedAt"]
    assert fox.get(f"/events/{event['id']}") == event
    assert fox.get("/events")[-1] == event


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"start": START, "end": START}, 400),
        ({"deviceId": "nobody", "start": START, "end": START}, 404),
        ({"deviceName": "nobody", "start": START, "end": START}, 404),
        ({"deviceId": "dev_1", "deviceName": "a", "start": START, "end": START}, 400),
        ({"deviceId": 1, "start": START, "end": START}, 400),
        ({"deviceId": "dev_1", "end": START}, 400),
        ({"deviceId": "dev_1", "start": START}, 400),
        ({"deviceId": "dev_1", "start": 0, "end": START}, 400),
        ({"deviceId": "dev_1", "start": at(2), "end": at(1)}, 400),
        ({"deviceId": "dev_1", "start": START, "end": START, "metadata": {"a": 1}}, 400),
        ({"deviceId": "dev_1", "start": START, "end": START, "metadata": {"a": None}}, 400),
        ({"deviceId": "dev_1", "start": START, "end": START, "metadata": ["a"]}, 400),
        ([], 400),
    ],
)
def test_what_is_no_event_is_not_created(fox: Any, body: Any, status: int) -> None:
    """And nothing is kept of it."""
    assert fox.refusal("POST", "/events", json=body)[0] == status
    assert numbers(fox) == "0123"


def test_an_update_changes_what_it_names(fox: Any) -> None:
    """Metadata as a whole; the rest stays, and the update's time is noted."""
    before = fox.get("/events/evt_0")
    assert fox.send("PATCH", "/events/evt_0", {"metadata": {"kind": "rest"}})["metadata"] == {"kind": "rest"}
    after = fox.send("PATCH", "/events/evt_0", {"start": at(11)})
    assert after["updatedAt"] > before["updatedAt"]
    changed = {"metadata": {"kind": "rest"}, "start": "2026-01-01T00:00:11Z", "updatedAt": after["updatedAt"]}
    assert fox.get("/events/evt_0") == before | changed
    assert numbers(fox, updatedAfter=at(50)) == "0"


@pytest.mark.parametrize("body", [{"start": at(21)}, {"end": at(9)}, {"metadata": {"a": 1}}, {"end": None}, [], "x"])
def test_an_update_that_cannot_be_changes_nothing(fox: Any, body: Any) -> None:
    """It is refused with 400, also where the event would end before it starts."""
    before = fox.get("/events/evt_0")
    assert fox.refusal("PATCH", "/events/evt_0", json=body)[0] == 400
    assert fox.get("/events/evt_0") == before


def test_a_deleted_event_is_gone(fox: Any) -> None:
    """For every operation."""
    assert fox.send("DELETE", "/events/evt_1") == {"id": "evt_1"}
    assert numbers(fox) == "023"
    for method in ("GET", "DELETE", "PATCH"):
        assert fox.refusal(method, "/events/evt_1", json={})[0] == 404


def test_a_device_with_events_is_not_deleted(fox: Any) -> None:
    """Until they are."""
    assert fox.refusal("DELETE", "/devices/dev_2")[0] == 400
    for event in ("evt_1", "evt_3"):
        fox.send("DELETE", f"/events/{event}")
    assert fox.send("DELETE", "/devices/dev_2") == {"id": "dev_2"}
