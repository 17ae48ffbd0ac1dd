"""Section "List topics": which recordings' topics are listed, and in which order."""

from collections.abc import Mapping, Sequence
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import zulu
from robowire_conformance.foxglove.judging import Page, formed, rejects
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.sorts import Sorting, judge_sorts
from robowire_conformance.foxglove.topics import EVERY, Topics, names, unlike

START, END, IMPORT, RECORDING, KEY = (f"FOXGLOVE-TOPICS-{number}" for number in range(101, 106))
ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST = (f"FOXGLOVE-TOPICS-{number}" for number in range(106, 112))
OVERLAPPING = "FOXGLOVE-TOPICS-309"
FILTERS = (START, END, IMPORT, RECORDING, KEY, ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST, OVERLAPPING)

SORTS: Mapping[str, str] = {"FOXGLOVE-TOPICS-121": "topic", "FOXGLOVE-TOPICS-122": "version"}
DIRECTIONS = {"asc": "FOXGLOVE-PAGING-814", "desc": "FOXGLOVE-PAGING-815"}

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


def judge_topic_filters(shelf: Shelf, listed: Page) -> Page:
    """Judge each filter by the topics of the recordings that it lets through."""
    page, topics = Page(), Topics(shelf)
    for hint in ("plain", "second"):
        with page.about(RECORDING):
            _expect(topics, page, RECORDING, [shelf[hint]], recordingId=shelf[hint].id)
        with page.about(IMPORT):
            _expect(topics, page, IMPORT, [shelf[hint]], importId=shelf[hint].import_id)
    with page.about(KEY):
        for hint in ("chunked", "second"):
            _expect(topics, page, KEY, [shelf[hint]], recordingKey=shelf[hint].key)
    _judge_devices(topics, page)
    with page.about(START, END, OVERLAPPING):
        _judge_ranges(topics, page)
    page.needs((ID,), START, END, OVERLAPPING)
    if not listed.faulty(RECORDING):  # that explains what is wrong with the list
        page.rests(listed, (EVERY,), *FILTERS)
    return page


def judge_topic_sorts(shelf: Shelf) -> Page:
    """Judge each field in both directions."""
    page, topics = Page(), Topics(shelf)
    sortings = [Sorting(requirement, field, _text(field)) for requirement, field in SORTS.items()]

    def ask(**params: str) -> Reply:
        return topics.ask(recordingId=shelf["chunked"].id, **params)

    judge_sorts(page, sortings, DIRECTIONS, ask, lambda reply: reply.body)
    return page


def _text(field: str) -> Any:
    return lambda item: item.get(field) if isinstance(item.get(field), str) else None


def _judge_devices(topics: Topics, page: Page) -> None:
    devices = topics.shelf.devices
    for requirement, (parameter, column) in DEVICES.items():
        with page.about(requirement):
            for device in devices:
                _expect(topics, page, requirement, topics.shelf.every(device[0]), **{parameter: device[column]})
            _expect(topics, page, requirement, [], **{parameter: f"{devices[0][column]}-none"})
    for requirement, (parameter, ignored, column) in FIRST.items():
        with page.about(requirement):
            for number, device in enumerate(devices):
                for other in (devices[1 - number][column], f"{device[column]}-none"):
                    own = topics.shelf.every(device[0])
                    _expect(topics, page, requirement, own, **{parameter: device[column], ignored: other})
                    _expect(topics, page, requirement, own, **{ignored: other, parameter: device[column]})
    page.needs((ID,), DOT_ID, ID_FIRST)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)


def _judge_ranges(topics: Topics, page: Page) -> None:
    """Ranges that end and begin where recordings do, and a nanosecond beside them."""
    shelf = topics.shelf
    device = shelf.devices[0][0]
    own = sorted(shelf.of(device), key=lambda one: one.span)
    first, second = own[0], own[1]
    ranges: Sequence[tuple[str, int | None, int | None]] = (
        (START, first.span[1], None),
        (START, first.span[1] + 1, None),
        (START, own[-1].span[1] + 1, None),
        (END, None, second.span[0]),
        (END, None, second.span[0] - 1),
        (END, None, first.span[0] - 1),
        (OVERLAPPING, first.span[1], second.span[0]),
        (OVERLAPPING, first.span[1] + 1, second.span[0] - 1),
        (OVERLAPPING, first.span[0] + 1, first.span[1] - 1),
        (OVERLAPPING, second.span[0], second.span[0]),
    )
    for requirement, start, end in ranges:
        meant = [one for one in own if _meets(one, start, end)]
        asked = {name: zulu(time) for name, time in (("start", start), ("end", end)) if time is not None}
        _expect(topics, page, requirement, meant, deviceId=device, **asked)
    page.needs((START, END), OVERLAPPING)


def _meets(held: Held, start: int | None, end: int | None) -> bool:
    return (start is None or held.span[1] >= start) and (end is None or held.span[0] <= end)


def _expect(topics: Topics, page: Page, requirement: str, recordings: Sequence[Held], **params: JSON) -> None:
    """The topics are those of the recordings that are meant; where there are none, a client error will do."""
    reply = topics.ask(**params)
    if not recordings and rejects(reply):
        return
    lacking, beyond = unlike(formed(reply, requirement), [one.contents for one in recordings])
    if lacking or beyond:
        due = sorted({topic for one in recordings for topic in one.contents.topics})
        text = "The topics are not those of the recordings that are asked for"
        page.fault(requirement, reply.fault(text, due, sorted(names(reply.body))))
    else:
        page.saw(requirement)
