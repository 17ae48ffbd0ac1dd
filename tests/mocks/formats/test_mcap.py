"""MCAP files are read whatever they lack, and refused with a reason where they are damaged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robowire_generators.mcap.sample import SampleAttachment, SampleMcap, SampleMessage, json_channel, sample_mcap
from robowire_generators.strategies_mcap import mcaps
from robowire_mocks.formats.mcap import Mcap
from robowire_mocks.formats.opening import open_recorded
from robowire_mocks.formats.recorded import Kind, RecordedError

NewPath = Callable[[], Path]
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
A, B = json_channel(1, "/a"), json_channel(2, "/b")
TWENTY = [SampleMessage(1000 + 10 * n, 1000, n, (A, B)[n % 2], b"%d" % n) for n in range(20)]


def opened(path: Path, data: bytes, *, verify: bool = False) -> Mcap:
    """The file with these bytes."""
    path.write_bytes(data)
    recorded = open_recorded(path, verify=verify)
    assert isinstance(recorded, Mcap)
    return recorded


def told(sample: SampleMcap) -> list[tuple[Any, ...]]:
    """The messages of a sample by log time."""
    messages = sorted(sample.messages, key=lambda one: one.log_time_ns)
    return [
        (one.log_time_ns, one.publish_time_ns, one.sequence, one.channel.topic, one.channel.schema, one.data)
        for one in messages
    ]


def read(recorded: Mcap, *asked: Any) -> list[tuple[Any, ...]]:
    """The messages of an open file."""
    return [
        (
            one.log_time_ns,
            one.publish_time_ns,
            one.sequence,
            one.channel.topic,
            (one.channel.schema_name, one.channel.schema_encoding, one.channel.schema_data),
            bytes(one.data),
        )
        for one in recorded.messages(*asked)
    ]


@quick
@given(mcaps(), st.booleans())
def test_all_of_a_file_is_read(new_path: NewPath, sample: SampleMcap, verify: bool) -> None:  # noqa: FBT001  # drawn
    """Chunked or not, indexed or not: messages by time, attachments, metadata, and what is counted."""
    recorded = opened(new_path(), sample.data, verify=verify)
    expected = told(sample)
    found = read(recorded)
    assert [one[0] for one in found] == [one[0] for one in expected]
    assert sorted(found) == sorted(expected)
    assert recorded.kind is Kind.MCAP
    assert recorded.size == len(sample.data)
    assert recorded.message_count == len(expected)
    assert (recorded.start_ns, recorded.end_ns) == ((expected[0][0], expected[-1][0]) if expected else (None, None))
    assert [
        (one.name, one.media_type, one.log_time_ns, one.create_time_ns, b"".join(recorded.attachment_data(one)))
        for one in recorded.attachments
    ] == [(one.name, one.media_type, one.log_time_ns, one.create_time_ns, one.data) for one in sample.attachments]
    assert [(name, dict(content)) for name, content in recorded.metadata()] == [
        (one.name, dict(one.entries)) for one in sample.metadata
    ]


@quick
@given(mcaps(), st.data())
def test_a_range_and_topics_choose_messages(new_path: NewPath, sample: SampleMcap, data: st.DataObject) -> None:
    """Both bounds are included, to the nanosecond."""
    expected = told(sample)
    times = sorted({one[0] for one in expected}) or [0]
    near = st.sampled_from(times).flatmap(lambda time: st.integers(max(time - 1, 0), time + 1))
    start, end = sorted((data.draw(near), data.draw(near)))
    topics = data.draw(st.none() | st.sets(st.sampled_from(sorted({one.topic for one in sample.channels}))))
    found = read(opened(new_path(), sample.data), start, end, topics)
    chosen = [one for one in expected if start <= one[0] <= end and (topics is None or one[3] in topics)]
    assert sorted(found) == sorted(chosen)


@quick
@given(mcaps(), st.data())
def test_the_last_before_a_time_is_one_per_channel(new_path: NewPath, sample: SampleMcap, data: st.DataObject) -> None:
    """Of each channel that has one since then."""
    times = sorted({one.log_time_ns for one in sample.messages}) or [0]
    start, since = data.draw(st.sampled_from(times)) + 1, data.draw(st.sampled_from(times))
    found = opened(new_path(), sample.data).latest_before(start, since)
    latest: dict[int, int] = {}
    for one in sorted(sample.messages, key=lambda one: one.log_time_ns):
        if since <= one.log_time_ns < start:
            latest[one.channel.id] = one.log_time_ns
    assert sorted(one.log_time_ns for one in found) == sorted(latest.values())
    assert len({one.channel.id for one in found}) == len(found)


@quick
@given(mcaps(max_messages=12), st.data())
def test_a_damaged_file_is_read_or_refused(new_path: NewPath, sample: SampleMcap, data: st.DataObject) -> None:
    """Never anything else, whatever byte is another one and wherever the file ends."""
    raw = bytearray(sample.data)
    if data.draw(st.booleans()):
        del raw[data.draw(st.integers(0, len(raw) - 1)) :]
    else:
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    for verify in (False, True):
        try:
            recorded = open_recorded(_written(new_path(), bytes(raw)), verify=verify)
            for _ in recorded.messages():
                pass
            recorded.metadata()
        except RecordedError:
            continue


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "the file is empty"),
        (b"hello, world, this is no recording", "neither an MCAP file nor a ROS 1 bag"),
        (b"\x89MCAP1\r\n" + bytes(100), "MCAP version '1' is not supported"),
        (b"\x89MCAP0\r\n", "truncated"),
        (sample_mcap([A, B], TWENTY).data[:-8], "truncated"),
    ],
)
def test_what_is_no_recording_is_refused(new_path: NewPath, data: bytes, text: str) -> None:
    """The text says why."""
    with pytest.raises(RecordedError, match=text):
        open_recorded(_written(new_path(), data))


def test_a_file_that_is_not_there_is_refused(new_path: NewPath) -> None:
    """With its name, but not its folder."""
    path = new_path()
    with pytest.raises(RecordedError, match="cannot be opened") as refused:
        open_recorded(path)
    assert str(path.parent) not in str(refused.value)


def test_a_wrong_crc_is_seen(new_path: NewPath) -> None:
    """In a chunk and in an attachment, when all of the file is read."""
    sample = sample_mcap([A, B], TWENTY, [SampleAttachment("map", "text/plain", b"the map", 5)], compression="none")
    for content in (b"the map", b'"/a"'[1:3]):
        place = sample.data.index(content)
        broken = sample.data[:place] + bytes([sample.data[place] ^ 1]) + sample.data[place + 1 :]
        with pytest.raises(RecordedError):
            opened(new_path(), broken, verify=True)


def test_a_file_that_was_replaced_is_not_read_on(new_path: NewPath) -> None:
    """Its index is not that of the new one."""
    path = new_path()
    recorded = opened(path, sample_mcap([A, B], TWENTY).data)
    path.unlink()
    path.write_bytes(sample_mcap([A, B], TWENTY[:3]).data)
    with pytest.raises(RecordedError, match="replaced"):
        list(recorded.messages())
