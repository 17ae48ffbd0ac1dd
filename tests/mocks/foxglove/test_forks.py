"""An organisation is taken, put back and forked whole: rows, files, imports, links, ids and limits."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from recorded_files import mcap
from robowire_generators.foxe import FoxeRecipe, make_foxe
from robowire_mocks.core.snapshots import UnknownSnapshot
from robowire_mocks.core.world import WorldError

WORLD: dict[str, Any] = {
    "device": [{"id": "dev_1", "name": "one"}],
    "site": [
        {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
        {"id": "site_s", "name": "own", "type": "self-hosted"},
    ],
    "recording": [
        {"id": "rec_1", "path": "a.mcap", "device": "dev_1", "site": "site_h"}
        | {"start": -60, "end": -30, "make": "mcap"}
    ],
    "extension": [{"id": "ext_1", "publisher": "p", "name": "n", "display_name": "N", "versions": ["1.0.0"]}],
    "webhook": [{"id": "whk_1", "url": "http://127.0.0.1:9/"}],
}


@pytest.fixture
def fox(make_api: Any) -> Any:
    """An organisation with something of everything."""
    return make_api(**WORLD)


@pytest.fixture
def fork(fox: Any) -> Iterator[Any]:
    """A fork of it."""
    with fox.mock.fork() as mock:
        yield replace(fox, mock=mock)


def everything(fox: Any) -> Any:
    """What the API shows of an organisation."""
    paths = ("devices", "sites", "recordings", "extensions", "events", "data/topics", "recording-attachments")
    return [fox.get(f"/{path}") for path in paths], fox.mock.webhooks.listing()


def upload(fox: Any, data: bytes, name: str = "u.mcap") -> str:
    """Upload a file; gives the requestId."""
    asked = fox.send("POST", "/data/upload", {"filename": name, "deviceName": "one"})
    assert fox.mock.app.test_client().put(asked["link"], data=data).status_code == 200
    return str(asked["requestId"])


def stream(fox: Any, recording: str) -> bytes:
    """The data of a recording."""
    link = fox.send("POST", "/data/stream", {"recordingId": recording, "outputFormat": "mcap0"})["link"]
    answer = fox.mock.app.test_client().get(link)
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def test_a_fork_is_as_its_mock_is_and_then_its_own(fox: Any, fork: Any) -> None:
    """What is made, changed or removed on one side does not show on the other."""
    before = everything(fox)
    assert everything(fork) == before
    for one, name in ((fox, "mine"), (fork, "yours")):
        one.send("POST", "/devices", {"name": name})
        one.send("PATCH", "/devices/dev_1", {"name": f"{name}-first"})
        assert one.names() == [f"{name}-first", name]
        assert one.refusal("GET", "/devices/one")[0] == 404
        assert one.get(f"/devices/{name}-first")["id"] == "dev_1"
    fork.send("DELETE", "/recordings/rec_1")
    fork.send("DELETE", "/extensions/ext_1")
    fork.mock.webhooks.remove("whk_1")
    assert fox.get("/recordings/rec_1")["device"]["name"] == "mine-first"
    assert fox.get("/extensions") == before[0][3]
    assert fox.mock.webhooks.listing() == before[1]
    fox.mock.reset()
    assert everything(fox) == before


def test_ids_come_the_same_way_again(fox: Any) -> None:
    """After a reset, and in a fork: the same requests are answered with the same ids."""
    with fox.mock.fork() as other:
        fork = replace(fox, mock=other)
        first = fox.send("POST", "/devices", {"name": "two"})
        assert fork.send("POST", "/devices", {"name": "two"}) == first
    fox.mock.reset()
    assert fox.send("POST", "/devices", {"name": "two"}) == first


def test_files_are_shared_and_go_with_the_last_that_holds_them(fox: Any) -> None:
    """One that was uploaded is there for a fork after it was deleted here, and no longer than that."""
    data = mcap(times=(1, 2))
    upload(fox, data)
    assert fox.mock.imports.wait()
    recording = fox.get("/recordings", sortBy="path", sortOrder="desc")[0]["id"]
    path = fox.mock.state.files.path(fox.mock.state.recordings.get(recording).file_id)
    with fox.mock.fork() as other:
        fork = replace(fox, mock=other)
        fox.send("DELETE", f"/recordings/{recording}")
        assert fox.refusal("GET", f"/recordings/{recording}")[0] == 404
        assert stream(fork, recording).startswith(b"\x89MCAP")
        fox.mock.close()
        assert stream(fork, recording).startswith(b"\x89MCAP")
        fork.send("DELETE", f"/recordings/{recording}")
        assert path.exists(), "the fork's start has it"
        other.start = None
        assert not path.exists()
        folder = path.parent
        assert folder.exists()
    assert not folder.exists()


def test_snapshots_hold_their_files(fox: Any) -> None:
    """Until they are forgotten."""
    upload(fox, mcap(times=(1, 2)))
    assert fox.mock.imports.wait()
    recording = fox.get("/recordings", sortBy="path", sortOrder="desc")[0]["id"]
    path = fox.mock.state.files.path(fox.mock.state.recordings.get(recording).file_id)
    fox.mock.snapshots.save("with it")
    fox.mock.reset()
    assert fox.refusal("GET", f"/recordings/{recording}")[0] == 404
    fox.mock.snapshots.restore("with it")
    assert stream(fox, recording).startswith(b"\x89MCAP")
    fox.mock.reset()
    assert path.exists()
    fox.mock.snapshots.remove("with it")
    assert not path.exists()


def test_snapshots_by_name(fox: Any) -> None:
    """Saved, restored any number of times, saved again, removed; the clock comes back too, deviations stay."""
    mock = fox.mock
    now = mock.clock.now()
    mock.snapshots.save("empty")
    fox.send("POST", "/devices", {"name": "two"})
    mock.clock.advance(60)
    mock.deviate("anonymous-lists")
    mock.snapshots.save("two")
    for _ in range(2):
        mock.snapshots.restore("empty")
        assert (fox.names(), mock.clock.now(), mock.deviations) == (["one"], now, ("anonymous-lists",))
        mock.snapshots.restore("two")
        assert (fox.names(), mock.clock.now()) == (["one", "two"], now + 60)
    mock.snapshots.save("empty")
    assert mock.snapshots.names() == ["two", "empty"]
    mock.reset()
    mock.snapshots.restore("empty")
    assert fox.names() == ["one", "two"]
    mock.snapshots.remove("two")
    with pytest.raises(UnknownSnapshot, match="no snapshot is called 'two'; there are: empty"):
        mock.snapshots.restore("two")
    with pytest.raises(UnknownSnapshot):
        mock.snapshots.remove("two")
    for name in ("", "x" * 101):
        with pytest.raises(ValueError, match="from 1 to 100 characters"):
            mock.snapshots.save(name)


def test_a_fork_has_the_snapshots_there_were(fox: Any) -> None:
    """And those that are saved later are of one of them alone."""
    fox.mock.snapshots.save("before")
    fox.send("POST", "/devices", {"name": "two"})
    with fox.mock.fork() as other:
        fork = replace(fox, mock=other)
        other.snapshots.save("mine")
        other.snapshots.restore("before")
        assert fork.names() == ["one"]
    assert fox.mock.snapshots.names() == ["before"]
    assert fox.names() == ["one", "two"]


def test_imports_go_on_on_both_sides(fox: Any) -> None:
    """One that is held is held in the fork as well, and ends there as it would have here."""
    fox.mock.imports.hold()
    request_id = upload(fox, mcap(times=(1, 2)))
    with fox.mock.fork() as other:
        fork = replace(fox, mock=other)
        assert not other.imports.wait()
        other.imports.release()
        assert other.imports.wait()
        assert [one["path"] for one in fork.get("/recordings")] == ["a.mcap", "u.mcap"]
        assert [one["path"] for one in fox.get("/recordings")] == ["a.mcap"]
        other.reset()
        assert not other.imports.wait(), "it began with one that is held"
    fox.mock.imports.release()
    assert fox.mock.imports.wait()
    (pending,) = fox.get("/data/pending-imports", requestId=request_id, showCompleted="true")
    assert pending["status"] == "complete"


def test_an_object_in_parts_is_finished_on_both_sides(fox: Any, fork: Any) -> None:
    """Parts that came before belong to both."""
    data = mcap(times=(1, 2))

    def s3(one: Any, method: str, query: str, **options: Any) -> Any:
        answer = one.mock.app.test_client().open(f"/s3/inbox/x.mcap?{query}", method=method, **options)
        assert answer.status_code in {200, 204}, answer.text
        return answer.text

    upload_id = s3(fox, "POST", "uploads").split("<UploadId>")[1].split("<")[0]
    s3(fox, "PUT", f"uploadId={upload_id}&partNumber=1", data=data[:100])
    with fox.mock.fork() as other:
        both = (fox, replace(fox, mock=other))
        for one in both:
            s3(one, "PUT", f"uploadId={upload_id}&partNumber=2", data=data[100:])
        for one in both:
            body = "".join(f"<Part><PartNumber>{number}</PartNumber></Part>" for number in (1, 2))
            s3(one, "POST", f"uploadId={upload_id}", data=body)
            assert one.mock.imports.wait()
            assert [each["path"] for each in one.get("/recordings")] == ["a.mcap", "x.mcap"]
    assert len(fork.get("/recordings")) == 1


def test_extensions_are_shared(fox: Any, fork: Any) -> None:
    """One that is published again here is what it was there."""
    raw = make_foxe(FoxeRecipe(publisher="p", name="n", version="2.0.0", display_name="N"))
    headers = {"Content-Type": "application/octet-stream"}
    assert fox.ask("POST", "/extension-upload", data=raw, headers=headers).status_code == 200
    assert fox.get("/extensions/ext_1")["activeVersion"] == "2.0.0"
    assert fork.get("/extensions/ext_1")["activeVersion"] == "1.0.0"
    for one in (fox, fork):
        shown = one.get("/extensions/ext_1")
        file = one.mock.app.test_client().get(shown["foxe"])
        assert hashlib.sha256(file.data).hexdigest() == shown["sha256Sum"]


def test_a_link_to_data_works_after_the_state_was_restored(fox: Any) -> None:
    """As long as it did when the state was saved."""
    link = fox.send("POST", "/data/stream", {"recordingId": "rec_1", "outputFormat": "mcap0"})["link"]
    fox.mock.snapshots.save("linked")
    fox.mock.reset()
    assert fox.mock.app.test_client().get(link).status_code == 404
    fox.mock.snapshots.restore("linked")
    assert fox.mock.app.test_client().get(link).status_code == 200


def test_limits_come_back(make_api: Any) -> None:
    """Those of the world, and those that were set when the state was saved."""
    fox = make_api(rate_limit={"requests_per_second": 3}, **WORLD)

    def answered() -> int:
        """How many of four requests."""
        return [fox.ask("GET", "/devices").status_code for _ in range(4)].count(200)

    assert answered() == 3
    fox.mock.state.rate.limit(1)
    fox.mock.snapshots.save("slow")
    fox.mock.reset()
    assert answered() == 3
    fox.mock.snapshots.restore("slow")
    assert answered() == 1


def test_another_world_takes_the_place_of_the_first(fox: Any, tmp_path: Path) -> None:
    """From a file, a table or by name; with its keys, and its clock; reset comes back to it."""
    file = tmp_path / "other.toml"
    file.write_text("[[key]]\nkey = 'k'\ncapabilities = ['*']\n[[device]]\nname = 'from a file'\n", encoding="utf-8")
    fox.mock.snapshots.save("first")
    other = replace(fox, token="k")
    fox.mock.load(file)
    assert (other.names(), fox.ask("GET", "/devices").status_code) == (["from a file"], 401)
    other.send("POST", "/devices", {"name": "two"})
    fox.mock.reset()
    assert other.names() == ["from a file"]
    fox.mock.load({"key": [{"key": "k", "capabilities": ["*"]}], "clock": {"start": "2026-01-01T00:00:00Z"}})
    assert other.names() == []
    assert fox.mock.clock.now() - 1767225600 < 60
    fox.mock.load("foxglove")
    assert len(replace(fox, token="fox_sk_robowire_all").names()) > 1
    fox.mock.snapshots.restore("first")
    assert fox.names() == ["one"]


@pytest.mark.parametrize(
    "world",
    [
        "no-such-world",
        {"devices": []},
        {"device": [{"name": "twice"}, {"name": "twice"}]},
        {"event": [{"device": "dev_9", "start": 0, "end": 1}]},
    ],
)
def test_a_world_that_makes_no_sense_changes_nothing(fox: Any, world: Any) -> None:
    """Not even half of it is loaded."""
    fox.send("POST", "/devices", {"name": "two"})
    before, entries = everything(fox), len(fox.mock.journal.entries())
    with pytest.raises(WorldError):
        fox.mock.load(world)
    assert len(fox.mock.journal.entries()) == entries
    assert everything(fox) == before


def test_a_world_in_real_time_is_made_anew_when_it_is_old(make_api: Any) -> None:
    """What it says relative to the present was long past, or to come, for a test that froze the time elsewhere."""
    event = [{"id": "evt_1", "device": "dev_1", "start": -60, "end": -30}]
    with freeze_time("2026-11-20T12:00:30Z") as time:
        fox = make_api(frozen=False, event=event, **WORLD)
        seen = []
        for move in (600, 3600, -86400):
            time.tick(move)
            fox.mock.reset()
            seen.append(fox.get("/events/evt_1")["start"])
        assert seen == ["2026-11-20T11:59:00Z", "2026-11-20T13:09:00Z", "2026-11-19T13:09:00Z"]


def test_what_is_made_anew_is_the_start(make_api: Any) -> None:
    """Not the world of a snapshot that was restored meanwhile."""
    with freeze_time("2026-11-20T12:00:00Z") as time:
        fox = make_api(frozen=False)
        fox.mock.snapshots.save("empty")
        fox.mock.load({"key": [{"key": fox.token, "capabilities": ["*"]}], "device": [{"name": "loaded"}]})
        fox.mock.snapshots.restore("empty")
        assert fox.names() == []
        time.tick(7200)
        fox.mock.reset()
        assert fox.names() == ["loaded"]
        assert fox.get("/devices")[0]["createdAt"] == "2026-11-20T14:00:00Z"


def test_a_fork_in_real_time_stays_what_it_was_made_of(fox: Any, make_api: Any) -> None:
    """However old it becomes: what it began with is in no world."""
    with freeze_time("2026-11-20T12:00:00Z") as time:
        fox = make_api(frozen=False, **WORLD)
        fox.send("POST", "/devices", {"name": "two"})
        with fox.mock.fork() as other:
            time.tick(100_000)
            other.reset()
            assert replace(fox, mock=other).names() == ["one", "two"]
