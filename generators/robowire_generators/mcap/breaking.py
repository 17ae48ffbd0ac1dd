"""The ways in which an MCAP file can be cut off, overwritten or put together wrongly, for `.broken`."""

import io
import struct
import zipfile
from collections.abc import Callable

from robowire_generators.mcap import records
from robowire_generators.mcap.layout import Layout, Plain, Record, assemble, chunk_content
from robowire_generators.mcap.records import HEAD, MAGIC, Opcode

Break = Callable[[bytes], bytes]
"""Makes a broken file of a valid one; raises ValueError for what cannot be broken."""

Place = Callable[[Layout], int]
"""Chooses a position in the file."""

ABSURD = struct.pack("<I", 0xFFFF_FFF0)
"""A length of 32 bits that no file of these has: just under 4 GiB."""

HUGE = struct.pack("<Q", 2**63)
"""A length or position of 64 bits that no file has."""

FAR = struct.pack("<Q", 1 << 40)
"""A position that no file of these has: 1 TiB."""

NOBODY = struct.pack("<H", 54_321)
"""The id of a channel or schema that no file of these has."""


def cut(place: Place) -> Break:
    """Cut the file off at a place."""
    return lambda mcap: mcap[: place(Layout.of(mcap))]


def inside(opcode: Opcode) -> Place:
    """Give a place in the middle of the content of the first record of a kind."""
    return lambda layout: middle(layout.first(opcode))


def middle(record: Record) -> int:
    """Give a place in the middle of a record's content."""
    return (record.content + record.end) // 2


def within(opcode: Opcode, offset: int) -> Place:
    """Give a place in the content of the first record of a kind; a negative offset counts from its end."""

    def place(layout: Layout) -> int:
        record = layout.first(opcode)
        return (record.content if offset >= 0 else record.end) + offset

    return place


def length_of(opcode: Opcode) -> Place:
    """Give the place of the length of the first record of a kind."""
    return lambda layout: layout.first(opcode).start + 1


def overwrite(place: Place, octets: bytes) -> Break:
    """Put other bytes at a place; the file keeps its length."""

    def overwritten(mcap: bytes) -> bytes:
        at = place(Layout.of(mcap))
        return mcap[:at] + octets + mcap[at + len(octets) :]

    return overwritten


def flip(place: Place) -> Break:
    """Turn all bits of the four bytes at a place."""

    def flipped(mcap: bytes) -> bytes:
        at = place(Layout.of(mcap))
        return mcap[:at] + bytes(octet ^ 0xFF for octet in mcap[at : at + 4]) + mcap[at + 4 :]

    return flipped


def in_summary(break_it: Break) -> Break:
    """Break something of the summary and drop its CRC, so that only the break itself is wrong."""

    def broken(mcap: bytes) -> bytes:
        damaged = break_it(mcap)
        at = len(damaged) - len(MAGIC) - 4
        return damaged[:at] + bytes(4) + damaged[at + 4 :]

    return broken


def in_data(break_it: Break) -> Break:
    """Break something of the data section and drop its CRC, so that only the break itself is wrong."""

    def broken(mcap: bytes) -> bytes:
        at = Layout.of(mcap).first(Opcode.DATA_END).content
        damaged = break_it(mcap)
        return damaged[:at] + bytes(4) + damaged[at + 4 :]

    return broken


def after_chunk_name(offset: int) -> Place:
    """Give a place in the first chunk, from the end of its compression's name on."""

    def place(layout: Layout) -> int:
        start = layout.first(Opcode.CHUNK).content
        (size,) = struct.unpack_from("<I", layout.data, start + 28)
        return start + 32 + int(size) + offset

    return place


def point_summary_into_chunk(mcap: bytes) -> bytes:
    """Let the footer point into the first chunk for the summary."""
    layout = Layout.of(mcap)
    at = layout.first(Opcode.FOOTER).content
    return mcap[:at] + struct.pack("<Q", middle(layout.first(Opcode.CHUNK))) + mcap[at + 8 :]


def recompressed(name: str, *, damage: bool = False) -> Break:
    """Store the first chunk under another compression's name; no summary follows."""

    def change(mcap: bytes) -> bytes:
        layout = Layout.of(mcap)
        record = layout.first(Opcode.CHUNK)
        chunk = mcap[record.content : record.end]
        stored = chunk_content(chunk)
        stored = bytes(octet ^ 0xFF for octet in stored[:64]) + stored[64:] if damage else stored
        content = chunk[:24] + bytes(4) + records.text(name) + struct.pack("<Q", len(stored)) + stored
        header = layout.first(Opcode.HEADER)
        return assemble([(Opcode.HEADER, mcap[header.content : header.end]), (Opcode.CHUNK, content)])

    return change


def nested(mcap: bytes) -> bytes:
    """Put a chunk within a chunk."""
    layout = Layout.of(mcap)
    header, chunk = layout.first(Opcode.HEADER), layout.first(Opcode.CHUNK)
    inner = mcap[chunk.start : chunk.end]
    times = mcap[chunk.content : chunk.content + 16]
    content = times + struct.pack("<QI", len(inner), 0) + records.text("") + struct.pack("<Q", len(inner)) + inner
    return assemble([(Opcode.HEADER, mcap[header.content : header.end]), (Opcode.CHUNK, content)])


def reassembled(change: Callable[[list[Plain]], list[Plain]]) -> Break:
    """Change the records of the file, which then has neither chunks nor summary."""
    return lambda mcap: assemble(change(Layout.of(mcap).flat()))


def place_of(parts: list[Plain], opcode: Opcode) -> int:
    """Find the first record of a kind."""
    return next(at for at, (kind, _) in enumerate(parts) if kind == opcode)


def changed(opcode: Opcode, change: Callable[[bytes], bytes]) -> Break:
    """Change the content of the first record of a kind, within a chunk or not."""

    def with_change(parts: list[Plain]) -> list[Plain]:
        at = place_of(parts, opcode)
        return [*parts[:at], (opcode, change(parts[at][1])), *parts[at + 1 :]]

    return reassembled(with_change)


def repeated(opcode: Opcode, change: Callable[[bytes], bytes]) -> Break:
    """Write the first record of a kind again with another content, after all else."""
    return reassembled(lambda parts: [*parts, (opcode, change(parts[place_of(parts, opcode)][1]))])


def without(opcode: Opcode) -> Break:
    """Leave all records of a kind out."""
    return reassembled(lambda parts: [part for part in parts if part[0] != opcode])


def put(content: bytes, at: int) -> Callable[[bytes], bytes]:
    """Give what puts other bytes at a place of a record's content."""
    return lambda octets: octets[:at] + content + octets[at + len(content) :]


def as_zip(mcap: bytes) -> bytes:
    """Pack the file into a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("robot.mcap", (2026, 1, 1, 0, 0, 0)), mcap)
    return out.getvalue()


def no_messages(mcap: bytes) -> bytes:
    """Leave everything out but the header."""
    return assemble(Layout.of(mcap).flat()[:1])


def record_at_end(octets: bytes) -> Break:
    """Put bytes between the footer and the last magic."""
    return lambda mcap: mcap[: -len(MAGIC)] + octets + MAGIC


UNKNOWN_RECORD = bytes((0x7E,)) + struct.pack("<Q", 5) + b"hello"
"""A record of a kind that the format keeps for later."""

assert len(UNKNOWN_RECORD) == HEAD + 5
