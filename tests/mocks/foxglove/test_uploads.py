"""Uploading: a link, a file, an import that goes from stage to stage, and a recording at its end."""

import hashlib
from typing import Any

import pytest
from recorded_files import bag, mcap

DEVICES = [{"id": "dev_1", "name": "one"}, {"id": "dev_2", "name": "two"}]
SITES = [
    {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
    {"id": "site_s", "name": "own", "type": "self-hosted"},
    {"id": "site_e", "name": "edge", "type": "edge", "retain_recordings_seconds": 100},
]
ALL = {"showCompleted": "true", "showQuarantined": "true"}


@pytest.fixture
def fox(make_api: Any) -> Any:
    """Two devices and a site of each type."""
    return make_api(device=DEVICES, site=SITES)


def begin(fox: Any, data: bytes, **members: Any) -> str:
    """Upload a file; gives the requestId while its import goes on."""
    asked = fox.send("POST", "/data/upload", {"filename": "a.mcap", **members})
    assert put(fox, asked["link"], data).status_code == 200
    return str(asked["requestId"])


def put(fox: Any, link: str, data: bytes, **options: Any) -> Any:
    """The answer to a PUT to a link."""
    return fox.mock.app.test_client().put(link, data=data, **options)


def upload(fox: Any, data: bytes, **members: Any) -> dict[str, Any]:
    """Upload a file and wait for the end of its import; gives its pending import."""
    request_id = begin(fox, data, **members)
    assert fox.mock.imports.wait()
    (pending,) = fox.get("/data/pending-imports", requestId=request_id, **ALL)
    return dict(pending)


@pytest.mark.parametrize(("make", "kind"), [(mcap, "mcap0"), (bag, "bag1")])
def test_a_file_becomes_a_recording(fox: Any, make: Any, kind: str) -> None:
    """With its size, its times, its topics; and an import."""
    data = make(times=(1_500_000_000_000_000_001, 1_500_000_000_000_000_777), topic="/odom")
    pending = upload(fox, data, deviceName="one", filename="dir/x y.mcap")
    assert pending["status"] == pending["pipelineStage"] == "complete"
    (recording,) = fox.get("/recordings", topic="/odom")
    assert recording["start"] == "2017-07-14T02:40:00.000000001Z"
    assert recording["end"] == "2017-07-14T02:40:00.000000777Z"
    assert (recording["path"], recording["size"]) == ("dir/x y.mcap", len(data))
    assert recording["device"] == {"id": "dev_1", "name": "one"}
    assert recording["site"] == {"id": "site_h", "name": "hosted"}
    (listed,) = fox.get("/data/imports")
    assert listed["importId"] == pending["importId"]
    assert (listed["inputType"], listed["inputSize"], listed["date"]) == (kind, len(data), "20170714")
    row = fox.mock.state.recordings.get(recording["id"])
    assert hashlib.sha256(fox.mock.state.files.path(row.file_id).read_bytes()).digest() == hashlib.sha256(data).digest()


def test_an_import_goes_from_stage_to_stage(fox: Any) -> None:
    """The recording appears when the file was opened, and is complete at the end."""
    fox.mock.imports.hold()
    request_id = begin(fox, mcap(), key="k")
    seen = []
    for _ in range(4):
        (pending,) = fox.get("/data/pending-imports", **ALL)
        recordings = fox.get("/recordings")
        seen.append((pending["status"], pending["pipelineStage"], *(one["importStatus"] for one in recordings)))
        assert ("importId" in pending) == (pending["status"] == "complete")
        fox.mock.imports.step(request_id if pending["status"] != "complete" else None)
    assert seen == [
        ("received", "inbox"),
        ("processing", "processing", "importing"),
        ("ready for indexing", "indexing", "importing"),
        ("complete", "complete", "complete"),
    ]


@pytest.mark.parametrize(
    ("data", "error", "quarantined"),
    [
        (b"", "neither an MCAP file nor a ROS 1 bag", False),
        (b"hello", "neither an MCAP file nor a ROS 1 bag", False),
        (mcap()[:-20], "", True),
        (bag()[:-20], "", True),
        (b"\x89MCAP0\r\n", "", True),
        (b"#ROSBAG V2.0\n", "", True),
    ],
)
def test_a_broken_file_ends_as_an_error(fox: Any, data: bytes, error: str, *, quarantined: bool) -> None:
    """With its reason; what is damaged is quarantined."""
    pending = upload(fox, data, key="k")
    assert pending["status"] == "error"
    assert error in pending["error"]
    assert ("quarantinedAt" in pending) == quarantined
    assert fox.get("/recordings") == fox.get("/data/imports") == []
    assert fox.get("/data/pending-imports", error="no such text", **ALL) == []
    assert len(fox.get("/data/pending-imports")) == (not quarantined)


def test_what_is_broken_within_fails_as_a_recording(fox: Any) -> None:
    """Its index could be read; the key is free for another attempt."""
    data = mcap(compression="none")
    broken = data.replace(b'{"value":1}', b'{"value":2}', 1)
    assert upload(fox, broken, key="k")["status"] == "error"
    assert fox.get("/recordings/k")["importStatus"] == "failed"
    assert upload(fox, data, key="k")["status"] == "complete"
    assert [one["importStatus"] for one in fox.get("/recordings")] == ["complete"]


def test_a_file_is_processed_once(fox: Any) -> None:
    """For a key, whatever the device; and for a device, by its content."""
    data, other = mcap(), mcap(topic="/other")
    first = upload(fox, data, deviceId="dev_1")
    assert upload(fox, data, deviceId="dev_1", filename="b.mcap")["importId"] == first["importId"]
    assert upload(fox, data, deviceId="dev_2")["importId"] != first["importId"]
    keyed = upload(fox, data, key="k")
    assert upload(fox, other, key="k")["importId"] == keyed["importId"]
    assert upload(fox, data, key="l")["importId"] != keyed["importId"]
    assert len(fox.get("/recordings")) == 4


def test_duplicates_that_come_together(fox: Any) -> None:
    """The second waits for the first."""
    fox.mock.imports.hold()
    for _ in range(3):
        begin(fox, mcap(), key="k")
    fox.mock.imports.release()
    assert fox.mock.imports.wait()
    assert len({one["importId"] for one in fox.get("/data/pending-imports", **ALL)}) == 1
    assert len(fox.get("/recordings")) == 1


@pytest.mark.parametrize(
    ("records", "members", "device", "key"),
    [
        ([{"deviceId": "dev_1", "key": "own"}], {"key": "k"}, "dev_1", "k"),
        ([{"deviceName": "two", "key": "own"}], {"deviceId": "dev_1"}, "dev_1", "own"),
        ([{"deviceId": "dev_1"}, {"deviceName": "two"}], {"key": "k"}, "dev_2", "k"),
        ([{"deviceId": "dev_1"}, {}], {"key": "k"}, None, "k"),
        ([{"deviceId": "dev_9"}], {"key": "k"}, None, "k"),
    ],
)
def test_what_a_file_says_of_itself(fox: Any, records: Any, members: Any, device: str | None, key: str) -> None:
    """The last metadata record counts; what was said with the upload goes first."""
    upload(fox, mcap(metadata=[("foxglove", one) for one in records]), **members)
    recording = fox.get(f"/recordings/{key}")
    assert recording.get("device", {}).get("id") == device
    assert recording["metadata"] == [{"name": "foxglove", "metadata": one} for one in records]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"filename": "a"}, 400),
        ({"filename": "a", "key": ""}, 400),
        ({"filename": 1, "key": "k"}, 400),
        ({"filename": "a", "key": 1}, 400),
        ({"filename": "a", "deviceId": 1}, 400),
        ({"filename": "a", "deviceId": "dev_9"}, 404),
        ({"filename": "a", "deviceId": "dev_1", "deviceName": "two"}, 400),
        ([], 400),
    ],
)
def test_requests_that_are_refused(fox: Any, body: Any, status: int) -> None:
    """Nothing comes of them."""
    assert fox.refusal("POST", "/data/upload", json=body)[0] == status


def test_links(fox: Any) -> None:
    """They are signed, end after an hour, and take the same file again."""
    link = fox.send("POST", "/data/upload", {"filename": "a", "key": "k"})["link"]
    assert put(fox, link[:-1] + ("0" if link[-1] != "0" else "1"), mcap()).status_code == 403
    assert put(fox, link, mcap(), headers={"Content-Encoding": "gzip"}).status_code == 415
    assert put(fox, link, mcap()).status_code == 200
    assert put(fox, link, mcap()).status_code == 200
    assert put(fox, link, mcap(topic="/b")).status_code == 409
    assert fox.mock.imports.wait()
    assert len(fox.get("/recordings")) == 1
    fox.mock.clock.advance(3600)
    assert put(fox, link, mcap()).status_code == 410


def test_without_a_hosted_site(make_api: Any) -> None:
    """There is nowhere to upload to."""
    status, error = make_api(site=SITES[1:]).refusal("POST", "/data/upload", json={"filename": "a", "key": "k"})
    assert (status, "self-hosted" in error) == (400, True)


def test_imports_go_on_in_another_process(make_api: Any, tmp_path: Any) -> None:
    """With a data folder, what has arrived is not lost."""
    first = make_api(tmp_path, device=DEVICES, site=SITES)
    first.mock.imports.hold()
    begin(first, mcap(), key="k")
    first.mock.close()
    second = make_api(tmp_path, device=DEVICES, site=SITES)
    assert second.mock.imports.wait()
    assert second.get("/recordings/k")["importStatus"] == "complete"
    second.mock.reset()
    assert second.get("/recordings") == second.get("/data/pending-imports", **ALL) == []
    assert list((tmp_path / "recordings").iterdir()) == []


def test_controls(fox: Any) -> None:
    """Imports are held, stepped and waited for over HTTP too."""

    def control(body: Any) -> Any:
        return fox.mock.app.test_client().post("/__robowire/imports", json=body)

    assert control({"hold": True}).get_json() == {"held": True}
    request_id = begin(fox, mcap(), key="k")
    assert control({"wait": True}).get_json() == {"idle": False}
    assert [control({"step": which}).get_json() for which in (True, request_id)] == [{"stages": 1}] * 2
    assert control({"hold": False}).status_code == 200
    assert control({"wait": True}).get_json() == {"idle": True}
    for body in ({"step": "req_x"}, {"hold": 1}, {}, {"wait": False}):
        assert control(body).status_code == 400
