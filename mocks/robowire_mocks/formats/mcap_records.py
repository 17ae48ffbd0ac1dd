"""The records of an MCAP file: an opcode, a length, and fields one after the other; what follows them is ignored."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from robowire_mocks.formats import RecordedError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"\x89MCAP0\r\n"
HEAD = struct.Struct("<BQ")
"""What each record begins with: its opcode, and how many bytes follow."""
MESSAGE = struct.Struct("<HIQQ")
"""The fields of a message before its data: channel, sequence, log time, publish time."""
U16, U32, U64 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<Q")

Data: TypeAlias = bytes | memoryview


class Op(IntEnum):
    """What a record is."""

    HEADER = 1
    FOOTER = 2
    SCHEMA = 3
    CHANNEL = 4
    MESSAGE = 5
    CHUNK = 6
    MESSAGE_INDEX = 7
    CHUNK_INDEX = 8
    ATTACHMENT = 9
    ATTACHMENT_INDEX = 10
    STATISTICS = 11
    METADATA = 12
    METADATA_INDEX = 13
    SUMMARY_OFFSET = 14
    DATA_END = 15


class Fields:
    """Reads the fields of one record in their order; raises RecordedError if they do not fit into it."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self.at = 0

    def number(self, form: struct.Struct) -> int:
        """An unsigned number."""
        value: int = form.unpack(self._take(form.size))[0]
        return value

    def text(self) -> str:
        """A string with its length."""
        try:
            return str(self._take(self.number(U32)), "utf-8")
        except UnicodeDecodeError:
            raise RecordedError("damaged: a string is not UTF-8") from None

    def blob(self) -> bytes:
        """Bytes with their length."""
        return bytes(self._take(self.number(U32)))

    def texts(self) -> dict[str, str]:
        """A map of strings."""
        end = self.number(U32) + self.at
        found = {}
        while self.at < end:
            key = self.text()
            found[key] = self.text()
        return found

    def numbers(self, key: struct.Struct) -> dict[int, int]:
        """A map of numbers of the form `key` to 64-bit numbers."""
        raw = self._take(self.number(U32))
        try:
            return dict(struct.iter_unpack("<" + key.format[1:] + "Q", raw))
        except struct.error:
            raise RecordedError("damaged: a map has half an entry") from None

    def _take(self, length: int) -> Data:
        self.at += length
        if self.at > len(self._data):
            raise RecordedError("damaged: a record is shorter than its fields")
        return self._data[self.at - length : self.at]


@dataclass(frozen=True, slots=True)
class Schema:
    """How the messages of a channel are to be read."""

    id: int
    name: str
    encoding: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Channel:
    """Where messages of one kind come from; schema 0 is none."""

    id: int
    schema_id: int
    topic: str
    message_encoding: str
    metadata: Mapping[str, str]


class ChunkHead(NamedTuple):
    """What a chunk says of itself; `data_at` is where its records begin within it, `data_length` what they take."""

    start_ns: int
    end_ns: int
    size: int
    crc: int
    compression: str
    data_length: int
    data_at: int


class AttachmentHead(NamedTuple):
    """What an attachment says of itself, `data_at` where its bytes begin within the record."""

    log_time_ns: int
    create_time_ns: int
    name: str
    media_type: str
    size: int
    data_at: int


class ChunkIndex(NamedTuple):
    """What the summary says of a chunk: its times, its place, those of its message indexes, its compression."""

    start_ns: int
    end_ns: int
    at: int
    length: int
    indexes: Mapping[int, int]
    indexes_length: int
    compression: str
    compressed: int
    size: int


class Statistics(NamedTuple):
    """What the summary counts."""

    messages: int
    schemas: int
    channels: int
    attachments: int
    metadata: int
    chunks: int
    start_ns: int
    end_ns: int
    counts: Mapping[int, int]


def schema(data: Data) -> Schema:
    """The schema that a record holds."""
    fields = Fields(data)
    found = Schema(fields.number(U16), fields.text(), fields.text(), fields.blob())
    if not found.id:
        raise RecordedError("damaged: a schema has the id 0, which stands for none")
    return found


def channel(data: Data) -> Channel:
    """The channel that a record holds."""
    fields = Fields(data)
    return Channel(fields.number(U16), fields.number(U16), fields.text(), fields.text(), fields.texts())


def chunk_head(data: Data) -> ChunkHead:
    """The beginning of a chunk."""
    fields = Fields(data)
    times = fields.number(U64), fields.number(U64)
    size, crc, compression = fields.number(U64), fields.number(U32), fields.text()
    length = fields.number(U64)
    return ChunkHead(*times, size, crc, compression, length, fields.at)


def attachment_head(data: Data) -> AttachmentHead:
    """The beginning of an attachment."""
    fields = Fields(data)
    times = fields.number(U64), fields.number(U64)
    name, media_type = fields.text(), fields.text()
    size = fields.number(U64)
    return AttachmentHead(*times, name, media_type, size, fields.at)


def metadata(data: Data) -> tuple[str, dict[str, str]]:
    """The name of a metadata record, and what it says."""
    fields = Fields(data)
    return fields.text(), fields.texts()


def chunk_index(data: Data) -> ChunkIndex:
    """What a chunk index says."""
    fields = Fields(data)
    times = fields.number(U64), fields.number(U64)
    place = fields.number(U64), fields.number(U64)
    indexes, length = fields.numbers(U16), fields.number(U64)
    return ChunkIndex(*times, *place, indexes, length, fields.text(), fields.number(U64), fields.number(U64))


def statistics(data: Data) -> Statistics:
    """What the statistics say."""
    fields = Fields(data)
    messages, schemas, channels = fields.number(U64), fields.number(U16), fields.number(U32)
    attachments, metadata, chunks = fields.number(U32), fields.number(U32), fields.number(U32)
    times = fields.number(U64), fields.number(U64)
    return Statistics(messages, schemas, channels, attachments, metadata, chunks, *times, fields.numbers(U16))


def records(data: Data) -> Iterator[tuple[int, int, int]]:
    """The opcode, beginning and end of the content of each record in `data`, which they fill.

    Raises:
        RecordedError: The last one is longer than what is left.
    """
    at, stop = 0, len(data)
    unpack = HEAD.unpack_from
    while at < stop:
        try:
            op, length = unpack(data, at)
        except struct.error:
            raise RecordedError("damaged: a record ends early") from None
        start = at + 9
        at = start + length
        if at > stop:
            raise RecordedError("damaged: a record is longer than what holds it")
        yield op, start, at
