"""What the API gives of recordings' data: topics, coverage, attachments, streams and lake files."""

import io
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mcap.reader import SeekingReader
from robowire_generators.mcap.sample import (
    SampleAttachment,
    SampleMessage,
    SampleMetadata,
    json_channel,
    sample_mcap,
)
from robowire_mocks.formats.mcap import Mcap
from robowire_mocks.foxglove.rows import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND = 10**9
START = 1_700_000_000 * SECOND
DEVICES = [{"id": "dev_a", "name": "alpha"}, {"id": "dev_b", "name": "beta"}]
SITES = [
    {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
    {"id": "site_s", "name": "own", "type": "self-hosted", "url": "https://own.example"},
    {"id": "site_e", "name": "edge", "type": "edge"},
]
POSE, SCAN = json_channel(1, "/pose", "robowire.Pose"), json_channel(2, "/scan", "robowire.Scan")
ATTACHMENT = SampleAttachment("map.txt", "text/plain", b"the map", START + 5, START + 4)


def recording(first_s: float, seconds: int, *channels: Any) -> Any:
    """A message of each channel in each second."""
    first = START + int(first_s * SECOND)
    messages = [
        SampleMessage(first + n * SECOND, first, n, channel, b'{"value": %d}' % n)
        for n in range(seconds + 1)
        for channel in channels
    ]
    return sample_mcap(channels, messages, [ATTACHMENT], [SampleMetadata("run", {"of": "robowire"})], chunk_size=200)


class Fox:
    """A mock with recordings: `first` and `later` of alpha, `other` of beta at the self-hosted site, `edge`, `free`."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.samples = {
            "first": recording(0, 10, POSE, SCAN),
            "later": recording(30.25, 10, POSE),
            "other": recording(5, 10, SCAN),
            "free": recording(0, 10, SCAN),
            "edge": recording(100, 10, POSE),
        }
        self._put("first", "dev_a", "site_h")
        self._put("later", "dev_a", "site_h")
        self._put("other", "dev_b", "site_s")
        self._put("free", None, "site_h")
        self._put("edge", "dev_a", None, status="none")

    def _put(self, name: str, device: str | None, site: str | None, status: str = "complete") -> None:
        state, data = self.api.mock.state, self.samples[name].data
        file_id = state.files.put([data]).id
        times = [one.log_time_ns for one in self.samples[name].messages]
        complete = status == "complete"
        state.recordings.put(
            Recording(
                id=f"rec_{name}",
                device_id=device,
                path=f"{name}.mcap",
                start=times[0],
                end=times[-1],
                import_status=status,
                site_id=site,
                edge_site_id=None if complete else "site_e",
                key=f"key-{name}",
                import_id=f"imp_{name}" if complete else None,
                file_id=file_id,
            )
        )

    def get(self, path: str, **query: Any) -> Any:
        """The JSON value of a GET."""
        return self.api.get(path, **query)

    def data(self, **body: Any) -> bytes:
        """The data behind the link to them, had without a key."""
        link = self.api.send("POST", "/data/stream", body)["link"]
        answer = self.api.mock.app.test_client().get(link)
        assert answer.status_code == 200, answer.text
        return bytes(answer.data)

    def times(self, **body: Any) -> list[float]:
        """The log times of the data's messages in seconds from the start, as they stand."""
        messages = SeekingReader(io.BytesIO(self.data(**body))).iter_messages(log_time_order=False)
        return [(message.log_time - START) / SECOND for _, _, message in messages]


@pytest.fixture
def fox(make_api: Any) -> Fox:
    """Recordings of two devices, of none, and at an edge site."""
    return Fox(make_api(device=DEVICES, site=SITES))


def at(seconds: float) -> str:
    """A time as requests say it."""
    from robowire_mocks.foxglove.times import write

    return write(START + round(seconds * SECOND))


def test_topics_are_those_of_the_channels(fox: Fox) -> None:
    """With schemas only where they are asked for."""
    shown = fox.get("/data/topics", recordingId="rec_first")
    assert [one["topic"] for one in shown] == ["/pose", "/scan"]
    assert {one["encoding"] for one in shown} == {"json"}
    assert [one["schemaName"] for one in shown] == ["robowire.Pose", "robowire.Scan"]
    assert not any("schema" in one for one in shown)
    assert all("schema" in one for one in fox.get("/data/topics", recordingId="rec_first", includeSchemas="true"))


@pytest.mark.parametrize(
    ("query", "topics"),
    [
        ({"deviceId": "dev_a"}, ["/pose", "/scan"]),
        ({"deviceName": "beta"}, ["/scan"]),
        ({"deviceId": "dev_a", "start": 20}, ["/pose"]),
        ({"deviceId": "dev_a", "end": 20}, ["/pose", "/scan"]),
        ({"importId": "imp_later"}, ["/pose"]),
        ({"recordingKey": "key-other"}, ["/scan"]),
        ({"recordingId": "rec_edge"}, ["/pose"]),
        ({"recordingId": "rec_edge", "includeSchemas": "true"}, []),
        ({"deviceId": "nobody"}, []),
    ],
)
def test_topics_are_chosen(fox: Fox, query: dict[str, Any], topics: list[str]) -> None:
    """By device, time, recording or import; what is not imported by its recording alone."""
    asked = {name: at(value) if name in {"start", "end"} else value for name, value in query.items()}
    assert [one["topic"] for one in fox.get("/data/topics", **asked)] == topics


def spans(fox: Fox, **query: Any) -> list[tuple[str | None, float, float, str]]:
    """Device, start, end and status of the ranges of coverage."""
    from robowire_mocks.foxglove.times import parse

    asked = {"start": at(-1000), "end": at(1000), **query}
    return [
        (
            one.get("deviceId"),
            (parse(one["start"]) - START) / SECOND,
            (parse(one["end"]) - START) / SECOND,
            one["status"],
        )
        for one in fox.get("/data/coverage", **asked)
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [("dev_a", 0, 10), ("dev_a", 30.25, 40.25), ("dev_b", 5, 15)]),
        ({"deviceId": "dev_a", "tolerance": "20.26"}, [("dev_a", 0, 40.25)]),
        ({"deviceId": "dev_a", "tolerance": "20.24"}, [("dev_a", 0, 10), ("dev_a", 30.25, 40.25)]),
        ({"recordingId": "rec_free"}, [(None, 0, 10)]),
        ({"importId": "imp_later"}, [("dev_a", 30.25, 40.25)]),
        ({"start": at(10), "end": at(30.25), "deviceName": "alpha"}, [("dev_a", 0, 10), ("dev_a", 30.25, 40.25)]),
        ({"start": at(10.1), "end": at(30.2), "deviceName": "alpha"}, []),
    ],
)
def test_coverage_is_the_times_with_data(fox: Fox, query: Any, expected: Any) -> None:
    """Joined as far as they are asked for, never those of two devices."""
    assert spans(fox, **query) == [(*one, "imported") for one in expected]


def test_coverage_of_edge_recordings_is_asked_for(fox: Fox) -> None:
    """Then each range says how far its import is."""
    assert spans(fox, deviceId="dev_a", includeEdgeRecordings="true")[-1] == ("dev_a", 100, 110, "at-edge")
    asked = {"start": at(0), "end": at(200), "includeEdgeRecordings": "true"}
    assert {one["importStatus"] for one in fox.get("/data/coverage", **asked)} == {"complete", "none"}


def test_coverage_follows_what_changes(fox: Fox) -> None:
    """A recording that is gone has none."""
    assert len(spans(fox, deviceId="dev_b")) == 1
    fox.api.send("DELETE", "/recordings/rec_other")
    assert spans(fox, deviceId="dev_b") == []


def test_attachments_are_those_of_the_files(fox: Fox) -> None:
    """Of each that is imported; one at a self-hosted site has a path there."""
    shown = fox.get("/recording-attachments")
    assert [one["recordingId"] for one in shown] == ["rec_first", "rec_later", "rec_other", "rec_free"]
    assert {(one["name"], one["mediaType"], one["size"]) for one in shown} == {("map.txt", "text/plain", 7)}
    assert {one["logTime"] for one in shown} == {"2023-11-14T22:13:20.000000005Z"}
    assert len({one["fingerprint"] for one in shown}) == 1
    assert ["lakePath" in one for one in shown] == [False, False, True, False]
    assert fox.get("/recording-attachments", siteId="site_s") == [shown[2]]
    assert fox.get("/recording-attachments", deviceName="alpha") == shown[:2]
    assert fox.get(f"/recording-attachments/{shown[1]['id']}") == shown[1]


def test_an_attachment_is_downloaded_by_a_link(fox: Fox) -> None:
    """Which needs no key, and lives for 15 minutes."""
    (one,) = fox.get("/recording-attachments", recordingId="rec_first")
    answer = fox.api.ask("GET", f"/recording-attachments/{one['id']}/download")
    assert answer.status_code == 302
    client = fox.api.mock.app.test_client()
    assert client.get(answer.headers["Location"]).data == b"the map"
    fox.api.mock.clock.advance(899)
    assert client.get(answer.headers["Location"]).status_code == 200
    fox.api.mock.clock.advance(1)
    assert client.get(answer.headers["Location"]).status_code == 410
    assert fox.api.refusal("GET", "/recording-attachments/none")[0] == 404
    assert fox.api.refusal("GET", "/recording-attachments/none/download")[0] == 404


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"recordingId": "rec_later"}, [30.25 + n for n in range(11)]),
        ({"key": "key-later", "topics": []}, [30.25 + n for n in range(11)]),
        ({"recordingKey": "key-first", "topics": ["/scan"]}, list(range(11))),
        ({"importId": "imp_other", "outputFormat": "mcap0"}, [5 + n for n in range(11)]),
        ({"recordingId": "rec_first", "topics": ["/pose"], "start": 2, "end": 4}, [2, 3, 4]),
        ({"deviceId": "dev_a", "topics": ["/pose"], "start": 9, "end": 31.25}, [9, 10, 30.25, 31.25]),
        ({"device.name": "beta", "start": 0, "end": 6}, [5, 6]),
        ({"deviceId": "dev_b", "start": 500, "end": 600}, []),
        ({"deviceId": "dev_a", "start": 32, "end": 33, "replayLookbackSeconds": 22}, [32.25]),
        (
            {
                "deviceId": "dev_a",
                "start": 32,
                "end": 33,
                "replayLookbackSeconds": 22,
                "replayPolicy": "lastPerChannel",
            },
            [10, 31.25, 32.25],
        ),
    ],
)
def test_data_are_the_messages_that_are_asked_for(fox: Fox, body: Any, expected: list[float]) -> None:
    """Of a recording, an import or a device, within a range, of some topics, with the last before them."""
    bounds = {name: at(body[name]) for name in ("start", "end") if name in body}
    assert fox.times(**{**body, **bounds}) == expected


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"deviceId": "dev_a"},
        {"deviceName": "alpha"},
        {"recordingId": "rec_first", "start": at(0)},
        {"recordingId": "rec_first", "end": at(0)},
        {"recordingId": "rec_first", "start": at(1), "end": at(0)},
        {"recordingId": "rec_first", "outputFormat": "bag1"},
        {"recordingId": "rec_first", "outputFormat": "csv"},
        {"recordingId": "rec_first", "outputFormat": "bag1", "includeAttachments": True},
        {"key": "key-first", "includeAttachments": True},
        {"recordingId": "rec_first", "replayLookbackSeconds": -1},
        {"recordingId": "rec_first", "replayPolicy": "all"},
        {"recordingId": "rec_edge"},
    ],
)
def test_requests_that_cannot_be_are_refused(fox: Fox, body: Any) -> None:
    """With 400 and a reason."""
    status, text = fox.api.refusal("POST", "/data/stream", json=body)
    assert status == 400
    assert text


@pytest.mark.parametrize("body", [{"recordingId": "none"}, {"deviceId": "none", "start": at(0), "end": at(1)}])
def test_data_of_nothing_are_not_found(fox: Fox, body: Any) -> None:
    """Neither of an unknown recording nor of an unknown device."""
    assert fox.api.refusal("POST", "/data/stream", json=body)[0] == 404


def test_attachments_go_with_the_data(fox: Fox) -> None:
    """Where they are asked for; metadata records always do."""
    whole = SeekingReader(io.BytesIO(fox.data(recordingId="rec_first", includeAttachments=True)))
    assert [one.data for one in whole.iter_attachments()] == [b"the map"]
    bare = SeekingReader(io.BytesIO(fox.data(recordingId="rec_first")))
    assert list(bare.iter_attachments()) == []
    assert [one.name for one in bare.iter_metadata()] == ["run"]


def test_a_link_to_data_lives_for_15_seconds(fox: Fox) -> None:
    """By the mock's clock; a signature that was altered is refused at once."""
    link = fox.api.send("POST", "/data/stream", {"recordingId": "rec_first"})["link"]
    client = fox.api.mock.app.test_client()
    assert client.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 403
    fox.api.mock.clock.advance(14)
    assert client.get(link).status_code == 200
    fox.api.mock.clock.advance(1)
    assert client.get(link).status_code == 410


def test_data_of_a_deleted_recording_are_gone(fox: Fox) -> None:
    """The link says so."""
    link = fox.api.send("POST", "/data/stream", {"recordingId": "rec_first"})["link"]
    fox.api.send("DELETE", "/recordings/rec_first")
    assert fox.api.mock.app.test_client().get(link).status_code == 404


def test_data_go_on_when_the_recording_is_deleted_meanwhile(fox: Fox) -> None:
    """What was begun is finished."""
    link = fox.api.send("POST", "/data/stream", {"recordingId": "rec_first"})["link"]
    pieces: Iterator[bytes] = iter(fox.api.mock.app.test_client().get(link, buffered=False).response)
    begun = next(pieces)
    fox.api.send("DELETE", "/recordings/rec_first")
    messages = SeekingReader(io.BytesIO(begun + b"".join(pieces))).iter_messages()
    assert len(list(messages)) == len(fox.samples["first"].messages)


def test_the_lock_is_free_while_data_are_sent(fox: Fox) -> None:
    """A long download keeps nobody waiting."""
    link = fox.api.send("POST", "/data/stream", {"recordingId": "rec_first"})["link"]
    answer = fox.api.mock.app.test_client().get(link, buffered=False)
    next(iter(answer.response))
    asked = threading.Thread(target=fox.get, args=("/devices",))
    asked.start()
    asked.join(10)
    assert not asked.is_alive()
    answer.close()


def test_lake_files_are_those_of_a_self_hosted_site(fox: Fox) -> None:
    """One for each topic of a recording that is there."""
    (one,) = fox.get("/lake-files", siteId="site_s", recordingId="rec_other")
    assert one["topics"] == ["/scan"]
    assert one["path"].endswith(".mcap")
    day = {"start": at(0), "end": at(86400)}
    assert fox.get("/lake-files", siteId="site_s", deviceName="beta", **day) == [one]
    assert fox.get("/lake-files", siteId="site_s", deviceId="dev_a", **day) == []
    assert fox.get("/lake-files", siteId="site_s", recordingKey="key-other", topic="/pose") == []


@pytest.mark.parametrize(
    "query",
    [
        {"recordingId": "rec_other"},
        {"siteId": "site_s"},
        {"siteId": "site_s", "deviceId": "dev_b"},
        {"siteId": "site_s", "deviceId": "dev_b", "start": at(0), "end": at(86400.000001)},
        {"siteId": "site_s", "recordingId": "rec_other", "start": at(0)},
        {"siteId": "site_s", "recordingId": "rec_other", "end": at(0)},
        {"siteId": "site_h", "recordingId": "rec_first"},
    ],
)
def test_requests_for_lake_files_are_bounded(fox: Fox, query: Any) -> None:
    """By a site, a device or recording, and a day."""
    assert fox.api.refusal("GET", "/lake-files", query=query)[0] == 400


def test_indexes_are_read_once(fox: Fox, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a recording is asked for."""
    fox.get("/data/topics", deviceId="dev_a")
    monkeypatch.setattr(Mcap, "open", _never)
    fox.get("/data/topics", deviceId="dev_a")


def _never(path: Path, *, verify: bool = False) -> Any:
    raise AssertionError(f"{path} is opened again (verify={verify})")
