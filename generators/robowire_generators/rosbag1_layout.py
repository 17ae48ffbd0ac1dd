"""Where the records of a ROS 1 bag (format 2.0) lie, for those who want to break one."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

MAGIC = b"#ROSBAG V2.0\n"


class Op(IntEnum):
    """The kinds of records, by their number in the format."""

    MESSAGE = 2
    BAG_HEADER = 3
    INDEX = 4
    CHUNK = 5
    CHUNK_INFO = 6
    CONNECTION = 7


class Record(NamedTuple):
    """One record of the file; positions are in bytes from its start.

    Attributes:
        op: Its kind.
        start: Where it starts, with the length of its header.
        fields: Position and length of the value of each field of its header.
        data: Where its data start; the four bytes before are their length.
        end: Where the next record starts.
    """

    op: Op
    start: int
    fields: dict[str, tuple[int, int]]
    data: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The records of a whole, valid bag, those of each kind in the file's order."""

    records: tuple[Record, ...]

    @classmethod
    def of(cls, bag: bytes) -> "Layout":
        """Find the records of a bag.

        Raises:
            ValueError: It is no valid bag that has at least one chunk.
        """
        if not bag.startswith(MAGIC):
            raise ValueError("Only a ROS 1 bag of format 2.0 can be broken.")
        try:
            layout = cls(tuple(_records(bag)))
        except (struct.error, KeyError, ValueError):
            raise ValueError("Only a whole bag can be broken; this one is broken already.") from None
        if not (layout.all(Op.CHUNK) and layout.all(Op.CONNECTION) and layout.all(Op.CHUNK_INFO)):
            raise ValueError("Only a bag that holds messages can be broken.")
        return layout

    def all(self, op: Op) -> tuple[Record, ...]:
        """Give the records of a kind; connections are those of the index at the end."""
        return tuple(record for record in self.records if record.op is op)

    def first(self, op: Op) -> Record:
        """Give the first record of a kind."""
        return self.all(op)[0]


def _records(bag: bytes) -> Iterator[Record]:
    at = len(MAGIC)
    while at < len(bag):
        (header_length,) = struct.unpack_from("<I", bag, at)
        data = at + 4 + header_length + 4
        (data_length,) = struct.unpack_from("<I", bag, data - 4)
        fields = {name: (start, size) for name, start, size in _fields(bag, at + 4, data - 4)}
        yield Record(Op(bag[fields["op"][0]]), at, fields, data, data + data_length)
        at = data + data_length
    if at != len(bag):
        raise ValueError("The last record goes beyond the end of the file.")


def _fields(bag: bytes, at: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Give name, position and length of each field of a record's header."""
    while at < end:
        (length,) = struct.unpack_from("<I", bag, at)
        equals = bag.index(b"=", at + 4, at + 4 + length)
        yield bag[at + 4 : equals].decode(), equals + 1, at + 4 + length - equals - 1
        at += 4 + length
