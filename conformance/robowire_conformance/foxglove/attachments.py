"""Section "List attachments": what is listed, and what is told of each attachment."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.contents import Attachment
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, formed, rejects
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.sorts import Sorting, judge_sorts
from robowire_conformance.foxglove.whole import whole

LIST, RECORDING, SITE = "FOXGLOVE-ATTACHMENTS-001", "FOXGLOVE-ATTACHMENTS-101", "FOXGLOVE-ATTACHMENTS-102"
ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST = (f"FOXGLOVE-ATTACHMENTS-{number}" for number in range(103, 109))
LOG_TIME_SORT = "FOXGLOVE-ATTACHMENTS-111"
EVERY, OWNER, STORED = (f"FOXGLOVE-ATTACHMENTS-{number}" for number in (301, 302, 303))
NAMED, MEDIA_TYPE, LOGGED, CREATED, CRC, SIZE = (f"FOXGLOVE-ATTACHMENTS-{number}" for number in range(304, 310))
FINGERPRINT, LAKE_PATH = "FOXGLOVE-ATTACHMENTS-310", "FOXGLOVE-ATTACHMENTS-311"
ATTACHMENTS = (
    *(LIST, RECORDING, SITE, ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST, LOG_TIME_SORT),
    *(EVERY, OWNER, STORED, NAMED, MEDIA_TYPE, LOGGED, CREATED, CRC, SIZE, FINGERPRINT, LAKE_PATH),
)
DIRECTIONS = {"asc": "FOXGLOVE-PAGING-514", "desc": "FOXGLOVE-PAGING-515"}

DEVICES: Mapping[str, tuple[str, int]] = {
    ID: ("deviceId", 0),
    NAME: ("deviceName", 1),
    DOT_ID: ("device__id", 0),
    DOT_NAME: ("device__name", 1),
}
FIRST: Mapping[str, tuple[str, str, int]] = {
    ID_FIRST: ("deviceId", "device__id", 0),
    NAME_FIRST: ("deviceName", "device__name", 1),
}


def ask(api: Api, **params: JSON) -> Reply:
    """A whole list of attachments; `__` in a name stands for a dot."""
    return whole(api, "GET /recording-attachments", {key.replace("__", "."): value for key, value in params.items()})


def pairs(items: Sequence[Mapping[str, Any]], held: Held) -> list[tuple[Mapping[str, Any], Attachment]]:
    """The listed attachments of a recording with those of its file, so that as much as possible fits."""
    wanted = held.contents.attachments
    if len(items) != len(wanted):
        return []
    orders = (list(zip(items, order, strict=True)) for order in permutations(wanted))
    return max(orders, key=lambda order: sum(_alike(item, one) for item, one in order))


def _alike(item: Mapping[str, Any], attachment: Attachment) -> int:
    due = _due(attachment)
    return sum(due[requirement] == told for requirement, told in _told(item).items())


def _due(attachment: Attachment) -> dict[str, JSON]:
    return {
        NAMED: attachment.name,
        MEDIA_TYPE: attachment.media_type,
        LOGGED: zulu(attachment.log_time),
        CREATED: zulu(attachment.create_time),
        CRC: attachment.crc,
        SIZE: len(attachment.data),
    }


def _told(item: Mapping[str, Any]) -> dict[str, JSON]:
    return {
        NAMED: item.get("name"),
        MEDIA_TYPE: item.get("mediaType"),
        LOGGED: moment(item.get("logTime")),
        CREATED: moment(item.get("createTime")),
        CRC: item.get("crc"),
        SIZE: item.get("size"),
    }


def moment(value: JSON) -> JSON:
    """A time of an attachment in one form: the document has a string, and does not say which."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return zulu(int(value))
    time = nanoseconds(value)
    return value if time is None else zulu(time)


def judge_attachments(shelf: Shelf) -> Page:
    """Judge the list of each recording first, then what narrows and sorts lists."""
    page = Page()
    with page.about(LIST, RECORDING, EVERY, OWNER, STORED, NAMED, MEDIA_TYPE, LOGGED, CREATED, CRC, SIZE):
        found = [pair for hint in ("chunked", "plain", "second") for pair in _judge_recording(shelf, shelf[hint], page)]
        for hint in ("overlapping", "bag"):
            reply = ask(shelf.api, recordingId=shelf[hint].id)
            text = "Attachments are listed of a recording that has none"
            page.expect(EVERY, reply, text, due=[], got=reply.require_done())
        _judge_fingerprints(shelf, page, found)
    with page.about(LAKE_PATH, STORED):
        _judge_sites(shelf, page)
    page.needs((RECORDING,), EVERY, OWNER)
    page.needs((STORED,), LAKE_PATH)
    _judge_devices(shelf, page)
    with page.about(SITE):
        _judge_site_filter(shelf, page)
    page.needs((STORED,), SITE)
    page.needs((EVERY, OWNER), ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST, SITE)
    _judge_sorts(shelf, page)
    return page


def _judge_recording(shelf: Shelf, held: Held, page: Page) -> list[tuple[Mapping[str, Any], Attachment]]:
    """Judge the list of one recording's attachments; those of others in it are the filter's fault."""
    reply = ask(shelf.api, recordingId=held.id)
    items = formed(reply, RECORDING)
    page.saw(LIST)
    others = [one.get("recordingId") for one in items if one.get("recordingId") != held.id]
    wanted = sorted(one.name for one in held.contents.attachments)
    if len(items) > len(wanted) and others:
        text = "The attachments are not those of the recording that is asked for"
        page.fault(RECORDING, reply.fault(text, held.id, others))
        return []
    page.saw(RECORDING)
    page.expect(OWNER, reply, "An attachment tells another recording than it came with", due=[], got=others)
    found = pairs(items, held)
    text = "The attachments are not those of the file"
    if not page.expect(EVERY, reply, text, due=len(wanted), got=len(items)):
        return []
    for item, attachment in found:
        due = _due(attachment)
        for requirement, told in _told(item).items():
            text = f"The attachment {attachment.name} is not listed as the file has it"
            page.expect(requirement, reply, text, due=due[requirement], got=told)
        if held.uploaded.site_id is not None:
            text = "An attachment tells another site than stores its recording"
            page.expect(STORED, reply, text, due=held.uploaded.site_id, got=item.get("siteId"))
    return found


def _judge_fingerprints(shelf: Shelf, page: Page, found: Sequence[tuple[Mapping[str, Any], Attachment]]) -> None:
    reply = ask(shelf.api, recordingId=shelf["chunked"].id)
    contents: dict[JSON, set[bytes]] = {}
    for item, attachment in found:
        contents.setdefault(item.get("fingerprint"), set()).add(attachment.data)
    shared = [fingerprint for fingerprint, datas in contents.items() if len(datas) > 1]
    page.expect(FINGERPRINT, reply, "Attachments of different content have one fingerprint", due=[], got=shared)


def _judge_sites(shelf: Shelf, page: Page) -> None:
    """An attachment at a site that is not self-hosted has no path in a lake."""
    kinds = {site.get("id"): site.get("type") for site in shelf.api.get("/sites")}
    reply = ask(shelf.api)
    for item in reply.require_done():
        if "lakePath" in item and kinds.get(item.get("siteId")) in {"foxglove-hosted", "edge"}:
            text = "An attachment has a lakePath although its site is not self-hosted"
            page.fault(LAKE_PATH, reply.fault(text, "no lakePath", item["lakePath"]))
        elif "lakePath" not in item:
            page.saw(LAKE_PATH)


def _judge_devices(shelf: Shelf, page: Page) -> None:
    devices = shelf.devices
    for requirement, (parameter, column) in DEVICES.items():
        with page.about(requirement):
            for device in devices:
                _expect(shelf, page, requirement, shelf.every(device[0]), **{parameter: device[column]})
            _expect(shelf, page, requirement, [], **{parameter: f"{devices[0][column]}-none"})
    for requirement, (parameter, ignored, column) in FIRST.items():
        with page.about(requirement):
            for number, device in enumerate(devices):
                for other in (devices[1 - number][column], f"{device[column]}-none"):
                    own = shelf.every(device[0])
                    _expect(shelf, page, requirement, own, **{parameter: device[column], ignored: other})
                    _expect(shelf, page, requirement, own, **{ignored: other, parameter: device[column]})
    page.needs((ID,), DOT_ID, ID_FIRST)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)


def _expect(shelf: Shelf, page: Page, requirement: str, recordings: Sequence[Held], **params: JSON) -> None:
    """The attachments are those of the recordings that are meant; where there are none, a client error will do."""
    reply = ask(shelf.api, **params)
    if not recordings and rejects(reply):
        return
    due = sorted(one.id for one in recordings for _ in one.contents.attachments)
    got = sorted(str(one.get("recordingId")) for one in formed(reply, requirement))
    text = "The attachments are not those of the recordings that are meant"
    page.expect(requirement, reply, text, due=due, got=got)


def _judge_site_filter(shelf: Shelf, page: Page) -> None:
    """A site has the attachments that are told to be there, the suite's own among them; an unknown one has none."""
    whole = formed(ask(shelf.api))
    sites = {str(site.get("id")) for site in shelf.api.get("/sites")} | {str(one.get("siteId")) for one in whole}
    for site in sorted(sites):
        reply = ask(shelf.api, siteId=site)
        due = {str(one.get("id")) for one in whole if one.get("siteId") == site}
        if not due and rejects(reply):
            continue
        got = {str(one.get("id")) for one in reply.require_done(SITE)}
        text = "The attachments are not those at the site that is asked for"
        page.expect(SITE, reply, text, due=sorted(due), got=sorted(got))


def _judge_sorts(shelf: Shelf, page: Page) -> None:
    def listed(**params: str) -> Reply:
        return ask(shelf.api, deviceId=shelf.devices[0][0], **params)

    def time(item: Mapping[str, Any]) -> JSON:
        return nanoseconds(moment(item.get("logTime")))

    judge_sorts(page, [Sorting(LOG_TIME_SORT, "logTime", time)], DIRECTIONS, listed, lambda reply: reply.body)


def own_items(shelf: Shelf) -> Iterator[tuple[Mapping[str, Any], Attachment]]:
    """The suite's attachments as they are listed, with those of the files.

    Raises:
        Violation: They are not listed.
    """
    for hint in ("chunked", "second"):
        reply = ask(shelf.api, recordingId=shelf[hint].id)
        found = pairs(formed(reply), shelf[hint])
        if not found:
            strays = any(one.get("recordingId") != shelf[hint].id for one in reply.body)
            raise reply.violation("Not all attachments are listed alone", requirement=RECORDING if strays else EVERY)
        yield from found
