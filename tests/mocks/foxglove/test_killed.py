"""What lies in the data folder at any moment is what another process goes on with, however the first one ends."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorded_files import mcap

SITES = [
    {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
    {"id": "site_s", "name": "own", "type": "self-hosted"},
]
WORLD: dict[str, Any] = {"site": SITES, "device": [{"id": "dev_1", "name": "one"}]}
MakeApi = Callable[..., Any]


@pytest.fixture
def kill(tmp_path: Path) -> Callable[[], Path]:
    """Gives the folder that a process leaves that is killed now."""
    copies: list[Path] = []

    def killed() -> Path:
        copies.append(tmp_path / f"killed-{len(copies)}")
        return Path(shutil.copytree(tmp_path / "data", copies[-1]))

    return killed


@pytest.fixture
def api(make_api: MakeApi, tmp_path: Path) -> Any:
    """A mock with a data folder, whose imports are held."""
    made = make_api(tmp_path / "data", **WORLD)
    made.mock.imports.hold()
    return made


def upload(api: Any, data: bytes, **members: Any) -> str:
    """Upload a file; gives the requestId."""
    asked = api.send("POST", "/data/upload", {"filename": "a.mcap", **members})
    assert api.mock.app.test_client().put(asked["link"], data=data).status_code == 200
    return str(asked["requestId"])


def files(folder: Path) -> list[str]:
    """The files of recordings in a data folder."""
    return sorted(path.name for path in (folder / "recordings").iterdir())


@pytest.mark.parametrize("stages", range(4))
def test_an_import_goes_on_where_it_was(stages: int, api: Any, make_api: MakeApi, kill: Callable[[], Path]) -> None:
    """From whatever stage, to the same end, with the same ids."""
    request_id = upload(api, mcap(), key="k")
    for _ in range(stages):
        assert api.mock.imports.step() == 1
    left = kill()
    api.mock.imports.release()
    assert api.mock.imports.wait()
    again = make_api(left, **WORLD)
    assert again.mock.imports.wait()
    recording = again.get("/recordings/k")
    assert recording["importStatus"] == "complete"
    assert recording["id"] == api.get("/recordings/k")["id"]
    (pending,) = again.get("/data/pending-imports", requestId=request_id, showCompleted="true")
    (before,) = api.get("/data/pending-imports", requestId=request_id, showCompleted="true")
    assert pending["importId"] == before["importId"]


def test_parts_of_an_object_are_put_together_by_another_process(
    api: Any, make_api: MakeApi, kill: Callable[[], Path]
) -> None:
    """Those that were acknowledged need not be sent again, and are gone when the object is whole."""
    data = mcap()
    client = api.mock.app.test_client()
    begun = client.post("/s3/inbox/a.mcap?uploads=", headers={"x-amz-meta-foxglove_key": "k"})
    upload_id = begun.text.partition("<UploadId>")[2].partition("<")[0]
    client.put(f"/s3/inbox/a.mcap?uploadId={upload_id}&partNumber=1", data=data[:100])
    again = make_api(kill(), **WORLD)
    client = again.mock.app.test_client()
    client.put(f"/s3/inbox/a.mcap?uploadId={upload_id}&partNumber=2", data=data[100:])
    listed = "<PartNumber>1</PartNumber><PartNumber>2</PartNumber>"
    assert client.post(f"/s3/inbox/a.mcap?uploadId={upload_id}", data=listed).status_code == 200
    assert again.mock.imports.wait()
    assert again.get("/recordings/k")["size"] == len(data)
    assert len(again.mock.state.arrived_parts) == len(again.mock.state.assemblies) == 0


def test_files_that_no_row_has_are_removed(api: Any, make_api: MakeApi, kill: Callable[[], Path]) -> None:
    """What was on its way, and what was deleted; those that rows have stay."""
    upload(api, mcap(), key="k")
    left = kill()
    (kept,) = files(left)
    for name in ("half.part", "whole"):
        (left / "recordings" / name).touch()
    make_api(left, **WORLD)
    assert files(left) == [kept]


def test_a_file_goes_after_the_row_that_has_it(
    api: Any, make_api: MakeApi, kill: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed before the deletion is kept leaves the recording as it was, with its data."""
    upload(api, mcap(topic="/odom"), key="k")
    api.mock.imports.release()
    assert api.mock.imports.wait()
    left: list[Path] = []
    state = api.mock.state
    settle = type(state.lock)._settle

    def killed_before(database: Any) -> None:
        left.append(kill())
        settle(database)

    with monkeypatch.context() as patched:
        patched.setattr(type(state.lock), "_settle", killed_before)
        api.send("DELETE", "/recordings/k")
    assert files(kill()) == []
    again = make_api(left[-1], **WORLD)
    assert [topic["topic"] for topic in again.get("/data/topics", recordingKey="k")] == ["/odom"]


def test_a_request_that_changes_several_rows_is_one_transaction(
    api: Any, make_api: MakeApi, kill: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device goes with its tokens, or stays with all of them."""
    for _ in range(3):
        api.send("POST", "/device-tokens", {"deviceId": "dev_1"})
    left: list[Path] = []
    state = api.mock.state
    change = type(state.lock)._change

    def killed_after(database: Any, *values: Any) -> None:
        change(database, *values)
        left.append(kill())

    with monkeypatch.context() as patched:
        patched.setattr(type(state.lock), "_change", killed_after)
        api.send("DELETE", "/devices/dev_1")
    assert len(left) == 4
    for folder in left:
        again = make_api(folder, **WORLD)
        assert (len(again.get("/device-tokens")), again.names()) == (3, ["one"])
    again = make_api(kill(), **WORLD)
    assert (again.get("/device-tokens"), again.names()) == ([], [])


def test_a_reset_is_one_transaction(api: Any, make_api: MakeApi, kill: Callable[[], Path]) -> None:
    """Rows come back in their order, and ids of an earlier process do not."""
    for name in "bca":
        api.send("POST", "/devices", {"name": name})
    first = api.send("POST", "/devices", {"name": "x"})
    api.send("DELETE", "/devices/one")
    api.mock.reset()
    assert api.names() == make_api(kill(), **WORLD).names() == ["one"]
    again = make_api(kill(), **WORLD)
    assert again.send("POST", "/devices", {"name": "x"})["id"] != first["id"]


def test_webhooks_tell_what_is_kept(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody hears of a device that a process that is killed a moment later has not kept."""
    api.mock.webhooks.act({"register": {"url": "http://127.0.0.1:9/"}})
    order: list[str] = []
    state = api.mock.state
    monkeypatch.setattr(state.deliveries, "add", lambda _: order.append("told"))
    monkeypatch.setattr("robowire_mocks.core.database._write", lambda *_: order.append("kept"))
    api.send("POST", "/devices", {"name": "new"})
    assert order == ["kept", "told"]
