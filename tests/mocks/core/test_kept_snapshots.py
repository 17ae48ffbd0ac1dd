"""With a data folder, snapshots outlive the process, the files that only they still need included."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.shelf import Shelf
from robowire_mocks.core.snapshots import UnknownSnapshot
from robowire_mocks.core.thawing import Strange, freeze, thaw

ALL = {"Authorization": "Bearer fox_sk_robowire_all"}


class Starts:
    """One mock after the other in the same data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mock: Mock[Any] | None = None

    def __call__(self, api: str, **settings: Any) -> Mock[Any]:
        """The next process's mock."""
        self.close()
        self.mock = create_mock(api, data_dir=self.folder, **settings)
        return self.mock

    def close(self) -> None:
        """End the last one."""
        if self.mock is not None:
            self.mock.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    """Starts mocks in one data folder."""
    starts = Starts(tmp_path)
    yield starts
    starts.close()


def get(mock: Mock[Any], path: str) -> Any:
    """The JSON value of an answer."""
    return mock.app.test_client().get(path, headers=ALL).get_json()


def files(folder: Path) -> set[str]:
    """The files of a folder and those below."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_organisation_comes_back_in_its_order(start: Starts, tmp_path: Path) -> None:
    """Rows and files that were deleted since are there again, for the process after that too."""
    mock = start("foxglove")
    before = {path: get(mock, path) for path in ("/v1/devices", "/v1/recordings", "/v1/extensions", "/v1/sites")}
    lying = files(tmp_path / "recordings")
    mock.snapshots.save("whole")
    for recording in before["/v1/recordings"][:3]:
        mock.app.test_client().delete(f"/v1/recordings/{recording['id']}", headers=ALL)
    for extension in before["/v1/extensions"]:
        mock.app.test_client().delete(f"/v1/extensions/{extension['id']}", headers=ALL)
    changed = get(mock, "/v1/recordings")
    assert len(changed) < len(before["/v1/recordings"])
    mock = start("foxglove")
    assert mock.snapshots.names() == ["whole"]
    assert get(mock, "/v1/recordings") == changed
    mock.snapshots.restore("whole")
    for _ in range(2):
        assert {path: get(mock, path) for path in before} == before
        assert files(tmp_path / "recordings") == lying
        mock = start("foxglove")


def test_files_go_when_the_last_snapshot_goes_that_has_them(start: Starts, tmp_path: Path) -> None:
    """Not before, also if the process that removes it is another one."""
    mock = start("foxglove")
    mock.snapshots.save("a")
    mock.snapshots.save("b")
    for recording in get(mock, "/v1/recordings"):
        mock.app.test_client().delete(f"/v1/recordings/{recording['id']}", headers=ALL)
    rows = {row.file_id for row in mock.state.recordings}  # type: ignore[attr-defined]  # those that are at the edge, too
    left = len(files(tmp_path / "recordings"))
    assert left > len(rows)
    mock = start("foxglove")
    mock.snapshots.remove("a")
    mock = start("foxglove")
    assert len(files(tmp_path / "recordings")) == left
    mock.snapshots.remove("b")
    assert start("foxglove").snapshots.names() == []
    assert files(tmp_path / "recordings") == rows


def test_bags_come_back(start: Starts) -> None:
    """Those that were purged since, and none that were recorded since."""
    mock = start("bags", world="bags-recorder")
    before = get(mock, "/bags/")
    mock.snapshots.save("before")
    mock.clock.advance(3600)
    assert get(mock, "/bags/") != before
    mock = start("bags", world="bags-recorder")
    mock.snapshots.restore("before")
    assert get(mock, "/bags/") == before
    mock = start("bags", world="bags-recorder")
    assert get(mock, "/bags/") == before


def test_exports_come_back(start: Starts) -> None:
    """With the world whose telemetry they have."""
    mock = start("losant")
    key = {"Authorization": "Bearer losant_robowire_all"}
    path = "/applications/64f0a1b2c3d4e5f6a7b80001/data/export"
    assert mock.app.test_client().post(path, json={"email": "a@b.c"}, headers=key).status_code == 202
    outbox = mock.readings["outbox"]()
    mock.snapshots.save("done")
    mock.reset()
    assert mock.readings["outbox"]() == []
    mock = start("losant")
    mock.snapshots.restore("done")
    assert mock.readings["outbox"]() == outbox
    with mock.app.test_client().get(outbox[0]["url"]) as answer:
        assert answer.status_code == 200


def test_a_snapshot_of_another_version_is_said(start: Starts) -> None:
    """It may still be removed."""
    mock = start("losant")
    mock.snapshots.save("old")
    mock.database.put("snapshots", "old", b"\x80\x05nonsense")
    mock = start("losant")
    with pytest.raises(UnknownSnapshot, match="'old' was saved by another version of robowire"):
        mock.snapshots.restore("old")
    mock.snapshots.remove("old")
    assert start("losant").snapshots.names() == []


@pytest.mark.parametrize("value", [logging.getLogger("x").info, print, Path.unlink, create_mock])
def test_nothing_but_values_of_ours_is_made(value: Any) -> None:
    """A data folder that somebody else wrote runs no code."""
    shelf = Shelf(None, "test")
    with pytest.raises(Strange):
        thaw(freeze({"a": value}, shelf)[0], shelf)
