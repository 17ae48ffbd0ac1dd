"""The ways in which bytes of a ROS 1 bag can be cut off or overwritten, for `robowire_generators.broken`."""

import io
import struct
import zipfile
from collections.abc import Callable

from robowire_generators.recipe import Compression
from robowire_generators.rosbag1_layout import Layout, Op, Record

Break = Callable[[bytes], bytes]
"""Makes a broken bag of a valid one; raises ValueError for what is no valid bag with messages."""

Place = Callable[[Layout], int]
"""Chooses a position in the file."""


def cut(place: Place) -> Break:
    """Cut the file off at a place."""
    return lambda bag: bag[: place(Layout.of(bag))]


def inside(record: Record) -> int:
    """Give a place in the middle of a record's data."""
    return (record.data + record.end) // 2


def overwrite(place: Place, octets: bytes) -> Break:
    """Put other bytes at a place; the file keeps its length."""

    def overwrite(bag: bytes) -> bytes:
        at = place(Layout.of(bag))
        return bag[:at] + octets + bag[at + len(octets) :]

    return overwrite


def set_field(op: Op, field: str, octets: bytes) -> Break:
    """Put another value into a field of the first record of a kind."""
    return overwrite(lambda layout: layout.first(op).fields[field][0], octets)


def number(value: int) -> bytes:
    """Write a number as the format does: 32 bits."""
    return struct.pack("<I", value)


def position(value: int) -> bytes:
    """Write a position as the format does: 64 bits."""
    return struct.pack("<Q", value)


def rename_field(op: Op, field: str) -> Break:
    """Give a field of the first record of a kind a name that nobody knows, of the same length."""
    return overwrite(lambda layout: layout.first(op).fields[field][0] - len(field) - 1, b"?" * len(field))


def point_into_chunk(bag: bytes) -> bytes:
    """Let the header point into the first chunk's data for the index."""
    layout = Layout.of(bag)
    at, _ = layout.first(Op.BAG_HEADER).fields["index_pos"]
    return bag[:at] + position(inside(layout.first(Op.CHUNK))) + bag[at + 8 :]


def unknown_compression(bag: bytes) -> bytes:
    """Give the first chunk's compression another name of the same length."""
    at, size = Layout.of(bag).first(Op.CHUNK).fields["compression"]
    return bag[:at] + b"?" * size + bag[at + size :]


def damaged_chunk(bag: bytes) -> bytes:
    """Overwrite the start of the first chunk's compressed data, or of its first message if they are plain."""
    layout = Layout.of(bag)
    chunk, index = layout.first(Op.CHUNK), layout.first(Op.INDEX)
    at, size = chunk.fields["compression"]
    plain = bag[at : at + size].decode() == Compression.NONE
    (offset,) = struct.unpack_from("<I", bag, index.data + 8) if plain else (0,)
    return overwrite(lambda _layout: chunk.data + offset, b"\xff" * 24)(bag)


def garbled_definition(bag: bytes) -> bytes:
    """Overwrite the message definition in each connection of the index; the one in the chunk stays."""
    broken = bytearray(bag)
    for connection in Layout.of(bag).all(Op.CONNECTION):
        mark = b"message_definition="
        at = bag.index(mark, connection.data, connection.end) + len(mark)
        (length,) = struct.unpack_from("<I", bag, at - len(mark) - 4)
        broken[at : at - len(mark) + length] = b"?" * (length - len(mark))
    return bytes(broken)


def unindexed(bag: bytes) -> bytes:
    """Undo what closing a recording does: no index at the end, and zeros in the header that would lead to it."""
    layout = Layout.of(bag)
    cut = bag[: layout.first(Op.CONNECTION).start]
    for field, size in (("index_pos", 8), ("conn_count", 4), ("chunk_count", 4)):
        at, _ = layout.first(Op.BAG_HEADER).fields[field]
        cut = cut[:at] + bytes(size) + cut[at + size :]
    return cut


def no_messages(bag: bytes) -> bytes:
    """Leave the header only, as a recorder does that has heard nothing."""
    header = Layout.of(bag).first(Op.BAG_HEADER)
    empty = unindexed(bag)[: header.end]
    at, _ = header.fields["index_pos"]
    return empty[:at] + position(header.end) + empty[at + 8 :]


def encrypted(bag: bytes) -> bytes:
    """Name an encryptor in the bag's header, in bytes taken from its padding."""
    header = Layout.of(bag).first(Op.BAG_HEADER)
    field = b"encryptor=rosbag/AesCbcEncryptor"
    extra = number(len(field)) + field
    (length,) = struct.unpack_from("<I", bag, header.start)
    padding = header.end - header.data - len(extra)
    return b"".join(
        (
            bag[: header.start],
            number(length + len(extra)),
            bag[header.start + 4 : header.data - 4],
            extra,
            number(padding),
            b" " * padding,
            bag[header.end :],
        )
    )


def as_zip(bag: bytes) -> bytes:
    """Pack the start of the bag into a zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("recording.bag"), bag[:1000])
    return packed.getvalue()


def last_chunk(layout: Layout) -> Record:
    """Give the last chunk."""
    return layout.all(Op.CHUNK)[-1]
