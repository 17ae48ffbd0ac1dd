import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from robowire_mocks.formats.rosbag1 import Bag, BagError

MakeBag = Callable[..., Path]
Damage = Callable[[bytes], bytes]

RECORDS = [(1_700_000_000 * 10**9 + step, step % 3, bytes([step] * 30)) for step in range(40)]


@pytest.fixture(scope="module")
def whole(make_bag: MakeBag) -> bytes:
    """The bytes of a small bag of several chunks."""
    return make_bag(RECORDS).read_bytes()


@pytest.fixture
def open_bytes(new_path: Callable[[], Path]) -> Callable[[bytes], Bag]:
    """Opens a bag of the given bytes."""

    def open_(data: bytes) -> Bag:
        path = new_path()
        path.write_bytes(data)
        return Bag.open(path)

    return open_


def index_at(data: bytes) -> int:
    """Where the index begins."""
    place = data.index(b"index_pos=") + len(b"index_pos=")
    return int(struct.unpack_from("<Q", data, place)[0])


def put(name: bytes, value: bytes, *, after: Callable[[bytes], int] = lambda _: 0) -> Damage:
    """Overwrite the value of the first field of that name."""

    def damage(data: bytes) -> bytes:
        place = data.index(name + b"=", after(data)) + len(name) + 1
        return data[:place] + value + data[place + len(value) :]

    return damage


def swap(old: bytes, new: bytes) -> Damage:
    """Put `new` for every `old` of the same length."""
    assert len(old) == len(new)

    def damage(data: bytes) -> bytes:
        return data.replace(old, new)

    return damage


def encrypt(data: bytes) -> bytes:
    """Say that the bag is encrypted, taking the room from the header's padding."""
    field = b"encryptor=rosbag/AesCbcEncrypt"
    field = struct.pack("<I", len(field)) + field
    start = len(b"#ROSBAG V2.0\n")
    (length,) = struct.unpack_from("<I", data, start)
    fields = data[start + 4 : start + 4 + length] + field
    (padding,) = struct.unpack_from("<I", data, start + 4 + length)
    padding -= len(field)
    head: bytes = data[:start] + struct.pack("<I", len(fields)) + fields + struct.pack("<I", padding) + b" " * padding
    return head + data[len(head) :]


def more(name: bytes, by: int) -> Damage:
    """Let the bag's header count more records than there are, or fewer."""

    def damage(data: bytes) -> bytes:
        (count,) = struct.unpack_from("<I", data, data.index(name) + len(name) + 1)
        return put(name, struct.pack("<I", count + by))(data)

    return damage


DAMAGES: dict[str, tuple[Damage, str]] = {
    "empty": (lambda _: b"", "empty"),
    "a zip": (lambda _: b"PK\x03\x04" + bytes(5000), "not a ROS 1 bag"),
    "one byte": (lambda _: b"#", "not a ROS 1 bag"),
    "version 1.2": (swap(b"#ROSBAG V2.0\n", b"#ROSBAG V1.2\n"), r"version 1\.2 is not supported"),
    "version 2.1": (swap(b"#ROSBAG V2.0\n", b"#ROSBAG V2.1\n"), r"version 2\.1 is not supported"),
    "no header record": (lambda data: data[:13], "truncated"),
    "another record first": (lambda data: data.replace(b"op=\x03", b"op=\x05", 1), "the bag's header"),
    "cut in the header's padding": (lambda data: data[:2000], "truncated"),
    "unindexed": (put(b"index_pos", bytes(8)), "not closed by its recorder; reindex it"),
    "index behind the end": (put(b"index_pos", b"\xff" * 8), "the index should be at byte"),
    "index in the header": (put(b"index_pos", struct.pack("<Q", 13)), "the index should be at byte"),
    "index in a chunk": (put(b"index_pos", struct.pack("<Q", 4200)), "damaged|truncated"),
    "encrypted": (encrypt, "encrypted with rosbag/AesCbcEncrypt"),
    "one connection too many": (more(b"conn_count", 1), "connection record 5 of 5"),
    "endless connections": (more(b"conn_count", 2**31), "connection record 5 of"),
    "one connection too few": (more(b"conn_count", -1), "chunk info record 1"),
    "one chunk too many": (more(b"chunk_count", 1), "truncated or damaged: the index has"),
    "one chunk too few": (more(b"chunk_count", -1), "more records than"),
    "no count of chunks": (swap(b"chunk_count", b"chank_count"), "lacks its chunk_count"),
    "bytes behind the index": (lambda data: data + b"\0" * 8, "more records than"),
    "rubbish behind the index": (lambda data: data + b"rubbish", "damaged"),
    "a connection twice": (put(b"conn", bytes(4), after=lambda data: index_at(data) + 150), "described twice"),
    "topic not UTF-8": (swap(b"topic=/b", b"topic=/\xff"), "topic is not UTF-8"),
    "type not UTF-8": (swap(b"type=std_msgs", b"type=std_m\xffgs"), "type is not UTF-8"),
    "no type": (swap(b"type=std_msgs", b"tipe=std_msgs"), "lacks its type"),
    "chunk info version": (put(b"ver", b"\x02\0\0\0", after=index_at), "chunk info version 2"),
    "chunk info count": (put(b"count", b"\xff" * 4, after=index_at), "disagrees with its length"),
    "chunk in the header": (put(b"chunk_pos", struct.pack("<Q", 20)), "cannot be at byte 20|chunk 1"),
    "chunk behind the index": (put(b"chunk_pos", b"\xff" * 8), "cannot be at byte"),
    "chunk beside its place": (put(b"chunk_pos", struct.pack("<Q", 4118)), "damaged|truncated"),
    "chunk that ends before it starts": (put(b"end_time", bytes(8)), "chunk 1 disagrees"),
    "unknown compression": (swap(b"compression=none", b"compression=zstd"), "unknown compression 'zstd'"),
    "compression not UTF-8": (swap(b"compression=none", b"compression=\xff\xff\xff\xff"), "unknown compression"),
    "a size that is not the chunk's": (put(b"size", struct.pack("<I", 100)), "chunk 1 disagrees"),
    "an absurd size": (put(b"size", b"\xff" * 4), "chunk 1 would take 4294967295 bytes"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_wrong_with_a_bag_is_said(whole: bytes, open_bytes: Callable[[bytes], Bag], name: str) -> None:
    """Each kind of damage is a BagError whose text says what it is."""
    damage, text = DAMAGES[name]
    with pytest.raises(BagError, match=text):
        open_bytes(damage(whole))


@pytest.mark.parametrize("compression", [None, "bz2", "lz4"])
def test_every_truncated_bag_is_refused(make_bag: MakeBag, compression: str | None) -> None:
    """The index stands at the end: whatever is cut off, the bag is found to be incomplete."""
    path = make_bag(RECORDS[:3], topics=("/a", "/b", "/a"), compression=compression)
    # Every length but those in the blank padding of the bag's header, where only some are tried.
    for length in reversed([*range(100), *range(100, 4100, 250), *range(4100, path.stat().st_size)]):
        os.truncate(path, length)
        with pytest.raises(BagError):
            Bag.open(path)


def test_counts_of_an_unknown_connection_are_refused(whole: bytes, open_bytes: Callable[[bytes], Bag]) -> None:
    """A chunk info cannot count messages of a connection that the index does not describe."""
    with pytest.raises(BagError, match="unknown connection 9"):
        open_bytes(whole[:-8] + struct.pack("<II", 9, 1))


def test_more_messages_than_a_chunk_has_room_for_are_refused(whole: bytes, open_bytes: Callable[[bytes], Bag]) -> None:
    """total_messages cannot be made up."""
    with pytest.raises(BagError, match="disagrees with what the index says"):
        open_bytes(whole[:-4] + b"\xff" * 4)


@pytest.mark.parametrize("name", ["endless connections", "index behind the end", "an absurd size", "chunk info count"])
def test_lengths_are_not_believed(whole: bytes, open_bytes: Callable[[bytes], Bag], name: str) -> None:
    """A length that the file cannot hold costs no memory."""
    damaged = DAMAGES[name][0](whole)
    tracemalloc.start()
    try:
        with pytest.raises(BagError):
            open_bytes(damaged)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("limit", "text"), [("_MAX_INDEX", "the index would take"), ("_MAX_EXPANSION", "out of all")])
def test_what_would_take_too_much_memory_is_refused(
    make_bag: MakeBag, monkeypatch: pytest.MonkeyPatch, limit: str, text: str
) -> None:
    """An index, or chunks in all, of a size that no bag has; the limits are lowered here."""
    path = make_bag(RECORDS, compression="bz2")
    monkeypatch.setattr(f"robowire_mocks.formats.rosbag1_index.{limit}", 0)
    monkeypatch.setattr("robowire_mocks.formats.rosbag1_index._ALWAYS_BELIEVED", 1000)
    with pytest.raises(BagError, match=text):
        Bag.open(path)


def test_definitions_in_any_encoding_are_read(make_bag: MakeBag, open_bytes: Callable[[bytes], Bag]) -> None:
    """Comments that are not UTF-8 do not make a bag unreadable."""
    data = make_bag(RECORDS, definition=("std_msgs/msg/String", "string data # gr@@n\n")).read_bytes()
    bag = open_bytes(data.replace(b"@@", b"\xfc\xdf"))
    assert bag.connections[0].definition == "string data # gr\ufffd\ufffdn\n"


@pytest.mark.parametrize(("latching", "expected"), [(1, True), (0, False), (None, False)])
def test_a_latching_connection_is_known(make_bag: MakeBag, latching: int | None, expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The recorder's note that a publisher latches is kept."""
    assert Bag.open(make_bag(RECORDS, latching=latching)).connections[0].latching is expected
