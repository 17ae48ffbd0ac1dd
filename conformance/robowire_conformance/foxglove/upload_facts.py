"""Section "Upload a recording": files that were uploaded in every documented way, and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.client import Answer
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.keys import judge_key
from robowire_conformance.foxglove.owners import owner
from robowire_conformance.foxglove.samples import EPOCH, Clip, small
from robowire_conformance.foxglove.signatures import forged
from robowire_conformance.foxglove.uploads import COMPLETE, Begun, Outcome, Uploads, begun_of, status_of
from robowire_conformance.verdict import Violation

ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST, KEY = (f"FOXGLOVE-UPLOAD-{number}" for number in range(103, 110))
NO_KEY, NO_DEVICE, MORE = "FOXGLOVE-UPLOAD-112", "FOXGLOVE-UPLOAD-113", "FOXGLOVE-UPLOAD-116"
DATA, APART, CHUNKED, ALTERED = (f"FOXGLOVE-UPLOAD-{number}" for number in (301, 303, 306, 308))
WAYS = (
    *(ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST, KEY),
    *(NO_KEY, NO_DEVICE, MORE, DATA, APART, CHUNKED, ALTERED),
)

AFTER = 2000 * SECOND
"""When the recordings of this section take place: after those of the others."""

EXTRA = {"projectId": "prj_robowire", "sessionId": None, "includeDeleted": False, "robowire": {"more": [1]}}
"""Members that no document has, some of which clients send."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to upload: what its request says besides the filename, and whose the recording is to be.

    `device` is the number of the device, None for nobody's. Whether it is taken at all is judged of its requirement, or
    of the one that no key is needed where it is `bare`: without the key that another way has besides.
    """

    requirement: str
    members: Mapping[str, JSON]
    device: int | None
    chunked: bool = False
    bare: bool = False


def _ways(guest: Guest, devices: Sequence[tuple[str, str]]) -> list[Way]:
    (own, own_name), (other, other_name) = devices
    bare = [
        Way(ID, {"deviceId": own}, 0, bare=True),
        Way(NAME, {"deviceName": other_name}, 1, bare=True),
        Way(DOT_ID, {"device.id": other}, 1, bare=True),
        Way(DOT_NAME, {"device.name": own_name}, 0, bare=True),
    ]
    return [
        *bare,
        Way(ID, {"deviceId": own, "key": guest.name("key")}, 0),
        Way(NO_KEY, {"deviceId": other}, 1),
        Way(NAME, {"deviceName": own_name, "key": guest.name("key")}, 0),
        Way(DOT_ID, {"device.id": own, "key": guest.name("key")}, 0),
        Way(ID_FIRST, {"deviceId": own, "device.id": other, "key": guest.name("key")}, 0),
        Way(ID_FIRST, {"device.id": own, "deviceId": other, "key": guest.name("key")}, 1),
        Way(ID_FIRST, {"deviceId": own, "device.id": f"{other}-none", "key": guest.name("key")}, 0),
        Way(NAME_FIRST, {"deviceName": own_name, "device.name": f"{own_name}-none", "key": guest.name("key")}, 0),
        Way(DOT_NAME, {"device.name": other_name, "key": guest.name("key")}, 1),
        Way(NAME_FIRST, {"deviceName": other_name, "device.name": own_name, "key": guest.name("key")}, 1),
        Way(KEY, {"deviceId": own, "key": guest.name("key")}, 0),
        Way(NO_DEVICE, {"key": guest.name("key")}, None),
        Way(MORE, {"deviceId": own, "key": guest.name("key"), **EXTRA}, 0),
        Way(CHUNKED, {"deviceId": own, "key": guest.name("key")}, 0, chunked=True),
    ]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way."""

    way: Way
    begun: Begun
    clip: Clip
    data: bytes


def judge_ways(guest: Guest) -> Page:
    """Upload in every way at once, and judge what comes of each file."""
    page = Page()
    devices = [(str(one["id"]), str(one["name"])) for one in (guest.device("way"), guest.device("way"))]
    sent = [one for number, way in enumerate(_ways(guest, devices)) if (one := _send(guest, page, way, number))]
    altered, apart = _altered(guest, page, devices[0][0]), _apart(guest, page, devices[0][0])
    outcomes = guest.uploads.settle(*(one.begun for one in sent))
    for one, outcome in zip(sent, outcomes, strict=True):
        _judge(guest, page, one, outcome, devices)
    _judge_altered(guest.uploads, page, altered)
    _judge_apart(guest.uploads, page, apart)
    page.needs((DATA,), CHUNKED)
    page.needs((ID,), DOT_ID, ID_FIRST, MORE, CHUNKED)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)
    page.needs((ID, NAME, DOT_ID, DOT_NAME), NO_KEY)
    return page


def _send(guest: Guest, page: Page, way: Way, number: int) -> Sent | None:
    name = guest.name("way.mcap")
    clip = small(name, start=AFTER + number * 100 * SECOND)
    body = {"filename": name, **way.members}
    reply = guest.api.ask("POST /data/upload", body=body)
    if way.bare and not reply.done:
        with page.about(NO_KEY):
            reply.require_done(NO_KEY)
        return None
    sent: list[Sent] = []
    with page.about(way.requirement):
        begun = _require_begun(body, reply, way.requirement)
        data = clip.mcap()
        _require_taken(guest.uploads, begun, data, way)
        sent.append(Sent(way, begun, clip, data))
    return sent[0] if sent else None


def _require_begun(body: Mapping[str, JSON], reply: Reply, requirement: str) -> Begun:
    if not reply.done:
        reply.require_done(requirement)
    return begun_of(body, reply)


def _require_taken(uploads: Uploads, begun: Begun, data: bytes, way: Way) -> None:
    if not way.chunked:
        uploads.require_put(begun, data)
        return
    answer = uploads.put(begun, data, chunked=True)
    if not 200 <= answer.status < 300:
        text = "A PUT with Transfer-Encoding chunked is not taken"
        raise Violation(text, expected=200, actual=answer.status, exchange=answer.exchange, requirement=CHUNKED)


def _judge(guest: Guest, page: Page, sent: Sent, outcome: Outcome, devices: Sequence[tuple[str, str]]) -> None:
    """Judge whether a file became the recording that was asked for."""
    requirement, reply = sent.way.requirement, sent.begun.reply
    if sent.way.bare and not outcome.imported:
        return
    if outcome.recording is None or not outcome.imported:
        told = {"recording": outcome.recording, "pending import": outcome.pending}
        text = "A valid file that was uploaded does not become a recording that can be used"
        page.fault(DATA if requirement != CHUNKED else CHUNKED, reply.fault(text, "importStatus complete", told))
        page.block(requirement, reason=f"{DATA}, which it needs, fails")
        return
    _judge_data(page, sent, outcome.recording, reply)
    if requirement == NO_KEY:
        page.saw(NO_KEY)  # whose it is, is another requirement
        return
    due = None if sent.way.device is None else devices[sent.way.device][0]
    got = owner(guest.api, outcome.recording, [known for known, _ in devices])
    text = "The recording does not belong to the device that the request named"
    if page.expect(requirement, reply, text, due=due, got=got) and "key" in sent.way.members:
        judge_key(guest.api, page, KEY, str(sent.way.members["key"]), due=outcome.recording["id"])


def _judge_data(page: Page, sent: Sent, recording: Mapping[str, Any], reply: Reply) -> None:
    """The bytes are those that were sent: as many, and with messages of the same times."""
    times = sent.clip.times
    text = "A recording is not of the file that was put to its link"
    whole = recording.get("size") == len(sent.data)
    start = nanoseconds(recording.get("start"))
    requirement = CHUNKED if sent.way.chunked else DATA
    if whole or start is None or abs(start - times[0]) < SECOND:
        page.saw(requirement)
    else:
        got = {name: recording.get(name) for name in ("size", "start")}
        page.fault(requirement, reply.fault(text, {"size": len(sent.data), "start": times[0] - EPOCH}, got))


def _altered(guest: Guest, page: Page, device: str) -> list[tuple[Begun, Answer]]:
    """A file that is put to links whose signature is another one."""
    answers: list[tuple[Begun, Answer]] = []
    with page.about(ALTERED):
        name = guest.name("altered.mcap")
        begun = guest.uploads.begin(name, deviceId=device)
        for link in forged(begun.link):
            other = Begun(begun.sent, begun.reply, link, begun.request_id)
            answers.append((begun, guest.uploads.put(other, small(name).mcap())))
    return answers


def _judge_altered(uploads: Uploads, page: Page, answers: Sequence[tuple[Begun, Answer]]) -> None:
    outcomes = [Outcome(begun) for begun, _ in answers]
    uploads.look(outcomes)
    for (begun, answer), outcome in zip(answers, outcomes, strict=True):
        fine = 400 <= answer.status < 500 and outcome.recording is None
        if fine:
            page.saw(ALTERED)
            continue
        text = "A PUT to a link whose signature was altered is taken"
        page.fault(ALTERED, begun.reply.fault(text, "a status of 4xx, and no recording", answer.status))


def _apart(guest: Guest, page: Page, device: str) -> list[tuple[Begun, Begun]]:
    """Pairs of requests, and first of each the one whose file is put: the second of two names, the first of one."""
    pairs: list[tuple[Begun, Begun]] = []
    with page.about(APART):
        one, other, both = (guest.name("apart.mcap") for _ in range(3))
        for names, put in (((one, other), 1), ((both, both), 0)):
            pair = [guest.uploads.begin(name, deviceId=device) for name in names]
            guest.uploads.require_put(pair[put], small(pair[put].filename).mcap())
            pairs.append((pair[put], pair[1 - put]))
    return pairs


def _judge_apart(uploads: Uploads, page: Page, pairs: Sequence[tuple[Begun, Begun]]) -> None:
    for put, idle in pairs:
        _judge_pair(uploads, page, put, idle)


def _judge_pair(uploads: Uploads, page: Page, put: Begun, idle: Begun) -> None:
    if put.request_id == idle.request_id:
        text = "Two requests to upload have one requestId"
        page.fault(APART, put.reply.fault(text, "another one", idle.request_id))
        return
    outcome = uploads.settle(put)[0]
    other = Outcome(idle)
    uploads.look([other])
    strange = other.recording if put.filename != idle.filename else None
    if not outcome.imported:
        page.block(APART, reason=f"{DATA}, which it needs, fails")
    elif strange is not None or status_of(other.pending or {}) == COMPLETE:  # it may end as an error by itself
        text = "A file that was put to the link of one request becomes a recording of another one"
        page.fault(APART, idle.reply.fault(text, None, strange or other.pending))
    else:
        page.saw(APART)
