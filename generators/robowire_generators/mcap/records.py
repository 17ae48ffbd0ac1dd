"""The records of the MCAP format, each as the bytes that stand in a file (mcap.dev/spec, section Records)."""

import struct
from collections.abc import Iterable, Mapping
from enum import IntEnum
from zlib import crc32

MAGIC = b"\x89MCAP0\r\n"
"""The first and the last bytes of a file."""

HEAD = 9
"""Bytes before the content of a record: its kind and its length."""

MESSAGE_FIELDS = 22
"""Bytes of a message's content before its data."""


class Opcode(IntEnum):
    """The kinds of records, by their number in the format."""

    HEADER = 0x01
    FOOTER = 0x02
    SCHEMA = 0x03
    CHANNEL = 0x04
    MESSAGE = 0x05
    CHUNK = 0x06
    MESSAGE_INDEX = 0x07
    CHUNK_INDEX = 0x08
    ATTACHMENT = 0x09
    ATTACHMENT_INDEX = 0x0A
    STATISTICS = 0x0B
    METADATA = 0x0C
    METADATA_INDEX = 0x0D
    SUMMARY_OFFSET = 0x0E
    DATA_END = 0x0F


_HEAD = struct.Struct("<BQ").pack
_U16 = struct.Struct("<H").pack
_U32 = struct.Struct("<I").pack
_U64 = struct.Struct("<Q").pack
_PAIR = struct.Struct("<QQ").pack

index_pair = _PAIR
"""One entry of a message index: log time and offset."""


MESSAGE = int(Opcode.MESSAGE)
"""As a plain number: struct takes twice as long for a member of an enumeration."""

pack_message = struct.Struct("<BQHIQQ").pack
"""All of a message but its data: kind, length, channel, number, log time and publish time."""


def record(opcode: int, content: bytes) -> bytes:
    """Put kind and length before a record's content."""
    return _HEAD(opcode, len(content)) + content


def text(value: str) -> bytes:
    """A string: its length in 32 bits, then UTF-8."""
    octets = value.encode()
    return _U32(len(octets)) + octets


def entries(values: Mapping[str, str]) -> bytes:
    """A map of strings: its length in bytes, then keys and values in turn."""
    octets = b"".join(text(key) + text(value) for key, value in values.items())
    return _U32(len(octets)) + octets


def header(profile: str, library: str) -> bytes:
    """The first record of a file."""
    return record(Opcode.HEADER, text(profile) + text(library))


def schema(schema_id: int, name: str, encoding: str, data: bytes) -> bytes:
    """What messages look like."""
    return record(Opcode.SCHEMA, _U16(schema_id) + text(name) + text(encoding) + _U32(len(data)) + data)


def channel(channel_id: int, schema_id: int, topic: str, message_encoding: str, metadata: Mapping[str, str]) -> bytes:
    """Where messages come from; without a schema its id is 0."""
    content = _U16(channel_id) + _U16(schema_id) + text(topic) + text(message_encoding) + entries(metadata)
    return record(Opcode.CHANNEL, content)


def chunk_head(start_ns: int, end_ns: int, size: int, crc: int, compression: str, stored: int) -> bytes:
    """All of a chunk but its records, which are `size` bytes and take `stored` bytes as they are compressed."""
    fields = struct.pack("<QQQI", start_ns, end_ns, size, crc) + text(compression) + _U64(stored)
    return _HEAD(Opcode.CHUNK, len(fields) + stored) + fields


def message_index(channel_id: int, pairs: bytes) -> bytes:
    """Where a channel's messages lie in the chunk before: pairs of log time and offset, 64 bits each."""
    return record(Opcode.MESSAGE_INDEX, _U16(channel_id) + _U32(len(pairs)) + pairs)


def chunk_index(
    *,
    times: tuple[int, int],
    place: tuple[int, int],
    message_indexes: Iterable[tuple[int, int]],
    message_index_length: int,
    compression: str,
    sizes: tuple[int, int],
) -> bytes:
    """Where a chunk lies and what it holds.

    Args:
        times: Of its first and its last message, ns.
        place: Position and length of its record.
        message_indexes: Channel and position of each message index that follows it.
        message_index_length: Bytes of those together.
        compression: As the chunk names it.
        sizes: Bytes of its records, compressed and not.
    """
    offsets = b"".join(_U16(number) + _U64(offset) for number, offset in message_indexes)
    content = (
        struct.pack("<QQQQ", *times, *place)
        + _U32(len(offsets))
        + offsets
        + _U64(message_index_length)
        + text(compression)
        + _PAIR(*sizes)
    )
    return record(Opcode.CHUNK_INDEX, content)


def attachment(
    name: str, media_type: str, data: bytes, log_time_ns: int, create_time_ns: int, *, crc: bool = True
) -> bytes:
    """A file within the file; its CRC is of all that stands before it in the content."""
    fields = _PAIR(log_time_ns, create_time_ns) + text(name) + text(media_type) + _U64(len(data)) + data
    return record(Opcode.ATTACHMENT, fields + _U32(crc32(fields) if crc else 0))


def attachment_index(
    place: tuple[int, int], log_time_ns: int, create_time_ns: int, size: int, name: str, media_type: str
) -> bytes:
    """Where an attachment lies: position and length of its record, and its fields but the data."""
    content = struct.pack("<QQQQQ", *place, log_time_ns, create_time_ns, size) + text(name) + text(media_type)
    return record(Opcode.ATTACHMENT_INDEX, content)


def metadata(name: str, values: Mapping[str, str]) -> bytes:
    """Words about the recording."""
    return record(Opcode.METADATA, text(name) + entries(values))


def metadata_index(place: tuple[int, int], name: str) -> bytes:
    """Where a metadata record lies: position and length."""
    return record(Opcode.METADATA_INDEX, _PAIR(*place) + text(name))


def statistics(
    *,
    schemas: int,
    channels: int,
    attachments: int,
    metadata_records: int,
    chunks: int,
    times: tuple[int, int],
    counts: Mapping[int, int],
) -> bytes:
    """How much a file holds; `times` are of the first and the last message, 0 without messages."""
    numbers = (schemas, channels, attachments, metadata_records, chunks)
    per_channel = b"".join(_U16(number) + _U64(count) for number, count in counts.items())
    content = struct.pack("<QHIIIIQQ", sum(counts.values()), *numbers, *times) + _U32(len(per_channel)) + per_channel
    return record(Opcode.STATISTICS, content)


def summary_offset(group: int, start: int, length: int) -> bytes:
    """Where the records of a kind lie in the summary."""
    return record(Opcode.SUMMARY_OFFSET, struct.pack("<BQQ", group, start, length))


def data_end(crc: int) -> bytes:
    """The end of the data section, with the CRC of all that stands before it; 0 for none."""
    return record(Opcode.DATA_END, _U32(crc))


def footer(summary: int, summary_offsets: int, crc_of: bytes | None) -> bytes:
    """The last record; its CRC is of the summary and the footer's own fields before it, 0 without `crc_of`."""
    start = _HEAD(Opcode.FOOTER, 20) + _PAIR(summary, summary_offsets)
    return start + _U32(0 if crc_of is None else crc32(start, crc32(crc_of)))
