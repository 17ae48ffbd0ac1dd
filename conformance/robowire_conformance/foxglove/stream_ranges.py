"""Section "Download data": the range and the topics that are asked for, by a recording's id."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from robowire_conformance import law
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.contents import Contents, Kind, Message, disorders
from robowire_conformance.foxglove.instants import zulu
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.selecting import Difference, Key, Selection, compare, due
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.streaming import WORKS, Streamed, shown, stream, told
from robowire_conformance.target import Target

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TOPICS, ALL_TOPICS, NO_TOPICS = (f"FOXGLOVE-STREAM-{number}" for number in (101, 102, 103))
START, END, RANGE = (f"FOXGLOVE-STREAM-{number}" for number in (124, 125, 135))
COMPLETE, ORDERED, INLINE = (f"FOXGLOVE-STREAM-{number}" for number in (301, 306, 308))
RECORDING = "FOXGLOVE-STREAM-129"
RANGES = (COMPLETE, ORDERED, INLINE, TOPICS, ALL_TOPICS, NO_TOPICS, START, END, RANGE)

ABSENT = "/robowire/absent"
"""A topic that no recording has."""

EXAMPLES = 20


def judge_ranges(target: Target, shelf: Shelf) -> Page:
    """Judge whole recordings first; of what is cut out of one, only where the whole is right."""
    page = Page()
    held = shelf["chunked"]
    with page.about(COMPLETE, ORDERED, INLINE, ALL_TOPICS):
        for hint in ("chunked", "plain"):
            _judge_whole(shelf, shelf[hint], page)
    if not page.faulty(ORDERED):
        with page.about(ORDERED):
            _judge_together(shelf, page)
    if page.faulty(COMPLETE, WORKS, ALL_TOPICS) or page.blocked(COMPLETE):
        page.block(TOPICS, NO_TOPICS, START, END, RANGE, reason="whole recordings do not come as they are")
        return page
    with page.about(NO_TOPICS):
        _expect(page, NO_TOPICS, shelf, held, Selection(), topics=[])
    with page.about(TOPICS):
        _judge_topics(shelf, held, page)
    with page.about(START, END, RANGE):
        _judge_cut(shelf, held, page)
        if not page.faulty(RANGE):
            _judge_edges(shelf, held, page)
    if page.faulty(RANGE):
        page.block(START, END, reason=f"{RANGE}, which it needs, fails")
        return page
    if not page.faulty(START, END, TOPICS):
        with page.about(START, END, RANGE, TOPICS):
            _judge_any(target, shelf, page)
    return page


def _judge_whole(shelf: Shelf, held: Held, page: Page) -> None:
    """Without a range and topics, the data are the recording."""
    streamed = stream(shelf.api, {"recordingId": held.id})
    contents = streamed.require()
    difference = compare(due([held.contents], Selection()), contents.messages)
    if contents.messages and difference and not set(_keys(contents)) & set(_keys(held.contents)):
        text = "With recordingId the data are those of another recording"
        raise streamed.violation(text, expected=held.id, actual=shown(_keys(contents)), of=RECORDING)
    lacking = held.contents.topics - contents.topics
    if lacking:
        text = "Without topics, the data are not of all topics"
        page.fault(ALL_TOPICS, streamed.fault(text, sorted(held.contents.topics), sorted(contents.topics)))
        page.block(COMPLETE, reason=f"{ALL_TOPICS}, which it needs, fails")
        return
    page.saw(ALL_TOPICS)
    if difference:
        page.fault(COMPLETE, streamed.fault(*told(difference)))
    else:
        page.saw(COMPLETE)
    _judge_form(held, streamed, contents, page)


def _judge_together(shelf: Shelf, page: Page) -> None:
    """The messages of several recordings of one time come in one order."""
    held = [shelf[hint] for hint in ("plain", "overlapping", "nested")]
    selection = Selection(min(one.span[0] for one in held), max(one.span[1] for one in held))
    streamed = stream(shelf.api, {"deviceId": held[0].uploaded.device_id, **selection.body()})
    if streamed.contents is not None:  # that they come at all is a matter of what names recordings
        _judge_order(streamed, streamed.contents, page)


def _judge_order(streamed: Streamed, contents: Contents, page: Page) -> None:
    turned = next(disorders(contents), None)
    if turned is None:
        page.saw(ORDERED)
    else:
        before, after = (zulu(message.time) for message in turned)
        page.fault(ORDERED, streamed.fault("A message comes after a later one", f"{before} or later", after))


def _judge_form(held: Held, streamed: Streamed, contents: Contents, page: Page) -> None:
    """Judge the order of the messages, and the channels and schemas before them."""
    _judge_order(streamed, contents, page)
    if contents.kind is not Kind.MCAP:
        return
    faces = {message.key: message.channel.face for message in held.contents.messages}
    wrong = [one for one in contents.messages if faces.get(one.key, one.channel.face) != one.channel.face]
    if contents.strays:
        text = "Messages come before their channel, or before its schema"
        page.fault(INLINE, streamed.fault(text, "none", f"{contents.strays} of {len(contents.messages)}"))
    elif wrong:
        text = "The schema or the encoding that stands before a message is not the one of its channel"
        page.fault(INLINE, streamed.fault(text, _face(faces[wrong[0].key]), _face(wrong[0].channel.face)))
    else:
        page.saw(INLINE)


def _face(face: Sequence[Any]) -> list[str]:
    return [part.decode("utf-8", "replace")[:80] if isinstance(part, bytes) else part for part in face]


def _judge_topics(shelf: Shelf, held: Held, page: Page) -> None:
    """Each topic alone, all but one, and one that there is not."""
    topics = sorted(held.contents.topics)
    for chosen in (*((topic,) for topic in topics), (*topics[1:], ABSENT)):
        _expect(page, TOPICS, shelf, held, Selection(topics=tuple(chosen)))
    _judge_topic_of_bag(shelf, page)
    streamed = stream(shelf.api, {"recordingId": held.id, "topics": [ABSENT]})
    if streamed.contents is not None and streamed.contents.messages:  # a refusal is an answer too
        found = shown(message.key for message in streamed.contents.messages)
        page.fault(TOPICS, streamed.fault("A topic that the recording has not gives messages", [], found))


def _judge_topic_of_bag(shelf: Shelf, page: Page) -> None:
    """A topic counts in a bag too; that bags are given at all is judged elsewhere."""
    held = shelf["bag"]
    selection = Selection(topics=(min(held.contents.topics),))
    streamed = stream(shelf.api, {"recordingId": held.id, "outputFormat": "bag1", **selection.body()})
    if streamed.contents is not None:
        difference = compare(due([held.contents], selection), streamed.contents.messages)
        whole = {"recordingId": held.id, "outputFormat": "bag1"}
        if difference.extra or (difference and _is_whole(held, stream(shelf.api, whole))):
            page.fault(TOPICS, streamed.fault(*told(difference)))


def _is_whole(held: Held, streamed: Streamed) -> bool:
    """Whether data are all those of a recording."""
    return streamed.contents is not None and not compare(due([held.contents], Selection()), streamed.contents.messages)


def _keys(contents: Contents) -> list[Key]:
    return [message.key for message in contents.messages]


def _judge_cut(shelf: Shelf, held: Held, page: Page) -> None:
    """A range in the midst of a recording, neither end of which may count for nothing."""
    times = sorted(message.time for message in held.contents.messages)
    selection = Selection(times[len(times) // 3], times[2 * len(times) // 3])
    streamed = stream(shelf.api, {"recordingId": held.id, **selection.body()})
    got = streamed.require(RANGE).messages
    if any(selection.before(one) for one in got) and any(selection.after(one) for one in got):
        difference = compare(due([held.contents], selection), got)
        page.fault(RANGE, streamed.fault(*told(difference)))


def _judge_edges(shelf: Shelf, held: Held, page: Page) -> None:
    """Ranges that begin and end at messages, and a nanosecond beside them."""
    times = sorted({message.time for message in held.contents.messages})
    first, middle, last = times[len(times) // 4], times[len(times) // 2], times[3 * len(times) // 4]
    ranges = (
        ((START,), middle, last + 1),
        ((START,), middle + 1, last + 1),
        ((END,), first - 1, middle),
        ((END,), first - 1, middle - 1),
        ((RANGE,), times[0] - 1, times[-1] + 1),
        ((RANGE,), first - 1, last + 1),
        ((START, END), middle, middle),
    )
    for requirements, start, end in ranges:
        if start == end and page.faulty(START, END):
            continue  # it has both edges at once, and would tell the same again
        selection = Selection(start, end)
        streamed = stream(shelf.api, {"recordingId": held.id, **selection.body()})
        got = streamed.require(RANGE).messages
        difference = compare(due([held.contents], selection), got)
        for requirement in requirements:
            blamed = blame(selection, difference, RANGE)
            if not difference:
                page.saw(requirement)
            elif blamed == requirement or requirement == requirements[0]:
                page.fault(blamed, streamed.fault(*told(difference)))


def _expect(page: Page, requirement: str, shelf: Shelf, held: Held, selection: Selection, **members: JSON) -> None:
    """Note whether a recording's data are what is due, on behalf of one requirement."""
    streamed = stream(shelf.api, {"recordingId": held.id, **selection.body(), **members})
    wanted, absent = due([held.contents], selection), ABSENT in selection.topics
    got = streamed.messages(wanted, requirement, refusable=absent)
    if absent and streamed.refused:
        return
    difference = compare(wanted, got)
    if difference:
        page.fault(requirement, streamed.fault(*told(difference)))
    else:
        page.saw(requirement)


def blame(selection: Selection, difference: Difference, otherwise: str) -> str:
    """The requirement that a difference speaks against; `otherwise` where several may be meant."""
    for time, topic, _ in difference.extra:
        if selection.topics and topic not in selection.topics:
            return TOPICS
        if selection.start is not None and time < selection.start:
            return START
        if selection.end is not None and time > selection.end:
            return END
    missing = {time for time, _, _ in difference.missing}
    if missing and missing <= {selection.start}:
        return START
    if missing and missing <= {selection.end}:
        return END
    return otherwise


def _judge_any(target: Target, shelf: Shelf, page: Page) -> None:
    """Any range and topics of any of the recordings."""

    @law.for_all(target, _selections(shelf), examples=EXAMPLES)
    def data_are_what_was_asked_for(asked: tuple[Held, Selection]) -> None:
        held, selection = asked
        streamed = stream(shelf.api, {"recordingId": held.id, **selection.body()})
        wanted = due([held.contents], selection)
        absent = ABSENT in selection.topics
        got = streamed.messages(wanted, RANGE, refusable=absent)
        difference = None if absent and streamed.refused else compare(wanted, got)
        if difference:
            text, expected, actual = told(difference)
            blamed = blame(selection, difference, TOPICS if selection.start is None else RANGE)
            raise streamed.violation(text, expected=expected, actual=actual, of=blamed)

    for requirement in (START, END, RANGE, TOPICS):
        page.saw(requirement)


def _selections(shelf: Shelf) -> "SearchStrategy[tuple[Held, Selection]]":
    """Recordings, and what to ask of them: times at messages, beside them and anywhere, some topics or all."""
    from hypothesis import strategies as st

    def of(held: Held) -> "SearchStrategy[tuple[Held, Selection]]":
        return st.tuples(st.just(held), _selection(held.contents.messages, sorted(held.contents.topics)))

    return st.sampled_from([shelf[hint] for hint in ("chunked", "plain", "second")]).flatmap(of)


def _selection(messages: Sequence[Message], topics: Sequence[str]) -> "SearchStrategy[Selection]":
    from hypothesis import strategies as st

    times = sorted({message.time for message in messages})
    anywhere = st.integers(times[0] - 10**9, times[-1] + 10**9)
    time = st.builds(int.__add__, st.sampled_from(times), st.sampled_from((0, 0, -1, 1))) | anywhere
    chosen = st.just(()) | st.lists(st.sampled_from([*topics, ABSENT]), min_size=1, unique=True).map(tuple)
    select: Callable[..., Selection] = lambda pair, some: Selection(min(pair), max(pair), some)  # noqa: E731  # for builds
    return st.builds(select, st.tuples(time, time), chosen)
