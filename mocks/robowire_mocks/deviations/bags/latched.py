"""Deviations of latched topics (section "Special Behavior: Latched Topics")."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from robowire_fixtures.bags import LATCHED_TOPICS

from robowire_mocks.deviations.bags.changing import earlier, earlier_latched, latched_topics
from robowire_mocks.deviations.bags.registry import BAGS
from robowire_mocks.formats.rosbag1 import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robowire_mocks.bags.call import Call
    from robowire_mocks.deviations.bags.changing import Converting, Json
    from robowire_mocks.formats.rosbag1 import Message

    Backfilling = Callable[[Call], Sequence[Message]]
    Asking = Callable[[Call, str], bool]

_LOOKBACK_S = 5.0


def _in_range(call: Call, message: Message) -> bool:
    return stamp(message.time_ns) >= call.asked.start


def _flag(deviation_id: str, breaks: str, summary: str, flag: Callable[[Call, Message, bool], bool]) -> None:
    """A deviation of `__latched`: `flag` makes it of the call, the message and the honest value."""

    def wrapper(honest: Converting, call: Call, message: Message) -> Json:
        given = honest(call, message)
        return given | {"__latched": flag(call, message, given["__latched"])}

    BAGS.add(deviation_id, breaks=f"BAGS-LATCHED-{breaks}", step="message", summary=summary, wrapper=wrapper)


def _backfill(deviation_id: str, breaks: str) -> Callable[..., Any]:
    return BAGS.deviation(deviation_id, breaks=f"BAGS-LATCHED-{breaks}", step="backfill")


def _first_other_topic(call: Call) -> str:
    """The first topic of the bag by name that is not latched."""
    topics = {connection.topic for connection in call.opened.connections.values()}
    return min((topic for topic in topics if not call.steps.latched(call, topic)), default="")


_flag(
    "unflagged-in-range",
    "001",
    "Messages of latched topics within the range are not flagged.",
    lambda call, message, flag: flag and not _in_range(call, message),
)
_flag(
    "unflagged-after-first-second",
    "001",
    "Messages of latched topics are flagged in the first second of a range only.",
    lambda call, message, flag: flag and stamp(message.time_ns) < call.asked.start + 1,
)
_flag(
    "unflagged-backfill",
    "002",
    "Backfilled messages are not flagged.",
    lambda call, message, flag: flag and _in_range(call, message),
)
_flag("all-flagged", "003", "Every message is flagged as latched.", lambda _, __, ___: True)
_flag(
    "flagged-other-topic",
    "003",
    "One topic that is not latched is flagged.",
    lambda call, message, flag: flag or message.connection.topic == _first_other_topic(call),
)
_flag(
    "flagged-tf-static",
    "003",
    "Messages that their publisher latched are flagged, whatever their topic.",
    lambda _, message, flag: flag or bool(message.connection.latching),
)


@_backfill("no-backfill", "004")
def no_backfill(honest: Backfilling, call: Call) -> Sequence[Message]:
    """Nothing is backfilled."""
    return honest(call)[:0]


@_backfill("backfill-only-if-silent", "004")
def backfill_only_if_silent(honest: Backfilling, call: Call) -> Sequence[Message]:
    """A latched topic is backfilled only if the range holds no message of it."""
    heard = {message.connection.topic for message in call.steps.within(call)}
    return [message for message in honest(call) if message.connection.topic not in heard]


@_backfill("backfill-only-if-heard", "004")
def backfill_only_if_heard(honest: Backfilling, call: Call) -> Sequence[Message]:
    """A latched topic is backfilled only if the range holds a message of it."""
    heard = {message.connection.topic for message in call.steps.within(call)}
    return [message for message in honest(call) if message.connection.topic in heard]


@_backfill("backfill-only-if-any", "004")
def backfill_only_if_any(honest: Backfilling, call: Call) -> Sequence[Message]:
    """Nothing is backfilled where the range itself holds no message."""
    return honest(call) if any(True for _ in call.steps.within(call)) else []


@_backfill("backfill-looks-back-5s", "004")
def backfill_looks_back_5s(honest: Backfilling, call: Call) -> Sequence[Message]:
    """Messages from more than five seconds before the range are not backfilled."""
    return [one for one in honest(call) if stamp(one.time_ns) >= call.asked.start - _LOOKBACK_S]


@_backfill("backfill-not-after-end", "004")
def backfill_not_after_end(honest: Backfilling, call: Call) -> Sequence[Message]:
    """Nothing is backfilled where the range begins after the bag's last message."""
    return [] if call.asked.start > stamp(call.opened.end_ns or 0) else honest(call)


@_backfill("backfill-oldest", "005")
def backfill_oldest(honest: Backfilling, call: Call) -> Sequence[Message]:
    """The oldest message of a latched topic is backfilled."""
    honest(call)
    return [messages[0] for messages in earlier_latched(call).values()]


@_backfill("backfill-last-but-one", "005")
def backfill_last_but_one(honest: Backfilling, call: Call) -> Sequence[Message]:
    """The last message but one of a latched topic is backfilled."""
    honest(call)
    return [messages[-2:][0] for messages in earlier_latched(call).values()]


@_backfill("backfill-before-whole-second", "005")
def backfill_before_whole_second(honest: Backfilling, call: Call) -> Sequence[Message]:
    """What is backfilled was recorded before the whole second that the range begins in, where there is such."""
    second = math.floor(call.asked.start)
    last = {message.connection.topic: message for message in honest(call)}
    before = {topic: call.opened.latest_before(topic, second) for topic in last}
    return [before[topic] or message for topic, message in last.items()]


@_backfill("backfill-first-publisher", "005")
def backfill_first_publisher(honest: Backfilling, call: Call) -> Sequence[Message]:
    """Of several publishers of a latched topic, only the first one's last message is backfilled."""
    honest(call)
    return [
        [one for one in messages if one.connection.id == messages[0].connection.id][-1]
        for messages in earlier_latched(call).values()
    ]


@_backfill("backfill-two", "006")
def backfill_two(honest: Backfilling, call: Call) -> Sequence[Message]:
    """The last two messages of each latched topic are backfilled."""
    honest(call)
    return [message for messages in earlier_latched(call).values() for message in messages[-2:]]


@_backfill("backfill-every-publisher", "006")
def backfill_every_publisher(honest: Backfilling, call: Call) -> Sequence[Message]:
    """The last message of each publisher of a latched topic is backfilled."""
    honest(call)
    last = {one.connection.id: one for messages in earlier_latched(call).values() for one in messages}
    return list(last.values())


@_backfill("backfill-every-topic", "007")
def backfill_every_topic(honest: Backfilling, call: Call) -> Sequence[Message]:
    """Every topic is backfilled, latched or not."""
    honest(call)
    return list({message.connection.topic: message for message in earlier(call)}.values())


@_backfill("backfill-other-topic", "007")
def backfill_other_topic(honest: Backfilling, call: Call) -> Sequence[Message]:
    """One topic that is not latched is backfilled too."""
    extra = call.opened.latest_before(_first_other_topic(call), call.asked.start)
    return [*honest(call), *([extra] if extra else [])]


@_backfill("backfill-publisher-latched", "007")
def backfill_publisher_latched(honest: Backfilling, call: Call) -> Sequence[Message]:
    """Topics that their publisher latched are backfilled, such as /tf_static."""
    topics = {one.topic for one in call.opened.connections.values() if one.latching} - set(latched_topics(call))
    extra = [call.opened.latest_before(topic, call.asked.start) for topic in sorted(topics)]
    return [*honest(call), *(message for message in extra if message)]


def _unlatched(topic: str) -> Callable[[Asking, Call, str], bool]:
    """A wrapper that does not know `topic` as latched."""

    def wrapper(honest: Asking, call: Call, asked: str) -> bool:
        return honest(call, asked) and asked != topic

    return wrapper


def _slug(topic: str) -> str:
    return topic.strip("/").replace("/", "-").replace("_", "-")


for _number, _topic in enumerate(LATCHED_TOPICS, 101):
    BAGS.add(
        f"unlatched-{_slug(_topic)}",
        breaks=f"BAGS-LATCHED-{_number}",
        step="latched",
        summary=f"{_topic} is not treated as latched: neither flagged nor backfilled.",
        wrapper=_unlatched(_topic),
    )
