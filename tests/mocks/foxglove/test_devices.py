"""Devices: names and ids, properties that merge, and deletion that waits for the data to be gone."""

from collections.abc import Callable
from typing import Any

import pytest

UNSAFE = {b"[1]": 400, b'"x"': 400, b"{": 400, b"": 400, b'{"name":"a","name":"b"}': 400, b'{"name":NaN}': 400}
UNSAFE |= {b'{"name":"\xff"}': 400, b'{"x":' + b"[" * 200 + b"]" * 200 + b"}": 400, b'{"name":1e999}': 400}
UNSAFE |= {b'{"name":"' + b"a" * 2**20 + b'"}': 413, b'{"name":"\\ud800"}': 400}


def test_a_new_device(api: Any) -> None:
    """It is answered whole, and is there from then on; keys of no custom property are ignored."""
    made = api.send("POST", "/devices", {"name": "a", "properties": {"floor": 3, "x": [], "note": None}, "id": "x"})
    now = made["createdAt"]
    assert now.endswith("Z")
    assert made == {
        "id": made["id"],
        "name": "a",
        "orgId": api.mock.state.org_id,
        "createdAt": now,
        "updatedAt": now,
        "properties": {"floor": 3},
    }
    assert api.get("/devices") == [made]
    assert api.get("/devices/a") == api.get(f"/devices/{made['id']}") == made


@pytest.mark.parametrize("name", ["a", "A-z_0.9", "..", "x" * 100])
def test_names_that_are_taken(api: Any, name: str) -> None:
    """Letters, digits, underscores, dots and hyphens, a hundred at most; encoded or not."""
    made = api.send("POST", "/devices", {"name": name})
    encoded = "".join(f"%{ord(letter):02x}" for letter in name)
    assert api.get(f"/devices/{encoded}") == made
    assert api.send("PATCH", f"/devices/{made['id']}", {"name": name})["name"] == name


@pytest.mark.parametrize("name", ["", " ", "a b", "ä", "a/b", "a\n", "x" * 101, 1, None, ["a"]])
def test_names_that_are_not(api: Any, name: Any) -> None:
    """At creation and later."""
    assert api.refusal("POST", "/devices", json={"name": name})[0] == 400
    made = api.send("POST", "/devices", {"name": "good"})
    assert api.refusal("PATCH", "/devices/good", json={"name": name})[0] == 400
    assert api.get("/devices") == [made]


def test_a_name_belongs_to_one_device(api: Any) -> None:
    """Case matters; a name is free again once its device is renamed or gone."""
    for name in ("a", "b", "A"):
        api.send("POST", "/devices", {"name": name})
    assert api.refusal("POST", "/devices", json={"name": "a"})[0] == 409
    assert api.refusal("PATCH", "/devices/b", json={"name": "a"})[0] == 409
    api.send("PATCH", "/devices/a", {"name": "c"})
    api.send("DELETE", "/devices/b")
    assert {"a", "b"} <= {api.send("POST", "/devices", {"name": name})["name"] for name in ("a", "b")}


@pytest.mark.parametrize("body", UNSAFE, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize(("method", "path"), [("POST", "/devices"), ("PATCH", "/devices/there")])
def test_bodies_that_are_no_object(api: Any, method: str, path: str, body: bytes) -> None:
    """Each is refused, and nothing is lost."""
    api.send("POST", "/devices", {"name": "there"})
    assert api.refusal(method, path, data=body)[0] == UNSAFE[body]
    assert api.names() == ["there"]


def test_a_compressed_body(api: Any) -> None:
    """It is not read."""
    assert api.refusal("POST", "/devices", json={"name": "a"}, headers={"Content-Encoding": "gzip"})[0] == 415


def test_unknown_members_and_parameters(api: Any) -> None:
    """They change nothing."""
    api.send("POST", "/devices?projectId=x", {"name": "a", "projectId": "x"})
    assert api.names(projectId="x") == ["a"]


@pytest.mark.parametrize("text", ["nobody", "", "a/b", "a b", "%00", "%ff", "dev_", "../devices"])
def test_a_device_that_is_not_there(api: Any, text: str) -> None:
    """404, whatever is asked of it."""
    api.send("POST", "/devices", {"name": "a"})
    for method in ("GET", "PATCH", "DELETE"):
        assert api.refusal(method, f"/devices/{text.replace(' ', '%20')}", json={})[0] == 404


def test_a_name_wins_over_an_id(api: Any) -> None:
    """Whether the device is read, changed or deleted."""
    first = api.send("POST", "/devices", {"name": "first"})
    second = api.send("POST", "/devices", {"name": first["id"]})
    assert api.get(f"/devices/{first['id']}") == second
    assert api.send("PATCH", f"/devices/{first['id']}", {"properties": {"floor": 1}})["id"] == second["id"]
    assert api.send("DELETE", f"/devices/{first['id']}") == {"id": second["id"]}
    assert api.send("DELETE", f"/devices/{first['id']}") == {"id": first["id"]}


def test_properties_merge(api: Any) -> None:
    """Named ones change, null unsets, others stay, unknown ones are ignored; the time of the update moves."""
    made = api.send("POST", "/devices", {"name": "a", "properties": {"floor": 1, "note": "n", "armed": True}})
    api.mock.clock.advance(60)
    changed = api.send("PATCH", "/devices/a", {"properties": {"floor": 2.5, "note": None, "x": 1}})
    assert changed["properties"] == {"floor": 2.5, "armed": True}
    assert changed["name"] == "a"
    assert changed["createdAt"] == made["createdAt"]
    assert changed["updatedAt"] > made["updatedAt"]
    assert api.send("PATCH", "/devices/a", {})["properties"] == changed["properties"]
    assert api.get("/devices/a")["properties"] == changed["properties"]


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("note", ["", "x", "ä" * 500], [1, True, [], {}]),
        ("floor", [0, -1.5, 1e300, 2**53, 5e-324], ["1", True, [], {}]),
        ("color", ["red", "a,b"], ["Red", "", 1, ["red"], {}]),
        ("armed", [True, False], [0, "true", []]),
    ],
)
def test_values_have_their_types(api: Any, key: str, good: list[Any], bad: list[Any]) -> None:
    """Others are refused, and the device keeps what it had."""
    api.send("POST", "/devices", {"name": "a"})
    for value in good:
        kept = api.send("PATCH", "/devices/a", {"properties": {key: value}})["properties"][key]
        assert (kept, type(kept) is bool) == (value, type(value) is bool)
    for value in bad:
        assert api.refusal("PATCH", "/devices/a", json={"properties": {"floor": 7, key: value}})[0] == 400
        assert api.refusal("POST", "/devices", json={"name": "b", "properties": {key: value}})[0] == 400
    assert api.get("/devices") == [api.get("/devices/a")]
    assert api.get("/devices/a")["properties"] == {key: good[-1]}


def test_numbers_are_doubles(api: Any) -> None:
    """Integers beyond 2^53 are the doubles nearest to them."""
    body = {"name": "a", "properties": {"floor": 2**53 + 1}}
    assert api.send("POST", "/devices", body)["properties"]["floor"] == 2**53


@pytest.mark.parametrize("properties", [None, 1, "x", [], [["floor", 1]]])
def test_properties_that_are_no_object(api: Any, properties: Any) -> None:
    """They are refused."""
    api.send("POST", "/devices", {"name": "a", "properties": {}})
    assert api.refusal("PATCH", "/devices/a", json={"properties": properties})[0] == 400
    assert api.refusal("POST", "/devices", json={"name": "b", "properties": properties})[0] == 400


WHEN = "2026-11-20T12:00:00Z"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"event": [{"device": "dev_1", "start": WHEN, "end": WHEN}]}, "events"),
        ({"recording": [{"device": "dev_1", "start": WHEN, "end": WHEN, "path": "a.mcap"}]}, "recordings"),
    ],
)
def test_a_device_with_data_stays(make_api: Callable[..., Any], data: dict[str, Any], kind: str) -> None:
    """Others go."""
    api = make_api(device=[{"name": "a", "id": "dev_1"}, {"name": "b"}], **data)
    status, text = api.refusal("DELETE", "/devices/a")
    assert (status, text) == (400, f"the device has {kind}: delete its data first")
    api.send("DELETE", "/devices/b")
    assert api.names() == ["a"]


def test_tokens_go_with_their_device(api: Any) -> None:
    """And those of others stay."""
    devices = [api.send("POST", "/devices", {"name": name}) for name in "ab"]
    tokens = [api.send("POST", "/device-tokens", {"deviceId": device["id"]}) for device in devices]
    api.send("DELETE", "/devices/a")
    assert [token["id"] for token in api.get("/device-tokens")] == [tokens[1]["id"]]
