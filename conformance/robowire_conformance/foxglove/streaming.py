"""Section "Download data": asking for a link, following it, and reading what comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance.client import Answer
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.contents import Contents, Kind, Message, Unreadable, read_contents
from robowire_conformance.foxglove.instants import zulu
from robowire_conformance.foxglove.judging import rejects
from robowire_conformance.foxglove.selecting import Difference, Due, Key
from robowire_conformance.gathering import Fault
from robowire_conformance.verdict import Violation

NAME = "POST /data/stream"
WORKS, GIVES, LINK = "FOXGLOVE-STREAM-001", "FOXGLOVE-STREAM-002", "FOXGLOVE-STREAM-201"
UNCREDENTIALED = "FOXGLOVE-STREAM-304"

_SHOWN = 4
_COMPRESSING = {"Accept-Encoding": "gzip, deflate"}
"""What usual clients say of themselves, although they want the data as they are."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A request for data, what its link gave, and what was read of that.

    `answer` is None where there was no link; `contents` is None where nothing was read, for the `problem`.
    """

    reply: Reply
    answer: Answer | None = None
    contents: Contents | None = None
    problem: str = ""

    @property
    def refused(self) -> bool:
        """Whether the request, or its link, is answered with a client error."""
        return rejects(self.reply) or (self.answer is not None and 400 <= self.answer.status < 500)

    def require(self, requirement: str = "", kind: Kind | None = None) -> Contents:
        """What the data hold.

        Raises:
            Violation: There are none, against `requirement`, or else against the one that data are given.
        """
        self.reply.require_done(requirement)
        if self.answer is None:
            raise self.reply.violation(self.problem, requirement=LINK)
        if self.contents is None:
            raise self.violation(self.problem, expected="200 with a file", actual=self.answer.status, of=requirement)
        if kind is not None and self.contents.kind is not kind:
            raise self.violation("The data are of another format", expected=kind, actual=self.contents.kind, of=GIVES)
        return self.contents

    def messages(self, wanted: Due, requirement: str = "", *, refusable: bool = False) -> Sequence[Message]:
        """The messages of the data, of which some are `wanted`.

        The document does not say how data are answered of which there are none: a refusal counts as none where none
        is due, or where the request is `refusable` for another such reason.

        Raises:
            Violation: As `require`.
        """
        nothing = not wanted.messages and not any(choice.needed for choice in wanted.choices)
        if self.refused and (nothing or refusable):
            return ()
        return self.require(requirement).messages

    def violation(self, message: str, *, expected: JSON = None, actual: JSON = None, of: str = "") -> Violation:
        """Something wrong with the data, to raise, of a requirement."""
        exchange = self.reply.exchange if self.answer is None else self.answer.exchange
        return Violation(message, expected=expected, actual=actual, exchange=exchange, requirement=of or GIVES)

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with the data, for a judgement."""
        if self.answer is None:
            return self.reply.fault(message, expected, actual)
        return Fault(message, expected, actual, self.answer.exchange, self.answer.size)


def stream(api: Api, body: Mapping[str, JSON]) -> Streamed:
    """Ask for data and get them, without credentials unless it takes some."""
    reply = api.ask(NAME, body=dict(body))
    link = link_of(reply)
    if not link:
        return Streamed(reply, problem="The answer has no link")
    answer = follow(api, link)
    if answer.status in {401, 403}:
        answer = api.client.get(link_of(api.ask(NAME, body=dict(body))) or link)
    if answer.status != 200:
        return Streamed(reply, answer, problem="The link does not give the data")
    try:
        return Streamed(reply, answer, read_contents(answer.body))
    except Unreadable as problem:
        return Streamed(reply, answer, problem=f"The link gives {problem}")


def link_of(reply: Reply) -> str:
    """The link of an answer; empty where it has none."""
    link = reply.body.get("link") if reply.done else None
    return link if isinstance(link, str) else ""


def follow(api: Api, link: str) -> Answer:
    """GET a link as somebody who has no credentials."""
    return api.with_token("").client.get(link, headers=_COMPRESSING)


def shown(keys: Iterable[Key]) -> list[str]:
    """Messages, as a report shows them: the first few, and how many there are."""
    found = [*keys]
    listed = [f"{zulu(time)} {topic} {data[:24]!r}" for time, topic, data in found[:_SHOWN]]
    return [*listed, f"{len(found)} in all"] if len(found) > _SHOWN else listed


def told(difference: Difference) -> tuple[str, JSON, JSON]:
    """A difference in words: the message, what was due and what came."""
    if difference.extra:
        return "The data hold messages that were not asked for", "none of these", shown(difference.extra)
    if difference.missing:
        return "The data lack messages that were asked for", shown(difference.missing), "none of these"
    keys: Sequence[Key] = [min(choice.keys) for choice in difference.unreplayed]
    return "The data lack the last message of a channel before start", shown(keys), "none of these"
