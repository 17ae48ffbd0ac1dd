"""Section "Download data": which recordings a request names, by their ids and keys or by a device and a range."""

from collections.abc import Mapping, Sequence

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.contents import Contents
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.selecting import Selection, compare, due
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.streaming import stream, told

IMPORT, RECORDING, RECORDING_KEY, KEY = (f"FOXGLOVE-STREAM-{number}" for number in (128, 129, 130, 131))
ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST = (f"FOXGLOVE-STREAM-{number}" for number in range(118, 124))
TOGETHER = "FOXGLOVE-STREAM-310"
SOURCES = (IMPORT, RECORDING, RECORDING_KEY, KEY, ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST, TOGETHER)

PARAMETERS: Mapping[str, tuple[str, int]] = {
    ID: ("deviceId", 0),
    NAME: ("deviceName", 1),
    DOT_ID: ("device.id", 0),
    DOT_NAME: ("device.name", 1),
}
"""The member by which a device is named, and whether that is its id or its name."""

FIRST: Mapping[str, tuple[str, str, int]] = {
    ID_FIRST: ("deviceId", "device.id", 0),
    NAME_FIRST: ("deviceName", "device.name", 1),
}
"""The member that counts, and the one that is ignored beside it."""


def judge_sources(shelf: Shelf) -> Page:
    """Judge each way to name recordings."""
    page = Page()
    for requirement, member in ((RECORDING, "recordingId"), (IMPORT, "importId")):
        with page.about(requirement):
            for hint in ("plain", "second"):
                named = shelf[hint].id if requirement == RECORDING else shelf[hint].import_id
                _expect(page, requirement, shelf, {member: named}, [shelf[hint].contents])
    for requirement, member in ((RECORDING_KEY, "recordingKey"), (KEY, "key")):
        with page.about(requirement):
            for hint in ("chunked", "keyed"):
                _expect(page, requirement, shelf, {member: shelf[hint].key}, [shelf[hint].contents])
    _judge_devices(page, shelf)
    page.needs((ID,), DOT_ID, ID_FIRST)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)
    if not page.faulty(ID, NAME):
        with page.about(TOGETHER):
            _judge_together(page, shelf)
    return page


def _judge_devices(page: Page, shelf: Shelf) -> None:
    """Judge each way to name a device, and which one counts of two."""
    for requirement, (member, column) in PARAMETERS.items():
        with page.about(requirement):
            for number, device in enumerate(shelf.devices):
                _judge_device(page, requirement, shelf, {member: device[column]}, number)
    for requirement, (member, ignored, column) in FIRST.items():
        with page.about(requirement):
            for number, device in enumerate(shelf.devices):
                for other in (shelf.devices[1 - number][column], f"{device[column]}-none"):
                    body = {member: device[column], ignored: other}
                    _judge_device(page, requirement, shelf, body, number)


def _judge_device(page: Page, requirement: str, shelf: Shelf, body: Mapping[str, JSON], number: int) -> None:
    """The data of one recording of a device, by a range in which the device has no other."""
    held = shelf["chunked"] if number == 0 else shelf["second"]
    start, end = held.span
    selection = Selection(start - SECOND, end + SECOND)
    _expect(page, requirement, shelf, {**body, **selection.body()}, [held.contents], selection)


def _judge_together(page: Page, shelf: Shelf) -> None:
    """The data of all recordings of a device, some of which are of the same time."""
    device_id, name = shelf.devices[0]
    held = shelf.of(device_id)
    whole = Selection(min(one.span[0] for one in held) - SECOND, max(one.span[1] for one in held) + SECOND)
    within = Selection(held[0].span[1] - SECOND, _overlap(held))
    for selection in (whole, within):
        for body in ({"deviceId": device_id}, {"deviceName": name}):
            asked = {**body, **selection.body()}
            _expect(page, TOGETHER, shelf, asked, [one.contents for one in held], selection)


def _overlap(held: Sequence[Held]) -> int:
    """A time within several recordings, if there is one."""
    later = max(held, key=lambda one: one.span[0])
    return (later.span[0] + later.span[1]) // 2


def _expect(
    page: Page,
    requirement: str,
    shelf: Shelf,
    body: Mapping[str, JSON],
    recordings: Sequence[Contents],
    selection: Selection | None = None,
) -> None:
    """Note whether data are those of the recordings that are meant."""
    streamed = stream(shelf.api, body)
    wanted = due(recordings, selection or Selection())
    difference = compare(wanted, streamed.messages(wanted, requirement))
    if difference:
        page.fault(requirement, streamed.fault(*told(difference)))
    else:
        page.saw(requirement)
