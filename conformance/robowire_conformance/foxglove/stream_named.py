"""Section "Download data": the range and the topics that are asked for, however the recordings are named."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.selecting import Difference, Selection, compare, due
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.stream_ranges import END, RANGE, START, TOPICS, blame
from robowire_conformance.foxglove.streaming import stream, told


def judge_named(shelf: Shelf, page: Page) -> None:
    """Judge a range and topics with each of the other ways to name recordings, where they are right by recordingId."""
    if page.faulty(START, END, RANGE, TOPICS) or page.blocked(START) or page.blocked(TOPICS):
        return
    held = shelf["chunked"]
    topics = _all_but_the_densest(held)
    times = sorted({one.time for one in held.contents.messages if one.channel.topic in topics})
    first, last = times[len(times) // 4], times[3 * len(times) // 4]
    selections = (Selection(first, last, topics), Selection(first + 1, last - 1))
    for named, recordings in _ways(shelf, held):
        with page.about():  # whether a way names them at all is another requirement
            for selection in selections:
                _judge(page, shelf, named, recordings, selection)


def _all_but_the_densest(held: Held) -> tuple[str, ...]:
    """All topics but the one whose messages are most, so that a range without it is full of what is not due."""
    counts = Counter(one.channel.topic for one in held.contents.messages)
    return tuple(sorted(topic for topic, _ in counts.most_common()[1:]))


def _ways(shelf: Shelf, held: Held) -> Iterator[tuple[Mapping[str, JSON], Sequence[Held]]]:
    """What names the recording, and all recordings that it names."""
    device = shelf.devices[0]
    others = shelf.of(device[0])
    if held.uploaded.import_id is not None:
        yield {"importId": held.import_id}, [held]
    yield {"recordingKey": held.key}, [held]
    yield {"key": held.key}, [held]
    yield {"deviceId": device[0]}, others
    yield {"deviceName": device[1]}, others


def _judge(
    page: Page, shelf: Shelf, named: Mapping[str, JSON], recordings: Sequence[Held], selection: Selection
) -> None:
    """Judge the edges of what comes; that messages of other recordings come is a matter of what names them."""
    streamed = stream(shelf.api, {**named, **selection.body()})
    if streamed.contents is None:
        return
    contents = [one.contents for one in recordings]
    difference = compare(due(contents, selection), streamed.contents.messages)
    keys = {message.key for one in contents for message in one.messages}
    if not difference or not keys.issuperset(difference.extra):
        return
    if blamed := _blamed(selection, difference):
        page.fault(blamed, streamed.fault(*told(difference)))


def _blamed(selection: Selection, difference: Difference) -> str:
    """The requirement that a difference speaks against, if it does against one of these."""
    times = [time for time, _, _ in difference.extra]
    early, late = (selection.start or 0) > min(times, default=0), (selection.end or 0) < max(times, default=0)
    if times and early and late:
        return RANGE
    return blame(selection, difference, "")
