"""Exports are taken, put back and forked; the devices' history is the same for all."""

from dataclasses import replace
from threading import Event, Timer
from typing import Any

import pytest
from freezegun import freeze_time
from robowire_mocks import create_mock
from robowire_mocks.losant.jobs import Jobs


def export(api: Any) -> dict[str, Any]:
    """Ask for an export; gives its entry in the outbox."""
    assert api.post("export").status_code == 202
    entry: dict[str, Any] = api.client.get("/__robowire/outbox").json[-1]
    return entry


def outbox(api: Any) -> list[str]:
    """The ids of the exports that are done."""
    return [entry["jobId"] for entry in api.client.get("/__robowire/outbox").json]


def status(api: Any, entry: dict[str, Any]) -> int:
    """How the link in an entry is answered, read to its end."""
    with api.client.get(entry["url"]) as answer:
        assert answer.data
        return int(answer.status_code)


def test_each_has_the_exports_there_were_and_its_own(make_api: Any, worlds: Any) -> None:
    """With the same ids for the same requests, and files that have nothing to do with one another."""
    api = make_api(worlds.make_world(worlds.make_device(1, [(worlds.NOW, {"v": 2})])))
    first = export(api)
    with api.mock.fork() as mock:
        fork = replace(api, mock=mock, client=mock.app.test_client())
        assert outbox(fork) == [first["jobId"]]
        mine, yours = export(api), export(fork)
        assert mine["jobId"] == yours["jobId"]
        api.mock.reset()
        assert (outbox(api), outbox(fork)) == ([], [first["jobId"], yours["jobId"]])
        assert [status(api, entry) for entry in (first, mine)] == [404, 404]
        assert [status(fork, entry) for entry in (first, yours)] == [200, 200]
        mock.reset()
        assert outbox(fork) == [first["jobId"]]
        assert export(api)["jobId"] == first["jobId"]


def test_files_go_with_the_last_that_holds_them(make_api: Any, worlds: Any) -> None:
    """A fork's are there when its mock is closed."""
    api = make_api(worlds.make_world(worlds.make_device(1, [(worlds.NOW, {"v": 2})])))
    entry = export(api)
    path = api.mock.state.jobs.file(entry["file"])
    api.mock.snapshots.save("exported")
    fork = api.mock.fork()
    api.mock.close()
    assert fork.app.test_client().get(entry["url"]).data.startswith(b"ID,Timestamp")
    fork.close()
    assert not path.parent.exists()


def test_an_export_under_way_is_done_before(make_api: Any, worlds: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork has it finished."""
    api = make_api(worlds.make_world(worlds.make_device(1, [(worlds.NOW, {"v": 2})])))
    run, begun = Jobs._run, Event()
    monkeypatch.setattr(Jobs, "_run", lambda *order: (begun.wait(), run(*order)))
    for _ in range(3):
        assert api.post("export").status_code == 202
    Timer(0.05, begun.set).start()
    with api.mock.fork() as mock:
        assert begun.is_set()
        assert len(mock.state.jobs.outbox()) == 3


def test_another_world_takes_the_place_of_the_first(make_api: Any, worlds: Any) -> None:
    """With its tokens and its time; a snapshot brings the first back."""
    api = make_api(worlds.make_world(worlds.make_device(1, [(worlds.NOW, {"v": 2})])))
    api.mock.snapshots.save("first")
    table = {
        "token": [{"token": "t", "scopes": ["all.Application"]}],
        "application": [{"id": "c" * 24, "name": "c"}],
        "clock": {"start": "2026-01-01T00:00:00Z", "frozen": True},
    }
    api.mock.load(table)
    assert api.post("lastValueQuery").status_code == 401
    answer = api.post("lastValueQuery", token="t", application="c" * 24)
    assert (answer.status_code, api.mock.clock.now()) == (200, 1767225600)
    api.mock.reset()
    assert api.mock.clock.now() == 1767225600
    api.mock.snapshots.restore("first")
    assert api.post("lastValueQuery").status_code == 200
    assert api.mock.clock.now() * 1000 == worlds.NOW


def test_a_world_in_real_time_is_read_again_when_it_is_old() -> None:
    """Its last values are never long ago."""
    with freeze_time("2026-11-20T12:00:30Z") as time, create_mock("losant") as mock:
        anchors = [mock.world.anchor_ms]
        for move in (600, 3600, -86400):
            time.tick(move)
            mock.reset()
            anchors.append(mock.world.anchor_ms)
        assert [anchor - anchors[0] for anchor in anchors] == [0, 0, 4_200_000, -82_200_000]
