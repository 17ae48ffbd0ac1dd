"""The recordings that the suite uploads hold what it says of them."""

from io import BytesIO
from pathlib import Path

import pytest
from mcap.reader import make_reader
from robowire_conformance.foxglove.library import ENTRIES, SILENT, Entry
from robowire_conformance.foxglove.samples import small
from rosbags.rosbag1 import Reader

BY_HINT = {entry.hint: entry for entry in ENTRIES}
MCAPS = [pytest.param(entry, id=entry.hint) for entry in ENTRIES if not entry.bag]


@pytest.mark.parametrize("entry", MCAPS)
def test_an_mcap_holds_its_messages(entry: Entry) -> None:
    """Every message of every track is in the file, at its time and on its topic."""
    reader = make_reader(BytesIO(entry.clip.mcap()), validate_crcs=True)
    found = sorted((message.log_time, channel.topic) for _, channel, message in reader.iter_messages())
    assert [time for time, _ in found] == entry.clip.times
    assert {topic for _, topic in found} == entry.clip.topics


@pytest.mark.parametrize("entry", MCAPS)
def test_an_mcap_holds_its_attachments_and_metadata(entry: Entry) -> None:
    """Attachments and metadata records are those of the clip."""
    data = entry.clip.mcap()
    attachments = {one.name: one.data for one in make_reader(BytesIO(data)).iter_attachments()}
    assert attachments == {extra.name: extra.data for extra in entry.clip.attachments}
    metadata = [(one.name, one.metadata) for one in make_reader(BytesIO(data)).iter_metadata()]
    assert metadata == [(name, dict(values)) for name, values in entry.clip.metadata]


def test_a_bag_holds_its_messages(tmp_path: Path) -> None:
    """The ROS 1 bag is one that another reader takes, from its first to its last message."""
    path = tmp_path / "clip.bag"
    path.write_bytes(BY_HINT["bag"].clip.bag())
    with Reader(path) as reader:
        found = sorted((time, connection.topic) for connection, time, _ in reader.messages())
    assert [time for time, _ in found] == BY_HINT["bag"].clip.times
    assert {topic for _, topic in found} == BY_HINT["bag"].clip.topics


def test_orders_differ() -> None:
    """By each field that lists are sorted by, the library comes in another order than it is uploaded in."""
    known = [entry for entry in ENTRIES if entry.hint != SILENT]
    spans = [entry.span for entry in known]
    for values in (
        [start for start, _ in spans],
        [end for _, end in spans],
        [end - start for start, end in spans],
        [entry.word for entry in known],
    ):
        assert len(set(values)) == len(values)
        assert values != sorted(values)
        assert values != sorted(values, reverse=True)


def test_marks_make_contents_differ() -> None:
    """Two small recordings with different marks have different bytes, and the same mark the same ones."""
    assert small("one").mcap() != small("two").mcap()
    assert small("one").mcap() == small("one").mcap()
