"""What many deviations do: change a member of what a step gave, leave one out, or look at what a call asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from robowire_mocks.bags.call import Call
from robowire_mocks.bags.folder import StoredBag
from robowire_mocks.bags.query import TimeRange
from robowire_mocks.core.answer import Answer
from robowire_mocks.formats.rosbag1 import Message, stamp

Json: TypeAlias = dict[str, Any]
Answering: TypeAlias = Callable[[Call], Answer]
Describing: TypeAlias = Callable[[Call, StoredBag], Json]
Picking: TypeAlias = Callable[[Call], Iterable[Message]]
Converting: TypeAlias = Callable[[Call, Message], Json]

TIME = {"secs", "nsecs"}
"""The members of a ROS time as the mock gives it."""


def member(name: str, change: Callable[[Json], Any]) -> Callable[..., Json]:
    """A wrapper that sets a member of the object that a step gives to what `change` makes of that object."""

    def wrapper(honest: Callable[..., Json], *args: Any) -> Json:  # whatever the step takes
        given = honest(*args)
        return given | {name: change(given)}

    return wrapper


def without(name: str) -> Callable[..., Json]:
    """A wrapper that leaves a member out of the object that a step gives."""

    def wrapper(honest: Callable[..., Json], *args: Any) -> Json:  # whatever the step takes
        return {key: value for key, value in honest(*args).items() if key != name}

    return wrapper


def body_member(name: str, change: Callable[[Call, Any], Any]) -> Callable[..., Answer]:
    """A wrapper that sets a member of an answer's body to what `change` makes of the call and the honest value."""

    def wrapper(honest: Answering, call: Call) -> Answer:
        answer = honest(call)
        return replace(answer, body=answer.body | {name: change(call, answer.body[name])})

    return wrapper


def body_without(name: str) -> Callable[..., Answer]:
    """A wrapper that leaves a member out of an answer's body."""

    def wrapper(honest: Answering, call: Call) -> Answer:
        answer = honest(call)
        return replace(answer, body={key: value for key, value in answer.body.items() if key != name})

    return wrapper


def with_headers(headers: Mapping[str, str]) -> Callable[..., Answer]:
    """A wrapper that replaces an answer's headers."""

    def wrapper(honest: Answering, call: Call) -> Answer:
        return replace(honest(call), headers=headers)

    return wrapper


def asks_chunk(call: Call) -> bool:
    """Whether a player call has a bound of a range."""
    return bool(call.args.keys() & {"start_time", "end_time"})


def moved(call: Call, start: float, end: float) -> Call:
    """The call with another range."""
    return replace(call, range=TimeRange(start, end))


def latched_topics(call: Call) -> list[str]:
    """The latched topics that the bag has."""
    topics = {connection.topic for connection in call.opened.connections.values()}
    return sorted(topic for topic in topics if call.steps.latched(call, topic))


def earlier(call: Call) -> Iterator[Message]:
    """Every message of the bag before the range, in order of time."""
    start = call.asked.start
    return (message for message in call.opened.messages(-1.0, start) if stamp(message.time_ns) < start)


def earlier_latched(call: Call) -> dict[str, list[Message]]:
    """The messages before the range by latched topic, in order of time."""
    found: dict[str, list[Message]] = {topic: [] for topic in latched_topics(call)}
    for message in earlier(call):
        if message.connection.topic in found:
            found[message.connection.topic].append(message)
    return {topic: messages for topic, messages in found.items() if messages}


def plain(value: Any) -> Any:  # JSON
    """The value with lists for numpy's arrays; times stay whole, since the document leaves their form open."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def leaves(change: Callable[[Any], Any], value: Any) -> Any:  # JSON
    """The value with each number, string and boolean in it changed; times stay as they are."""
    if isinstance(value, dict):
        return value if value.keys() == TIME else {name: leaves(change, item) for name, item in value.items()}
    return [leaves(change, item) for item in value] if isinstance(value, list) else change(value)
