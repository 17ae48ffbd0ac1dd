"""What a recording holds, read by readers that this project did not write: the `mcap` library and rosbags."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from io import BytesIO
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcap import records

MCAP_MAGIC = b"\x89MCAP0\r\n"
BAG_MAGIC = b"#ROSBAG V2.0\n"


class Unreadable(ValueError):  # noqa: N818  # what a file is, not what went wrong here
    """Bytes that are neither an MCAP file nor a ROS 1 bag, or a broken one; the text says what is wrong."""


class Kind(StrEnum):
    """The format of a recording."""

    MCAP = "MCAP"
    BAG = "ROS 1 bag"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel with its schema; `schema` is None where it has none. `id` tells it from others of the same file."""

    id: int
    topic: str
    encoding: str
    schema_name: str = ""
    schema_encoding: str = ""
    schema: bytes | None = None

    @property
    def face(self) -> tuple[str, str, str, str, bytes]:
        """What a reader of its messages needs to know."""
        return self.topic, self.encoding, self.schema_name, self.schema_encoding, self.schema or b""


@dataclass(frozen=True, slots=True)
class Message:
    """A message; its time is the log time, in nanoseconds since the epoch."""

    time: int
    channel: Channel
    data: bytes

    @property
    def key(self) -> tuple[int, str, bytes]:
        """What tells it from others: its time, topic and bytes."""
        return self.time, self.channel.topic, self.data


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment; times in nanoseconds since the epoch, `crc` as the record has it."""

    name: str
    media_type: str
    log_time: int
    create_time: int
    data: bytes
    crc: int = 0


@dataclass(frozen=True)
class Contents:
    """What a file holds, in its order.

    `strays` counts messages before which their channel, or the schema that it names, does not stand.
    """

    kind: Kind
    channels: tuple[Channel, ...] = ()
    messages: tuple[Message, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    metadata: tuple[tuple[str, Mapping[str, str]], ...] = ()
    strays: int = 0

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The times of the first and the last message; None without messages."""
        times = [message.time for message in self.messages]
        return (min(times), max(times)) if times else None

    @property
    def topics(self) -> frozenset[str]:
        """The topics that messages are on."""
        return frozenset(message.channel.topic for message in self.messages)


def read_contents(data: bytes) -> Contents:
    """Read a file whole, with its checksums.

    Raises:
        Unreadable: It is neither an MCAP file nor a ROS 1 bag, or is broken.
    """
    if data.startswith(MCAP_MAGIC):
        return read_mcap(data)
    if data.startswith(BAG_MAGIC):
        return read_bag(data)
    raise Unreadable(f"neither an MCAP file nor a ROS 1 bag: it begins with {data[:16]!r}")


def read_mcap(data: bytes) -> Contents:
    """Read an MCAP file from its first record to its last.

    Raises:
        Unreadable: It is none, or a broken one.
    """
    from mcap.stream_reader import StreamReader  # takes a tenth of a second

    reading = _Reading()
    try:
        for record in StreamReader(BytesIO(data), validate_crcs=True).records:
            reading.take(record)
    except Exception as error:  # noqa: BLE001  # broken bytes make it stumble over whatever they are taken for
        raise Unreadable(f"no whole MCAP file: {type(error).__name__}: {error}") from None
    return reading.contents()


class _Reading:
    """The records of an MCAP file, gathered one after the other."""

    def __init__(self) -> None:
        self._schemas: dict[int, records.Schema] = {}
        self._channels: dict[int, Channel] = {}
        self._messages: list[Message] = []
        self._attachments: list[Attachment] = []
        self._metadata: list[tuple[str, Mapping[str, str]]] = []
        self._bare: set[int] = set()
        self._strays = 0

    def take(self, record: Any) -> None:
        """Keep what a record says; those of indexes and sums say nothing."""
        take: Mapping[str, Callable[[Any], None]] = {
            "Schema": self._schema,
            "Channel": self._channel,
            "Message": self._message,
            "Attachment": self._attachment,
            "Metadata": lambda one: self._metadata.append((one.name, dict(one.metadata))),
        }
        if chosen := take.get(type(record).__name__):
            chosen(record)

    def contents(self) -> Contents:
        """What has been gathered."""
        return Contents(
            Kind.MCAP,
            tuple(self._channels.values()),
            tuple(self._described(message) for message in self._messages),
            tuple(self._attachments),
            tuple(self._metadata),
            self._strays,
        )

    def _described(self, message: Message) -> Message:
        """The message with its channel, also where that stands behind it in the file."""
        if message.channel.topic:
            return message
        return replace(message, channel=self._channels.get(message.channel.id, message.channel))

    def _schema(self, record: "records.Schema") -> None:
        self._schemas[record.id] = record

    def _channel(self, record: "records.Channel") -> None:
        schema = self._schemas.get(record.schema_id)
        if schema is not None:
            described = (schema.name, schema.encoding, schema.data)
            self._channels[record.id] = Channel(record.id, record.topic, record.message_encoding, *described)
            self._bare.discard(record.id)
        elif record.id not in self._channels:
            self._channels[record.id] = Channel(record.id, record.topic, record.message_encoding)
            if record.schema_id:
                self._bare.add(record.id)

    def _message(self, record: "records.Message") -> None:
        channel = self._channels.get(record.channel_id)
        if channel is None or record.channel_id in self._bare:
            self._strays += 1
        self._messages.append(Message(record.log_time, channel or Channel(record.channel_id, "", ""), record.data))

    def _attachment(self, record: "records.Attachment") -> None:
        times = (record.log_time, record.create_time)
        self._attachments.append(Attachment(record.name, record.media_type, *times, record.data, _crc(record)))


def _crc(record: "records.Attachment") -> int:
    """The checksum of an attachment's record: of all its fields but itself."""
    texts = (text.encode() for text in (record.name, record.media_type))
    named = b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    head = pack("<QQ", record.log_time, record.create_time) + named + pack("<Q", len(record.data))
    return zlib.crc32(record.data, zlib.crc32(head))


def read_bag(data: bytes) -> Contents:
    """Read a ROS 1 bag.

    Raises:
        Unreadable: It is none, or a broken one.
    """
    from rosbags.rosbag1 import Reader  # takes a fifth of a second

    with TemporaryDirectory(prefix="robowire-") as folder:
        path = Path(folder, "answer.bag")
        path.write_bytes(data)
        try:
            with Reader(path) as reader:
                return _bag_contents(reader)
        except Exception as error:  # noqa: BLE001  # rosbags lets through whatever it stumbles over in broken bytes
            raise Unreadable(f"no whole ROS 1 bag: {type(error).__name__}: {error}") from None


def _bag_contents(reader: Any) -> Contents:
    channels = {one.id: _connected(one) for one in reader.connections}
    messages = [Message(time, channels[one.id], bytes(data)) for one, time, data in reader.messages()]
    return Contents(Kind.BAG, tuple(channels.values()), tuple(messages))


def _connected(connection: Any) -> Channel:
    text = connection.msgdef.data if hasattr(connection.msgdef, "data") else str(connection.msgdef)
    return Channel(connection.id, connection.topic, "ros1", connection.msgtype, "ros1msg", text.encode())


def disorders(contents: Contents) -> Iterator[tuple[Message, Message]]:
    """Pairs of messages that follow one another in the file, the later of which has the earlier time."""
    pairs = zip(contents.messages, contents.messages[1:], strict=False)
    yield from ((earlier, later) for earlier, later in pairs if later.time < earlier.time)
