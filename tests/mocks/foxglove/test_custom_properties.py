"""Custom properties: keys that stay, and values of which none is lost."""

from collections.abc import Callable
from typing import Any

import pytest

GOOD = {"key": "k", "label": "L", "resourceType": "device", "valueType": "enum", "values": ["b", "a"]}


@pytest.fixture
def empty(make_api: Callable[..., Any]) -> Any:
    """A mock without custom properties."""
    return make_api()


def test_a_new_one(empty: Any) -> None:
    """It is answered whole, and is there from then on."""
    made = empty.send("POST", "/custom-properties", GOOD)
    assert made == GOOD | {"id": made["id"]}
    assert empty.get("/custom-properties") == empty.get("/custom-properties", resourceType="device") == [made]
    assert empty.get(f"/custom-properties/{made['id']}") == made


@pytest.mark.parametrize("value_type", ["string", "number", "boolean"])
def test_only_enums_have_values(empty: Any, value_type: str) -> None:
    """Given to others at creation they are ignored; they cannot be edited in."""
    made = empty.send("POST", "/custom-properties", GOOD | {"valueType": value_type})
    assert "values" not in made
    assert empty.refusal("PATCH", f"/custom-properties/{made['id']}", json={"values": []})[0] == 400


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("key", ["", "x" * 33, "a b", "ä", "a.b", 1, None]),
        ("label", ["", "x" * 33, 1, None]),
        ("resourceType", ["", "event", "Device", 1, None]),
        ("valueType", ["", "text", "String", 1, None]),
        ("values", ["a", [1], ["a", "a"], {}, None]),
    ],
)
def test_what_it_cannot_be(empty: Any, member: str, values: list[Any]) -> None:
    """Each member has its rules, and all are needed."""
    for value in values:
        status, text = empty.refusal("POST", "/custom-properties", json=GOOD | {member: value})
        assert (status, text.split(":")[0]) == (400, member)
    lacking = {name: value for name, value in GOOD.items() if name != member}
    status, text = empty.refusal("POST", "/custom-properties", json=lacking)
    assert (status, text.split(":")[0]) == (400, member)
    assert empty.get("/custom-properties") == []


@pytest.mark.parametrize("member", ["key", "label"])
def test_the_longest(empty: Any, member: str) -> None:
    """32 characters, however many bytes."""
    letter = "k" if member == "key" else "\N{ROBOT FACE}"
    assert empty.send("POST", "/custom-properties", GOOD | {member: letter * 32})[member] == letter * 32


def test_a_key_is_there_once(empty: Any) -> None:
    """Case matters."""
    empty.send("POST", "/custom-properties", GOOD)
    assert empty.refusal("POST", "/custom-properties", json=GOOD | {"label": "other"})[0] == 409
    empty.send("POST", "/custom-properties", GOOD | {"key": "K"})


def test_edits(empty: Any) -> None:
    """Label and values change, the rest stays."""
    made = empty.send("POST", "/custom-properties", GOOD)
    path = f"/custom-properties/{made['id']}"
    assert empty.send("PATCH", path, {"label": "M"}) == made | {"label": "M"}
    assert empty.send("PATCH", path, {"values": ["c", "a", "b"]}) == made | {"label": "M", "values": ["c", "a", "b"]}
    unchanged = {"key": "x", "valueType": "string", "resourceType": "event", "id": "x"}
    assert empty.send("PATCH", path, unchanged) == empty.send("PATCH", path, {}) == empty.get(path)
    assert empty.get("/custom-properties") == [made | {"label": "M", "values": ["c", "a", "b"]}]


@pytest.mark.parametrize(
    "body", [{"label": ""}, {"label": "x" * 33}, {"label": None}, {"values": ["a"]}, {"values": ["a", "b", "b"]}]
)
def test_edits_that_are_refused(empty: Any, body: dict[str, Any]) -> None:
    """Nothing changes."""
    made = empty.send("POST", "/custom-properties", GOOD)
    assert empty.refusal("PATCH", f"/custom-properties/{made['id']}", json={"label": "M"} | body)[0] == 400
    assert empty.get("/custom-properties") == [made]


def test_one_that_is_not_there(empty: Any) -> None:
    """404."""
    for method in ("GET", "PATCH", "DELETE"):
        assert empty.refusal(method, "/custom-properties/x", json={})[0] == 404
    assert empty.refusal("GET", "/custom-properties", query={"resourceType": "event"})[0] == 400


def test_a_deleted_one_is_gone_from_devices(api: Any) -> None:
    """Its key is free again."""
    api.send("POST", "/devices", {"name": "a", "properties": {"floor": 1, "note": "n"}})
    known = {one["key"]: one["id"] for one in api.get("/custom-properties")}
    assert api.send("DELETE", f"/custom-properties/{known['floor']}") == {"id": known["floor"]}
    assert api.get("/devices/a")["properties"] == {"note": "n"}
    assert api.refusal("GET", "/devices", query={"sortBy": "properties.floor"})[0] == 400
    api.send("POST", "/custom-properties", GOOD | {"key": "floor"})


def test_an_added_value_can_be_used(api: Any) -> None:
    """On devices, at once."""
    known = next(one for one in api.get("/custom-properties") if one["key"] == "color")
    body = {"name": "a", "properties": {"color": "pink"}}
    assert api.refusal("POST", "/devices", json=body)[0] == 400
    api.send("PATCH", f"/custom-properties/{known['id']}", {"values": [*known["values"], "pink"]})
    assert api.send("POST", "/devices", body)["properties"] == {"color": "pink"}
