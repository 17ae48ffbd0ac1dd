"""Page "Manage data": idempotency, and the inbox bucket of a self-hosted site."""

from typing import Any

import pytest

from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.idempotency import IDEMPOTENCY, judge_idempotency
from robowire_conformance.foxglove.import_deletion import Stocked, delete, listed, results, stock
from robowire_conformance.foxglove.imported import import_id
from robowire_conformance.foxglove.inbox import ID, KEY, Inbox
from robowire_conformance.foxglove.inbox_facts import CLOUD, INBOX, judge_inbox
from robowire_conformance.foxglove.instants import zulu
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.owners import owner
from robowire_conformance.foxglove.removal import DAY, DELETE, streams
from robowire_conformance.foxglove.samples import EPOCH
from robowire_conformance.foxglove.uploads import Begun, Uploaded
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves


@pytest.fixture(scope="module")
def host(library: Library, guest: Guest) -> Guest:
    """The guest, where uploads are imported: where none is, nothing of this page is to be judged."""
    del library
    return guest


@pytest.fixture(scope="module")
def idempotency(host: Guest) -> Page:
    """The judgement on what is uploaded twice."""
    return judge_idempotency(host)


@pytest.fixture(scope="module")
def inboxes(foxglove_target: Target, host: Guest) -> Page:
    """The judgement on files in the inbox."""
    return judge_inbox(foxglove_target, host)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in IDEMPOTENCY])
def test_what_is_uploaded_twice_is_one_recording(idempotency: Page, requirement: str) -> None:
    """By its content for one device, by its key without one; and nothing else is taken for the same."""
    idempotency.settle(requirement, without="nothing could be uploaded twice")


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in INBOX])
def test_a_file_in_the_inbox_is_imported(inboxes: Page, requirement: str) -> None:
    """To the self-hosted site, for the device and under the key that its metadata say."""
    inboxes.settle(requirement, without="nothing could be uploaded to the inbox")


@pytest.mark.parametrize(
    "cloud", [pytest.param(cloud, marks=proves(requirement), id=cloud) for cloud, requirement in CLOUD.items()]
)
def test_an_inbox_takes_a_clouds_upload(foxglove_target: Target, guest: Guest, cloud: str) -> None:
    """An object with metadata, in one operation, becomes a recording of the device or with the key that they name."""
    foxglove_target.need(cloud)
    inbox, device = Inbox(foxglove_target, guest, cloud), str(guest.device("cloud")["id"])
    key = guest.name("cloud-key")
    dropped = inbox.mcap("cloud", {ID: device, KEY: key})
    inbox.settle([dropped])
    if not dropped.ended and dropped.pending is not None:
        raise NotTested("the import is not over in time (see FOXGLOVE-MANAGE-303)")
    found = dropped.recording
    keyed = guest.api.ask("GET /recordings/{keyOrId}", key).done
    if found is None or not (keyed or owner(guest.api, found, [device]) == device):
        text = f"An object of {cloud} is not imported with its metadata"
        raise Violation(text, expected={"device": device, "key": key}, actual=found, exchange=dropped.answer.exchange)


@proves("FOXGLOVE-MANAGE-315")
def test_a_duplicate_leaves_no_lake_files(foxglove_target: Target, guest: Guest) -> None:
    """The lake has as many files of the device after a file was uploaded again as before."""
    site = str(foxglove_target.need("self_hosted_site_id"))
    inbox, device = Inbox.any(foxglove_target, guest), str(guest.device("lake")["id"])
    first = inbox.mcap("first", {ID: device})
    inbox.settle([first])
    before = _lake_files(guest, site, device)
    if not before or not streams(guest.api, str((first.recording or {}).get("id"))):
        raise NotTested("the lake tells no file of the first recording, or it has no data (see FOXGLOVE-LAKE-001)")
    second = inbox.drop("second", {ID: device}, first.data)
    inbox.settle([second])
    after = _lake_files(guest, site, device)
    if len(after) > len(before):
        text = "A duplicate leaves lake files besides those of the recording that it repeats"
        raise Violation(text, expected=len(before), actual=len(after), exchange=second.answer.exchange)


@proves("FOXGLOVE-RECORDINGS-333")
def test_a_deletion_leaves_no_lake_files(foxglove_target: Target, guest: Guest) -> None:
    """What a self-hosted site had in its lake of a recording is gone when the recording is deleted."""
    site = str(foxglove_target.need("self_hosted_site_id"))
    inbox, device = Inbox.any(foxglove_target, guest), str(guest.device("drained")["id"])
    if _lake_files(guest, site, device):
        raise NotTested("the lake tells files of a device that has none (see FOXGLOVE-LAKE-103)")
    dropped = inbox.mcap("drained", {ID: device})
    inbox.settle([dropped])
    if dropped.recording is None or not _lake_files(guest, site, device):
        raise NotTested("the lake tells no file of the recording (see FOXGLOVE-LAKE-001)")
    reply = guest.api.ask(DELETE, str(dropped.recording["id"]))
    if not reply.done:
        raise NotTested("the recording is not deleted (see FOXGLOVE-RECORDINGS-153)")
    if left := _lake_files(guest, site, device):
        raise reply.violation("After the deletion of a recording the lake has files of it", expected=[], actual=left)


def _lake_files(guest: Guest, site: str, device: str) -> list[Any]:
    params = {"siteId": site, "deviceId": device, "start": zulu(EPOCH), "end": zulu(EPOCH + DAY)}
    reply = guest.api.ask("GET /lake-files", params=params)
    found: Any = reply.body if reply.done else []
    return [*found]


@pytest.fixture(scope="module")
def two_sites(foxglove_target: Target, guest: Guest) -> tuple[Stocked, Stocked]:
    """An import at a hosted site, and one at a self-hosted site."""
    inbox = Inbox.any(foxglove_target, guest)
    dropped = inbox.mcap("elsewhere", {ID: str(guest.device("elsewhere")["id"])})
    hosted = stock(guest, 1, "hosted")[0]
    inbox.settle([dropped])
    recording = dropped.recording or {}
    if recording.get("importStatus") != "complete":
        raise NotTested("a file in the inbox does not become a recording (see FOXGLOVE-MANAGE-303)")
    told = recording.get("site")
    site = told.get("id") if isinstance(told, dict) else None
    if site in {None, hosted.uploaded.site_id}:
        raise NotTested("the recordings do not tell different sites (see FOXGLOVE-MANAGE-301)")
    begun = Begun({"filename": recording["path"]}, hosted.uploaded.begun.reply, "", "")
    elsewhere = Uploaded("elsewhere", dropped.data, begun, recording, site_id=site, pending=dropped.pending or {})
    return hosted, Stocked(elsewhere, import_id(guest.api, elsewhere))


@proves("FOXGLOVE-IMPORTS-324", "FOXGLOVE-IMPORTS-325")
def test_imports_of_two_sites_are_not_deleted_together(guest: Guest, two_sites: tuple[Stocked, Stocked]) -> None:
    """The request is answered 400, and both are there afterwards; each alone is deleted."""
    ids = [one.import_id for one in two_sites]
    before = listed(guest.api, two_sites)
    for order in (ids, ids[::-1]):
        reply = delete(guest.api, *order)
        left = listed(guest.api, two_sites)
        if reply.done and set(results(reply)) != set(order):
            text = "Not all imports that the parameter id names are read"
            raise reply.violation(text, requirement="FOXGLOVE-IMPORTS-131")
        if reply.status != 400:
            text = "The deletion of imports of different sites is not answered 400"
            raise reply.violation(text, expected=400, actual=reply.status, requirement="FOXGLOVE-IMPORTS-324")
        if left != before:
            text = "A deletion that was refused because of another site has deleted imports"
            due = sorted(before)
            raise reply.violation(text, expected=due, actual=sorted(left), requirement="FOXGLOVE-IMPORTS-325")
    for known in ids:
        delete(guest.api, known).require_done()
