"""What indexes say of a chunk is held to what is in it: a stream passes them on, and its readers seek by them."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from mcap.reader import NonSeekingReader, SeekingReader
from robowire_generators.mcap import records
from robowire_generators.mcap.records import MAGIC, Opcode
from robowire_mocks.formats.mcap import Mcap
from robowire_mocks.formats.mcap_cut import Cut, pieces
from robowire_mocks.formats.recorded import RecordedError

Pairs = list[tuple[int, int]]
TIMES = (7, 5, 6)  # of messages of the channels 1, 2 and 1
MESSAGES = [
    records.pack_message(Opcode.MESSAGE, 24, channel, 0, time, time) + b"ab"
    for channel, time in zip((1, 2, 1), TIMES, strict=True)
]
CHANNELS = [records.channel(number, 0, f"/{number}", "json", {}) for number in (1, 2)]
HELD = b"".join([CHANNELS[0], MESSAGES[0], CHANNELS[1], MESSAGES[1], MESSAGES[2]])
AT = (len(CHANNELS[0]), HELD.index(MESSAGES[1]), HELD.index(MESSAGES[2]))
TRUE: list[tuple[int, Pairs]] = [(1, [(7, AT[0]), (6, AT[2])]), (2, [(5, AT[1])])]


def index(channel: int, pairs: Pairs) -> bytes:
    """A message index."""
    return records.message_index(channel, b"".join(records.index_pair(*pair) for pair in pairs))


def file(
    indexes: list[tuple[int, Pairs]],
    *,
    held: bytes = HELD,
    summary: tuple[int, ...] | None = None,
    size: int | None = None,
) -> bytes:
    """A file with one chunk and these indexes; the channels that its summary names, and the size that it tells."""
    data = MAGIC + records.header("", "")
    at = len(data)
    data += records.chunk_head(5, 7, len(held), 0, "", len(held)) + held
    end = len(data)
    places = []
    for channel, pairs in indexes:
        places.append((channel, len(data)))
        data += index(channel, pairs)
    length = len(data) - end
    data += records.data_end(0)
    if summary is None:
        return data + records.footer(0, 0, None) + MAGIC
    told = records.chunk_index(
        times=(5, 7),
        place=(at, end - at),
        message_indexes=[place for place in places if place[0] in summary],
        message_index_length=length,
        compression="",
        sizes=(len(held), len(held) if size is None else size),
    )
    counts = {1: 2, 2: 1}
    numbers = {"schemas": 0, "channels": 2, "attachments": 0, "metadata_records": 0, "chunks": 1}
    statistics = records.statistics(**numbers, times=(5, 7), counts=counts)
    return data + b"".join(CHANNELS) + statistics + told + records.footer(len(data), 0, None) + MAGIC


def verified(path: Path, data: bytes) -> Mcap:
    """The file with these bytes, all of it read and checked."""
    path.write_bytes(data)
    return Mcap.open(path, verify=True)


@pytest.mark.parametrize("indexes", [TRUE, TRUE[::-1], [(1, TRUE[0][1][::-1]), TRUE[1]], [*TRUE, (3, [])], []])
def test_indexes_that_are_true_or_missing(tmp_path: Path, indexes: list[tuple[int, Pairs]]) -> None:
    """In any order, and of channels without messages too."""
    recorded = verified(tmp_path / "a.mcap", file(indexes))
    assert [message.log_time_ns for message in recorded.messages()] == [5, 6, 7]
    assert {channel.id: channel.message_count for channel in recorded.channels} == {1: 2, 2: 1}
    assert recorded.chunks[0].channels == frozenset({1, 2})


@pytest.mark.parametrize(
    ("indexes", "said"),
    [
        ([TRUE[0]], "do not name all"),
        ([(1, []), (2, [])], "do not name all"),
        ([(1, TRUE[0][1][:1]), TRUE[1]], "do not name all"),
        ([(1, TRUE[0][1][:1]), (1, TRUE[0][1][1:]), TRUE[1]], "two message indexes"),
        ([(1, [*TRUE[0][1], (6, AT[2])]), TRUE[1]], "not there"),
        ([(2, TRUE[0][1]), (1, TRUE[1][1])], "not there"),
        ([(1, [(7, AT[0]), (5, AT[2])]), TRUE[1]], "not there"),
        ([(1, [(7, 0), (6, AT[2])]), TRUE[1]], "not there"),
        ([(1, [(7, AT[0]), (6, len(HELD) - 9)]), TRUE[1]], "beyond its chunk"),
        ([(1, [(7, AT[0]), (6, 2**64 - 1)]), TRUE[1]], "beyond its chunk"),
    ],
)
def test_indexes_that_are_not(tmp_path: Path, indexes: list[tuple[int, Pairs]], said: str) -> None:
    """Messages missing, doubled, elsewhere, of another channel or time."""
    with pytest.raises(RecordedError, match=said):
        verified(tmp_path / "a.mcap", file(indexes))


@pytest.mark.parametrize(
    "indexes", [TRUE, [TRUE[0]], [(1, []), (2, [])], [(2, TRUE[0][1]), (1, TRUE[1][1])], [(1, [(7, 2**40)])], []]
)
def test_a_cut_by_whatever_indexes(tmp_path: Path, indexes: list[tuple[int, Pairs]]) -> None:
    """Of a file that nobody verified: where its indexes do not fit, its messages are looked for."""
    path = tmp_path / "a.mcap"
    path.write_bytes(file(indexes, summary=()))
    for cut, due in ((Cut(6), [6, 7]), (Cut(topics=frozenset({"/1"})), [6, 7]), (Cut(0, 6), [5, 6]), (Cut(8), [])):
        made = b"".join(pieces([Mcap.open(path)], cut))
        for reader in (NonSeekingReader, SeekingReader):
            found = [message for *_, message in reader(BytesIO(made), validate_crcs=True).iter_messages()]
            assert [message.log_time for message in found] == due
            assert {message.data for message in found} <= {b"ab"}
        assert verified(path.with_name("b.mcap"), made).message_count == len(due)


def test_an_index_that_is_cut(tmp_path: Path) -> None:
    """Half a pair, or fewer pairs than it says."""
    data = file(TRUE)
    at = data.index(index(*TRUE[1])) + records.HEAD + 2
    for length in (8, 32):
        with pytest.raises(RecordedError, match="length that it says"):
            verified(tmp_path / "a.mcap", data[:at] + struct.pack("<I", length) + data[at + 4 :])
    cut = file([TRUE[0]]).replace(index(*TRUE[0]), records.record(Opcode.MESSAGE_INDEX, b"\x01\x00"))
    with pytest.raises(RecordedError, match="shorter than its fields"):
        verified(tmp_path / "a.mcap", cut)


@pytest.mark.parametrize("opcode", [Opcode.HEADER, Opcode.CHUNK, Opcode.ATTACHMENT, Opcode.METADATA, Opcode.DATA_END])
@pytest.mark.parametrize("indexes", [TRUE, []])
def test_what_cannot_be_in_a_chunk(tmp_path: Path, opcode: Opcode, indexes: list[tuple[int, Pairs]]) -> None:
    """Other records than schemas, channels and messages; kinds that the format keeps for later are passed over."""
    assert verified(tmp_path / "a.mcap", file(indexes, held=HELD + records.record(0x7E, b"x"))).message_count == 3
    with pytest.raises(RecordedError, match=f"of the kind {int(opcode)}"):
        verified(tmp_path / "a.mcap", file(indexes, held=HELD + records.record(opcode, b"")))


def test_a_summary_that_names_channels_of_a_chunk(tmp_path: Path) -> None:
    """None, all or too many will do; too few hide messages, and a wrong size would keep them from being read."""
    for summary in ((), (1, 2), (1, 2, 3)):
        recorded = verified(tmp_path / "a.mcap", file([*TRUE, (3, [])], summary=summary))
        assert [message.log_time_ns for message in recorded.messages(topics={"/2"})] == [5]
    with pytest.raises(RecordedError, match="channels of chunks"):
        verified(tmp_path / "a.mcap", file(TRUE, summary=(1,)))
    with pytest.raises(RecordedError, match="summary's chunks"):
        verified(tmp_path / "a.mcap", file(TRUE, summary=(1, 2), size=2**40))
