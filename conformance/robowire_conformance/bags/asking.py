"""Asking a player for chunks, and telling which recorded message each message of an answer is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import Any
from urllib.parse import quote

import orjson

from robowire_conformance import shape
from robowire_conformance.bags.ranges import SECOND, TOLERANCE_NS, Range
from robowire_conformance.bags.recording import Recorded, Recording
from robowire_conformance.bags.values import mismatch
from robowire_conformance.client import Answer, Client, NotJSON
from robowire_conformance.gathering import Fault

RESERVED = ("topic", "__stamp", "__latched")


class Origin(Enum):
    """What a message of an answer turned out to be."""

    RECORDED = auto()
    REPEATED = auto()
    UNKNOWN_TOPIC = auto()
    UNKNOWN_STAMP = auto()


@dataclass(frozen=True, slots=True)
class Given:
    """One message of an answer and the recorded message that it is, if it is one."""

    body: Mapping[str, Any]
    origin: Origin
    recorded: Recorded | None = None

    @property
    def topic(self) -> str:
        """The topic that the answer says."""
        return str(self.body["topic"])

    @property
    def latched(self) -> bool:
        """The flag that the answer says."""
        return bool(self.body["__latched"])


@dataclass(frozen=True, slots=True)
class Case:
    """One range that was asked for, its answer, and what the answer's messages are.

    `chunk` is None where the answer is no chunk at all; `strict` is False where it is one only to a lenient reader
    of JSON. A case is `clean` where every message of the answer is recognised, so that what is missing, extra or
    doubled can be told.
    """

    filename: str
    recording: Recording
    range: Range
    answer: Answer
    chunk: Mapping[str, Any] | None = None
    strict: bool = True
    faults: tuple[shape.Finding, ...] = ()
    given: tuple[Given, ...] = ()
    clean: bool = False
    refused: bool = field(default=False)

    @property
    def inside(self) -> list[Recorded]:
        """Messages that are in the range whichever way its bounds are read."""
        low, high = self.range.start_ns + TOLERANCE_NS + 1, self.range.end_ns - TOLERANCE_NS - 1
        return list(self.recording.between(low, high)) if low <= high else []

    def earlier(self, recorded: Recorded) -> bool:
        """Whether a message lies before the range whichever way its start is read."""
        return recorded.time_ns < self.range.start_ns - TOLERANCE_NS

    def later(self, recorded: Recorded) -> bool:
        """Whether a message lies behind the range whichever way its end is read."""
        return recorded.time_ns > self.range.end_ns + TOLERANCE_NS

    def on_start(self, topic: str) -> bool:
        """Whether a message of the topic lies on the start, where it may count as in the range or as before it."""
        start = self.range.start_ns
        return bool(self.recording.of_topic(topic, start - TOLERANCE_NS, start + TOLERANCE_NS))

    def latest_earlier(self, topic: str) -> Sequence[Recorded]:
        """The most recent messages of a topic before the range: none, one, or several that tie."""
        return self.recording.latest_of_topic(topic, self.range.start_ns - TOLERANCE_NS)

    def known(self) -> Iterator[tuple[Given, Recorded]]:
        """The messages of the answer that are recorded ones, repeated ones included."""
        for given in self.given:
            if given.recorded is not None:
                yield given, given.recorded

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with this answer."""
        text = f"{self.filename}, {self.range}: {message}"
        return Fault(text, expected, actual, self.answer.exchange, len(self.given))


def player_path(filename: str) -> str:
    """The path of a bag's player; a filename may hold anything, so it is percent-encoded."""
    return f"/bags/{quote(filename, safe='')}/player"


def ask(client: Client, filename: str, recording: Recording, asked: Range) -> Case:
    """Ask for one chunk and recognise its messages."""
    answer = client.get(player_path(filename), params={"start_time": asked.start, "end_time": asked.end})
    if answer.status == 400 and not recording.between(asked.start_ns, asked.end_ns):
        # The document does not say that a range outside the bag is to be served.
        outside = asked.end_ns < recording.start_ns or asked.start_ns > recording.end_ns
        return Case(filename, recording, asked, answer, refused=outside)
    chunk, strict = _read(answer)
    if answer.status != 200 or chunk is None:
        return Case(filename, recording, asked, answer, strict=strict)
    faults = tuple(shape.findings("bags", "Chunk", chunk))
    given = tuple(_recognise(recording, _well_formed(chunk)))
    clean = strict and all(one.recorded is not None for one in given) and len(given) == _count(chunk)
    return Case(filename, recording, asked, answer, chunk, strict, faults, given, clean)


def _read(answer: Answer) -> tuple[Mapping[str, Any] | None, bool]:
    """The answer's JSON object, and whether a strict reader of JSON finds it too."""
    try:
        strict = answer.json()
    except NotJSON:
        try:
            lenient = json.loads(answer.body.decode("utf-8", errors="replace"), strict=False)
        except ValueError:
            return None, False
        return (lenient, False) if isinstance(lenient, dict) else (None, False)
    return (strict, True) if isinstance(strict, dict) else (None, True)


def _count(chunk: Mapping[str, Any]) -> int:
    messages = chunk.get("messages")
    return len(messages) if isinstance(messages, list) else -1


def _well_formed(chunk: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The messages whose own members have the types that the document gives them."""
    messages = chunk.get("messages")
    for body in messages if isinstance(messages, list) else ():
        if not isinstance(body, dict) or not isinstance(body.get("topic"), str):
            continue
        stamp = body.get("__stamp")
        if isinstance(body.get("__latched"), bool) and isinstance(stamp, int | float) and not isinstance(stamp, bool):
            yield body


def _recognise(recording: Recording, bodies: Iterator[Mapping[str, Any]]) -> Iterator[Given]:
    taken: set[int] = set()
    for body in bodies:
        if body["topic"] not in recording.by_topic:
            yield Given(body, Origin.UNKNOWN_TOPIC)
            continue
        stamp = round(Decimal(repr(body["__stamp"])) * SECOND)
        near = recording.of_topic(body["topic"], stamp - TOLERANCE_NS, stamp + TOLERANCE_NS)
        if not near:
            yield Given(body, Origin.UNKNOWN_STAMP)
            continue
        free = [recorded for recorded in near if recorded.index not in taken]
        recorded = _best(recording, body, free or near)
        taken.add(recorded.index)
        yield Given(body, Origin.RECORDED if free else Origin.REPEATED, recorded)


def _best(recording: Recording, body: Mapping[str, Any], near: Sequence[Recorded]) -> Recorded:
    """Of messages on the same topic at the same time, the one with this content."""
    if len(near) == 1:
        return near[0]
    return next((recorded for recorded in near if content_mismatch(recording, body, recorded) is None), near[0])


def content_mismatch(recording: Recording, body: Mapping[str, Any], recorded: Recorded) -> str | None:
    """In what the fields of a message differ from the recorded ones; None also where they cannot be decoded here."""
    due = recording.types.decode(recorded)
    if due is None:
        return None
    for name, descriptor in recording.types.fields(recorded.type):
        if name in RESERVED or name not in body:
            continue
        found = mismatch(body[name], getattr(due, name), descriptor, recording.types, name)
        if found:
            return found
    return None


def dumps(value: object) -> str:
    """A value as short JSON text, for a failure's evidence."""
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= 400 else f"{text[:397]}..."
