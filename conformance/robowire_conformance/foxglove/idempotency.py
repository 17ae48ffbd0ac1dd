"""Section "Idempotency keys": what is uploaded twice, from every side."""

from collections.abc import Mapping, Sequence
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.owners import owner
from robowire_conformance.foxglove.samples import small
from robowire_conformance.foxglove.uploads import IMPORTED, Begun, Outcome, taken
from robowire_conformance.foxglove.whole import whole

SAME, OTHER_DEVICE, SAME_KEY, OTHER_KEY, ONCE = (f"FOXGLOVE-MANAGE-{number}" for number in (311, 312, 313, 314, 316))
IDEMPOTENCY = (SAME, OTHER_DEVICE, SAME_KEY, OTHER_KEY, ONCE)
LATER = 7000 * SECOND

Pair = tuple[str, Begun, Begun]


def judge_idempotency(guest: Guest) -> Page:
    """Upload files, then their repetitions, and judge which of these became recordings."""
    page = Page()
    one, other = (guest.device("twice") for _ in range(2))
    keys = [guest.name("twice-key") for _ in range(5)]
    device = {"deviceId": str(one["id"])}
    firsts: list[tuple[str, dict[str, JSON], dict[str, JSON], bool]] = [
        (SAME, device, {"deviceId": str(one["id"])}, True),
        (SAME, device, {"deviceName": str(one["name"])}, True),
        (OTHER_DEVICE, device, {"deviceId": str(other["id"])}, True),
        (SAME_KEY, {"key": keys[0]}, {"key": keys[0]}, True),
        (SAME_KEY, {"key": keys[1]}, {"key": keys[1]}, False),
        (OTHER_KEY, {"key": keys[2]}, {"key": keys[3]}, False),
        (OTHER_KEY, {"key": keys[4]}, {"key": keys[4].upper()}, False),
    ]
    begun: list[tuple[str, Begun, bytes, dict[str, JSON], bool]] = []
    for number, (requirement, first, second, equal) in enumerate(firsts):
        with page.about(requirement):
            name = guest.name("first.mcap")
            data = small(name, start=LATER + number * 60 * SECOND).mcap()
            one_ = guest.uploads.begin(name, **first)
            guest.uploads.require_put(one_, data)
            begun.append((requirement, one_, data, second, equal))
    outcomes = guest.uploads.settle(*(first for _, first, *_ in begun))
    pairs = [*_repeat(guest, page, begun, outcomes)]
    guest.uploads.work_off(*(second for _, _, second in pairs))
    _judge(guest, page, pairs)
    _judge_once(guest, page, str(one["id"]))
    return page


def _repeat(
    guest: Guest,
    page: Page,
    begun: Sequence[tuple[str, Begun, bytes, dict[str, JSON], bool]],
    outcomes: Sequence[Outcome],
) -> list[Pair]:
    """Upload each file, or another one, a second time, where the first became a recording."""
    pairs: list[Pair] = []
    for (requirement, first, data, members, equal), outcome in zip(begun, outcomes, strict=True):
        if not outcome.imported:
            page.block(requirement, reason=f"{IMPORTED}, which it needs, fails")
            continue
        with page.about(requirement):
            name = guest.name("second.mcap")
            reply = guest.api.ask("POST /data/upload", body={"filename": name, **members})
            if not reply.done and requirement == SAME_KEY:
                page.saw(requirement)  # a key that is taken may be refused at once
                continue
            second = guest.uploads.begin(name, **members)
            if taken(guest.uploads.put(second, data if equal else small(name, start=LATER).mcap())):
                pairs.append((requirement, first, second))
    return pairs


def _judge(guest: Guest, page: Page, pairs: Sequence[Pair]) -> None:
    reply = whole(guest.api, "GET /recordings")
    body: Any = reply.require_done()
    # A file that is refused as a repetition may leave a recording that failed.
    paths = {str(one.get("path")): one for one in body if one.get("importStatus") != "failed"}
    for requirement, first, second in pairs:
        there = [one.filename in paths for one in (first, second)]
        if requirement == SAME and all(there) and _strays(guest, paths[second.filename], first):
            page.block(SAME, reason="the second upload became another device's (see FOXGLOVE-UPLOAD-103 and -104)")
        elif requirement in {SAME, SAME_KEY}:
            text = "What was uploaded before became a second recording"
            page.expect(requirement, reply, text, due=1, got=sum(there))
            if requirement == SAME_KEY and there == [False, True]:
                text = "What was uploaded before under a key is gone after another upload with the key"
                page.fault(requirement, reply.fault(text, first.filename, second.filename))
        else:
            text = "What is another device's, or has another key, did not become a recording of its own"
            page.expect(requirement, reply, text, due=[True, True], got=[*there])
        if requirement == OTHER_DEVICE and all(there):
            due = [str(one.sent["deviceId"]) for one in (first, second)]
            told = [owner(guest.api, paths[one.filename], due) for one in (first, second)]
            text = "The content of two devices became recordings of one"
            page.expect(requirement, reply, text, due=[*due], got=[*told])


def _strays(guest: Guest, recording: Mapping[str, Any], first: Begun) -> bool:
    """Whether a recording belongs to another device than the one that an upload named."""
    due = str(first.sent["deviceId"])
    return owner(guest.api, recording, [due]) != due


def _judge_once(guest: Guest, page: Page, device: str) -> None:
    """A file that is put to its link twice is imported once."""
    with page.about(ONCE):
        begun = guest.uploads.begin(guest.name("once.mcap"), deviceId=device)
        data = small(begun.filename, start=LATER + 600 * SECOND).mcap()
        guest.uploads.require_put(begun, data)
        guest.uploads.put(begun, data)
        outcome = guest.uploads.settle(begun)[0]
        if not outcome.imported:
            page.block(ONCE, reason=f"{IMPORTED}, which it needs, fails")
            return
        guest.uploads.put(begun, data)
        guest.uploads.work_off(begun)
        reply = whole(guest.api, "GET /recordings")
        found = [
            one
            for one in reply.require_done()
            if one.get("path") == begun.filename and one.get("importStatus") != "failed"
        ]
        page.expect(ONCE, reply, "A file that was received once is imported twice", due=1, got=len(found))
