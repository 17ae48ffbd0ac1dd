"""Deviations of a message's own members: topic, __stamp, __latched (section "2. Get Message Chunks")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.bags.storage import NANO
from robowire_mocks.deviations.bags.changing import member, without
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from robowire_mocks.bags.call import Call
    from robowire_mocks.deviations.bags.changing import Converting, Json
    from robowire_mocks.formats.rosbag1 import Message


def _message(deviation_id: str, breaks: str, summary: str, wrapper: Any) -> None:  # a wrapper of the step
    BAGS.add(deviation_id, breaks=f"BAGS-CHUNK-{breaks}", step="message", summary=summary, wrapper=wrapper)


def _stamp(stamp_of: Any) -> Any:  # (call, message) -> number, and a wrapper of the step
    def wrapper(honest: Converting, call: Call, message: Message) -> Json:
        return honest(call, message) | {"__stamp": stamp_of(call, message)}

    return wrapper


def _header_ns(message: Message, given: Json) -> int:
    """The time in the message's own header, or the recording time of a message without one."""
    header = given.get("header")
    if not isinstance(header, dict) or not isinstance(header.get("stamp"), dict):
        return message.time_ns
    return int(header["stamp"]["secs"]) * NANO + int(header["stamp"]["nsecs"])


_message("topic-missing", "010", "Messages do not name their topic.", without("topic"))
_message(
    "topic-without-slash",
    "010",
    "The topic lacks its leading slash.",
    member("topic", lambda message: message["topic"].removeprefix("/")),
)
_message(
    "topic-without-namespace",
    "010",
    "Of the topic only the part after the last slash is given.",
    member("topic", lambda message: "/" + message["topic"].rsplit("/", 1)[1]),
)


_message("stamp-missing", "014", "Messages have no __stamp.", without("__stamp"))
_message("stamp-string", "014", "__stamp is a string.", member("__stamp", lambda message: str(message["__stamp"])))
_message(
    "stamp-object",
    "014",
    "__stamp is an object with secs and nsecs.",
    _stamp(lambda _, message: dict(zip(("secs", "nsecs"), divmod(message.time_ns, NANO), strict=True))),
)
_message("stamp-whole-seconds", "015", "__stamp is cut to seconds.", _stamp(lambda _, message: message.time_ns // NANO))
_message("stamp-milliseconds", "015", "__stamp is in milliseconds.", _stamp(lambda _, message: message.time_ns / 10**6))
_message(
    "stamp-to-the-millisecond",
    "015",
    "__stamp is rounded to the millisecond.",
    _stamp(lambda _, message: round(message.time_ns / NANO, 3)),
)
_message(
    "stamp-local-time",
    "015",
    "__stamp is off by a time zone of eight hours.",
    _stamp(lambda _, message: message.time_ns / NANO + 8 * 3600),
)


@BAGS.deviation("stamp-of-header", breaks="BAGS-CHUNK-015", step="message")
def stamp_of_header(honest: Converting, call: Call, message: Message) -> Json:
    """__stamp is the time in the message's header, where it has one, and not when it was recorded."""
    given = honest(call, message)
    return given | {"__stamp": _header_ns(message, given) / NANO}


@BAGS.deviation("latched-only-when-true", breaks="BAGS-CHUNK-016", step="message")
def latched_only_when_true(honest: Converting, call: Call, message: Message) -> Json:
    """__latched is left out of messages that are not latched."""
    given = honest(call, message)
    return {name: value for name, value in given.items() if name != "__latched" or value}


_message(
    "latched-number", "016", "__latched is 1 or 0.", member("__latched", lambda message: int(message["__latched"]))
)
_message(
    "latched-string",
    "016",
    "__latched is a string.",
    member("__latched", lambda message: str(message["__latched"]).lower()),
)
