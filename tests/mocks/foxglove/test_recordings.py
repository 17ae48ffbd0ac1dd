"""Recordings of a world: listed, given, deleted, imported from the edge, kept for a while; and their imports."""

from datetime import UTC, datetime
from typing import Any

import pytest
from recorded_files import mcap

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
SITES = [
    {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
    {"id": "site_s", "name": "own", "type": "self-hosted"},
    {"id": "site_e", "name": "edge", "type": "edge", "retain_recordings_seconds": 1000},
    {"id": "site_x", "name": "gone", "type": "edge", "deleted": True},
]
DEVICES = [{"id": "dev_z", "name": "a"}, {"id": "dev_y", "name": "b"}]


def entry(name: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    """A recording of the world, whose name is id, key and path."""
    return {"id": f"rec_{name}", "key": name, "path": f"{name}.mcap", "start": start, "end": end, "make": "mcap"} | more


RECORDINGS = [
    entry("one", 0, 10, device="dev_z", site="site_h", topics=["/x"], created_at=-3, imported_at=-1),
    entry("two", 5, 6, device="dev_y", site="site_h", created_at=-2, imported_at=-2),
    entry("edge", 20, 50, device="dev_y", edge_site="site_e", import_status="none", created_at=-1),
    entry("both", 30, 35, site="site_s", edge_site="site_e", created_at=-5),
    entry("lost", 60, 61, edge_site="site_e", import_status="none", edge_copy=False),
    entry("old", 70, 71, edge_site="site_x", import_status="none"),
]


@pytest.fixture
def fox(make_api: Any) -> Any:
    """Recordings at a hosted site, at a self-hosted one, at the edge, and nowhere any more."""
    return make_api(site=SITES, device=DEVICES, recording=RECORDINGS, clock={"start": START, "frozen": True})


def names(fox: Any, **query: Any) -> list[str]:
    """The names of the recordings that a list has."""
    answer = fox.ask("GET", "/recordings", query_string=query)
    return [one["path"].removesuffix(".mcap") for one in answer.get_json()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"start": "2026-11-20T12:00:35Z"}, "edge both lost old"),
        ({"start": "2026-11-20T12:00:35.000000001Z"}, "edge lost old"),
        ({"end": "2026-11-20T12:00:05Z"}, "one two"),
        ({"end": "2026-11-20T12:00:04.999999999Z"}, "one"),
        ({"start": "2026-11-20T12:00:07Z", "end": "2026-11-20T12:00:08Z"}, "one"),
        ({"path": "two.mcap"}, "two"),
        ({"path": "two"}, ""),
        ({"site.id": "site_h"}, "one two"),
        ({"edgeSite.id": "site_e"}, "edge both lost"),
        ({"topic": "/x"}, "one"),
        ({"deviceId": "dev_y"}, "two edge"),
        ({"device.name": "b"}, "two edge"),
        ({"deviceName": "nobody"}, ""),
        ({"importStatus": "none"}, "edge lost old"),
        ({"importStatus": "failed"}, ""),
        ({"sortBy": "deviceName"}, "one edge two both lost old"),
        ({"sortBy": "duration", "sortOrder": "desc"}, "edge one both two old lost"),
        ({"sortBy": "importedAt"}, "both two one edge lost old"),
        ({"sortBy": "createdAt", "limit": 2, "offset": 1}, "one two"),
    ],
)
def test_lists(fox: Any, query: dict[str, Any], expected: str) -> None:
    """Filters hold together; what lacks a field comes last."""
    assert names(fox, **query) == expected.split()


@pytest.mark.parametrize("query", [{"importStatus": "new"}, {"start": "today"}, {"sortBy": "id"}, {"limit": 2001}])
def test_lists_that_are_refused(fox: Any, query: dict[str, Any]) -> None:
    """Unknown values, and what is no time."""
    assert fox.refusal("GET", "/recordings", query=query)[0] == 400


def test_what_a_made_recording_tells(fox: Any) -> None:
    """Its file is really there."""
    recording = fox.get("/recordings/rec_both")
    assert recording == fox.get("/recordings/both")
    assert recording["start"] == "2026-11-20T12:00:30Z"
    assert recording["metadata"] == [{"name": "recorder", "metadata": {"name": "both.mcap", "robot": "simulated"}}]
    assert (recording["site"]["id"], recording["edgeSite"]["id"]) == ("site_s", "site_e")
    state = fox.mock.state
    assert state.files.path(state.recordings.get("rec_both").file_id).stat().st_size == recording["size"]


def test_a_deleted_recording_is_gone(fox: Any) -> None:
    """With its file; by its key as well."""
    file_id = fox.mock.state.recordings.get("rec_one").file_id
    assert file_id in fox.mock.state.files
    assert fox.send("DELETE", "/recordings/one") == {"recordingId": "rec_one"}
    assert fox.refusal("DELETE", "/recordings/rec_one")[0] == 404
    assert fox.refusal("GET", "/recordings/one")[0] == 404
    assert file_id not in fox.mock.state.files
    assert fox.send("DELETE", "/devices/a") == {"id": "dev_z"}


def test_the_edge_copy_of_a_deleted_recording_stays(fox: Any) -> None:
    """It can be imported again, under another importId."""
    (before,) = (one["importId"] for one in fox.get("/data/imports", filename="both.mcap"))
    fox.send("DELETE", "/recordings/both")
    recording = fox.get("/recordings/both")
    assert recording["importStatus"] == "none"
    assert not {"importedAt", "site"} & set(recording)
    assert fox.send("POST", "/recordings/both/import") == {"id": "rec_both", "importStatus": "pending"}
    assert fox.mock.imports.wait()
    (after,) = (one["importId"] for one in fox.get("/data/imports", filename="both.mcap"))
    assert before != after
    assert fox.get("/recordings/both")["site"]["id"] == "site_h"


def test_import_from_the_edge(fox: Any) -> None:
    """From none over pending and importing to complete; asked again, it tells how far it is."""
    fox.mock.imports.hold()
    seen = []
    for _ in range(4):
        seen.append(fox.send("POST", "/recordings/rec_edge/import")["importStatus"])
        fox.mock.imports.step()
    assert seen == ["pending", "importing", "importing", "complete"]
    assert fox.get("/recordings/edge")["importStatus"] == "complete"
    for name in ("lost", "old", "nothing"):
        assert fox.refusal("POST", f"/recordings/{name}/import")[0] == 404


def test_an_import_that_loses_its_recording(fox: Any) -> None:
    """It ends as an error; the edge copy stays."""
    fox.mock.imports.hold()
    fox.send("POST", "/recordings/edge/import")
    fox.mock.imports.step()
    fox.send("DELETE", "/recordings/edge")
    fox.mock.imports.release()
    assert fox.mock.imports.wait()
    assert [one["status"] for one in fox.get("/data/pending-imports")] == ["error"]
    assert fox.get("/recordings/edge")["importStatus"] == "none"
    fox.send("POST", "/recordings/edge/import")
    assert fox.mock.imports.wait()
    assert fox.get("/recordings/edge")["importStatus"] == "complete"


def test_a_damaged_edge_copy_fails(make_api: Any, tmp_path: Any) -> None:
    """The recording tells that it could not be imported, and may be asked for again."""
    path = tmp_path / "broken.mcap"
    path.write_bytes(mcap(compression="none").replace(b'{"value":1}', b'{"value":2}', 1))
    recording = {"id": "rec_b", "path": "b.mcap", "file": str(path), "edge_site": "site_e", "import_status": "none"}
    fox = make_api(site=SITES, recording=[recording])
    for _ in range(2):
        assert fox.send("POST", "/recordings/rec_b/import")["importStatus"] == "pending"
        assert fox.mock.imports.wait()
        assert fox.get("/recordings/rec_b")["importStatus"] == "failed"
    assert path.exists()


def test_retention(fox: Any) -> None:
    """What the edge site keeps no longer is gone, unless it was imported; a longer period in time saves it."""
    fox.send("PATCH", "/sites/site_e", {"retainRecordingsSeconds": 100_000})
    fox.mock.clock.advance(2000)
    assert names(fox, **{"edgeSite.id": "site_e"}) == ["edge", "both", "lost"]
    fox.send("PATCH", "/sites/site_e", {"retainRecordingsSeconds": 1000})
    assert names(fox) == ["one", "two", "both", "old"]
    assert "edgeSite" not in fox.get("/recordings/both")
    assert fox.refusal("POST", "/recordings/edge/import")[0] == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "one two both"),
        ({"deviceId": "dev_z"}, "one"),
        ({"filename": "two.mcap"}, "two"),
        ({"start": "2026-11-20T11:59:58Z"}, "one two"),
        ({"end": "2026-11-20T11:59:58Z"}, "two both"),
        ({"dataStart": "2026-11-20T12:00:10Z"}, "one both"),
        ({"dataEnd": "2026-11-20T12:00:05Z"}, "one two"),
        ({"sortBy": "importTime"}, "both two one"),
        ({"sortBy": "dataEnd"}, "two one both"),
    ],
)
def test_imports(fox: Any, query: dict[str, Any], expected: str) -> None:
    """Recordings that are imported, and no others."""
    assert [one["filename"].removesuffix(".mcap") for one in fox.get("/data/imports", **query)] == expected.split()


def test_deleting_imports(fox: Any) -> None:
    """Up to 50 at once, of one site; each has its result."""
    one, two, both = (each["importId"] for each in fox.get("/data/imports"))
    many = "/data/imports?" + "&".join(f"id=x{number}" for number in range(51))
    assert fox.refusal("DELETE", many)[0] == fox.refusal("DELETE", "/data/imports")[0] == 400
    assert fox.refusal("DELETE", f"/data/imports?id={one}&id={both}")[0] == 400
    assert len(fox.get("/data/imports")) == 3
    results = fox.send("DELETE", f"/data/imports?id={one}&id=x&id={two}")["deletionResults"]
    assert results == [
        {"importId": one, "result": "success"},
        {"importId": "x", "result": "notFound"},
        {"importId": two, "result": "success"},
    ]
    assert fox.refusal("DELETE", f"/data/imports/{one}")[0] == 404
    assert fox.send("DELETE", f"/data/imports/{both}?deviceId=dev_y") == {"id": both}
    assert fox.get("/data/imports") == []
    assert names(fox) == ["edge", "both", "lost", "old"]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"file": "nothing.mcap", "start": None, "end": None}, "cannot be read"),
        ({"file": "text.mcap", "start": None, "end": None}, "neither an MCAP file"),
        ({"file": "text.mcap"}, "with a file"),
        ({"start": None}, "must be said"),
        ({"start": 11}, "ends before it starts"),
        ({"topics": []}, "must have names"),
    ],
)
def test_worlds_that_are_refused(make_api: Any, tmp_path: Any, more: Any, complaint: str) -> None:
    """With a sentence that says why."""
    (tmp_path / "text.mcap").write_text("hello")
    recording = {"path": "a", "start": 0, "end": 10} | more
    recording = {key: value for key, value in recording.items() if value is not None}
    if "file" in recording:
        recording["file"] = str(tmp_path / recording["file"])
    with pytest.raises(ValueError, match=complaint):
        make_api(recording=[recording])
