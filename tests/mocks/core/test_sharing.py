"""Mocks of one world: what the robot records is uploaded and reported, and time is the same everywhere."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from robowire_fixtures.catalogue import APIS
from robowire_generators.rosbag1 import generate_bag
from robowire_mocks import create_mock
from robowire_mocks.bags.world import GeneratedBag
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.sharing import Shared
from robowire_mocks.core.world import WorldError
from robowire_mocks.formats.ros1_json import converter
from robowire_mocks.formats.rosbag1 import Bag

START = "2026-11-20T12:00:00Z"
APPLICATION, ROBOT = "64f0a1b2c3d4e5f6a7b80001", "64f0a1b2c3d4e5f6a7b8b001"
REPORTS = {
    "voltage": "/battery voltage",
    "present": "/battery present",
    "serial": "/battery serial_number",
    "unknown": "/battery charge",
    "place": "/gps/fix latitude,longitude",
    "cells": "/battery cell_voltage",
    "none": "/battery nothing.at.all",
    "nowhere": "/no/such/topic value",
}
TYPES = {"voltage": "number", "present": "boolean", "place": "gps", "cells": "number", "serial": "string"}
WORLD: dict[str, Any] = {
    "clock": {"start": "", "frozen": True},
    "robot": {"name": "tug-01", "reports": REPORTS},
    "bags": {"recorder": {"on": True, "period_s": 30, "limit_bytes": 600_000}},
    "foxglove": {
        "key": [{"key": "k", "capabilities": ["*"]}],
        "site": [{"id": "site_h", "name": "hosted", "type": "foxglove-hosted"}],
        "device": [{"id": "dev_1", "name": "tug-01"}, {"id": "dev_2", "name": "tug-02"}],
    },
    "losant": {
        "token": [{"token": "t", "scopes": ["all.Application"]}],
        "application": [
            {
                "id": APPLICATION,
                "device": [
                    {
                        "id": ROBOT,
                        "name": "tug-01",
                        "attributes": {name: TYPES.get(name, "number") for name in REPORTS},
                        "state": [{"time": 1000, "data": {"voltage": 1.0}}],
                    }
                ],
            }
        ],
    },
}


class Fleet:
    """The mocks of one world."""

    def __init__(self, mocks: Mapping[str, Mock[Any]]) -> None:
        self.mocks = mocks
        self.shared = Shared(list(mocks.values()))

    def __getitem__(self, api: str) -> Mock[Any]:
        return self.mocks[api]

    def bags(self) -> list[str]:
        """The names of the robot's bags."""
        answer = self["bags"].app.test_client().get("/bags/")
        return [bag["filename"] for bag in answer.get_json()]

    def uploaded(self) -> dict[str, Any]:
        """The recordings, by their keys, once their imports are over."""
        self.ask("GET", "/recordings")
        assert self["foxglove"].imports.wait()  # type: ignore[attr-defined]  # of its mock
        return {one["path"]: one for one in self.ask("GET", "/recordings").get_json()}

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """The answer of the Foxglove mock."""
        client = self["foxglove"].app.test_client()
        return client.open(f"/v1{path}", method=method, headers={"Authorization": "Bearer k"}, **options)

    def reported(self) -> list[dict[str, Any]]:
        """The states of the robot."""
        asked = {"deviceIds": [ROBOT], "start": 1, "end": 4_000_000_000_000, "aggregation": "NONE"}
        path = f"/applications/{APPLICATION}/data/time-series-query"
        headers = {"Authorization": "Bearer t"}
        answer = self["losant"].app.test_client().post(path, json=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        points: list[dict[str, Any]] = answer.get_json()["devices"][ROBOT]["points"]
        return points


MakeFleet = Callable[..., Fleet]


@pytest.fixture
def make_fleet() -> Iterator[MakeFleet]:
    """Makes fleets, in a data folder or without."""
    with ExitStack() as stack:

        def make(data_dir: Path | None = None, **changes: Any) -> Fleet:
            world = {**WORLD, "clock": {"start": _start(), "frozen": True}, **changes}
            homes = {api: data_dir / api if data_dir else None for api in APIS}
            return Fleet({api: stack.enter_context(create_mock(api, world=world, data_dir=homes[api])) for api in APIS})

        yield make


def _start() -> Any:
    from datetime import datetime

    return datetime.fromisoformat(START)


@pytest.fixture
def fleet(make_fleet: MakeFleet) -> Fleet:
    """Three mocks that share a robot which records."""
    return make_fleet()


def test_what_the_robot_records_is_uploaded(fleet: Fleet) -> None:
    """Under its name, as the device, with what its file holds; nobody has to ask the robot for it."""
    assert fleet.uploaded() == {}
    fleet["foxglove"].clock.advance(60)
    recordings = fleet.uploaded()
    assert sorted(recordings) == fleet.bags() == ["2026-11-20_12-00-00.bag", "2026-11-20_12-00-30.bag"]
    for name, recording in recordings.items():
        bag = Bag.open(fleet["bags"].folder / name)  # type: ignore[attr-defined]  # of its mock
        assert recording["device"] == {"id": "dev_1", "name": "tug-01"}
        assert (recording["importStatus"], recording["site"]["name"]) == ("complete", "hosted")
        topics = fleet.ask("GET", "/data/topics", query_string={"recordingKey": name}).get_json()
        assert {topic["topic"] for topic in topics} == {one.topic for one in bag.connections.values()}


def test_a_bag_is_uploaded_once(fleet: Fleet) -> None:
    """Not again when somebody has deleted its recording; it stays when the robot purges the bag."""
    fleet["bags"].clock.advance(30)
    (name,) = fleet.uploaded()
    assert fleet.ask("DELETE", f"/recordings/{name}").status_code == 200
    fleet["bags"].clock.advance(30)
    (second,) = fleet.uploaded()
    assert second != name
    fleet["bags"].clock.advance(120)
    assert second not in fleet.bags()
    assert second in fleet.uploaded()


def test_what_is_taken_back_is_uploaded_again(fleet: Fleet) -> None:
    """A platform that is reset has not seen what the robot still has; a fork is a platform of its own."""
    fleet["bags"].clock.advance(30)
    before = fleet.uploaded()
    with fleet["foxglove"].fork() as fork:
        assert len(fork.take().state.stores["recordings"].rows) == 1
    moment = fleet["foxglove"].take()
    fleet["foxglove"].reset()
    fleet["bags"].clock.advance(30)
    assert fleet.uploaded().keys() == before.keys()
    fleet["foxglove"].put_back(moment)
    assert fleet.uploaded().keys() == before.keys()


def test_time_is_the_same_everywhere(fleet: Fleet) -> None:
    """Whoever is asked to move it."""
    for mock in fleet.mocks.values():
        mock.clock.advance(10)
        assert {one.clock.now() for one in fleet.mocks.values()} == {mock.clock.now()}
    fleet["losant"].clock.resume()
    assert not any(one.clock.frozen for one in fleet.mocks.values())
    fleet["losant"].reset()
    assert {one.clock.now() for one in fleet.mocks.values()} == {_start().timestamp()}


def test_what_the_bags_hold_is_reported(fleet: Fleet) -> None:
    """A state for each message that says something, at its time; other topics and other values are left out."""
    assert fleet.reported() == [{"time": "1970-01-01T00:00:01.000Z", "data": {"voltage": 1.0}}]
    fleet["bags"].clock.advance(60)
    found = fleet.reported()[1:]
    expected = []
    for name in fleet.bags():
        bag = Bag.open(fleet["bags"].folder / name)  # type: ignore[attr-defined]  # of its mock
        for message in bag.messages(0, float("inf")):
            fields = converter(message.connection)(message.data)
            if message.connection.topic == "/battery":
                data = {"voltage": fields["voltage"], "present": True, "serial": fields["serial_number"]}
                expected.append((message.time_ns // 1_000_000, data))
            elif message.connection.topic == "/gps/fix" and fields["latitude"] == fields["latitude"]:
                place = f"{fields['latitude']},{fields['longitude']}"
                expected.append((message.time_ns // 1_000_000, {"place": place}))
    assert [point["data"] for point in found] == [data for _, data in expected]
    assert found[0]["time"].startswith("2026-11-20T12:00:0")
    assert len(fleet.reported()) == len(expected) + 1


def test_reports_are_of_the_state(fleet: Fleet) -> None:
    """They go with a reset, and come again; a moment that is put back has those that it had."""
    fleet["bags"].clock.advance(30)
    before = fleet.reported()
    moment = fleet["losant"].take()
    fleet["bags"].clock.advance(30)
    assert len(fleet.reported()) > len(before)
    fleet["losant"].put_back(moment)
    fleet["losant"].clock.freeze(_start().timestamp() + 30)
    assert fleet.reported()[: len(before)] == before
    fleet["losant"].reset()
    assert len(fleet["losant"].state.reported) == 0  # type: ignore[attr-defined]  # of its mock


def test_a_shared_world_is_kept(make_fleet: MakeFleet, tmp_path: Path) -> None:
    """The next process knows what was uploaded and reported, also of bags that are gone."""
    fleet = make_fleet(tmp_path)
    fleet["bags"].clock.advance(30)
    (name,) = fleet.uploaded()
    reported = fleet.reported()
    for mock in fleet.mocks.values():
        mock.close()
    (tmp_path / "bags" / "bags" / name).unlink()
    fleet = make_fleet(tmp_path)
    assert list(fleet.uploaded()) == [name]
    assert fleet.reported() == reported


def test_a_bag_that_is_damaged_is_uploaded_as_it_is(make_fleet: MakeFleet, tmp_path: Path) -> None:
    """Its import fails, and nothing is reported of it."""
    generate_bag(tmp_path / "whole.bag", GeneratedBag(duration_s=5).recipe())
    (tmp_path / "broken.bag").write_bytes((tmp_path / "whole.bag").read_bytes()[:5000])
    fleet = make_fleet(bags={"folder": str(tmp_path)})
    assert fleet.uploaded()["whole.bag"]["importStatus"] == "complete"
    (pending,) = fleet.ask("GET", "/data/pending-imports?showQuarantined=true").get_json()
    assert (pending["filename"], pending["status"]) == ("broken.bag", "error")
    fleet.reported()
    assert fleet["losant"].state.reported["broken.bag"] == []  # type: ignore[attr-defined]  # of its mock


def test_a_robot_without_its_device_uploads_nothing(fleet: Fleet) -> None:
    """Until there is one again; requests are answered meanwhile."""
    assert fleet.ask("PATCH", "/devices/tug-01", json={"name": "parked"}).status_code == 200
    fleet["bags"].clock.advance(30)
    assert fleet.uploaded() == {}
    fleet.ask("PATCH", "/devices/parked", json={"name": "tug-01"})
    assert list(fleet.uploaded()) == fleet.bags()


@pytest.mark.parametrize(
    ("api", "change", "complaint"),
    [
        ("foxglove", {"device": []}, "the robot: no device is called 'tug-01'"),
        ("foxglove", {"site": []}, "the robot: no site is of the type foxglove-hosted"),
        ("losant", {"application": []}, "the robot: no device is called 'tug-01'"),
    ],
)
def test_a_robot_is_a_device_of_each(api: str, change: dict[str, Any], complaint: str, make_fleet: MakeFleet) -> None:
    """One that is not is said."""
    with pytest.raises(WorldError, match=complaint):
        make_fleet(**{api: WORLD[api] | change})


def test_a_robot_reports_attributes_of_its_device(make_fleet: MakeFleet) -> None:
    """No others."""
    with pytest.raises(WorldError, match="the robot reports 'colour', which is no attribute of the device 'tug-01'"):
        make_fleet(robot={"name": "tug-01", "reports": {"colour": "/a b"}})


def test_a_robot_that_fails_does_not_fail_others(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who asks for something else is answered, and the log says what went wrong."""
    monkeypatch.setattr(fleet["bags"].recorder, "catch_up", lambda: 1 / 0)  # type: ignore[attr-defined]  # of its mock
    assert fleet.ask("GET", "/devices").status_code == 200
    assert "what the robot has recorded was not passed on" in caplog.text
