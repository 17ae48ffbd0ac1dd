import bz2
import struct
import tracemalloc
from collections.abc import Callable
from math import inf
from pathlib import Path

import lz4.frame
import pytest
from robowire_mocks.formats.rosbag1 import Bag, BagError, stamp
from robowire_mocks.formats.rosbag1_chunk import decompressed
from robowire_mocks.formats.rosbag1_index import Chunk
from robowire_mocks.formats.rosbag1_records import Source

MakeBag = Callable[..., Path]
Damage = Callable[[bytearray, int, int], None]

BASE = 1_700_000_000 * 10**9
RECORDS = [(BASE + step * 10**9, 0, bytes([step] * 30)) for step in range(5)]
SQUEEZE = {b"bz2": bz2.compress, b"lz4": lz4.frame.compress}


@pytest.fixture
def damaged(make_bag: MakeBag) -> Callable[[Damage], Bag]:
    """Opens a bag of one chunk and one connection, damaged in place; told where its chunk's data and index begin."""

    def make(damage: Damage) -> Bag:
        path = make_bag(RECORDS, topics=("/a",), chunk_size=10_000)
        (chunk,) = Bag.open(path)._index.chunks
        data = bytearray(path.read_bytes())
        damage(data, chunk.data_at, chunk.index_at)
        path.write_bytes(data)
        return Bag.open(path)

    return make


def put(name: bytes, value: bytes, *, in_index: bool) -> Damage:
    """Overwrite the value of the first field of that name in the chunk's index, or in its last message."""

    def damage(data: bytearray, _: int, index: int) -> None:
        place = (data.index if in_index else data.rindex)(name + b"=", *((index,) if in_index else (0, index)))
        place += len(name) + 1
        data[place : place + len(value)] = value

    return damage


def put_entry(number: int, at: int, value: int) -> Damage:
    """Overwrite four bytes of an index entry: its seconds (at 0), nanoseconds (4) or offset (8)."""

    def damage(data: bytearray, _: int, index: int) -> None:
        struct.pack_into("<I", data, index + 55 + 12 * number + at, value)

    return damage


def lengthen_index(data: bytearray, _: int, index: int) -> None:
    """Let the index record reach beyond its chunk, consistently."""
    put(b"count", struct.pack("<I", 60), in_index=True)(data, _, index)
    struct.pack_into("<I", data, index + 51, 60 * 12)


def copy_offset(data: bytearray, _: int, index: int) -> None:
    """Let the second entry point to the first message."""
    start = index + 55
    data[start + 20 : start + 24] = data[start + 8 : start + 12]


def lengthen_message(data: bytearray, _: int, index: int) -> None:
    """Let the last message reach beyond its chunk."""
    struct.pack_into("<I", data, index - 34, 31)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "no index record": (put(b"op", b"\x02", in_index=True), "an index record of chunk 1"),
    "index record version": (put(b"ver", b"\x02", in_index=True), "index record version 2"),
    "index of an unknown connection": (put(b"conn", b"\x09", in_index=True), "unknown connection 9"),
    "index count": (put(b"count", b"\x04", in_index=True), "disagrees with its length"),
    "index count without bound": (put(b"count", b"\xff" * 4, in_index=True), "disagrees with its length"),
    "index record that is cut off": (lengthen_index, "disagrees with its length"),
    "time before its chunk": (put_entry(0, 0, 5), "disagree with its chunk info"),
    "time after its chunk": (put_entry(4, 4, 10**9 - 1), "disagree with its chunk info"),
    "offset behind the chunk": (put_entry(4, 8, 2**32 - 1), "disagree with its chunk info"),
    "offset at the chunk's end": (put_entry(4, 8, 640), "disagree with its chunk info|damaged"),
    "offset within another message": (put_entry(4, 8, 300), "disagree with its chunk info|damaged|truncated"),
    "two entries for one message": (copy_offset, "disagree with its chunk info"),
    "another time in the message": (put(b"time", b"\x01", in_index=False), "not the one that its chunk's index names"),
    "another connection in the message": (put(b"conn", b"\x07", in_index=False), "not the one"),
    "no message": (put(b"op", b"\x07\x08", in_index=False), "damaged|truncated"),
    "a record of another kind": (put(b"op", b"\x05", in_index=False), "a message is not where"),
    "a message longer than its room": (lengthen_message, "longer than its chunk's index allows"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_in_a_chunk_is_said_when_it_is_touched(damaged: Callable[[Damage], Bag], name: str) -> None:
    """The bag opens, since its own index is sound; the range that needs the chunk tells what is wrong."""
    damage, text = DAMAGES[name]
    bag = damaged(damage)
    assert bag.total_messages == 5
    with pytest.raises(BagError, match=text):
        list(bag.messages(-inf, inf))


def test_more_entries_than_the_index_counts_are_damage(make_bag: MakeBag) -> None:
    """total_messages is not less than what can be read."""
    path = make_bag(RECORDS, topics=("/a",), chunk_size=10_000)
    path.write_bytes(path.read_bytes()[:-4] + struct.pack("<I", 4))
    bag = Bag.open(path)
    assert bag.total_messages == 4
    with pytest.raises(BagError, match="disagree with its chunk info"):
        list(bag.messages(-inf, inf))


def test_an_entry_may_point_to_the_connection_before_its_message(damaged: Callable[[Damage], Bag]) -> None:
    """Some recorders count the offset before they write the connection record that a first message needs."""
    bag = damaged(put_entry(0, 8, 0))
    assert [message.data for message in bag.messages(-inf, inf)] == [data for _, _, data in RECORDS]


def test_nanoseconds_above_a_second_are_carried(make_bag: MakeBag) -> None:
    """A time is the sum of its two parts, as other readers take it."""
    path = make_bag([(BASE, 0, b"x")], topics=("/a",))
    data = path.read_bytes()
    seconds = BASE // 10**9
    path.write_bytes(data.replace(struct.pack("<II", seconds, 0), struct.pack("<II", seconds - 1, 10**9)))
    assert [message.time_ns for message in Bag.open(path).messages(stamp(BASE), stamp(BASE))] == [BASE]


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[[bytes, bytes, int], memoryview]:
    """Decompresses a payload as a chunk of the given compression and declared size."""

    def run(compression: bytes, payload: bytes, size: int) -> memoryview:
        path = tmp_path / "chunk"
        path.write_bytes(payload)
        with Source(path) as source:
            return decompressed(source, Chunk(0, 0, 0, 0, 0, compression, size, 0, len(payload), len(payload)))

    return run


Unpack = Callable[[bytes, bytes, int], memoryview]


@pytest.mark.parametrize("compression", SQUEEZE)
@pytest.mark.parametrize("size", [0, 1, 1000, 300_000])
def test_a_chunk_decompresses_to_its_declared_size(unpack: Unpack, compression: bytes, size: int) -> None:
    """Whatever the size."""
    data = bytes(number % 251 for number in range(size))
    assert unpack(compression, SQUEEZE[compression](data), size) == data


@pytest.mark.parametrize("compression", SQUEEZE)
@pytest.mark.parametrize("declared", [0, 999, 1001])
def test_another_size_than_declared_is_damage(unpack: Unpack, compression: bytes, declared: int) -> None:
    """Neither too little nor too much is taken."""
    with pytest.raises(BagError, match="does not decompress to its"):
        unpack(compression, SQUEEZE[compression](bytes(1000)), declared)


@pytest.mark.parametrize("compression", SQUEEZE)
def test_every_truncated_payload_is_damage(unpack: Unpack, compression: bytes) -> None:
    """A compressed chunk is whole or not at all."""
    packed = SQUEEZE[compression](bytes(range(40)))
    for length in range(len(packed)):
        with pytest.raises(BagError):
            unpack(compression, packed[:length], 40)


@pytest.mark.parametrize("compression", SQUEEZE)
def test_a_payload_that_grows_without_end_is_cut_off(unpack: Unpack, compression: bytes) -> None:
    """Decompression takes the memory of the declared size and not of what the data would grow to."""
    packed = SQUEEZE[compression](bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(BagError):
            unpack(compression, packed, 1000)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
