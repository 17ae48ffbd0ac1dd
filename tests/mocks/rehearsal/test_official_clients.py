"""The vendors' own clients, unmodified, in process: what they do when things go wrong is seen as it is."""

from datetime import UTC, datetime
from typing import Any

import foxglove.client
import foxglove_data_platform.client
import losant_rest
import pytest
from robowire_mocks.rehearsal import Client, Place, rehearse

FOXGLOVE = "https://api.foxglove.dev"
LOSANT = "https://api.losant.com"
APPLICATION = "64f0a1b2c3d4e5f6a7b80001"


def works_with(client: Any, *, looks: bool) -> Client:
    """A program on a Foxglove client that does a bit of everything; it looks at what became of an upload, or not."""

    def work(place: Place) -> None:
        fleet = client(token=place.token)
        complete = [one for one in fleet.get_recordings() if one["import_status"] == "complete"]
        fleet.download_recording_data(id=complete[0]["id"])
        fleet.download_attachment(id=fleet.get_attachments()[0]["id"])
        now = datetime.now(UTC)
        device = fleet.get_device(device_name="tug-01")["id"]
        fleet.create_event(device_id=device, start=now, end=now)
        put = fleet.upload_data(device_id=device, filename="a.mcap", data=b"data")
        if looks and put["code"] != 200:
            raise RuntimeError(put["text"])

    return work


def asks_losant(place: Place) -> None:
    """A program on losant-rest that asks for everything there is."""
    data = losant_rest.Client(auth_token=place.token, url=place.url).data
    query = {"duration": 3_600_000, "resolution": 300_000, "attributes": ["voltage"]}
    data.last_value_query(applicationId=APPLICATION, query={"attribute": "voltage"})
    data.time_series_query(applicationId=APPLICATION, query=query)
    data.export(applicationId=APPLICATION, query={"email": "a@robowire.test", "attributes": ["voltage"]})


def statuses(api: str, client: Client, address: str) -> dict[str, str]:
    """The status of each scenario; the reasons of what is not right stand in the next test."""
    return {verdict.scenario.id: str(verdict.status) for verdict in rehearse(api, client, address=address)}


BOTH = {
    # They ask once, and say so if that was nothing: right, though more patience would be wise.
    "too-many-requests": "warned",
    "too-many-requests-until": "warned",
    "unavailable": "warned",
    "answer-cut": "warned",
    "link-expires": "warned",
    "stream-cut": "warned",
    "upload-cut": "warned",
    # And right they are in the rest: the key goes to the API alone, what is not known is borne.
    "down": "passed",
    "key-refused": "passed",
    "answer-lost": "passed",
    "bad-json": "passed",
    "new-import-status": "passed",
    "unknown-members": "passed",
    "links-elsewhere": "passed",
    "upload-answer-lost": "passed",
    "duplicate-webhook": "not-tested",
}


@pytest.mark.filterwarnings("ignore:The `foxglove-data-platform` package has been renamed:DeprecationWarning")
@pytest.mark.parametrize(
    "client", [foxglove.client.Client, foxglove_data_platform.client.Client], ids=["current", "older"]
)
def test_foxglove_clients(client: Any) -> None:
    """A refused upload is told to those alone who look at what `upload_data` gives."""
    assert statuses("foxglove", works_with(client, looks=True), FOXGLOVE) == BOTH | {"upload-refused": "warned"}
    (careless,) = rehearse("foxglove", works_with(client, looks=False), ["upload-refused"], address=FOXGLOVE)
    assert careless.failed
    assert "it ended as if it had it, but never got it whole: PUT /uploads/" in str(careless)


def test_losant_rest() -> None:
    """It asks once, and gives what is no JSON to the caller as a string."""
    assert statuses("losant", asks_losant, LOSANT) == {
        "too-many-requests": "warned",
        "too-many-requests-until": "warned",
        "unavailable": "warned",
        "answer-cut": "warned",
        "bad-json": "warned",
        "down": "passed",
        "key-refused": "passed",
        "answer-lost": "passed",
        "unknown-members": "passed",
    }
    (half,) = rehearse("losant", asks_losant, ["bad-json"], address=LOSANT)
    assert [finding.expectation.rule for finding in half.findings] == ["says-so"]
