"""Small MCAP recordings of which everything is known: what was written is kept beside the bytes."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from robowire_generators.mcap.writer import NO_WORDS, McapWriter

JSON_SCHEMA = orjson.dumps({"type": "object", "properties": {"value": {"type": "number"}}})


@dataclass(frozen=True, slots=True)
class SampleChannel:
    """A channel with its schema; without name and encoding it has none.

    Attributes:
        id: Its number in the file, 0 to 65535.
        topic: Its name.
        schema_name: Such as `geometry_msgs/msg/Pose`.
        schema_encoding: Such as `ros2msg`.
        schema_data: The schema itself.
        message_encoding: Such as `cdr`.
        metadata: Words about the channel.
    """

    id: int
    topic: str
    schema_name: str
    schema_encoding: str
    schema_data: bytes
    message_encoding: str
    metadata: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def schema(self) -> tuple[str, str, bytes]:
        """Name, encoding and data of the schema."""
        return self.schema_name, self.schema_encoding, self.schema_data


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """A message: when it was logged and published (ns), its number, its channel and its bytes."""

    log_time_ns: int
    publish_time_ns: int
    sequence: int
    channel: SampleChannel
    data: bytes


@dataclass(frozen=True, slots=True)
class SampleAttachment:
    """A file within the file; times in ns."""

    name: str
    media_type: str
    data: bytes
    log_time_ns: int
    create_time_ns: int = 0


@dataclass(frozen=True, slots=True)
class SampleMetadata:
    """A metadata record."""

    name: str
    entries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SampleMcap:
    """A recording and what it holds.

    Attributes:
        data: The bytes of the file.
        channels: In the order of the file.
        messages: Likewise, which need not be the order of time.
        attachments: Likewise.
        metadata: Likewise.
        options: How it was written, the arguments of `McapWriter`.
    """

    data: bytes
    channels: tuple[SampleChannel, ...]
    messages: tuple[SampleMessage, ...]
    attachments: tuple[SampleAttachment, ...]
    metadata: tuple[SampleMetadata, ...]
    options: Mapping[str, Any]

    def __repr__(self) -> str:
        """Leave the bytes out: they say nothing to a reader of a failure."""
        kept = [(m.log_time_ns, m.publish_time_ns, m.sequence, m.channel.id, m.data) for m in self.messages]
        channels = [(c.id, c.topic, c.schema_name, c.schema_encoding, c.message_encoding) for c in self.channels]
        return (
            f"SampleMcap(options={dict(self.options)}, channels={channels}, messages={kept}, "
            f"attachments={self.attachments}, metadata={self.metadata})"
        )


def sample_mcap(
    channels: Iterable[SampleChannel],
    messages: Iterable[SampleMessage],
    attachments: Iterable[SampleAttachment] = (),
    metadata: Iterable[SampleMetadata] = (),
    **options: Any,
) -> SampleMcap:
    """Write a recording: channels, messages, attachments, metadata, in this order and each in the order given.

    Args:
        channels: All of them, those of the messages included; equal schemas are written once.
        messages: Their channels are among `channels`.
        attachments: Likewise.
        metadata: Likewise.
        **options: How, as `McapWriter` takes them.

    Raises:
        ValueError: Two channels have the same id.
        KeyError: The channel of a message is not among `channels`.
    """
    out = io.BytesIO()
    kept = SampleMcap(b"", tuple(channels), tuple(messages), tuple(attachments), tuple(metadata), options)
    _write(McapWriter(out, **options), kept)
    return SampleMcap(out.getvalue(), kept.channels, kept.messages, kept.attachments, kept.metadata, options)


def _write(writer: McapWriter, kept: SampleMcap) -> None:
    declared = _declare(writer, kept.channels)
    for message in kept.messages:
        channel_id = declared[message.channel.id]
        writer.message(channel_id, message.log_time_ns, message.data, message.publish_time_ns, message.sequence)
    for each in kept.attachments:
        writer.attachment(each.name, each.media_type, each.data, each.log_time_ns, each.create_time_ns)
    for record in kept.metadata:
        writer.metadata(record.name, record.entries)
    writer.finish()


def _declare(writer: McapWriter, channels: Sequence[SampleChannel]) -> dict[int, int]:
    """Write the channels, each schema once."""
    schemas: dict[tuple[str, str, bytes], int] = {("", "", b""): 0}
    declared: dict[int, int] = {}
    for channel in channels:
        if channel.schema not in schemas:
            schemas[channel.schema] = writer.schema(*channel.schema)
        declared[channel.id] = writer.channel(
            channel.topic,
            channel.message_encoding,
            schemas[channel.schema],
            channel.metadata,
            channel_id=channel.id,
        )
    return declared


def json_channel(
    channel_id: int, topic: str, schema_name: str = "robowire.Sample", metadata: Mapping[str, str] = NO_WORDS
) -> SampleChannel:
    """Make a channel of JSON messages with a JSON Schema."""
    return SampleChannel(channel_id, topic, schema_name, "jsonschema", JSON_SCHEMA, "json", metadata)
