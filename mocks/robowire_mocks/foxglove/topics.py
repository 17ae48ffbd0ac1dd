"""The topics of recordings (section "List topics").

Where the document is silent: the version of a topic names its encoding and schema, so that channels of one topic with
different schemas are topics of two versions; without any filter, topics are those of all recordings.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove import references
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.paging import Rows, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording
    from robowire_mocks.foxglove.store import SortKey

_RECORDING = ("recordingId", "recordingKey")
_PARAMETERS = (
    Member("start", Kind.MOMENT),
    Member("end", Kind.MOMENT),
    Member("importId"),
    *map(Member, _RECORDING),
    *references.MEMBERS,
    Member("includeSchemas", Kind.BOOLEAN),  # FOXGLOVE-TOPICS-115
)
_PAGING = ("sortBy", "sortOrder", "limit", "offset")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with one encoding and one schema; `id` is made of all of them."""

    id: str
    topic: str
    encoding: str
    schema_name: str
    schema_encoding: str
    schema: bytes
    version: str


def list_topics(call: Call) -> list[dict[str, Any]]:
    """The topics of the page that is asked for."""
    # FOXGLOVE-TOPICS-001
    asked = call.steps.parameters(call, _PARAMETERS)
    keys = call.steps.topic_keys(call)
    page = call.steps.page(call, keys)
    found = call.steps.topics_of(call, call.steps.topic_recordings(call, asked))
    schemas = call.steps.with_schemas(call, asked)
    return [call.steps.topic(call, one, schemas) for one in listed(call, Rows(found), page, keys)]


def topic_keys(call: Call) -> dict[str, SortKey]:  # noqa: ARG001  # a step gets the call
    """What topics are sorted by."""
    return {
        "topic": lambda one: one.topic,  # FOXGLOVE-TOPICS-121
        "version": lambda one: one.version,  # FOXGLOVE-TOPICS-122
    }


def with_schemas(call: Call, asked: Mapping[str, Any]) -> bool:  # noqa: ARG001  # as above
    """Whether schemas are asked for."""
    # FOXGLOVE-TOPICS-113, FOXGLOVE-TOPICS-114
    return bool(asked.get("includeSchemas", False))


def topic_recordings(call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    """The recordings whose topics are asked for."""
    # FOXGLOVE-TOPICS-101, FOXGLOVE-TOPICS-102, FOXGLOVE-TOPICS-103, FOXGLOVE-TOPICS-104, FOXGLOVE-TOPICS-105
    # FOXGLOVE-TOPICS-106, FOXGLOVE-TOPICS-107, FOXGLOVE-TOPICS-108, FOXGLOVE-TOPICS-109, FOXGLOVE-TOPICS-110
    # FOXGLOVE-TOPICS-111, FOXGLOVE-TOPICS-309
    found = call.steps.recordings_of(call, asked)
    # Any other parameter needs what only the import knows.
    # FOXGLOVE-TOPICS-307, FOXGLOVE-TOPICS-308
    alone = asked and asked.keys() <= set(_RECORDING) and call.query.keys().isdisjoint(_PAGING)
    return [one for one in found if one.complete or alone]


def topics_of(call: Call, recordings: Iterable[Recording]) -> list[Topic]:
    """The topics on which recordings have channels, each once, in the order in which they come."""
    # FOXGLOVE-TOPICS-301
    return list({topic.id: topic for one in recordings for topic in _topics(call, one)}.values())


def _topics(call: Call, recording: Recording) -> Iterator[Topic]:
    """Those that the file has; without a file, those that are known by name."""
    try:
        recorded = call.state.reading.recorded(call.state.files, recording)
    except NotFound:
        yield from (_made(topic, "", "", "", b"") for topic in recording.topics)
        return
    for one in recorded.channels:
        # FOXGLOVE-TOPICS-302, FOXGLOVE-TOPICS-304, FOXGLOVE-TOPICS-305
        yield _made(one.topic, one.message_encoding, one.schema_name, one.schema_encoding, one.schema_data)


def _made(topic: str, encoding: str, schema_name: str, schema_encoding: str, schema: bytes) -> Topic:
    names = (part.encode() for part in (encoding, schema_name, schema_encoding))
    version = hashlib.sha256(b"\0".join((*names, schema))).hexdigest()[:16]
    return Topic(f"{topic}\0{version}", topic, encoding, schema_name, schema_encoding, schema, version)


def topic(call: Call, one: Topic, schemas: bool) -> dict[str, Any]:  # noqa: ARG001, FBT001  # as above; it says what it shows
    """A topic as answers show it, its schema only if it is asked for."""
    shown = {
        "topic": one.topic,  # FOXGLOVE-TOPICS-205
        "version": one.version,  # FOXGLOVE-TOPICS-206
        "encoding": one.encoding,  # FOXGLOVE-TOPICS-201
        "schemaName": one.schema_name,  # FOXGLOVE-TOPICS-204
        "schemaEncoding": one.schema_encoding,  # FOXGLOVE-TOPICS-203
    }
    if schemas:
        # FOXGLOVE-TOPICS-112, FOXGLOVE-TOPICS-202, FOXGLOVE-TOPICS-303, FOXGLOVE-TOPICS-306
        shown["schema"] = base64.b64encode(one.schema).decode()
    return shown
