"""The records of a ROS 1 bag file (format version 2.0): length-prefixed headers of `name=value` fields, then data."""

import os
import struct
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from robowire_mocks.formats import BagError

MAGIC = b"#ROSBAG V2.0\n"
SECOND = 10**9
_U32 = struct.Struct("<I")
_TIME = struct.Struct("<II")
_HEADER_BYTES = 1 << 16
"""The longest record header that is believed; the longest real ones hold a topic's name."""


class Op(IntEnum):
    """What a record is."""

    MESSAGE = 2
    BAG = 3
    INDEX = 4
    CHUNK = 5
    CHUNK_INFO = 6
    CONNECTION = 7


class Header(NamedTuple):
    """A record's header: its fields, and where its data stand in the buffer that it was read from."""

    fields: dict[bytes, bytes]
    data_at: int
    data_length: int

    @property
    def data_end(self) -> int:
        """Where the record ends."""
        return self.data_at + self.data_length


class Version(NamedTuple):
    """What tells a file apart from the one that replaced it under the same name."""

    inode: int
    modified_ns: int
    size: int


class Source:
    """One open handle on a bag file, read by position and never past its end.

    Each caller opens its own, so that many threads read one bag without a lock.
    """

    def __init__(self, path: Path, version: Version | None = None) -> None:
        """Open `path`.

        Raises:
            BagError: It cannot be opened, or it is no longer the file that `version` describes.
        """
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise BagError(f"{path.name} cannot be opened: {error.strerror}") from None
        status = os.fstat(self._file.fileno())
        self.version = Version(status.st_ino, status.st_mtime_ns, status.st_size)
        self.size = status.st_size
        if version is not None and version != self.version:
            self._file.close()
            raise BagError(f"{path.name} was replaced while it was being read")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, at: int, length: int) -> bytes:
        """Exactly `length` bytes from position `at`; raises BagError if the file has fewer."""
        if at + length > self.size:
            raise BagError(f"truncated: the file ends at byte {self.size}, but byte {at + length} is needed")
        data = self.some(at, length)
        if len(data) != length:
            raise BagError("the file became shorter while it was being read")
        return data

    def some(self, at: int, length: int) -> bytes:
        """Up to `length` bytes from position `at`; fewer at the end of the file."""
        length = min(length, max(self.size - at, 0))
        parts = []
        try:
            self._file.seek(at)
            while length > 0 and (part := self._file.read(length)):
                parts.append(part)
                length -= len(part)
        except OSError as error:
            raise BagError(f"the file cannot be read: {error.strerror}") from None
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def header(self, at: int) -> Header:
        """The record header at a position of the file, the data's place counted in the file."""
        head = self.some(at, 256)
        if len(head) >= _U32.size:
            needed = _U32.size + _U32.unpack_from(head)[0] + _U32.size
            if len(head) < needed <= _HEADER_BYTES:
                head = self.some(at, needed)
        header = header_at(head, 0)
        return header._replace(data_at=at + header.data_at)


def header_at(buffer: bytes, at: int) -> Header:
    """The record header at a position of a buffer; the data need not lie in the buffer.

    Raises:
        BagError: The buffer ends within the header, or the header is not made of fields.
    """
    end = _length_at(buffer, at) + (start := at + _U32.size)
    length = _length_at(buffer, end)
    return Header(header_fields(buffer[start:end]), end + _U32.size, length)


def header_fields(header: bytes) -> dict[bytes, bytes]:
    """The fields of a record header or of a connection's data; raises BagError if they do not fill it exactly."""
    fields = {}
    at = 0
    while at < len(header):
        start = at + _U32.size
        at = start + _length_at(header, at)
        name, equals, value = header[start:at].partition(b"=")
        if at > len(header) or not equals:
            raise BagError("a record's header is damaged")
        fields[name] = value
    return fields


def _length_at(buffer: bytes, at: int) -> int:
    if at + _U32.size > len(buffer):
        raise BagError("truncated or damaged: a record ends early")
    length: int = _U32.unpack_from(buffer, at)[0]
    return length


def expect(header: Header, op: Op, what: str) -> None:
    """Raise BagError unless the record is the one that must stand here."""
    if header.fields.get(b"op") != bytes([op]):
        raise BagError(f"damaged: {what} is not where the index says")


def number(fields: dict[bytes, bytes], name: bytes, width: int = 4) -> int:
    """An unsigned field of `width` bytes; raises BagError without it."""
    value = fields.get(name, b"")
    if len(value) != width:
        raise BagError(f"damaged: a record lacks its {name.decode()}")
    return int.from_bytes(value, "little")


def time_ns(fields: dict[bytes, bytes], name: bytes) -> int:
    """A time field in nanoseconds since the epoch; raises BagError without it."""
    value = fields.get(name, b"")
    if len(value) != _TIME.size:
        raise BagError(f"damaged: a record lacks its {name.decode()}")
    seconds, nanoseconds = _TIME.unpack(value)
    nanoseconds += seconds * SECOND
    return int(nanoseconds)


def text(fields: dict[bytes, bytes], name: bytes) -> str:
    """A field that must be UTF-8; raises BagError if it is missing or is not."""
    if name not in fields:
        raise BagError(f"damaged: a record lacks its {name.decode()}")
    try:
        return fields[name].decode()
    except UnicodeDecodeError:
        raise BagError(f"damaged: a record's {name.decode()} is not UTF-8") from None
