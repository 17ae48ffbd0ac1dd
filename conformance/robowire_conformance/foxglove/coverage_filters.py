"""Section "List coverage": what is covered, in which window, of which devices and recordings."""

from collections.abc import Mapping, Sequence
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.coverage import Cover, device_of, ranges, shown
from robowire_conformance.foxglove.instants import zulu
from robowire_conformance.foxglove.judging import Page, formed, rejects, require_rejected
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.spans import Span, covered, meets, overlapping, unfounded

LIST = "FOXGLOVE-COVERAGE-001"
START, END, NEEDS_START, NEEDS_END = (f"FOXGLOVE-COVERAGE-{number}" for number in range(101, 105))
ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST = (f"FOXGLOVE-COVERAGE-{number}" for number in range(111, 117))
IMPORT, RECORDING, KEY = (f"FOXGLOVE-COVERAGE-{number}" for number in (120, 121, 122))
TOLD, ALL, ONLY, APART, ONCE, STATUS = (f"FOXGLOVE-COVERAGE-{number}" for number in (207, *range(301, 306)))
NOBODY, NOBODYS_RECORDING, NOBODYS_IMPORT = (f"FOXGLOVE-COVERAGE-{number}" for number in (310, 311, 312))
FILTERS = (
    *(LIST, START, END, NEEDS_START, NEEDS_END, ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST),
    *(IMPORT, RECORDING, KEY, TOLD, ALL, ONLY, APART, ONCE, STATUS, NOBODY, NOBODYS_RECORDING, NOBODYS_IMPORT),
)

NARROW = 5
"""Seconds of tolerance by which none of the suite's recordings are joined that do not overlap."""

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


def judge_coverage(shelf: Shelf) -> Page:
    """Judge the list itself first, then what narrows it."""
    page, cover = Page(), Cover(shelf)
    with page.about(LIST, TOLD, ALL, ONLY, APART, ONCE, STATUS, NOBODY):
        _judge_list(cover, page)
    with page.about(START, END):
        _judge_window(cover, page)
    for requirement, params in ((NEEDS_START, {"end": "end"}), (NEEDS_END, {"start": "start"})):
        with page.about(requirement):
            _judge_lacking(cover, page, requirement, [*params])
    _judge_devices(cover, page)
    page.needs((ALL, ONLY, ID), START, END)
    _judge_recordings(cover, page)
    return page


def _judge_list(cover: Cover, page: Page) -> None:
    reply = cover.ask()
    formed(reply)
    page.saw(LIST)
    items = cover.own(reply)
    everything = [span for number, _ in enumerate(cover.shelf.devices) for span in cover.spans(number)]
    told = all(device_of(one) is not None for one in reply.body)
    for number, (device_id, name) in enumerate(cover.shelf.devices):
        of = reply if told else cover.ask(deviceId=device_id)  # a range need not tell its device
        own = [one for one in formed(of, ID) if not told or device_of(one) == device_id]
        _judge_ranges(cover, page, of, ranges(of, own), cover.spans(number), everything)
        for item in own:
            page.expect(STATUS, of, "Imported data are not imported", due="imported", got=item.get("status"))
        for item in (one for one in items if device_of(one) == device_id):
            _judge_told(page, reply, item, {"id": device_id, "name": name})
    _judge_each(cover, page, told=told)
    keyed = cover.shelf["keyed"].span
    stray = [one for one in ranges(reply) if one == keyed]
    page.expect(NOBODY, reply, "A recording without a device is covered", due=[], got=shown(stray))


def _judge_each(cover: Cover, page: Page, *, told: bool) -> None:
    """Where nothing but the times of one recording is asked for, it is covered: few ranges, or none, are beside its."""
    for number, (device_id, _) in enumerate(cover.shelf.devices):
        for span in cover.spans(number):
            reply = cover.ask(start=zulu(span[0]), end=zulu(span[1]))
            own = [one for one in formed(reply) if not told or device_of(one) == device_id]
            found = ranges(reply, own)
            if not covered(span, found):
                text = "Data of an imported recording are not covered"
                page.fault(ALL, reply.fault(text, shown([span]), shown(found)))


def _judge_told(page: Page, reply: Reply, item: Mapping[str, Any], due: Mapping[str, JSON]) -> None:
    """Judge the device that a range tells, in whichever of its members."""
    device = item.get("device")
    told = {"id": item.get("deviceId", due["id"])}
    if isinstance(device, dict):
        told = {"id": told["id"] if told["id"] != due["id"] else device.get("id"), "name": device.get("name")}
    text = "A range tells another device than its data are of"
    page.expect(TOLD, reply, text, due={key: due[key] for key in told}, got=told)


def _judge_ranges(
    cover: Cover, page: Page, reply: Reply, found: Sequence[Span], spans: Sequence[Span], everything: Sequence[Span]
) -> None:
    """Judge the ranges of one device, whatever the tolerance may be when none is given."""
    missing = [span for span in spans if not covered(span, found)]
    text = "Data of imported recordings are not covered"
    if not page.expect(ALL, reply, text, due=[], got=shown(missing)):
        return
    odd = unfounded(found, spans, cover.window)
    if odd is None:
        page.saw(ONLY)
        page.saw(APART)
    else:
        joined = unfounded([odd], everything, cover.window) is None
        text = "Data of two devices are one range" if joined else "A range begins or ends where no data do"
        page.fault(APART if joined else ONLY, reply.fault(text, shown(spans), shown([odd])))
    twice = overlapping(found)
    text = "Two ranges of one device and one status overlap"
    page.expect(ONCE, reply, text, due=[], got=shown(twice or ()))


def _judge_window(cover: Cover, page: Page) -> None:
    """Windows that end and begin at the last and the first message, and a nanosecond beside them."""
    device, spans = cover.shelf.devices[0][0], sorted(cover.spans(0))
    first, second = spans[0], spans[1]
    cases = (
        (START, first[1], second[1], first, True),
        (START, first[1] + 1, second[1], first, False),
        (START, first[1] - 1, second[1], first, True),
        (END, first[0], second[0], second, True),
        (END, first[0], second[0] - 1, second, False),
        (END, first[0], second[0] + 1, second, True),
    )
    for requirement, start, end, span, due in cases:
        reply = cover.ask(start=zulu(start), end=zulu(end), deviceId=device, tolerance=NARROW)
        reply.require_done(requirement)
        got = any(meets(one, span) for one in ranges(reply))
        text = f"Data from {zulu(span[0])} to {zulu(span[1])} are {'not ' if due else ''}covered"
        page.expect(requirement, reply, text, due=due, got=got)


def _judge_lacking(cover: Cover, page: Page, requirement: str, kept: Sequence[str]) -> None:
    start, end = (zulu(time) for time in cover.window)
    window = {"start": start, "end": end}
    params = {name: window[name] for name in kept}
    reply = cover.shelf.api.ask("GET /data/coverage", params=params)
    require_rejected(reply, f"A request for coverage with {kept[0]} alone is not refused", requirement)
    page.saw(requirement)


def _judge_devices(cover: Cover, page: Page) -> None:
    devices = cover.shelf.devices
    for requirement, (parameter, column) in DEVICES.items():
        with page.about(requirement):
            for number, device in enumerate(devices):
                _expect_device(cover, page, requirement, number, {parameter: device[column]})
            _expect_nothing(cover, page, requirement, {parameter: f"{devices[0][column]}-none"})
    for requirement, (parameter, ignored, column) in FIRST.items():
        with page.about(requirement):
            for number, device in enumerate(devices):
                for other in (devices[1 - number][column], f"{device[column]}-none"):
                    _expect_device(cover, page, requirement, number, {parameter: device[column], ignored: other})
                    _expect_device(cover, page, requirement, number, {ignored: other, parameter: device[column]})
    page.needs((ALL, ONLY), ID, NAME, DOT_ID, DOT_NAME, ID_FIRST, NAME_FIRST)
    page.needs((ID,), DOT_ID, ID_FIRST)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)


def _expect_device(cover: Cover, page: Page, requirement: str, number: int, params: Mapping[str, JSON]) -> None:
    """All ranges are of one device, and all of its."""
    reply = cover.ask(**params)
    reply.require_done(requirement)
    found, spans = ranges(reply), cover.spans(number)
    wrong = not all(covered(span, found) for span in spans) or unfounded(found, spans, cover.window) is not None
    if wrong:
        text = "The ranges are not those of the device that is asked for"
        page.fault(requirement, reply.fault(text, shown(spans), shown(found)))
    else:
        page.saw(requirement)


def _expect_nothing(cover: Cover, page: Page, requirement: str, params: Mapping[str, JSON]) -> None:
    """What names nothing covers nothing; a client error is an answer too."""
    reply = cover.ask(**params)
    if not rejects(reply):
        page.expect(requirement, reply, "A device that there is not is covered", due=[], got=reply.body)


def _judge_recordings(cover: Cover, page: Page) -> None:
    shelf = cover.shelf
    for hint in ("plain", "second"):
        with page.about(RECORDING):
            _expect_recording(cover, page, RECORDING, shelf[hint], {"recordingId": shelf[hint].id})
        with page.about(IMPORT):
            _expect_recording(cover, page, IMPORT, shelf[hint], {"importId": shelf[hint].import_id})
    with page.about(KEY):
        for hint in ("chunked", "second"):
            _expect_recording(cover, page, KEY, shelf[hint], {"recordingKey": shelf[hint].key})
    nobodys = shelf["keyed"]
    with page.about(NOBODYS_RECORDING):
        _expect_recording(cover, page, NOBODYS_RECORDING, nobodys, {"recordingId": nobodys.id})
    with page.about(NOBODYS_IMPORT):
        _expect_recording(cover, page, NOBODYS_IMPORT, nobodys, {"importId": nobodys.import_id})
    page.needs((RECORDING,), NOBODYS_RECORDING)
    page.needs((IMPORT,), NOBODYS_IMPORT)


def _expect_recording(cover: Cover, page: Page, requirement: str, held: Held, params: Mapping[str, JSON]) -> None:
    """The coverage of one recording is that of its data alone."""
    reply = cover.ask(**params)
    reply.require_done(requirement)
    text = "The coverage of one recording is another one"
    page.expect(requirement, reply, text, due=shown([held.span]), got=shown(ranges(reply)))
