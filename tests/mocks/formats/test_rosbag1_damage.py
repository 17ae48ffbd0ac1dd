import struct
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from robowire_mocks.formats.ros1_json import converter
from robowire_mocks.formats.rosbag1 import Bag, BagError

MakeBag = Callable[..., Path]

RULE = "=" * 80
HEADER = f"{RULE}\nMSG: std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id\n"
DEFINITION = f"Header header\nstring[] names\nfloat32[] x\nuint8[] raw\n{HEADER}"
BASE = 1_700_000_000 * 10**9
PADDING = range(100, 4117)
WORDS = [struct.pack("<I", value) for value in (0, 1, 2**16, 2**31, 2**32 - 1)]


def message(step: int) -> bytes:
    """A message of the definition."""
    return struct.pack("<IIII3sI", step, 1, 2, 3, b"map", 1) + struct.pack("<I2sIff", 2, b"ab", 2, 1.5, step) + bytes(4)


RECORDS = [(BASE + step * 10**8, step % 3, message(step)) for step in range(12)]


@pytest.fixture(scope="module")
def bags(make_bag: MakeBag) -> list[bytes]:
    """The bytes of one small bag in each compression."""
    return [
        make_bag(RECORDS, compression=compression, definition=("pkg/msg/Type", DEFINITION), chunk_size=300).read_bytes()
        for compression in (None, "bz2", "lz4")
    ]


def read_all(path: Path) -> list[bytes]:
    """The messages of a bag as JSON, after asking for all else that can be asked."""
    bag = Bag.open(path)
    assert bag.total_messages >= 0
    for topic in {connection.topic for connection in bag.connections.values()}:
        with suppress(BagError):
            bag.latest_before(topic, inf)
    documents = [converter(message.connection)(message.data) for message in bag.messages(-inf, inf)]
    assert len(documents) == bag.total_messages
    return [orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY) for document in documents]


edits = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True), st.sampled_from(WORDS) | st.binary(min_size=1, max_size=6), st.booleans()
    ),
    min_size=1,
    max_size=4,
)


@given(st.integers(0, 2), edits)
@settings(max_examples=200, deadline=None)
def test_a_damaged_bag_is_read_or_refused(
    bags: list[bytes], new_path: Callable[[], Path], which: int, damage: list[tuple[float, bytes, bool]]
) -> None:
    """Whatever bytes are overwritten, put in or taken out, nothing but BagError is raised."""
    data = bytearray(bags[which])
    places = [place for place in range(len(data)) if place not in PADDING]
    for fraction, patch, insert in damage:
        place = places[int(fraction * len(places))]
        data[place : place + (0 if insert else len(patch))] = patch
    path = new_path()
    path.write_bytes(data)
    with suppress(BagError):
        read_all(path)
    path.unlink()


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("word", [WORDS[0], WORDS[-1]])
def test_a_bag_with_any_number_made_absurd_is_read_or_refused(
    bags: list[bytes], new_path: Callable[[], Path], which: int, word: bytes
) -> None:
    """Four bytes at places all over a bag in turn, as the smallest and as the largest number."""
    path = new_path()
    path.write_bytes(whole := bags[which])
    with path.open("r+b", buffering=0) as file:
        for place in range(PADDING.stop, len(whole) - 4, 13):
            file.seek(place)
            file.write(word)
            with suppress(BagError):
                read_all(path)
            file.seek(place)
            file.write(whole[place : place + 4])


def test_a_whole_bag_is_read(bags: list[bytes], new_path: Callable[[], Path]) -> None:
    """What the damage is done to is sound, and the same in every compression."""
    found = []
    for data in bags:
        path = new_path()
        path.write_bytes(data)
        found.append(read_all(path))
    assert found[0] == found[1] == found[2]
    assert orjson.loads(found[0][3])["x"] == [1.5, 3.0]
