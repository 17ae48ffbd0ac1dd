"""The bag player: metadata and message chunks (section "Bag Player API")."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from robowire_fixtures.bags import CACHE_CONTROL, LATCHED_TOPICS

from robowire_mocks.bags.storage import NANO
from robowire_mocks.core.answer import Answer
from robowire_mocks.formats.ros1_json import converter
from robowire_mocks.formats.rosbag1 import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robowire_mocks.bags.call import Call
    from robowire_mocks.formats.rosbag1 import Bag, Message

# The document's fourteen and no other:
# BAGS-LATCHED-101, BAGS-LATCHED-102, BAGS-LATCHED-103, BAGS-LATCHED-104, BAGS-LATCHED-105, BAGS-LATCHED-106,
# BAGS-LATCHED-107, BAGS-LATCHED-108, BAGS-LATCHED-109, BAGS-LATCHED-110, BAGS-LATCHED-111, BAGS-LATCHED-112,
# BAGS-LATCHED-113, BAGS-LATCHED-114
_LATCHED = frozenset(LATCHED_TOPICS)


def metadata(call: Call) -> Answer:
    """What the bag holds as a whole."""
    # BAGS-PLAYER-001, BAGS-CACHE-001
    return Answer(200, _facts(call.opened), {"Cache-Control": CACHE_CONTROL})


def chunk(call: Call) -> Answer:
    """The messages of the range, after the last earlier one of each latched topic.

    The document leaves their order open; here it is that of time.
    """
    messages = chain(call.steps.backfill(call), call.steps.within(call))  # BAGS-CHUNK-008: the two do not overlap
    body = {
        **_facts(call.opened),  # BAGS-CHUNK-002, BAGS-CHUNK-003, BAGS-CHUNK-004
        "messages": (call.steps.message(call, message) for message in messages),  # BAGS-CHUNK-001, BAGS-CHUNK-013
    }
    return Answer(200, body, {"Cache-Control": CACHE_CONTROL})  # BAGS-CACHE-002


def within(call: Call) -> Iterator[Message]:
    """The messages of the range, both bounds included."""
    # BAGS-CHUNK-005, BAGS-CHUNK-006, BAGS-CHUNK-007; both bounds belong to the range, hence BAGS-CHUNK-009
    return call.opened.messages(call.asked.start, call.asked.end)


def backfill(call: Call) -> list[Message]:
    """The last message before the range of each latched topic, in order of time."""
    topics = {connection.topic for connection in call.opened.connections.values()}
    latched = [topic for topic in topics if call.steps.latched(call, topic)]  # BAGS-LATCHED-007
    # BAGS-LATCHED-004: whether or not the range holds one too. BAGS-LATCHED-005, BAGS-LATCHED-006: the last, and one.
    found = [call.opened.latest_before(topic, call.asked.start) for topic in latched]
    return sorted(
        (message for message in found if message), key=lambda message: (message.time_ns, message.connection.topic)
    )


def latched(call: Call, topic: str) -> bool:  # noqa: ARG001  # a step gets the call, for deviations to look at
    """Whether `topic` is one of the documented fourteen; what its publisher called latched does not matter."""
    return topic in _LATCHED


def message(call: Call, recorded: Message) -> dict[str, Any]:
    """A message as the chunk gives it. Where the message has a field called `topic`, the documented member wins."""
    topic = recorded.connection.topic
    given = {"topic": topic, **call.steps.fields(call, recorded)}  # BAGS-CHUNK-011
    given["topic"] = topic  # BAGS-CHUNK-010
    given["__stamp"] = stamp(recorded.time_ns)  # BAGS-CHUNK-014, BAGS-CHUNK-015
    # BAGS-LATCHED-001, BAGS-LATCHED-002: whether of the range or backfilled. BAGS-LATCHED-003: only so.
    given["__latched"] = call.steps.latched(call, topic)  # BAGS-CHUNK-016
    return given


def fields(call: Call, recorded: Message) -> dict[str, Any]:  # noqa: ARG001  # a step gets the call, for deviations to look at
    """The fields of the ROS message as JSON values."""
    return converter(recorded.connection)(recorded.data)  # BAGS-CHUNK-012


def _facts(bag: Bag) -> dict[str, int]:
    """The members that metadata and chunks share; a bag without messages has no times, and 0 is as good as any."""
    return {
        "total_messages": bag.total_messages,  # BAGS-PLAYER-002, BAGS-PLAYER-003
        "start_time": (bag.start_ns or 0) // NANO,  # BAGS-PLAYER-004, BAGS-PLAYER-005
        "end_time": (bag.end_ns or 0) // NANO,  # BAGS-PLAYER-006, BAGS-PLAYER-007
    }
