"""What is read out of a recording: everything that was written into it, and nothing of a broken one."""

import zlib
from io import BytesIO
from pathlib import Path

import pytest
from mcap.writer import CompressionType, Writer
from robowire_conformance.foxglove.contents import Attachment, Contents, Kind, Unreadable, disorders, read_contents
from rosbags.rosbag1 import Writer as BagWriter
from rosbags.typesys import Stores, get_typestore

MOMENT = 981_173_106_000_000_001


def written(*, compression: CompressionType = CompressionType.ZSTD) -> bytes:
    """An MCAP file with a bit of everything, by a writer that this project did not write."""
    out = BytesIO()
    writer = Writer(out, compression=compression, chunk_size=64)
    writer.start()
    schema = writer.register_schema("Pose", "jsonschema", b'{"type": "object"}')
    pose = writer.register_channel("/pose", "json", schema)
    plain = writer.register_channel("/plain", "raw", 0)
    for number in range(20):
        channel = plain if number % 3 else pose
        writer.add_message(channel, log_time=MOMENT + 7 * number, publish_time=0, data=b"%d" % number)
    writer.add_message(pose, log_time=MOMENT + 1, publish_time=0, data=b"late")
    writer.add_attachment(create_time=1, log_time=MOMENT, name="a.txt", media_type="text/plain", data=b"text")
    writer.add_metadata("robot", {"name": "tug"})
    writer.finish()  # type: ignore[no-untyped-call]  # the library's
    return out.getvalue()


@pytest.mark.parametrize("compression", list(CompressionType))
def test_an_mcap_file_is_read_whole(compression: CompressionType) -> None:
    """Channels with and without a schema, messages in the file's order, attachments and metadata come out."""
    found = read_contents(written(compression=compression))
    assert found.kind is Kind.MCAP
    assert [one.face for one in found.channels] == [
        ("/pose", "json", "Pose", "jsonschema", b'{"type": "object"}'),
        ("/plain", "raw", "", "", b""),
    ]
    assert [one.schema for one in found.channels] == [b'{"type": "object"}', None]
    assert len(found.messages) == 21
    assert found.messages[3].key == (MOMENT + 21, "/pose", b"3")
    assert found.span == (MOMENT, MOMENT + 7 * 19)
    assert found.topics == {"/pose", "/plain"}
    assert found.metadata == (("robot", {"name": "tug"}),)
    assert found.strays == 0
    assert [later.data for _, later in disorders(found)] == [b"late"]


def test_an_attachment_has_the_checksum_of_its_record() -> None:
    """The checksum is the one that stands in the file."""
    data = written()
    (found,) = read_contents(data).attachments
    assert found == Attachment("a.txt", "text/plain", MOMENT, 1, b"text", found.crc)
    assert b"text" + found.crc.to_bytes(4, "little") in data
    assert found.crc != zlib.crc32(b"text")


def test_messages_without_their_channel_before_them_are_strays() -> None:
    """A channel, or its schema, that only comes later does not count."""
    from mcap.data_stream import RecordBuilder
    from mcap.records import Channel, DataEnd, Footer, Header, Message, Schema
    from mcap.writer import MCAP0_MAGIC

    records = (
        Header(profile="", library=""),
        Message(channel_id=1, log_time=1, publish_time=1, sequence=0, data=b"x"),
        Channel(id=1, topic="/a", message_encoding="json", schema_id=1, metadata={}),
        Message(channel_id=1, log_time=2, publish_time=2, sequence=0, data=b"y"),
        Schema(id=1, name="A", encoding="jsonschema", data=b"{}"),
        Channel(id=1, topic="/a", message_encoding="json", schema_id=1, metadata={}),
        Message(channel_id=1, log_time=3, publish_time=3, sequence=0, data=b"z"),
        DataEnd(data_section_crc=0),
        Footer(summary_start=0, summary_offset_start=0, summary_crc=0),
    )
    built = RecordBuilder()
    for record in records:
        record.write(built)
    found = read_contents(MCAP0_MAGIC + built.end() + MCAP0_MAGIC)  # type: ignore[no-untyped-call]  # the library's
    assert found.strays == 2
    assert [one.key for one in found.messages] == [(1, "/a", b"x"), (2, "/a", b"y"), (3, "/a", b"z")]


def test_a_file_without_messages_has_no_span() -> None:
    """Nothing begins or ends in it."""
    assert Contents(Kind.MCAP).span is None


@pytest.mark.parametrize("cut", [1, 8, 9, 40, 200])
def test_a_file_that_is_cut_off_is_unreadable(cut: int) -> None:
    """Wherever it ends too early, it is no whole file."""
    with pytest.raises(Unreadable, match="no whole MCAP file"):
        read_contents(written()[:-cut])


def test_a_flipped_bit_is_found() -> None:
    """The checksums are looked at."""
    data = bytearray(written(compression=CompressionType.NONE))
    data[data.index(b"late")] ^= 1
    with pytest.raises(Unreadable, match="no whole MCAP file"):
        read_contents(bytes(data))


@pytest.mark.parametrize("data", [b"", b"<html>", b'{"error": "x"}'])
def test_what_is_no_recording_is_unreadable(data: bytes) -> None:
    """The text says how it begins."""
    with pytest.raises(Unreadable, match="neither"):
        read_contents(data)


def test_a_bag_is_read_whole(tmp_path: Path) -> None:
    """Connections are channels, and the bytes of messages come out as they went in."""
    store = get_typestore(Stores.ROS1_NOETIC)
    path = tmp_path / "a.bag"
    with BagWriter(path) as writer:
        connection = writer.add_connection("/chatter", "std_msgs/msg/String", typestore=store)
        writer.write(connection, MOMENT, b"\x01\x00\x00\x00a")
    data = path.read_bytes()
    found = read_contents(data)
    assert found.kind is Kind.BAG
    assert [one.key for one in found.messages] == [(MOMENT, "/chatter", b"\x01\x00\x00\x00a")]
    assert found.channels[0].encoding == "ros1"
    with pytest.raises(Unreadable, match="no whole ROS 1 bag"):
        read_contents(data[:-10])
