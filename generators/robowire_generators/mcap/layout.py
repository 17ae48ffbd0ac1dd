"""Where the records of an MCAP file lie, for those who want to break one, and how a file is made of records again."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from robowire_generators.mcap import records
from robowire_generators.mcap.records import HEAD, MAGIC, Opcode

Plain = tuple[int, bytes]
"""A record by its kind and its content."""


class Record(NamedTuple):
    """One record of the file; positions are in bytes from its start.

    Attributes:
        opcode: Its kind.
        start: Where it starts.
        content: Where its content starts; the eight bytes before are its length.
        end: Where the next record starts.
    """

    opcode: int
    start: int
    content: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The records of a whole, valid file with chunks and index, those of each kind in the file's order."""

    data: bytes
    records: tuple[Record, ...]

    @classmethod
    def of(cls, mcap: bytes) -> "Layout":
        """Find the records of a file.

        Raises:
            ValueError: It is no valid MCAP file with chunks, indexes, statistics, an attachment and metadata.
        """
        if not (mcap.startswith(MAGIC) and mcap.endswith(MAGIC)):
            raise ValueError("Only a whole MCAP file can be broken.")
        try:
            layout = cls(mcap, tuple(_records(mcap)))
        except struct.error:
            raise ValueError("Only a whole MCAP file can be broken; this one is broken already.") from None
        known = {record.opcode for record in layout.records}
        if not known >= _NEEDED:
            raise ValueError("Only an MCAP file with messages, chunks, all indexes and attachments can be broken.")
        return layout

    def all(self, opcode: Opcode) -> tuple[Record, ...]:
        """Give the records of a kind; schemas and channels are those of the summary."""
        return tuple(record for record in self.records if record.opcode == opcode)

    def first(self, opcode: Opcode) -> Record:
        """Give the first record of a kind."""
        return self.all(opcode)[0]

    def flat(self) -> list[Plain]:
        """Give the records of the data section with those of the chunks as if there were no chunks."""
        kept: list[Plain] = []
        for record in self.records:
            content = self.data[record.content : record.end]
            if record.opcode == Opcode.DATA_END:
                break
            if record.opcode == Opcode.CHUNK:
                kept += _plain(chunk_content(content))
            elif record.opcode != Opcode.MESSAGE_INDEX:
                kept.append((record.opcode, content))
        return kept


_NEEDED = {Opcode.CHUNK, Opcode.MESSAGE_INDEX, Opcode.CHUNK_INDEX, Opcode.STATISTICS, Opcode.SUMMARY_OFFSET} | {
    Opcode.ATTACHMENT,
    Opcode.METADATA,
}


def _records(data: bytes) -> Iterator[Record]:
    at = len(MAGIC)
    while at < len(data) - len(MAGIC):
        opcode, length = struct.unpack_from("<BQ", data, at)
        yield Record(opcode, at, at + HEAD, at + HEAD + length)
        at += HEAD + length


def _plain(data: bytes) -> Iterator[Plain]:
    """Give the records within a chunk."""
    at = 0
    while at < len(data):
        opcode, length = struct.unpack_from("<BQ", data, at)
        yield opcode, data[at + HEAD : at + HEAD + length]
        at += HEAD + length


def chunk_content(chunk: bytes) -> bytes:
    """Give the records of a chunk, decompressed."""
    (size,) = struct.unpack_from("<I", chunk, 28)
    name, stored = chunk[32 : 32 + size].decode(), chunk[32 + size + 8 :]
    if name == "lz4":
        import lz4.frame  # only where it is needed

        return bytes(lz4.frame.decompress(stored))
    if name == "zstd":
        from zstandard import ZstdDecompressor  # only where it is needed

        return ZstdDecompressor().decompress(stored)
    return stored


def assemble(parts: Sequence[Plain], *, data_end: bool = True, footer: bool = True) -> bytes:
    """Make a file of the records of its data section, without a summary and without CRCs."""
    body = b"".join(records.record(opcode, content) for opcode, content in parts)
    end = (records.data_end(0) if data_end else b"") + (records.footer(0, 0, None) if footer else b"")
    return MAGIC + body + end + MAGIC
