"""A reference evaluator of requests for data: which messages of known recordings have to be in the answer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.contents import Contents, Message
from robowire_conformance.foxglove.instants import SECOND, zulu

Key = tuple[int, str, bytes]

BLUR = 1000
"""So near to the end of the time to look back (ns) a double may fall on either side."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What of recordings is asked for: times in nanoseconds, both inclusive; no topics stand for all of them.

    `lookback` is in seconds, and means that the last message of each channel before `start` is asked for too.
    """

    start: int | None = None
    end: int | None = None
    topics: tuple[str, ...] = ()
    lookback: float | None = None

    def body(self) -> dict[str, JSON]:
        """The members of a request that say so."""
        members: dict[str, JSON] = {}
        if self.start is not None and self.end is not None:
            members = {"start": zulu(self.start), "end": zulu(self.end)}
        if self.topics:
            members["topics"] = list(self.topics)
        if self.lookback is not None:
            members |= {"replayPolicy": "lastPerChannel", "replayLookbackSeconds": self.lookback}
        return members

    def holds(self, message: Message) -> bool:
        """Whether a message is within the range and on one of the topics."""
        return self.on_topic(message) and not self.before(message) and not self.after(message)

    def on_topic(self, message: Message) -> bool:
        """Whether a message is on one of the topics."""
        return not self.topics or message.channel.topic in self.topics

    def before(self, message: Message) -> bool:
        """Whether a message comes before the range."""
        return self.start is not None and message.time < self.start

    def after(self, message: Message) -> bool:
        """Whether a message comes after the range."""
        return self.end is not None and message.time > self.end


@dataclass(frozen=True, slots=True)
class Choice:
    """Messages of which one has to be in the answer, or may be, unless it is `needed`."""

    keys: frozenset[Key]
    needed: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be in an answer."""

    messages: Counter[Key]
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What an answer lacks, and what it has beyond what is due; `unreplayed` are choices of which it has none."""

    missing: tuple[Key, ...] = ()
    extra: tuple[Key, ...] = ()
    unreplayed: tuple[Choice, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra or self.unreplayed)


def due(recordings: Iterable[Contents], selection: Selection) -> Due:
    """What an answer with these recordings' data has to hold."""
    held = [*recordings]
    found = Counter(message.key for one in held for message in one.messages if selection.holds(message))
    return Due(found, tuple(choice for one in held for choice in _replays(one, selection)))


def _replays(contents: Contents, selection: Selection) -> Iterator[Choice]:
    """The last message of each channel before the range, or messages of the same time of which any is the last."""
    if selection.lookback is None or selection.start is None:
        return
    earliest = selection.start - round(selection.lookback * SECOND)
    for messages in _before(contents, selection).values():
        last = max(message.time for message in messages)
        keys = frozenset(message.key for message in messages if message.time == last)
        if last > earliest + BLUR:
            yield Choice(keys, needed=True)
        elif last >= earliest - BLUR:
            yield Choice(keys, needed=False)


def _before(contents: Contents, selection: Selection) -> Mapping[int, list[Message]]:
    """The messages before the range, by channel."""
    found: dict[int, list[Message]] = {}
    for message in contents.messages:
        if selection.on_topic(message) and selection.before(message):
            found.setdefault(message.channel.id, []).append(message)
    return found


def compare(wanted: Due, got: Sequence[Message]) -> Difference:
    """Hold what came to what is due, each message as often as it is there."""
    came = Counter(message.key for message in got)
    extra = came - wanted.messages
    unreplayed = []
    for choice in wanted.choices:
        taken = next((key for key in extra if key in choice.keys), None)
        if taken is not None:
            extra -= Counter([taken])
        elif choice.needed:
            unreplayed.append(choice)
    missing = wanted.messages - came
    return Difference(tuple(sorted(missing.elements())), tuple(sorted(extra.elements())), tuple(unreplayed))
