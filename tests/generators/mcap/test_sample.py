"""Samples hold what they say, by the vendor's reader."""

import io
from operator import attrgetter

from hypothesis import given, settings
from mcap.reader import McapReader, NonSeekingReader, SeekingReader
from robowire_generators.mcap.sample import SampleMcap
from robowire_generators.strategies_mcap import mcaps


def read_messages(reader: McapReader, *, in_order: bool) -> list[tuple[str, int, int, int, bytes]]:
    """Topic, times, number and bytes of each message."""
    return [
        (channel.topic, message.log_time, message.publish_time, message.sequence, message.data)
        for _, channel, message in reader.iter_messages(log_time_order=in_order)
    ]


def written(sample: SampleMcap) -> list[tuple[str, int, int, int, bytes]]:
    """The same of what was written."""
    return [(m.channel.topic, m.log_time_ns, m.publish_time_ns, m.sequence, m.data) for m in sample.messages]


@settings(max_examples=30, deadline=None)
@given(mcaps())
def test_a_reader_without_index_finds_all_messages_in_the_order_of_the_file(sample: SampleMcap) -> None:
    """The data section alone is enough, and its CRCs hold."""
    reader = NonSeekingReader(io.BytesIO(sample.data), validate_crcs=True)
    assert read_messages(reader, in_order=False) == written(sample)


@settings(max_examples=30, deadline=None)
@given(mcaps(indexed=True))
def test_a_reader_with_index_finds_all_there_is_by_log_time(sample: SampleMcap) -> None:
    """Indexes, summary and CRCs hold; messages of one time stay together, in any order."""
    reader = SeekingReader(io.BytesIO(sample.data), validate_crcs=True)
    assert sorted(read_messages(reader, in_order=True)) == sorted(written(sample))
    log_times = [message.log_time for _, _, message in reader.iter_messages()]
    assert log_times == sorted(log_times)
    found = [(a.name, a.media_type, a.data, a.log_time, a.create_time) for a in reader.iter_attachments()]
    assert sorted(found) == sorted(
        map(attrgetter("name", "media_type", "data", "log_time_ns", "create_time_ns"), sample.attachments)
    )
    assert [(each.name, each.metadata) for each in reader.iter_metadata()] == [
        (each.name, dict(each.entries)) for each in sample.metadata
    ]


@settings(max_examples=30, deadline=None)
@given(mcaps(indexed=True))
def test_the_statistics_are_those_of_what_was_written(sample: SampleMcap) -> None:
    """Counts and times of the summary are right, and channels come with their schemas."""
    summary = SeekingReader(io.BytesIO(sample.data)).get_summary()
    assert summary is not None
    assert summary.statistics is not None
    log_times = [message.log_time_ns for message in sample.messages]
    assert summary.statistics.message_count == len(log_times)
    assert summary.statistics.attachment_count == len(sample.attachments)
    assert summary.statistics.metadata_count == len(sample.metadata)
    assert summary.statistics.message_start_time == min(log_times, default=0)
    assert summary.statistics.message_end_time == max(log_times, default=0)
    for channel in sample.channels:
        read = summary.channels[channel.id]
        assert (read.topic, read.message_encoding, read.metadata) == (
            channel.topic,
            channel.message_encoding,
            dict(channel.metadata),
        )
        schema = summary.schemas.get(read.schema_id)
        found = (schema.name, schema.encoding, schema.data) if schema else ("", "", b"")
        assert found == channel.schema


def test_an_equal_sample_has_equal_bytes() -> None:
    """Nothing of the moment or the machine is in a file."""
    from robowire_generators.mcap.sample import SampleMessage, json_channel, sample_mcap

    channel = json_channel(1, "/a")
    message = SampleMessage(5, 4, 0, channel, b"{}")
    assert sample_mcap([channel], [message]).data == sample_mcap([channel], [message]).data
