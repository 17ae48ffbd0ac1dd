"""Section "List topics": the topics that recordings have, their encodings and schemas."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.contents import Channel, Contents, Kind
from robowire_conformance.foxglove.judging import Page, formed, require_rejected
from robowire_conformance.foxglove.shelf import Held, Shelf

NAME, LIST = "GET /data/topics", "FOXGLOVE-TOPICS-001"
RECORDING = "FOXGLOVE-TOPICS-104"
INCLUDED, EXCLUDED, BY_DEFAULT, BOOLEAN = (f"FOXGLOVE-TOPICS-{number}" for number in range(112, 116))
EVERY, ENCODING, SCHEMA, SCHEMA_ENCODING, SCHEMA_NAME, EMPTY = (
    f"FOXGLOVE-TOPICS-{number}" for number in range(301, 307)
)
TOPICS = (
    *(LIST, INCLUDED, EXCLUDED, BY_DEFAULT, BOOLEAN),
    *(EVERY, ENCODING, SCHEMA, SCHEMA_ENCODING, SCHEMA_NAME, EMPTY),
)

MOST = 1000


@dataclass(frozen=True, slots=True)
class Topics:
    """Asks for topics, and says which ones recordings have."""

    shelf: Shelf

    def ask(self, **params: JSON) -> Reply:
        """A list of topics; `__` in a name stands for a dot."""
        named = {name.replace("__", "."): value for name, value in params.items()}
        return self.shelf.api.ask(NAME, params={"limit": MOST, "offset": 0, **named})


def names(body: Iterable[Any]) -> set[str]:
    """The names of the topics in an answer."""
    return {str(one.get("topic")) for one in body if isinstance(one, dict)}


def unlike(body: Iterable[Any], recordings: Sequence[Contents]) -> tuple[set[str], set[str]]:
    """The topics that an answer lacks, and those that it has beyond the recordings'.

    A topic without messages may be there or not.
    """
    needed = {topic for one in recordings for topic in one.topics}
    allowed = {channel.topic for one in recordings for channel in one.channels}
    found = names(body)
    return needed - found, found - allowed


def judge_topics(shelf: Shelf) -> Page:
    """Judge the list of a recording, with its schemas and without."""
    page, topics = Page(), Topics(shelf)
    with page.about(LIST, EVERY):
        for hint in ("chunked", "plain", "bag"):
            _judge_names(topics, shelf[hint], page)
    if page.blocked(EVERY):
        page.block(*TOPICS, reason=f"{EVERY}, which it needs, cannot be told")
        return page
    with page.about(INCLUDED, EMPTY, ENCODING, SCHEMA, SCHEMA_ENCODING, SCHEMA_NAME):
        for hint in ("chunked", "plain", "second", "bag"):
            _judge_items(topics, shelf[hint], page)
    page.needs((EVERY,), INCLUDED, EMPTY, ENCODING, SCHEMA, SCHEMA_ENCODING, SCHEMA_NAME)
    for requirement, params in ((EXCLUDED, {"includeSchemas": "false"}), (BY_DEFAULT, {})):
        with page.about(requirement):
            _judge_without(topics, shelf["chunked"], page, requirement, params)
    with page.about(BOOLEAN):
        for value in ("maybe", "2"):
            reply = topics.ask(recordingId=shelf["chunked"].id, includeSchemas=value)
            require_rejected(reply, f"Topics with includeSchemas={value} are not refused", BOOLEAN)
            page.saw(BOOLEAN)
    return page


def _judge_names(topics: Topics, held: Held, page: Page) -> None:
    reply = topics.ask(recordingId=held.id)
    body = formed(reply)
    page.saw(LIST)
    lacking, beyond = unlike(body, [held.contents])
    if beyond and held.uploaded.key and not any(unlike(_by_key(topics, held), [held.contents])):
        text = "recordingId lets topics of other recordings through"
        raise reply.violation(text, expected=[], actual=sorted(beyond), requirement=RECORDING)
    if lacking or beyond:
        text = "The topics are not those of the recording"
        page.fault(EVERY, reply.fault(text, sorted(held.contents.topics), sorted(names(body))))
        return
    twice = [item for item, times in Counter(repr(sorted(one.items(), key=str)) for one in body).items() if times > 1]
    page.expect(EVERY, reply, "A topic is listed twice", due=[], got=twice)


def _by_key(topics: Topics, held: Held) -> JSON:
    """The topics of a recording by its key; none where that is not answered."""
    reply = topics.ask(recordingKey=held.key)
    return reply.body if reply.done else []


def _judge_items(topics: Topics, held: Held, page: Page) -> None:
    reply = topics.ask(recordingId=held.id, includeSchemas="true")
    body = formed(reply, INCLUDED)
    channels: dict[str, list[Channel]] = {}
    for channel in held.contents.channels:
        channels.setdefault(channel.topic, []).append(channel)
    for item in body:
        own = channels.get(str(item.get("topic")))
        if own and held.contents.kind is Kind.MCAP:
            _judge_item(page, reply, item, own)
        elif own:
            _judge_connection(page, reply, item, own[0])


def _judge_connection(page: Page, reply: Reply, item: Mapping[str, Any], channel: Channel) -> None:
    """Of a bag's topic, that it has a schema and which type it is of; how both are written is left open."""
    if not item.get("schema"):
        text = "With includeSchemas true a topic of a bag comes without its schema"
        page.fault(INCLUDED, reply.fault(text, "the schema in base 64", item.get("schema")))
        return
    page.saw(INCLUDED)
    told = str(item.get("schemaName")).replace("/msg/", "/")
    text = "The schema of a bag's topic has another name than its type"
    page.expect(SCHEMA_NAME, reply, text, due=channel.schema_name.replace("/msg/", "/"), got=told)


def _judge_item(page: Page, reply: Reply, item: Mapping[str, Any], channels: Sequence[Channel]) -> None:
    """Judge what is said of a topic by its channels; where it has several, by the one that is most alike."""
    if all(channel.schema is None for channel in channels):
        text = "A topic that has no schema is listed without an empty one"
        if page.faulty(INCLUDED):
            return  # then there is no schema of any topic
        page.expect(EMPTY, reply, text, due="", got=item.get("schema"))
        page.expect(
            ENCODING, reply, "The encoding is not the channel's", due=channels[0].encoding, got=item["encoding"]
        )
        return
    given = item.get("schema")
    if not isinstance(given, str) or not given:
        text = "With includeSchemas true a topic comes without its schema"
        page.fault(INCLUDED, reply.fault(text, "the schema in base 64", given))
        return
    page.saw(INCLUDED)
    page.saw(EMPTY)
    told = {
        ENCODING: item.get("encoding"),
        SCHEMA_NAME: item.get("schemaName"),
        SCHEMA_ENCODING: item.get("schemaEncoding"),
        SCHEMA: _decoded(given),
    }
    due = min((_due(channel) for channel in channels), key=lambda one: sum(one[name] != told[name] for name in told))
    for requirement, value in told.items():
        text = "A topic is not listed as its channel and schema have it"
        page.expect(requirement, reply, text, due=due[requirement], got=value)


def _due(channel: Channel) -> dict[str, JSON]:
    return {
        ENCODING: channel.encoding,
        SCHEMA_NAME: channel.schema_name,
        SCHEMA_ENCODING: channel.schema_encoding,
        SCHEMA: _shown(channel.schema or b""),
    }


def _decoded(text: str) -> JSON:
    try:
        return _shown(b64decode(text, validate=True))
    except (NotBase64, ValueError):
        return f"{text[:80]}, which is not in base 64"


def _shown(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _judge_without(topics: Topics, held: Held, page: Page, requirement: str, params: Mapping[str, str]) -> None:
    reply = topics.ask(recordingId=held.id, **params)
    found = [item["topic"] for item in formed(reply, requirement) if item.get("schema") is not None]
    page.expect(requirement, reply, "Topics come with schemas that were not asked for", due=[], got=found)
