"""Page "Manage data": whose recording, and with which key, comes of a file in the inbox, by its metadata."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.inbox import ID, KEY, NAME, Dropped, Inbox
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.keys import judge_key
from robowire_conformance.foxglove.operations import operation
from robowire_conformance.foxglove.owners import owner, site
from robowire_conformance.foxglove.removal import streams
from robowire_conformance.foxglove.uploads import COMPLETE, EVERYTHING, status_of
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.target import Target

SITE, PENDING, DATA = (f"FOXGLOVE-MANAGE-{number}" for number in (301, 302, 303))
PENDING_SITE, COMPLETED = "FOXGLOVE-PENDING-305", "FOXGLOVE-PENDING-112"
BY_NAME, BY_ID, BY_KEY, BAG, NO_NAME, NO_ID = (f"FOXGLOVE-MANAGE-{number}" for number in range(321, 327))
MCAP_NAME, MCAP_ID, MCAP_KEY, OTHERS, BOTH, LAST, EARLIER = (f"FOXGLOVE-MANAGE-{n}" for n in range(331, 338))
OBJECT = (BY_NAME, BY_ID, BY_KEY, BAG, BOTH)
"""What object metadata say; where none are read at all, that is the cloud's way to upload."""

INBOX = (
    *(SITE, PENDING, DATA, PENDING_SITE, BY_NAME, BY_ID, BY_KEY, BAG, NO_NAME, NO_ID),
    *(MCAP_NAME, MCAP_ID, MCAP_KEY, OTHERS, BOTH, LAST, EARLIER),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One file: the requirement that it shows, and whose its recording is due to be, and by which key it is found.

    `device` is a device's id, None for nobody's; `without` is a key that must not find it.
    """

    requirement: str
    dropped: Dropped
    device: str | None = None
    key: str | None = None
    without: str | None = None


def judge_inbox(target: Target, guest: Guest) -> Page:
    """Upload files with every kind of metadata to the inbox, and judge what came of them."""
    page = Page()
    inbox = Inbox.any(target, guest)
    (one, name), (other, other_name) = (_device(guest) for _ in range(2))
    keys = [guest.name("inbox-key") for _ in range(5)]
    unknown, stranger = guest.name("nobody"), guest.name("nobody")
    cases = [
        Case(BY_NAME, inbox.mcap("name", {NAME: name}), one),
        Case(BY_ID, inbox.mcap("id", {ID: one}), one),
        Case(BY_KEY, inbox.mcap("key", {KEY: keys[0]}), None, keys[0]),
        Case(BAG, inbox.bag("bag-id", {ID: other, KEY: keys[1]}), other, keys[1]),
        Case(BAG, inbox.bag("bag-name", {NAME: name}), one),
        Case(NO_NAME, inbox.mcap("no-name", {NAME: unknown})),
        Case(NO_NAME, inbox.mcap("mcap-no-name", {}, [("foxglove", {"deviceName": stranger})])),
        Case(NO_ID, inbox.mcap("no-id", {ID: f"{one}x"})),
        Case(NO_ID, inbox.mcap("mcap-no-id", {}, [("foxglove", {"deviceId": f"{one}x"})])),
        Case(MCAP_NAME, inbox.mcap("mcap-name", {}, [("foxglove", {"deviceName": name})]), one),
        Case(MCAP_ID, inbox.mcap("mcap-id", {}, [("foxglove", {"deviceId": one})]), one),
        Case(MCAP_KEY, inbox.mcap("mcap-key", {}, [("foxglove", {"key": keys[2]})]), None, keys[2]),
        Case(OTHERS, inbox.mcap("others", {}, _strangers(one, keys[3])), None, None, keys[3]),
        Case(BOTH, inbox.mcap("both", {ID: one}, [("foxglove", {"deviceId": other})]), one),
        Case(LAST, inbox.mcap("last", {}, [("foxglove", {"deviceId": one}), ("foxglove", {"deviceId": other})]), other),
        Case(LAST, inbox.mcap("late", {}, _sandwich({"deviceName": name}, {"deviceName": other_name})), other),
        Case(EARLIER, inbox.mcap("earlier", {}, _sandwich({"key": keys[4]}, {"deviceId": one})), one, None, keys[4]),
        Case(EARLIER, inbox.mcap("early", {}, [("foxglove", {"deviceId": one}), ("foxglove", {"note": "x"})])),
    ]
    inbox.settle([case.dropped for case in cases])
    read = _reads_objects(guest, cases[:3], one)
    for case in cases:
        if read or case.requirement not in OBJECT:
            _judge(guest, page, case, (one, other))
    if not read:
        page.block(*OBJECT, reason=f"{CLOUD[inbox.cloud]}, which it needs, fails")
    _judge_sites(target, guest, page, cases[1].dropped)
    for nobody in (unknown, stranger):
        _judge_no_device(guest, page, nobody)
    page.needs((BY_ID,), BAG, BOTH)
    page.needs((MCAP_ID,), LAST, EARLIER)
    return page


def _device(guest: Guest) -> tuple[str, str]:
    made = guest.device("inbox")
    return str(made["id"]), str(made["name"])


def _strangers(device: str, key: str) -> list[tuple[str, Mapping[str, str]]]:
    """Metadata records that are not the one that counts."""
    names = ("Foxglove", "foxglove ", "foxglove2", "robot")
    return [(name, {"deviceId": device, "key": key}) for name in names]


def _sandwich(first: Mapping[str, str], last: Mapping[str, str]) -> list[tuple[str, Mapping[str, str]]]:
    return [("foxglove", first), ("robot", {"model": "tug"}), ("foxglove", last), ("zone", {"deviceId": "x"})]


def _reads_objects(guest: Guest, cases: Sequence[Case], device: str) -> bool:
    """Whether object metadata are read at all: a recording is of the device, or found by the key, that they name."""
    for case in cases:
        found = case.dropped.recording or {}
        if owner(guest.api, found, (device,)) is not None:
            return True
        if case.key is not None and guest.api.ask("GET /recordings/{keyOrId}", case.key).done:
            return True
    return False


def _reply(dropped: Dropped) -> Reply:
    """The answer to an upload to the inbox, as evidence."""
    return Reply(operation("POST /data/upload"), dropped.answer, None)


def _judge(guest: Guest, page: Page, case: Case, devices: Sequence[str]) -> None:
    """Judge one file's recording; a file that names no device that is there may be refused."""
    reply, found = _reply(case.dropped), case.dropped.recording
    if case.requirement in {NO_NAME, NO_ID} and case.dropped.refused:
        page.saw(case.requirement)
        return
    if found is None or found.get("importStatus") != "complete":
        if case.requirement == BAG:  # that bags become recordings is told by the library
            page.block(BAG, reason="a bag in the inbox does not become a recording")
            return
        told = {"recording": found, "pending import": case.dropped.pending}
        page.fault(DATA, reply.fault("A file in the inbox does not become a recording", "complete", told))
        page.block(case.requirement, reason=f"{DATA}, which it needs, fails")
        return
    text = "A recording from the inbox does not belong to the device that its metadata name"
    if not page.expect(case.requirement, reply, text, due=case.device, got=owner(guest.api, found, devices)):
        return
    if case.key is not None:
        judge_key(guest.api, page, case.requirement, case.key, due=found["id"])
    if case.without is not None:
        given = guest.api.ask("GET /recordings/{keyOrId}", case.without)
        text = "A recording from the inbox is found by a key that does not count"
        page.expect(case.requirement, given, text, due=False, got=given.done and given.body.get("id") == found["id"])


def _judge_sites(target: Target, guest: Guest, page: Page, dropped: Dropped) -> None:
    """Judge where it is stored, whether its import was seen, and whether its messages can be had."""
    reply, found = _reply(dropped), dropped.recording
    imported = found is not None and found.get("importStatus") == "complete"
    cause = _why_unseen(guest.api) or (DATA if not imported else "")
    if dropped.pending is None and cause:
        page.block(PENDING, reason=f"{cause}, which it needs, fails")
    else:
        text = "A file in the inbox has no pending import, completed requests included"
        page.expect(PENDING, reply, text, due=True, got=dropped.pending is not None)
    if found is None or not imported:
        page.block(SITE, reason=f"{DATA}, which it needs, fails")
        return
    text = "The data of a file in the inbox are not streamed"
    if page.expect(DATA, reply, text, due=True, got=streams(guest.api, str(found["id"]))):
        _judge_site(target, guest.api, page, dropped, found)


def _why_unseen(api: Api) -> str:
    """The requirement that explains why a pending import that is complete is not seen, if one does."""
    listed = whole(api, "GET /data/pending-imports", EVERYTHING)
    body: Any = listed.require_done()
    return listed.malformed or ("" if any(status_of(one) == COMPLETE for one in body) else COMPLETED)


def _judge_site(target: Target, api: Api, page: Page, dropped: Dropped, found: Mapping[str, Any]) -> None:
    """Its primary site is the one whose inbox it is, by the recording and by the pending import."""
    reply, due = _reply(dropped), target.values.get("self_hosted_site_id")
    if due is None:
        page.block(SITE, PENDING_SITE, reason="the target profile gives no self_hosted_site_id: add it to [foxglove]")
        return
    told = site(api, found, (str(due),))
    if told != due and not api.ask("GET /sites/{id}", str(told)).done:
        page.block(SITE, PENDING_SITE, reason="the site of the recording is not there (see FOXGLOVE-RECORDINGS-309)")
        return
    text = "A file in the inbox of a self-hosted site is imported to another one"
    shown = (dropped.pending or {}).get("siteId")
    if page.expect(SITE, reply, text, due=due, got=told) and isinstance(shown, str):
        text = "The siteId of a pending import is not that of the site whose inbox has the file"
        page.expect(PENDING_SITE, reply, text, due=due, got=shown)


def _judge_no_device(guest: Guest, page: Page, unknown: str) -> None:
    """No device is made of a name that nothing has."""
    reply = guest.api.ask("GET /devices/{nameOrId}", unknown)
    page.expect(NO_NAME, reply, "A device is made for the name in a file's metadata", due=False, got=reply.done)


CLOUD: Mapping[str, str] = {
    "inbox_azure": "FOXGLOVE-MANAGE-341",
    "inbox_google": "FOXGLOVE-MANAGE-342",
    "inbox_s3": "FOXGLOVE-MANAGE-343",
}
"""Each cloud's way to upload."""
