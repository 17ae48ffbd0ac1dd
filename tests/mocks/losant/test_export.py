"""Exports: the job, the file, the outbox, the callback and the link that expires."""

import csv
import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from robowire_generators.telemetry import AttributeType
from robowire_mocks import create_mock
from robowire_mocks.core.steps import wrap
from robowire_mocks.losant import LosantMock
from robowire_mocks.losant.jobs import Order


@pytest.fixture
def api(make_api: Any, worlds: Any) -> Any:
    """Two devices with awkward strings, ties, gaps and a blob."""
    now = worlds.NOW
    first = [
        (now - 3000, {"text": 'a,"b"\n', "level": 1.5}),
        (now - 2000, {"on": True, "level": -0.0}),
        (now - 2000, {"on": False}),
        (now - 1000, {"raw": "AAAA"}),
    ]
    kinds = {"text": AttributeType.STRING, "level": AttributeType.NUMBER, "on": AttributeType.BOOLEAN}
    one = worlds.make_device(1, first, attributes={**kinds, "raw": AttributeType.BLOB})
    two = worlds.make_device(2, [(now - 2500, {"level": 1e22})])
    return make_api(worlds.make_world(one, two))


def export(api: Any, body: Any = None) -> tuple[dict[str, Any], bytes]:
    """Ask for an export; its entry in the outbox and its file."""
    answer = api.post("export", body)
    assert answer.status_code == 202, answer.text
    assert (answer.json["jobQueued"], answer.json["success"]) == (True, True)
    assert len(answer.json["jobId"]) <= 21
    entry = api.client.get("/__robowire/outbox").json[-1]
    assert entry["jobId"] == answer.json["jobId"]
    return entry, api.client.get(entry["url"]).data


def rows(data: bytes) -> list[list[str]]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_the_file_has_a_row_per_state(api: Any, worlds: Any) -> None:
    """With id, timestamp, date and a column per attribute that is no blob."""
    _, data = export(api)
    now = worlds.NOW
    assert rows(data) == [
        ["ID", "Timestamp", "Date", "text", "level", "on"],
        [worlds.device_id(1), str(now - 3000), "2023-11-14T22:13:17.000Z", 'a,"b"\n', "1.5", ""],
        [worlds.device_id(1), str(now - 2000), "2023-11-14T22:13:18.000Z", "", "-0", "true"],
        [worlds.device_id(1), str(now - 2000), "2023-11-14T22:13:18.000Z", "", "", "false"],
        [worlds.device_id(1), str(now - 1000), "2023-11-14T22:13:19.000Z", "", "", ""],
        [worlds.device_id(2), str(now - 2500), "2023-11-14T22:13:17.500Z", "", "1e+22", ""],
    ]


def test_options_choose_columns_and_rows(api: Any, worlds: Any) -> None:
    """Attributes choose states too."""
    options = {"includeDate": False, "includeID": False}
    _, data = export(api, {"attributes": ["level"], "start": -2600, "options": options})
    now = worlds.NOW
    assert rows(data) == [["Timestamp", "level"], [str(now - 2000), "-0"], [str(now - 2500), "1e+22"]]
    _, data = export(api, {"attributes": ["raw"], "options": {"includeBlobData": True}})
    assert [row[3:] for row in rows(data)] == [["raw"], ["AAAA"]]
    _, data = export(api, {"end": worlds.NOW - 3000})
    assert len(rows(data)) == 1


def test_a_file_per_device_is_one_zip(api: Any, worlds: Any) -> None:
    """One link is always enough."""
    entry, data = export(api, {"options": {"filePerDevice": True}})
    assert entry["file"] == f"{entry['jobId']}.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"{worlds.device_id(n)}.csv" for n in (1, 2)]
        assert [len(rows(archive.read(name))) for name in archive.namelist()] == [5, 2]


def test_a_callback_gets_the_link(api: Any, receiver: tuple[str, list[Any]]) -> None:
    """And the outbox says what answered; redirects are not followed."""
    url, got = receiver
    entry, data = export(api, {"callbackUrl": url, "email": "a@example.com"})
    assert got[-1:] == [{name: entry[name] for name in ("jobId", "applicationId", "url", "expiresAt")}]
    assert (entry["callbackStatus"], entry["to"]) == (302, "a@example.com")
    assert data.startswith(b"ID,")


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "http://10.0.0.1/", "http://localhost.example/", "ftp://127.0.0.1/", "http://127.0.0.1:1/"],
)
def test_no_other_machine_is_called(api: Any, url: str) -> None:
    """Nor is anything but HTTP spoken; the file is there all the same."""
    entry, data = export(api, {"callbackUrl": url})
    assert entry["callbackStatus"].startswith(("not sent", "not delivered"))
    assert data


def test_a_link_expires_by_the_mocks_clock(api: Any) -> None:
    """410 then, and 404 for what never was."""
    entry, _ = export(api)
    api.mock.clock.advance(7 * 24 * 3600 - 1)
    assert api.client.get(entry["url"]).data
    api.mock.clock.advance(1)
    answer = api.client.get(entry["url"])
    assert (answer.status_code, answer.json["type"]) == (410, "Gone")
    assert api.client.get("/exports/../state.json").status_code == 404


def test_a_world_says_how_long_links_live_and_who_may_be_called(make_api: Any, worlds: Any) -> None:
    """In seconds, and by name."""
    world = replace(worlds.make_world(), link_s=60, callback_hosts=("0.0.0.0",))
    api = make_api(world)
    entry, _ = export(api, {"callbackUrl": "ftp://0.0.0.0/"})
    assert entry["expiresAt"] == worlds.iso(worlds.NOW + 60_000)
    assert "HTTP" in entry["callbackStatus"]
    entry, _ = export(api, {"callbackUrl": "http://0.0.0.0:1/"})
    assert entry["callbackStatus"].startswith("not delivered")  # it was tried, and nobody listens there


def test_reset_forgets_exports(api: Any) -> None:
    """And their files."""
    entry, _ = export(api)
    api.mock.reset()
    assert api.client.get("/__robowire/outbox").json == []
    assert api.client.get(entry["url"]).status_code == 404


def test_exports_outlive_the_process(tmp_path: Path, worlds: Any) -> None:
    """In the data folder, with the clock."""
    world = worlds.make_world(worlds.make_device(1, [(worlds.NOW - 1, {"a": 1.0})]))
    with LosantMock(world, tmp_path) as mock:
        entry, data = export(worlds.Api(mock, mock.app.test_client()))
        mock.clock.advance(60)
    with LosantMock(world, tmp_path) as mock:
        client = mock.app.test_client()
        assert client.get(entry["url"]).data == data
        assert client.get("/__robowire/outbox").json == [entry]
        assert mock.clock.now() == worlds.NOW / 1000 + 60


def test_the_file_is_sent_as_csv(api: Any) -> None:
    """Under its name."""
    entry, _ = export(api)
    with api.client.get(entry["url"]) as answer:
        assert answer.mimetype == "text/csv"
        assert entry["file"] in answer.headers["Content-Disposition"]


def test_an_export_that_was_asked_for_is_made_by_another_process(tmp_path: Path) -> None:
    """If the first one is killed before it is done; of the states that the world had then, by the same id."""
    key = {"Authorization": "Bearer losant_robowire_all"}
    path = "/applications/64f0a1b2c3d4e5f6a7b80001/data/export"
    asked = {"email": "a@b.c", "end": -1000, "attributes": ["voltage"]}
    with create_mock("losant", data_dir=tmp_path / "data") as mock:
        going_on = Event()
        mock.steps = wrap(mock.steps, "write", lambda honest, *args: going_on.wait() and honest(*args))
        jobs = [mock.app.test_client().post(path, json=asked, headers=key).get_json()["jobId"] for _ in range(2)]
        shutil.copytree(tmp_path / "data", tmp_path / "killed")
        going_on.set()
        made = [_content(mock, job) for job in jobs]
    with create_mock("losant", data_dir=tmp_path / "killed") as again:
        assert [_content(again, job) for job in jobs] == made
        third = again.app.test_client().post(path, json=asked, headers=key).get_json()["jobId"]
        assert third not in jobs
        assert [entry["jobId"] for entry in again.readings["outbox"]()] == [*jobs, third]
    with create_mock("losant", data_dir=tmp_path / "killed") as again:
        assert len(again.readings["outbox"]()) == 3


def _content(mock: Any, job_id: str) -> bytes:
    (url,) = (entry["url"] for entry in mock.readings["outbox"]() if entry["jobId"] == job_id)
    with mock.app.test_client().get(url) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def test_an_export_of_what_is_not_there_any_more_is_dropped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """In another world; it is said, and nothing else is held up."""
    with create_mock("losant", data_dir=tmp_path) as mock:
        mock.database.put(  # as an earlier process left it
            "ordered exports", "old", Order("f" * 24, "http://a", 1, "{}")
        )
    with create_mock("losant", data_dir=tmp_path) as mock:
        assert mock.readings["outbox"]() == []
    assert "the export old cannot be gone on with in this world" in caplog.text
    caplog.clear()
    with create_mock("losant", data_dir=tmp_path) as mock:
        assert mock.readings["outbox"]() == []
    assert caplog.text == ""
