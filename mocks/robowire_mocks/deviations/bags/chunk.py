"""Deviations of what a chunk holds (section "2. Get Message Chunks")."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.bags.changing import body_member, body_without, moved
from robowire_mocks.deviations.bags.registry import BAGS
from robowire_mocks.formats.rosbag1 import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from robowire_mocks.bags.call import Call
    from robowire_mocks.core.answer import Answer
    from robowire_mocks.deviations.bags.changing import Answering, Picking
    from robowire_mocks.formats.rosbag1 import Message


def _chunk(deviation_id: str, breaks: str, summary: str, wrapper: Any) -> None:  # a wrapper of the step
    BAGS.add(deviation_id, breaks=f"BAGS-CHUNK-{breaks}", step="chunk", summary=summary, wrapper=wrapper)


def _null_if_empty(_: Call, messages: Iterator[dict[str, Any]]) -> list[dict[str, Any]] | None:
    return list(messages) or None


@BAGS.deviation("chunk-bare-array", breaks="BAGS-CHUNK-001", step="chunk")
def chunk_bare_array(honest: Answering, call: Call) -> Answer:
    """A chunk is the array of messages alone."""
    answer = honest(call)
    return replace(answer, body=list(answer.body["messages"]))


_chunk("chunk-without-messages", "001", "A chunk has no messages member.", body_without("messages"))
_chunk("chunk-null-when-empty", "001", "messages is null where there is none.", body_member("messages", _null_if_empty))
_chunk("chunk-total-missing", "002", "A chunk has no total_messages.", body_without("total_messages"))
_chunk("chunk-start-missing", "003", "A chunk has no start_time.", body_without("start_time"))
_chunk("chunk-start-zero", "003", "start_time of a chunk is 0.", body_member("start_time", lambda _, __: 0))
_chunk("chunk-end-missing", "004", "A chunk has no end_time.", body_without("end_time"))
_chunk(
    "chunk-end-is-length",
    "004",
    "end_time of a chunk is the length of its range.",
    body_member("end_time", lambda call, _: call.asked.end - call.asked.start),
)


@BAGS.deviation("chunk-total-of-range", breaks="BAGS-CHUNK-002", step="chunk")
def chunk_total_of_range(honest: Answering, call: Call) -> Answer:
    """total_messages of a chunk counts the messages of the chunk."""
    answer = honest(call)
    messages = list(answer.body["messages"])
    return replace(answer, body=answer.body | {"total_messages": len(messages), "messages": messages})


def _within(deviation_id: str, breaks: str) -> Callable[..., Any]:
    return BAGS.deviation(deviation_id, breaks=f"BAGS-CHUNK-{breaks}", step="within")


@_within("chunk-drops-last", "005")
def chunk_drops_last(honest: Picking, call: Call) -> Iterator[Message]:
    """The last message of a range is missing."""
    held: Message | None = None
    for message in honest(call):
        if held is not None:
            yield held
        held = message


@_within("chunk-of-a-hundred", "005")
def chunk_of_a_hundred(honest: Picking, call: Call) -> Iterator[Message]:
    """A chunk holds the first hundred messages of its range at most."""
    return (message for number, message in enumerate(honest(call)) if number < 100)  # a page's size


@_within("chunk-first-connection", "005")
def chunk_first_connection(honest: Picking, call: Call) -> Iterator[Message]:
    """Of a topic with several publishers, only one's messages are given."""
    first: dict[str, int] = {}
    for number, connection in sorted(call.opened.connections.items()):
        first.setdefault(connection.topic, number)
    return (message for message in honest(call) if message.connection.id == first[message.connection.topic])


@_within("chunk-one-per-time", "005")
def chunk_one_per_time(honest: Picking, call: Call) -> Iterator[Message]:
    """Of messages that were recorded at the same time, only the first is given."""
    last_ns = -1
    for message in honest(call):
        if message.time_ns != last_ns:
            yield message
        last_ns = message.time_ns


@_within("chunk-drops-first-of-bag", "005")
def chunk_drops_first_of_bag(honest: Picking, call: Call) -> Iterator[Message]:
    """The very first message of the bag is in no chunk."""
    return (message for message in honest(call) if message.time_ns != call.opened.start_ns)


@_within("chunk-drops-last-of-bag", "005")
def chunk_drops_last_of_bag(honest: Picking, call: Call) -> Iterator[Message]:
    """The very last message of the bag is in no chunk."""
    return (message for message in honest(call) if message.time_ns != call.opened.end_ns)


@_within("chunk-drops-large", "005")
def chunk_drops_large(honest: Picking, call: Call) -> Iterator[Message]:
    """Messages of more than 2000 bytes are missing."""
    return (message for message in honest(call) if len(message.data) <= 2000)  # a buffer's size


@_within("chunk-drops-a-topic", "005")
def chunk_drops_a_topic(honest: Picking, call: Call) -> Iterator[Message]:
    """The messages of one topic that is not latched are missing."""
    topics = {connection.topic for connection in call.opened.connections.values()}
    dropped = min((topic for topic in topics if not call.steps.latched(call, topic)), default="")
    return (message for message in honest(call) if message.connection.topic != dropped)


@_within("chunk-reaches-past-end", "006")
def chunk_reaches_past_end(honest: Picking, call: Call) -> Iterator[Message]:
    """A chunk holds messages of the tenth of a second after its range."""
    return iter(honest(moved(call, call.asked.start, call.asked.end + 0.1)))


@_within("chunk-takes-the-next", "006")
def chunk_takes_the_next(honest: Picking, call: Call) -> Iterator[Message]:
    """A chunk holds the first message after its range too."""
    yield from honest(call)
    after = call.opened.messages(math.nextafter(call.asked.end, math.inf), math.inf)
    yield from (message for _, message in zip(range(1), after, strict=False))


@_within("chunk-until-bag-end", "006")
def chunk_until_bag_end(honest: Picking, call: Call) -> Iterator[Message]:
    """A chunk holds everything from the start of its range to the end of the bag."""
    return iter(honest(moved(call, call.asked.start, math.inf)))


def _cut(cut_start: Callable[[float], float], cut_end: Callable[[float], float]) -> Any:  # a wrapper of the step
    def wrapper(honest: Answering, call: Call) -> Answer:
        return honest(moved(call, cut_start(call.asked.start), cut_end(call.asked.end)))

    return wrapper


_chunk("bounds-cut", "007", "Both bounds are cut to whole seconds.", _cut(math.floor, math.floor))
_chunk("bounds-rounded", "007", "Both bounds are rounded to whole seconds.", _cut(round, round))
_chunk("bounds-widened", "007", "A range is widened to whole seconds.", _cut(math.floor, math.ceil))
_chunk("start-bound-cut", "007", "start_time is cut to whole seconds.", _cut(math.floor, float))
_chunk("end-bound-cut", "007", "end_time is cut to whole seconds.", _cut(float, math.floor))


@_within("chunk-repeats-last", "008")
def chunk_repeats_last(honest: Picking, call: Call) -> Iterator[Message]:
    """The last message of a range is given twice."""
    message: Message | None = None
    for message in honest(call):  # the last one is wanted after the loop
        yield message
    if message is not None:
        yield message


@_within("chunk-repeats-whole-seconds", "008")
def chunk_repeats_whole_seconds(honest: Picking, call: Call) -> Iterator[Message]:
    """A message that was recorded on a whole second is given twice."""
    for message in honest(call):
        yield message
        if stamp(message.time_ns).is_integer():
            yield message


@BAGS.deviation("chunk-repeats-latched-at-start", breaks="BAGS-CHUNK-008", step="backfill")
def chunk_repeats_latched_at_start(honest: Picking, call: Call) -> list[Message]:
    """A latched message exactly on the start of a range is given as part of it and as what came before."""
    at_start = call.opened.messages(call.asked.start, call.asked.start)
    return [*honest(call), *(one for one in at_start if call.steps.latched(call, one.connection.topic))]


@_within("bounds-exclusive", "009")
def bounds_exclusive(honest: Picking, call: Call) -> Iterator[Message]:
    """A message exactly on either bound of a range is not in it."""
    return (message for message in honest(call) if call.asked.start < stamp(message.time_ns) < call.asked.end)


@_within("bounds-exclusive-to-the-millisecond", "009")
def bounds_exclusive_to_the_millisecond(honest: Picking, call: Call) -> Iterator[Message]:
    """Messages within a millisecond of either bound are not in a range."""
    start, end = call.asked.start + 0.001, call.asked.end - 0.001
    return (message for message in honest(call) if start < stamp(message.time_ns) < end)
