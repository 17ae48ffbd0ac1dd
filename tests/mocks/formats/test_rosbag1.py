import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from math import inf, nextafter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from robowire_mocks.formats.rosbag1 import Bag, BagError, Message, stamp
from robowire_mocks.formats.rosbag1_chunk import Entries
from robowire_mocks.formats.rosbag1_index import Chunk
from robowire_mocks.formats.rosbag1_records import Source
from rosbags.rosbag1 import Reader

MakeBag = Callable[..., Path]
Records = list[tuple[int, int, bytes]]

# The first nanosecond that a client's double tells from the one before.
BASE = next(time_ns for time_ns in count(1_674_650_010_123_456_789) if stamp(time_ns) != stamp(time_ns - 1))
TOPICS = ("/a", "/b", "/a", "/never")
SECONDS = [(BASE + second * 10**9, second % 3, struct.pack("<I", second)) for second in range(30)]

# Ties, neighbours within one double and neighbours further apart, in any order: chunks overlap.
times = st.builds(lambda steps, step: BASE + steps * step, st.integers(-6, 6), st.sampled_from([1, 100, 1000, 10**9]))
records = st.lists(st.tuples(times, st.integers(0, 2), st.binary(max_size=60)), max_size=25)
chunk_sizes = st.sampled_from([1, 200, 1000])
compressions = st.sampled_from([None, "bz2", "lz4"])


@st.composite
def bounds(draw: st.DrawFn) -> float:
    """Bounds as clients choose them: a stamp that they have seen, one double beside it, or anything."""
    bound = stamp(draw(times))
    near = st.sampled_from([bound, nextafter(bound, -inf), nextafter(bound, inf)])
    return draw(near | st.floats(allow_nan=False))


def as_records(messages: list[Message]) -> Records:
    """As the tests write them."""
    return [(message.time_ns, message.connection.id, message.data) for message in messages]


def rosbags_records(path: Path) -> Records:
    """What a reader that we did not write finds."""
    with Reader(path) as reader:
        return [(time_ns, connection.id, bytes(data)) for connection, time_ns, data in reader.messages()]


@given(records, compressions, chunk_sizes, bounds(), bounds())
@settings(max_examples=100, deadline=None)
def test_any_range_holds_what_another_reader_finds_in_it(
    make_bag: MakeBag, written: Records, compression: str | None, chunk_size: int, start: float, end: float
) -> None:
    """A range holds all messages whose stamps lie in it, by time, equal times in the order of the file."""
    path = make_bag(written, compression=compression, chunk_size=chunk_size)
    found = as_records(list(Bag.open(path).messages(start, end)))
    assert found == [
        record for record in sorted(written, key=lambda record: record[0]) if start <= stamp(record[0]) <= end
    ]
    assert sorted(found) == sorted(record for record in rosbags_records(path) if start <= stamp(record[0]) <= end)


@given(records, compressions, chunk_sizes, bounds())
@settings(max_examples=100, deadline=None)
def test_latest_before_is_the_last_earlier_message_of_the_topic(
    make_bag: MakeBag, written: Records, compression: str | None, chunk_size: int, start: float
) -> None:
    """The latest message has the greatest time before the start, of equal ones it is the last in the file."""
    bag = Bag.open(make_bag(written, compression=compression, chunk_size=chunk_size))
    for topic in TOPICS:
        earlier = [record for record in written if TOPICS[record[1]] == topic and stamp(record[0]) < start]
        latest = bag.latest_before(topic, start)
        expected = [max(enumerate(earlier), key=lambda item: (item[1][0], item[0]))[1]] if earlier else []
        assert as_records([latest] if latest else []) == expected


@pytest.mark.parametrize(
    "more",
    [[], [(BASE - 10, 0, b"0" * 60), (BASE + 100, 1, bytes(200))]],
    ids=["two chunks", "and one that reaches beyond"],
)
def test_of_equal_latest_messages_the_last_in_the_file_wins(make_bag: MakeBag, more: Records) -> None:
    """Also if its chunk begins earlier than the other one's."""
    written = [(BASE, 0, b"1" * 60), (BASE - 5, 1, bytes(200)), (BASE, 0, b"2" * 60), *more]
    bag = Bag.open(make_bag(written, topics=("/a", "/b"), chunk_size=350))
    assert [chunk.start_ns - BASE for chunk in bag._index.chunks] == [0, -5, -10][: 3 if more else 2]
    latest = bag.latest_before("/a", inf)
    assert latest is not None
    assert latest.data == b"2" * 60


def test_a_stamp_is_the_nearest_double() -> None:
    """As the decimal text of the time reads; a product with 1e-9 would often be one double beside it."""
    assert all(stamp(time_ns) == float(f"{time_ns}e-9") for time_ns in range(BASE, BASE + 10**9, 999_999))


def test_totals_and_times_come_from_the_index(make_bag: MakeBag) -> None:
    """A bag knows its number of messages and its first and last time without reading a chunk."""
    bag = Bag.open(make_bag(SECONDS))
    assert (bag.total_messages, bag.start_ns, bag.end_ns) == (30, BASE, BASE + 29 * 10**9)


def test_connections_keep_what_their_recorder_wrote(make_bag: MakeBag) -> None:
    """Types are spelt as ROS 1 does, topics and definitions as recorded."""
    connection = Bag.open(make_bag(SECONDS)).connections[2]
    assert (connection.topic, connection.type, connection.callerid) == ("/a", "std_msgs/String", "/n2")
    assert (connection.definition, connection.md5, connection.latching) == ("string data\n", "0" * 32, False)


@pytest.mark.parametrize("topics", [(), ("/a",)])
def test_a_bag_without_messages_is_a_bag(make_bag: MakeBag, topics: tuple[str, ...]) -> None:
    """It has no times, every range is empty, and nothing is latest."""
    bag = Bag.open(make_bag([], topics=topics))
    assert (bag.total_messages, bag.start_ns, bag.end_ns) == (0, None, None)
    assert list(bag.messages(-inf, inf)) == []
    assert bag.latest_before("/a", inf) is None


def test_an_unknown_topic_has_no_latest_message(make_bag: MakeBag) -> None:
    """Asking for a topic that the bag does not have answers None."""
    assert Bag.open(make_bag(SECONDS)).latest_before("/nowhere", inf) is None


def test_a_range_that_ends_before_it_starts_is_empty(make_bag: MakeBag) -> None:
    """No stamp lies in it."""
    assert list(Bag.open(make_bag(SECONDS)).messages(stamp(BASE) + 5, stamp(BASE))) == []


def test_a_stamp_finds_its_own_message(make_bag: MakeBag) -> None:
    """Times closer than a double tells apart are all found by the stamp that they share."""
    written = [(BASE + step, 0, bytes([step % 256])) for step in range(600)]
    bag = Bag.open(make_bag(written))
    shared = stamp(BASE + 300)
    expected = [record for record in written if stamp(record[0]) == shared]
    assert len(expected) > 100
    assert as_records(list(bag.messages(shared, shared))) == expected


@pytest.mark.parametrize("compression", [None, "bz2", "lz4"])
def test_a_range_touches_only_its_own_chunks(make_bag: MakeBag, compression: str | None) -> None:
    """Damage in a chunk is found when a range needs that chunk, and is no matter elsewhere."""
    path = make_bag(SECONDS, compression=compression, chunk_size=1)
    chunk = Bag.open(path)._index.chunks[10]
    with path.open("r+b") as file:
        file.seek(chunk.data_at)
        file.write(b"\xff" * chunk.data_length)
    bag = Bag.open(path)
    damaged = stamp(SECONDS[10][0])
    assert len(list(bag.messages(0, nextafter(damaged, -inf)))) == 10
    assert len(list(bag.messages(nextafter(damaged, inf), inf))) == 19
    with pytest.raises(BagError):
        list(bag.messages(damaged, damaged))
    latest = bag.latest_before(TOPICS[SECONDS[10][1]], damaged)
    assert latest is not None
    assert latest.time_ns == SECONDS[7][0]
    with pytest.raises(BagError):
        bag.latest_before(TOPICS[SECONDS[10][1]], damaged + 1)


@pytest.mark.parametrize("compression", [None, "bz2", "lz4"])
def test_a_range_reads_each_chunk_once(
    make_bag: MakeBag, compression: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where chunks overlap; nothing but what the range needs is read from the file."""
    path = make_bag([(BASE + step % 7 * 10**9 + step, 0, bytes(100)) for step in range(70)], compression=compression)
    bag = Bag.open(path)

    reads: list[tuple[int, int]] = []
    read = Source.read

    def counted(self: Source, at: int, length: int) -> bytes:
        reads.append((at, at + length))
        return read(self, at, length)

    monkeypatch.setattr(Source, "read", counted)
    assert len(list(bag.messages(stamp(BASE), stamp(BASE) + 2.5))) == 30
    data = [at for at, _ in reads if any(chunk.data_at <= at < chunk.index_at for chunk in bag._index.chunks)]
    assert len(data) == len(set(data))
    reads.clear()
    list(bag.messages(0, 1))
    assert reads == []


def test_a_bag_serves_many_threads(make_bag: MakeBag) -> None:
    """Ranges read at the same time do not disturb each other."""
    bag = Bag.open(make_bag(SECONDS, compression="lz4"))

    def read(second: int) -> Records:
        return as_records([message for _ in range(20) for message in bag.messages(stamp(BASE) + second, inf)])

    with ThreadPoolExecutor(4) as pool:
        for second, found in enumerate(pool.map(read, range(20))):
            assert found == SECONDS[second:] * 20


def test_a_bag_that_was_replaced_is_not_read_by_the_old_index(make_bag: MakeBag) -> None:
    """Whoever holds a bag is told to open it anew."""
    path = make_bag(SECONDS)
    bag = Bag.open(path)
    make_bag(SECONDS[:20]).replace(path)
    with pytest.raises(BagError, match="replaced"):
        list(bag.messages(0, inf))
    path.unlink()
    with pytest.raises(BagError, match="cannot be opened"):
        bag.latest_before("/a", inf)


def test_a_range_that_has_begun_outlives_the_file(make_bag: MakeBag) -> None:
    """A bag that is purged while it is being read is read to its end."""
    path = make_bag(SECONDS)
    messages = Bag.open(path).messages(0, inf)
    first = next(messages)
    path.unlink()
    assert as_records([first, *messages]) == SECONDS


def test_errors_name_no_folder(tmp_path: Path) -> None:
    """The text may be shown to a client."""
    with pytest.raises(BagError) as caught:
        Bag.open(tmp_path / "missing.bag")
    assert str(tmp_path) not in str(caught.value)
    assert "missing.bag" in str(caught.value)


def test_real_recordings_read_as_another_reader_reads_them(real_bag: Path) -> None:
    """Every message, total and time of a real bag agrees with rosbags."""
    bag = Bag.open(real_bag)
    found = as_records(list(bag.messages(-inf, inf)))
    assert sorted(found) == sorted(rosbags_records(real_bag))
    assert [time_ns for time_ns, _, _ in found] == sorted(time_ns for time_ns, _, _ in found)
    assert bag.total_messages == len(found)
    assert (bag.start_ns, bag.end_ns) == ((found[0][0], found[-1][0]) if found else (None, None))


def test_real_recordings_have_the_latest_messages(real_bag: Path) -> None:
    """For every topic, before several moments of a real bag."""
    bag = Bag.open(real_bag)
    found = list(bag.messages(-inf, inf))
    for start in [stamp(message.time_ns) for message in found[::1000]]:
        for topic in {connection.topic for connection in bag.connections.values()}:
            earlier = [
                message for message in found if message.connection.topic == topic and stamp(message.time_ns) < start
            ]
            assert bag.latest_before(topic, start) == (earlier[-1] if earlier else None)


def test_a_chunk_that_spans_the_bag_costs_one_chunk(make_bag: MakeBag, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message out of its time makes a chunk overlap all others; those out of the range stay untouched."""
    bag = Bag.open(make_bag([SECONDS[0], (BASE + 10**12, 1, bytes(300)), *SECONDS[1:]], chunk_size=100))
    assert len(bag._index.chunks) > 10
    touched: set[int] = set()
    entries_of = Bag._entries_of

    def counted(self: Bag, source: Source, chunk: Chunk) -> Entries:
        touched.add(chunk.number)
        return entries_of(self, source, chunk)

    monkeypatch.setattr(Bag, "_entries_of", counted)
    assert as_records(list(bag.messages(stamp(BASE) + 19.5, stamp(BASE) + 20.5))) == [SECONDS[20]]
    assert len(touched) <= 3
    touched.clear()
    latest = bag.latest_before("/a", stamp(BASE) + 20.5)
    assert latest is not None
    assert as_records([latest]) == [SECONDS[20]]
    assert len(touched) <= 3


def test_more_overlap_than_memory_is_refused(make_bag: MakeBag, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks that all span the same time would all be needed at once; a range with fewer of them is read."""
    written = [(BASE + (step % 2) * 10**9 + step, 0, bytes(150)) for step in range(40)]
    bag = Bag.open(make_bag(written, chunk_size=300))
    monkeypatch.setattr("robowire_mocks.formats.rosbag1._MAX_OPEN_BYTES", 2000)
    with pytest.raises(BagError, match="overlap"):
        list(bag.messages(-inf, inf))
    serial = Bag.open(make_bag(sorted(written), chunk_size=300))
    assert as_records(list(serial.messages(-inf, inf))) == sorted(written)
