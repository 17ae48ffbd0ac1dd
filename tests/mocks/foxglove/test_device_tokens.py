"""Device tokens: the credential is told once."""

from typing import Any

import pytest


@pytest.fixture
def devices(api: Any) -> list[str]:
    """The ids of two devices."""
    return [api.send("POST", "/devices", {"name": name})["id"] for name in "ab"]


def test_a_new_one(api: Any, devices: list[str]) -> None:
    """Only the answer that makes it has the token."""
    made = api.send("POST", "/device-tokens", {"deviceId": devices[0]})
    token = made.pop("token")
    assert token.startswith("fox_dt_")
    assert made == {"id": made["id"], "createdAt": made["createdAt"], "deviceId": devices[0], "enabled": True}
    assert api.get("/device-tokens") == [made] == [api.get(f"/device-tokens/{made['id']}")]
    assert api.send("POST", "/device-tokens", {"deviceId": devices[0]})["token"] != token


def test_it_is_switched(api: Any, devices: list[str]) -> None:
    """Off and on; nothing else changes."""
    made = api.send("POST", "/device-tokens", {"deviceId": devices[0]})
    del made["token"]
    api.mock.clock.advance(60)
    for enabled in (False, False, True):
        body = {"enabled": enabled, "deviceId": devices[1], "token": "x"}
        assert api.send("PATCH", f"/device-tokens/{made['id']}", body) == made | {"enabled": enabled}
        assert api.get("/device-tokens") == [made | {"enabled": enabled}]


def test_those_of_a_device(api: Any, devices: list[str]) -> None:
    """By its id, not by its name; none of a device that is not there."""
    made = [api.send("POST", "/device-tokens", {"deviceId": device})["id"] for device in (*devices, devices[0])]
    listed = {query: [one["id"] for one in api.get("/device-tokens", deviceId=query)] for query in (*devices, "a", "")}
    assert listed == {devices[0]: [made[0], made[2]], devices[1]: [made[1]], "a": [], "": []}


@pytest.mark.parametrize("body", [{}, {"deviceId": 1}, {"deviceId": None}, {"deviceId": "a"}, {"deviceId": ""}, []])
def test_what_is_refused(api: Any, devices: list[str], body: Any) -> None:
    """A token without a device, and an edit without a switch."""
    made = api.send("POST", "/device-tokens", {"deviceId": devices[0]})
    assert api.refusal("POST", "/device-tokens", json=body)[0] in {400, 404}
    for switch in (body, {"enabled": 1}, {"enabled": "true"}, {"enabled": None}):
        assert api.refusal("PATCH", f"/device-tokens/{made['id']}", json=switch)[0] == 400
    assert [one["enabled"] for one in api.get("/device-tokens")] == [True]


def test_one_that_is_not_there(api: Any, devices: list[str]) -> None:
    """404; a deleted one is not there."""
    made = api.send("POST", "/device-tokens", {"deviceId": devices[0]})
    assert api.send("DELETE", f"/device-tokens/{made['id']}") == {"id": made["id"]}
    for method in ("GET", "PATCH", "DELETE"):
        assert api.refusal(method, f"/device-tokens/{made['id']}", json={"enabled": True})[0] == 404
