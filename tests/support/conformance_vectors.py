"""The conformance vectors of the MCAP format: small files named by recipe, byte for byte as its project publishes them.

A name is what is in a file and how it is laid out: `TenMessages-ch-chx-mx` holds ten messages in a chunk, which the
summary names, and an index of them.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType
from zlib import crc32

from robowire_generators.mcap import records
from robowire_generators.mcap.records import HEAD, MAGIC, Opcode

PADDING = b"\x01\xff\xff"
DATA = b"\x01\x02\x03"
TIMES = (0, 2, 1, 3, 3, 5, 4, 7, 8, 9)


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a file, whatever its layout; messages are log time, publish time and number, all of the same data."""

    schema: bytes = b""
    channel: bytes = b""
    messages: tuple[tuple[int, int, int], ...] = ()
    attachment: bytes = b""
    metadata: bytes = b""

    @property
    def definitions(self) -> list[bytes]:
        """The schema and the channel, where there are any."""
        return [octets for octets in (self.schema, self.channel) if octets]

    @property
    def times(self) -> tuple[int, int]:
        """Of the first and the last message, 0 without messages."""
        logged = [message[0] for message in self.messages] or [0]
        return min(logged), max(logged)


_SCHEMA = records.schema(1, "Example", "c", b"\x04\x05\x06")
_CHANNEL = records.channel(1, 1, "example", "a", {"foo": "bar"})
_FILE = ("myFile", "application/octet-stream")

CONTENTS: Mapping[str, Content] = MappingProxyType(
    {
        "NoData": Content(),
        "OneMessage": Content(_SCHEMA, _CHANNEL, ((2, 1, 10),)),
        "OneSchemalessMessage": Content(b"", records.channel(1, 0, "example", "text", {}), ((2, 1, 10),)),
        "TenMessages": Content(_SCHEMA, _CHANNEL, tuple((time, time, number) for number, time in enumerate(TIMES))),
        "OneAttachment": Content(attachment=records.attachment(*_FILE, DATA, 2, 1)),
        "OneMetadata": Content(metadata=records.metadata("myMetadata", {"foo": "bar"})),
    }
)

FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "ax": "the attachment is in the summary",
        "ch": "schema, channel and messages are in a chunk",
        "chx": "the chunk is in the summary",
        "mdx": "the metadata record is in the summary",
        "mx": "the chunk has an index of its messages",
        "pad": "records are longer than their fields",
        "rch": "the channel is repeated in the summary",
        "rsh": "the schema is repeated in the summary",
        "st": "there are statistics",
        "sum": "the summary says where the records of each kind are",
    }
)


def vectors() -> Iterator[tuple[str, bytes]]:
    """Give the names and the bytes of all files."""
    for kind, content in CONTENTS.items():
        for count in range(len(FEATURES) + 1):
            for features in map(frozenset, combinations(FEATURES, count)):
                if _fits(content, features):
                    yield "-".join([kind, *sorted(features)]), _File(content, features).made()


def _fits(content: Content, features: frozenset[str]) -> bool:
    """Tell whether features make sense together and with what is in the file."""
    needed = {
        "ax": content.attachment,
        "mdx": content.metadata,
        "rsh": content.schema,
        "rch": content.channel,
        "ch": content.messages,
        "chx": "ch" in features,
        "mx": "ch" in features,
        "sum": features & {"ax", "chx", "mdx", "rch", "rsh", "st"},
    }
    return all(needed.get(feature, True) for feature in features)


@dataclass(slots=True)
class _File:
    """One file while it is made; what its summary says is collected on the way."""

    content: Content
    features: frozenset[str]
    data: bytes = MAGIC
    summary: dict[Opcode, bytes] = field(default_factory=dict)

    def made(self) -> bytes:
        """Give the file."""
        content = self.content
        self._add(records.header("", ""))
        if "ch" in self.features:
            self._chunk()
        else:
            for octets in content.definitions:
                self._add(octets)
            self.data += b"".join(_messages(content))  # their data end with the record: nothing can follow
        attachment, metadata = self._add(content.attachment), self._add(content.metadata)
        self._add(records.data_end(crc32(self.data)))
        self._summarize("rsh", Opcode.SCHEMA, content.schema)
        self._summarize("rch", Opcode.CHANNEL, content.channel)
        self._summarize("st", Opcode.STATISTICS, self._statistics())
        self._summarize("mdx", Opcode.METADATA_INDEX, records.metadata_index(metadata, "myMetadata"))
        index = records.attachment_index(attachment, 2, 1, len(DATA), *_FILE)
        self._summarize("ax", Opcode.ATTACHMENT_INDEX, index)
        return self._ended()

    def _add(self, octets: bytes) -> tuple[int, int]:
        """Append a record, if there is one; give its place and length."""
        at = len(self.data)
        self.data += self._padded(octets) if octets else b""
        return at, len(self.data) - at

    def _padded(self, octets: bytes) -> bytes:
        """Lengthen a record as the format allows, where that is asked for."""
        if "pad" not in self.features:
            return octets
        return octets[:1] + struct.pack("<Q", len(octets) - HEAD + len(PADDING)) + octets[HEAD:] + PADDING

    def _chunk(self) -> None:
        """Append the chunk; neither it nor what is in it is longer than its fields."""
        content, times = self.content, self.content.times
        defined, messages = b"".join(content.definitions), _messages(content)
        held = defined + b"".join(messages)
        at = len(self.data)
        self.data += records.chunk_head(*times, len(held), crc32(held), "", len(held)) + held
        end, places = len(self.data), {}
        if "mx" in self.features:
            starts = range(len(defined), len(held), len(messages[0]))
            rows = zip(content.messages, starts, strict=True)
            pairs = b"".join(records.index_pair(message[0], start) for message, start in rows)
            places[1], _ = self._add(records.message_index(1, pairs))
        index = records.chunk_index(
            times=times,
            place=(at, end - at),
            message_indexes=places.items(),
            message_index_length=len(self.data) - end,
            compression="",
            sizes=(len(held), len(held)),
        )
        self._summarize("chx", Opcode.CHUNK_INDEX, index)

    def _statistics(self) -> bytes:
        content = self.content
        return records.statistics(
            schemas=bool(content.schema),
            channels=bool(content.channel),
            attachments=bool(content.attachment),
            metadata_records=bool(content.metadata),
            chunks="ch" in self.features,
            times=content.times,
            counts={1: len(content.messages)} if content.messages else {},
        )

    def _summarize(self, feature: str, opcode: Opcode, octets: bytes) -> None:
        if feature in self.features:
            self.summary[opcode] = self._padded(octets)

    def _ended(self) -> bytes:
        """Give the file with summary and footer."""
        start = at = len(self.data)
        groups = sorted(self.summary.items(), key=lambda group: group[0] == Opcode.CHUNK_INDEX)
        summary = b"".join(octets for _, octets in groups)
        offsets = start + len(summary) if "sum" in self.features else 0
        for opcode, octets in groups if offsets else ():
            summary += self._padded(records.summary_offset(opcode, at, len(octets)))
            at += len(octets)
        return self.data + summary + records.footer(start if groups else 0, offsets, summary) + MAGIC


def _messages(content: Content) -> list[bytes]:
    length = records.MESSAGE_FIELDS + len(DATA)
    return [
        records.pack_message(Opcode.MESSAGE, length, 1, number, logged, published) + DATA
        for logged, published, number in content.messages
    ]
