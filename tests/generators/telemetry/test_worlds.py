import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from robowire_fixtures.losant import SCOPES
from robowire_fixtures.worldfile import WorldError
from robowire_generators.strategies_losant import worlds
from robowire_generators.telemetry import AttributeType, TelemetryWorld, generate_world, load_world, write_world
from robowire_generators.telemetry.fleet import FleetRecipe, fleet
from robowire_generators.telemetry.loading import make
from robowire_generators.telemetry.profile import target_profile
from robowire_generators.telemetry.writing import spec_of, text_of, write_spec

APPLICATION = "a" * 24
NOW_MS = 1_795_176_061_234


def one_device(**table: Any) -> dict[str, Any]:
    """The table of a world of one device."""
    return {"application": [{"id": APPLICATION, "device": [{"id": "b" * 24} | table]}]}


def told(world: TelemetryWorld) -> Any:
    """All that a world says, as plain values that can be compared."""
    devices = {
        (application.id, device.id): (
            {name: getattr(device, name) for name in type(device).__slots__ if name not in {"history", "tags"}},
            dict(device.tags),
            device.history.times.tolist(),
            {
                name: (column.times.tolist(), list(map(repr, column.values.tolist())), column.states.tolist())
                for name, column in device.history.columns.items()
            },
        )
        for application in world.applications.values()
        for device in application.devices.values()
    }
    return devices, dict(world.tokens), world.anchor_ms, world.clock_start, world.clock_frozen


@pytest.fixture(scope="module")
def default() -> TelemetryWorld:
    """The world that comes with robowire."""
    return load_world("losant", now_ms=NOW_MS)


def test_the_default_world_has_everything(default: TelemetryWorld) -> None:
    """Two applications, some dozens of devices, every type of attribute, and histories for every aggregation."""
    first, second = default.applications.values()
    assert len(first.devices) >= 24
    assert second.devices
    kinds = {kind for device in first.devices.values() for kind in device.attributes.values()}
    assert kinds == set(AttributeType)
    assert any(len(values) > 1 for device in first.devices.values() for values in device.tags.values())
    assert any(len(first.ancestors(device)) > 1 for device in first.devices)
    assert default.points > 100_000


def test_the_default_world_has_a_token_for_every_scope(default: TelemetryWorld) -> None:
    """Each scope has a token with it alone; one token has all, one none."""
    scopes = {token.scopes for token in default.tokens.values()}
    every = {scope for some in SCOPES.values() for scope in some}
    assert {(scope,) for scope in every} <= scopes
    assert () in scopes
    assert set(default.tokens["losant_robowire_all"].scopes) == every


def test_histories_end_at_the_anchor(default: TelemetryWorld) -> None:
    """Nothing is reported after the last whole minute."""
    assert default.anchor_ms == NOW_MS // 60_000 * 60_000
    ends = [
        device.history.times[-1]
        for application in default.applications.values()
        for device in application.devices.values()
        if len(device.history)
    ]
    assert max(ends) == default.anchor_ms


def test_the_profile_of_the_default_world_is_true(default: TelemetryWorld) -> None:
    """What a target profile says is in the world."""
    profile = target_profile(default)
    application = default.applications[profile["application_id"]]
    assert profile["other_application_id"] in set(default.applications) - {application.id}
    assert profile["token"] == "losant_robowire_all"
    assert set(profile["device_ids"]) <= set(application.devices)
    named = {name for device in profile["device_ids"] for name in application.devices[device].attributes}
    assert set(profile["attributes"]) <= named
    assert profile["tags"]
    for entry in profile["limited_tokens"]:
        assert default.tokens[entry["token"]].scopes == tuple(entry["scopes"])


@pytest.mark.parametrize(
    ("table", "anchor"),
    [
        ({}, NOW_MS // 60_000 * 60_000),
        ({"clock": {"start": datetime(2026, 1, 1, tzinfo=UTC)}}, 1_767_225_600_000),
        (
            {"anchor": datetime(2025, 1, 1, tzinfo=UTC), "clock": {"start": datetime(2026, 1, 1, tzinfo=UTC)}},
            1_735_689_600_000,
        ),
    ],
)
def test_times_are_relative_to_the_anchor(table: dict[str, Any], anchor: int) -> None:
    """The anchor is what the file says, else the clock's start, else the last whole minute."""
    states = [{"time": time, "data": {"a": 1}} for time in (-5, 0, 7, datetime(2026, 1, 1, tzinfo=UTC))]
    world = load_world(one_device(attributes={"a": "number"}, state=states) | table, now_ms=NOW_MS)
    times = world.applications[APPLICATION].devices["b" * 24].history.times.tolist()
    assert sorted(times) == sorted([anchor - 5, anchor, 7, 1_767_225_600_000])


@settings(max_examples=25, deadline=None, database=None)
@given(worlds())
def test_a_written_world_is_the_same_again(world: TelemetryWorld) -> None:
    """A world that is written to a file and read again is the same, ties and negative zero included."""
    assert told(load_world(tomllib.loads(text_of(spec_of(world))))) == told(world)


def test_a_generated_world_is_the_same_again(tmp_path: Path) -> None:
    """Late states keep their order of arrival through a file."""
    world = generate_world(FleetRecipe(devices=2, duration_s=120), now_ms=NOW_MS)
    write_world(world, tmp_path / "world.toml")
    again = load_world(tmp_path / "world.toml")
    assert told(again) == told(world)
    for one, two in zip(
        *(world.applications["64f0a1b2c3d4e5f6a7b80001"].devices.values() for world in (world, again)), strict=True
    ):
        assert one.history.arrival is not None
        assert np.array_equal(one.history.arrival, two.history.arrival)
    with pytest.raises(FileExistsError):
        write_world(world, tmp_path / "world.toml")


def test_a_recipe_is_the_same_again(tmp_path: Path) -> None:
    """A fleet's file gives the fleet; awkward texts survive."""
    spec = replace(fleet(FleetRecipe(seed=5, devices=2, duration_s=60)), anchor=datetime(2026, 1, 1, tzinfo=UTC))
    write_spec(spec, tmp_path / "fleet.toml", head="one\ntwo")
    assert told(load_world(tmp_path / "fleet.toml")) == told(make(spec))
    assert (tmp_path / "fleet.toml").read_text().startswith("# one\n# two\n")
    odd = load_world(one_device(name='"\\\n\t\x00\x7fé', tags={"k": ["]]\r\n"]}))
    write_world(odd, tmp_path / "odd.toml")
    assert told(load_world(tmp_path / "odd.toml")) == told(odd)


def test_a_large_world_is_not_written_out() -> None:
    """Millions of values are kept as what generates them."""
    world = generate_world(FleetRecipe(devices=1, duration_s=50_000, regular=True), now_ms=NOW_MS)
    with pytest.raises(ValueError, match="250000 values are too many"):
        spec_of(world)


def test_a_million_values_take_little_memory() -> None:
    """Columns share times and texts: about a byte string's pointer or a number for each value, and no more."""
    world = generate_world(FleetRecipe(devices=4, duration_s=50_000, regular=True), now_ms=NOW_MS)
    assert world.points == 1_000_000
    arrays: dict[int, int] = {}
    for device in world.applications["64f0a1b2c3d4e5f6a7b80001"].devices.values():
        for column in device.history.columns.values():
            arrays |= {id(array): array.nbytes for array in (column.times, column.values, column.states)}
    assert sum(arrays.values()) < 10 * world.points


def test_many_devices_of_one(tmp_path: Path) -> None:
    """`count` makes devices whose ids count up, with numbered names and tags in turn."""
    (tmp_path / "world.toml").write_text(
        f'[[application]]\nid = "{APPLICATION}"\n'
        f'[[application.device]]\nid = "{"0" * 23}e"\ncount = 3\nname = "D{{n}}"\n'
        'spread = { floor = ["1", "2"] }\ntags = { all = ["x"] }\n'
    )
    devices = load_world(tmp_path / "world.toml").applications[APPLICATION].devices
    assert list(devices) == [f"{number:024x}" for number in (14, 15, 16)]
    assert [device.name for device in devices.values()] == ["D1", "D2", "D3"]
    assert [device.tags["floor"] for device in devices.values()] == [("1",), ("2",), ("1",)]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (one_device(id="B" * 24), "is no id"),
        (one_device(colour="red"), "has no key 'colour'"),
        (one_device(tags={"a b": ["x"]}), "no name of a"),
        (one_device(tags={"a": [""]}), "1 to 255 characters"),
        (one_device(tags={"a": "x"}), "must be a list"),
        (one_device(attributes={"a": "text"}), "must be one of: number, string, boolean, gps, blob"),
        (one_device(attributes=["a"]), "must be a table"),
        (one_device(parent_id="c" * 24), "which is not there"),
        (one_device(parent_id="b" * 24), "its own ancestor"),
        (one_device(name=""), "a name has 1 to 255"),
        (one_device(count=0), "count must be"),
        (one_device(state=[{"time": "now", "data": {}}]), "must be an integer or a date and time"),
        (one_device(state=[{"time": 0, "data": {"a": 1}}]), "which is no attribute"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"application": [{"id": APPLICATION}, {"id": APPLICATION}]}, "two applications"),
        ({"token": [{"token": "t", "applications": ["c" * 24]}]}, "which is not there"),
    ],
)
def test_a_senseless_world_is_refused(table: dict[str, Any], text: str) -> None:
    """One sentence says what is wrong and where."""
    with pytest.raises(WorldError, match=text) as caught:
        load_world(table)
    assert "\n" not in str(caught.value)


def test_a_device_is_in_one_application() -> None:
    """The same id in two applications is refused."""
    device = [{"id": "b" * 24}]
    table = {"application": [{"id": APPLICATION, "device": device}, {"id": "c" * 24, "device": device}]}
    with pytest.raises(WorldError, match="is in the applications"):
        load_world(table)


@pytest.mark.parametrize("recipe", [{"devices": 0}, {"duration_s": float("nan")}, {"period_ms": 0}, {"seed": -1}])
def test_a_senseless_fleet_is_refused(recipe: dict[str, Any]) -> None:
    """A fleet has devices, a duration and a period."""
    with pytest.raises(ValueError, match=r"must be|cannot be|can be"):
        FleetRecipe(**recipe)
