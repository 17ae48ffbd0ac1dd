"""Recordings are cut and joined into MCAP files that others read, piece by piece."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.reader import NonSeekingReader, SeekingReader
from robowire_generators.mcap.sample import (
    SampleAttachment,
    SampleChannel,
    SampleMcap,
    SampleMessage,
    json_channel,
    sample_mcap,
)
from robowire_generators.strategies_mcap import mcaps
from robowire_mocks.formats import mcap_chunk
from robowire_mocks.formats.mcap import Mcap
from robowire_mocks.formats.mcap_cut import Cut, pieces
from robowire_mocks.formats.opening import open_recorded
from robowire_mocks.formats.recorded import Recorded

NewPath = Callable[[], Path]
Told = tuple[int, str, tuple[str, str, bytes], bytes]
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
A, B = json_channel(1, "/a"), json_channel(2, "/b")


def opened(path: Path, sample: SampleMcap) -> Recorded:
    """The recording that a sample is."""
    path.write_bytes(sample.data)
    return open_recorded(path)


def told(messages: Any) -> list[Told]:
    """What is to be compared of messages of a sample."""
    return [(one.log_time_ns, one.channel.topic, one.channel.schema, one.data) for one in messages]


def read(raw: bytes, reader: Any = NonSeekingReader, **options: Any) -> list[Told]:
    """The messages as another reader reads them."""
    found = reader(io.BytesIO(raw)).iter_messages(**options)
    return [
        (
            message.log_time,
            channel.topic,
            (schema.name, schema.encoding, schema.data) if schema else ("", "", b""),
            message.data,
        )
        for schema, channel, message in found
    ]


@quick
@given(st.lists(mcaps(), max_size=3), st.data())
def test_a_cut_holds_what_is_within(new_path: NewPath, samples: list[SampleMcap], data: st.DataObject) -> None:
    """Of any recordings, any range and any topics; in order, and alike with and without the index."""
    every = [one for sample in samples for one in sample.messages]
    times = sorted({one.log_time_ns for one in every}) or [5]
    bounds = st.sampled_from(times).flatmap(lambda time: st.integers(max(time - 1, 0), time + 1))
    first, last = sorted((data.draw(bounds), data.draw(bounds)))
    topics = data.draw(
        st.none() | st.frozensets(st.sampled_from(sorted({one.channel.topic for one in every}) or ["/a"]))
    )
    raw = b"".join(pieces([opened(new_path(), one) for one in samples], Cut(first, last, topics)))
    chosen = [
        one for one in every if first <= one.log_time_ns <= last and (topics is None or one.channel.topic in topics)
    ]
    found = read(raw, log_time_order=False)
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    assert sorted(found) == sorted(told(chosen)) == sorted(read(raw, SeekingReader))
    path = new_path()
    path.write_bytes(raw)
    assert open_recorded(path, verify=True).message_count == len(chosen)


@quick
@given(mcaps(), st.data())
def test_ranges_that_follow_one_another_make_the_whole(
    new_path: NewPath, sample: SampleMcap, data: st.DataObject
) -> None:
    """Nothing is lost or doubled at the border."""
    times = sorted({one.log_time_ns for one in sample.messages}) or [5]
    border = data.draw(st.sampled_from(times))
    recorded = opened(new_path(), sample)
    parts = [b"".join(pieces([recorded], cut)) for cut in (Cut(0, border), Cut(border + 1))]
    assert sorted(one for raw in parts for one in read(raw)) == sorted(told(sample.messages))


@quick
@given(st.lists(mcaps(), min_size=1, max_size=2))
def test_attachments_and_metadata_go_along(new_path: NewPath, samples: list[SampleMcap]) -> None:
    """Attachments only where they are asked for."""
    recordings = [opened(new_path(), one) for one in samples]
    whole = SeekingReader(io.BytesIO(b"".join(pieces(recordings, Cut(attachments=True)))))
    assert sorted((one.name, one.data, one.log_time, one.create_time) for one in whole.iter_attachments()) == sorted(
        (one.name, one.data, one.log_time_ns, one.create_time_ns) for each in samples for one in each.attachments
    )
    assert len(list(whole.iter_metadata())) == sum(len(one.metadata) for one in samples)
    bare = SeekingReader(io.BytesIO(b"".join(pieces(recordings, Cut()))))
    assert list(bare.iter_attachments()) == []


def many(channel: SampleChannel, start: int, count: int, size: int = 100) -> list[SampleMessage]:
    """Messages one after the other."""
    return [SampleMessage(start + n, start + n, n, channel, b"%0*d" % (size, n)) for n in range(count)]


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the chunks that are opened."""
    sizes: list[int] = []
    honest = mcap_chunk.unpacked

    def counting(record: bytes | memoryview) -> memoryview:
        sizes.append(len(record))
        return honest(record)

    monkeypatch.setattr(mcap_chunk, "unpacked", counting)
    return sizes


@pytest.mark.parametrize("compression", ["none", "lz4", "zstd"])
def test_chunks_within_the_cut_are_not_opened(new_path: NewPath, unpacked: list[int], compression: str) -> None:
    """Only those at its bounds are; the others are in the data byte for byte."""
    sample = sample_mcap([A], many(A, 1000, 500), chunk_size=1000, compression=compression)
    recorded = opened(new_path(), sample)
    unpacked.clear()
    raw = b"".join(pieces([recorded], Cut(1004, 1495)))
    assert len(unpacked) == 2
    assert read(raw) == told(many(A, 1000, 500)[4:496])
    unpacked.clear()
    assert read(b"".join(pieces([recorded], Cut()))) == told(many(A, 1000, 500))
    assert unpacked == []


def test_chunks_of_recordings_that_overlap_are_merged(new_path: NewPath) -> None:
    """However they are cut into chunks."""
    one = sample_mcap([A], many(A, 1000, 100)[::2], chunk_size=500)
    other = sample_mcap([B], many(B, 1000, 100)[1::2], chunk_size=700)
    raw = b"".join(pieces([opened(new_path(), one), opened(new_path(), other)], Cut()))
    assert [time for time, *_ in read(raw, log_time_order=False)] == list(range(1000, 1100))


def test_channels_of_two_recordings_with_one_number_stay_apart(new_path: NewPath) -> None:
    """And equal ones are one, whatever their numbers are."""
    apart = json_channel(1, "/other", "robowire.Other")
    same = json_channel(7, "/a")
    samples = [
        sample_mcap([A], many(A, 1000, 5)),
        sample_mcap([apart], many(apart, 2000, 5)),
        sample_mcap([same], many(same, 3000, 5)),
    ]
    raw = b"".join(pieces([opened(new_path(), one) for one in samples], Cut()))
    summary = SeekingReader(io.BytesIO(raw)).get_summary()
    assert summary is not None
    assert sorted(one.topic for one in summary.channels.values()) == ["/a", "/other"]
    assert [topic for _, topic, _, _ in read(raw)] == ["/a"] * 5 + ["/other"] * 5 + ["/a"] * 5


def test_the_last_of_each_channel_is_replayed(new_path: NewPath) -> None:
    """Of all recordings the latest, if it is late enough."""
    samples = [
        sample_mcap([A, B], [*many(B, 900, 1), *many(A, 1000, 10)]),
        sample_mcap([A], many(A, 2000, 10)),
    ]
    recordings = [opened(new_path(), one) for one in samples]
    late = b"".join(pieces(recordings, Cut(2005, 2006, None, since_ns=1000)))
    assert [(time, topic) for time, topic, _, _ in read(late)] == [(2004, "/a"), (2005, "/a"), (2006, "/a")]
    early = b"".join(pieces(recordings, Cut(2005, 2006, None, since_ns=900)))
    assert [time for time, *_ in read(early)] == [900, 2004, 2005, 2006]


def test_the_first_piece_needs_none_of_the_data(new_path: NewPath, monkeypatch: pytest.MonkeyPatch) -> None:
    """And later ones no more than a chunk each."""
    attachment = SampleAttachment("big", "text/plain", bytes(5_000_000), 1)
    sample = sample_mcap([A], many(A, 1000, 3000, 1000), [attachment], chunk_size=100_000, compression="none")
    recorded = opened(new_path(), sample)
    made: Iterator[bytes] = pieces([recorded], Cut(attachments=True))
    with monkeypatch.context() as patched:
        patched.setattr("robowire_mocks.formats.rosbag1_records.Source.read", None)
        assert next(made).startswith(b"\x89MCAP0\r\n")
    assert max(map(len, made)) < 1_100_000


def test_few_messages_of_each_chunk_keep_no_chunk_in_memory(new_path: Any) -> None:
    """A seldom topic beside large messages costs what its own messages take."""
    path, size, many = new_path(), 100_000, 100
    filler = [SampleMessage(10 * n, 0, n, B, bytes(size)) for n in range(many)]
    messages = [one for n in range(many) for one in (filler[n], SampleMessage(10 * n + 1, 0, n, A, b"%d" % n))]
    path.write_bytes(sample_mcap([A, B], messages, compression="zstd", chunk_size=size).data)
    recorded = Mcap.open(path)
    tracemalloc.start()
    try:
        cut = b"".join(pieces([recorded], Cut(topics=frozenset({"/a"}))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(cut) < 20_000
    assert peak < 10 * size
