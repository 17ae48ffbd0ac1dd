"""What a mock starts from, comes back to, and keeps."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import robowire_mocks
from robowire_mocks.core.world import WorldError
from robowire_mocks.foxglove import create_mock
from robowire_mocks.foxglove.world import World

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_times_of_a_world(make_api: Callable[..., Any]) -> None:
    """Dates, texts with nanoseconds, or seconds relative to the anchor, which is the clock's start."""
    whens = {"a": START, "b": "2026-11-20T12:00:00.123456789Z", "c": -1.5, "d": 0, "e": 60}
    device = [{"name": name, "created_at": when, "updated_at": 7} for name, when in whens.items()]
    devices = make_api(clock={"start": START, "frozen": True}, device=[*device, {"name": "f"}]).get("/devices")
    assert [one["createdAt"].removeprefix("2026-11-20T") for one in devices] == [
        *("12:00:00Z", "12:00:00.123456789Z", "11:59:58.500Z", "12:00:00Z", "12:01:00Z", "12:00:00Z")
    ]
    assert [one["updatedAt"].removeprefix("2026-11-20T") for one in devices] == ["12:00:07Z"] * 5 + ["12:00:00Z"]


def test_the_same_world_has_the_same_ids(make_api: Callable[..., Any]) -> None:
    """As long as its seed is the same."""
    world = {"device": [{"name": "a"}, {"name": "b", "id": "mine"}], "clock": {"start": START, "frozen": True}}
    first, same, other = (make_api(seed=seed, **world).get("/devices") for seed in (1, 1, 2))
    assert first == same
    assert [one["id"] == two["id"] for one, two in zip(first, other, strict=True)] == [False, True]
    assert first[0]["orgId"] != other[0]["orgId"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[device]]", "lacks 'name'"),
        ("[[device]]\nname = 1", "must be a string"),
        ("[[device]]\nname = 'a'\n[[device]]\nname = 'a'", "two have the name 'a'"),
        ("[[device]]\nname = 'a'\nid = 'x'\n[[device]]\nname = 'b'\nid = 'x'", "two have the id 'x'"),
        ("[[device]]\nname = 'a'\nproperties = { floor = 1 }", "no custom property 'floor'"),
        ("[[device]]\nname = 'a'\ncreated_at = 'noon'", "not a date-time"),
        ("[[device]]\nname = 'a'\ncreated_at = 1e400", "infinity"),
        ("[[device]]\nname = 'a'\ncreated_at = 1e15", "beyond the years"),
        ("[[custom_property]]\nkey = 'a'\nvalue_type = 'x'", "value_type must be one of"),
        ("[[custom_property]]\nkey = 'a'\nvalue_type = 'enum'", "an enum needs values"),
        ("[[custom_property]]\nkey = 'a'\nvalue_type = 'string'\nvalues = []", "nothing else has them"),
        ("[[custom_property]]\nkey = 'a'\nvalue_type = 'string'\n" * 2, "two have the key 'a'"),
        ("[[device_token]]\ndevice = 'x'", "devices have no id 'x'"),
        ("[[key]]\nkey = 'a'\nstate = 'gone'", "must be one of: active, revoked, disabled"),
        ("[[key]]\nkey = 'a'\n[[key]]\nkey = 'a'", "two are 'a'"),
        ("[[key]]\nkey = 'a'\ncapabilities = ['devices.lists']", "no capability 'devices.lists'"),
        ("[[key]]\nkey = 'a b'", "cannot be sent"),
        ("[rate_limit]\nrequests_per_second = -1", "must not be negative"),
        ("[clock]\nstart = 'noon'", "must be a date and time"),
        ("colour = 1", "has no key 'colour'"),
    ],
)
def test_a_world_that_makes_no_sense(tmp_path: Path, text: str, complaint: str) -> None:
    """Is refused with one sentence."""
    world = tmp_path / "mine.toml"
    world.write_text(text, encoding="utf-8")
    with pytest.raises(WorldError, match=complaint):
        create_mock(world=world)


def test_a_property_of_another_type(tmp_path: Path) -> None:
    """A device of the world cannot have it."""
    world = tmp_path / "mine.toml"
    world.write_text(
        "[[custom_property]]\nkey = 'a'\nvalue_type = 'number'\n[[device]]\nname = 'b'\nproperties = { a = 'x' }\n",
        encoding="utf-8",
    )
    with pytest.raises(WorldError, match=r"device: b: properties\.a: must be a number"):
        create_mock(world=world)


def test_other_mistakes(tmp_path: Path) -> None:
    """Bags, which the API does not have, and a data folder that cannot be one."""
    with pytest.raises(WorldError, match="no bags"):
        create_mock(bags=tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(WorldError, match="data folder"):
        create_mock(data_dir=tmp_path / "file")


def test_the_default_world() -> None:
    """It has an all-powerful key, and is served below /v1."""
    with robowire_mocks.create_mock("foxglove") as mock:
        assert (mock.api, mock.url_path) == ("foxglove", "/v1")
        headers = {"Authorization": "Bearer fox_sk_robowire_all"}
        assert mock.app.test_client().get("/v1/devices", headers=headers).status_code == 200


def test_reset_brings_back_the_world(make_api: Callable[..., Any]) -> None:
    """What was made is gone, what was deleted is back, and ids begin anew."""
    api = make_api(device=[{"name": "a"}, {"name": "b"}], clock={"start": START, "frozen": True})
    before = api.get("/devices")
    made = api.send("POST", "/devices", {"name": "c"})
    api.send("DELETE", "/devices/a")
    api.mock.clock.advance(60)
    api.mock.reset()
    assert api.get("/devices") == before
    assert api.send("POST", "/devices", {"name": "c"}) == made


def test_a_data_folder_keeps_everything(make_api: Callable[..., Any], tmp_path: Path) -> None:
    """From one process to the next, the clock and what was deleted too; ids do not come again."""
    world = {"device": [{"name": "a"}, {"name": "b"}], "custom_property": [{"key": "floor", "value_type": "number"}]}
    api = make_api(tmp_path, **world)
    api.mock.clock.advance(3600)
    api.send("POST", "/devices", {"name": "c", "properties": {"floor": 1.5}})
    api.send("PATCH", "/devices/c", {"name": "d"})
    gone = api.send("DELETE", "/devices/a")
    api.send("POST", "/device-tokens", {"deviceId": api.get("/devices/b")["id"]})
    seen = {path: api.get(path) for path in ("/devices", "/device-tokens", "/custom-properties")}
    now = api.mock.clock.now()
    for _ in range(2):
        api.mock.close()
        api = again = make_api(tmp_path, **world)
        assert {path: again.get(path) for path in seen} == seen
        assert again.mock.clock.now() == now
    ids = {again.send("POST", "/devices", {"name": f"x{number}"})["id"] for number in range(3)}
    assert gone["id"] not in ids
    assert len(ids) == 3


def test_a_transaction_that_was_cut_off(make_api: Callable[..., Any], tmp_path: Path) -> None:
    """Is as if it had never begun, and costs no other one."""
    live, killed = tmp_path / "live", tmp_path / "killed"
    api = make_api(live)
    for name in "abc":
        api.send("POST", "/devices", {"name": name})
    shutil.copytree(live, killed)  # what lies there when the process is killed now
    log = killed / "robowire.sqlite-wal"
    log.write_bytes(log.read_bytes()[:-5])
    again = make_api(killed)
    assert again.names() == ["a", "b"]
    again.send("POST", "/devices", {"name": "d"})
    again.mock.close()
    assert make_api(killed).names() == ["a", "b", "d"]


def test_a_reset_is_kept_too(make_api: Callable[..., Any], tmp_path: Path) -> None:
    """The next process starts from the world."""
    api = make_api(tmp_path, device=[{"name": "a"}])
    api.send("POST", "/devices", {"name": "b"})
    api.mock.reset()
    api.mock.close()
    assert make_api(tmp_path, device=[{"name": "a"}]).names() == ["a"]


def test_a_world_is_all_default() -> None:
    """Without keys nobody is let in."""
    assert World().key == ()
