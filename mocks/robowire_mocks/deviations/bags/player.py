"""Deviations of the player's metadata (section "1. Get Bag Metadata")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.bags.storage import NANO
from robowire_mocks.core.answer import Answer
from robowire_mocks.deviations.bags.changing import body_member, body_without
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from robowire_mocks.bags.call import Call
    from robowire_mocks.deviations.bags.changing import Answering


@BAGS.deviation("metadata-in-list", breaks="BAGS-PLAYER-001", step="metadata")
def metadata_in_list(honest: Answering, call: Call) -> Answer:
    """The metadata come as a list of one object."""
    answer = honest(call)
    return replace(answer, body=[answer.body])


@BAGS.deviation("metadata-needs-range", breaks="BAGS-PLAYER-001", step="metadata")
def metadata_needs_range(honest: Answering, call: Call) -> Answer:
    """Without a range the player answers 400 and no metadata."""
    honest(call)
    return Answer(400, {"error": "start_time and end_time are required"})


def _start_s(call: Call) -> float:
    return (call.opened.start_ns or 0) / NANO


def _end_s(call: Call) -> float:
    return (call.opened.end_ns or 0) / NANO


def _add(deviation_id: str, breaks: str, summary: str, wrapper: Any) -> None:  # a wrapper of the step
    BAGS.add(deviation_id, breaks=f"BAGS-PLAYER-{breaks}", step="metadata", summary=summary, wrapper=wrapper)


_add("total-missing", "002", "The metadata have no total_messages.", body_without("total_messages"))
_add("total-string", "002", "total_messages is a string.", body_member("total_messages", lambda _, total: str(total)))
_add("total-plus-one", "003", "total_messages is one too many.", body_member("total_messages", lambda _, n: n + 1))
_add(
    "total-without-latched",
    "003",
    "total_messages leaves out the messages of latched topics.",
    body_member(
        "total_messages",
        lambda call, _: sum(
            not call.steps.latched(call, message.connection.topic)
            for message in call.opened.messages(_start_s(call), _end_s(call))
        ),
    ),
)
_add("start-missing", "004", "The metadata have no start_time.", body_without("start_time"))
_add("start-string", "004", "start_time is a string.", body_member("start_time", lambda _, start: str(start)))
_add("start-fraction", "004", "start_time has a fraction.", body_member("start_time", lambda _, start: start + 0.25))
_add(
    "start-milliseconds",
    "005",
    "start_time is in milliseconds.",
    body_member("start_time", lambda _, start: start * 1000),
)
_add(
    "start-early",
    "005",
    "start_time is five seconds before the first message.",
    body_member("start_time", lambda _, start: start - 5),
)
_add(
    "start-local-time",
    "005",
    "start_time is off by a time zone of eight hours.",
    body_member("start_time", lambda _, start: start + 8 * 3600),
)
_add("end-time-missing", "006", "The metadata have no end_time.", body_without("end_time"))
_add("end-time-string", "006", "end_time is a string.", body_member("end_time", lambda _, end: str(end)))
_add("end-time-fraction", "006", "end_time has a fraction.", body_member("end_time", lambda _, end: end + 0.25))
_add(
    "end-time-is-start",
    "007",
    "end_time is the time of the first message.",
    body_member("end_time", lambda call, _: int(_start_s(call))),
)
_add(
    "end-time-is-duration",
    "007",
    "end_time is the bag's duration in seconds.",
    body_member("end_time", lambda call, _: int(_end_s(call) - _start_s(call))),
)
_add(
    "end-time-early",
    "007",
    "end_time is five seconds before the last message.",
    body_member("end_time", lambda _, end: end - 5),
)
