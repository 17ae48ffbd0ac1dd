"""Broken MCAP files: each way to break one has a name and makes of a valid file one that readers must refuse."""

import io
import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from random import Random
from typing import NamedTuple

from robowire_generators.mcap.breaking import (
    ABSURD,
    FAR,
    HUGE,
    NOBODY,
    UNKNOWN_RECORD,
    Break,
    after_chunk_name,
    as_zip,
    changed,
    cut,
    flip,
    in_data,
    in_summary,
    inside,
    length_of,
    nested,
    no_messages,
    overwrite,
    point_summary_into_chunk,
    put,
    reassembled,
    recompressed,
    record_at_end,
    repeated,
    within,
    without,
)
from robowire_generators.mcap.layout import Layout, assemble
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.records import MAGIC, Opcode
from robowire_generators.rosbag1 import new_file


class Harm(Enum):
    """What no reader can do with a file that is broken in some way."""

    FILE = "it cannot be read from one end to the other: it is cut off, or a record of it is unreadable"
    DATA = "all records can be told apart, but what one says is impossible or not what its CRC says"
    INDEX = "all data can be read from one end to the other, but the summary misleads those who seek"
    NONE = "nothing: it is valid, though unusual"


class Breakage(NamedTuple):
    """One way to break a file.

    Attributes:
        name: Such as `truncated-in-chunk`.
        harm: What can no longer be done.
        summary: What it does, in a sentence.
        apply: Does it; raises ValueError for what is no valid file with messages, indexes and attachments.
    """

    name: str
    harm: Harm
    summary: str
    apply: Break


def break_mcap(name: str, mcap: bytes) -> bytes:
    """Break a file.

    Args:
        name: A key of `BREAKAGES`.
        mcap: A valid file with chunks, messages, indexes, attachments and metadata.

    Returns:
        The broken file.

    Raises:
        ValueError: There is no such way, or the file cannot be broken so; the text says which.
    """
    if name not in BREAKAGES:
        raise ValueError(f"There is no breakage {name!r}; there are {', '.join(BREAKAGES)}.")
    return BREAKAGES[name].apply(mcap)


def generate_broken_mcap(
    path: str | os.PathLike[str], name: str, recipe: McapRecipe | None = None, *, overwrite: bool = False
) -> int:
    """Record the robot into an MCAP file and break it; the file appears whole or not at all.

    Args:
        path: Where to.
        name: A key of `BREAKAGES`.
        recipe: The file before it is broken, which is held in memory.
        overwrite: Replace a file that is there.

    Returns:
        The bytes written.

    Raises:
        FileExistsError: There is a file already and `overwrite` is not set.
        ValueError: There is no such way to break a file, or the recipe makes none that can be broken.
    """
    from robowire_generators.mcap.recording import Recording  # loads the robot

    if name not in BREAKAGES:
        break_mcap(name, b"")
    with new_file(Path(path), overwrite=overwrite) as temporary:
        whole = io.BytesIO()
        Recording(whole, recipe or McapRecipe()).run()
        return temporary.write_bytes(break_mcap(name, whole.getvalue()))


def _unindexed(mcap: bytes) -> bytes:
    return assemble(Layout.of(mcap).flat(), data_end=False, footer=False)[: -len(MAGIC)]


_FILE = (
    ("empty", "The file has no byte.", lambda _mcap: b""),
    ("text", "The file is a text.", lambda _mcap: b"This is not the recording that you are looking for.\n" * 40),
    ("zip", "The file is a zip archive.", as_zip),
    ("random", "The file is 8 kB of noise.", lambda mcap: Random(len(mcap)).randbytes(8192)),
    ("wrong-magic", "The first bytes are not those of an MCAP file.", overwrite(lambda _l: 0, b"\x88XCAP")),
    ("wrong-version", "The first bytes tell version 1 of the format.", overwrite(lambda _l: 5, b"1")),
    ("truncated-in-magic", "Cut off within the first bytes.", lambda mcap: mcap[:5]),
    ("truncated-after-magic", "Cut off after the first bytes.", lambda mcap: mcap[: len(MAGIC)]),
    ("truncated-in-header", "Cut off within the header.", cut(inside(Opcode.HEADER))),
    ("truncated-after-header", "Cut off after the header.", cut(lambda layout: layout.first(Opcode.HEADER).end)),
    ("truncated-in-attachment", "Cut off within the first attachment.", cut(inside(Opcode.ATTACHMENT))),
    ("truncated-in-record-head", "Cut off within a chunk's length.", cut(length_of(Opcode.CHUNK))),
    ("truncated-in-chunk-fields", "Cut off within the first chunk's fields.", cut(within(Opcode.CHUNK, 20))),
    ("truncated-in-chunk", "Cut off within the first chunk's records.", cut(inside(Opcode.CHUNK))),
    ("truncated-after-chunk", "Cut off after the first chunk.", cut(lambda layout: layout.first(Opcode.CHUNK).end)),
    ("truncated-in-message-index", "Cut off within a message index.", cut(inside(Opcode.MESSAGE_INDEX))),
    ("truncated-in-metadata", "Cut off within the first metadata record.", cut(inside(Opcode.METADATA))),
    (
        "truncated-before-data-end",
        "The recorder never closed the file.",
        cut(lambda lay: lay.first(Opcode.DATA_END).start),
    ),
    ("truncated-after-data-end", "Cut off where the summary starts.", cut(lambda lay: lay.first(Opcode.DATA_END).end)),
    ("truncated-in-schema", "Cut off within the summary's first schema.", cut(inside(Opcode.SCHEMA))),
    ("truncated-in-channel", "Cut off within the summary's first channel.", cut(inside(Opcode.CHANNEL))),
    ("truncated-in-statistics", "Cut off within the statistics.", cut(inside(Opcode.STATISTICS))),
    ("truncated-in-chunk-index", "Cut off within the first chunk index.", cut(inside(Opcode.CHUNK_INDEX))),
    ("truncated-in-attachment-index", "Cut off within an attachment index.", cut(inside(Opcode.ATTACHMENT_INDEX))),
    ("truncated-in-metadata-index", "Cut off within a metadata index.", cut(inside(Opcode.METADATA_INDEX))),
    ("truncated-in-summary-offset", "Cut off within a summary offset.", cut(inside(Opcode.SUMMARY_OFFSET))),
    ("truncated-in-footer", "Cut off within the footer.", cut(inside(Opcode.FOOTER))),
    ("truncated-before-end-magic", "The last bytes are missing.", lambda mcap: mcap[: -len(MAGIC)]),
    ("truncated-last-byte", "The last byte is missing.", lambda mcap: mcap[:-1]),
    ("never-closed", "Messages without chunks, then nothing: no end of the data, no footer.", _unindexed),
    ("end-magic-wrong", "The last bytes are not those of an MCAP file.", lambda mcap: mcap[:-5] + b"X" + mcap[-4:]),
    ("record-after-footer", "A record stands after the footer.", record_at_end(UNKNOWN_RECORD)),
    ("header-missing", "The first record is not the header.", without(Opcode.HEADER)),
    ("header-length-absurd", "The header is said to be 8 EiB long.", overwrite(length_of(Opcode.HEADER), HUGE)),
    (
        "string-length-absurd",
        "The header's profile is said to be 4 GB long.",
        overwrite(within(Opcode.HEADER, 0), ABSURD),
    ),
    ("chunk-length-absurd", "A chunk is said to be 8 EiB long.", overwrite(length_of(Opcode.CHUNK), HUGE)),
    ("chunk-records-length-absurd", "A chunk's records are said to take 8 EiB.", overwrite(after_chunk_name(0), HUGE)),
    (
        "attachment-length-absurd",
        "An attachment is said to be 8 EiB long.",
        overwrite(length_of(Opcode.ATTACHMENT), HUGE),
    ),
    (
        "message-too-short",
        "A message has fewer bytes than its fields.",
        changed(Opcode.MESSAGE, lambda data: data[:10]),
    ),
    ("channel-topic-length-absurd", "A topic is said to be 4 GB long.", changed(Opcode.CHANNEL, put(ABSURD, 4))),
    ("schema-length-absurd", "A schema's name is said to be 4 GB long.", changed(Opcode.SCHEMA, put(ABSURD, 2))),
)

_DATA = (
    ("unknown-compression", "A chunk's compression has a name that nobody knows.", recompressed("brotli")),
    ("not-compressed", "A chunk is said to be zstd and is not.", recompressed("zstd")),
    ("chunk-damaged", "A chunk's first records are overwritten.", recompressed("", damage=True)),
    ("chunk-crc-wrong", "A chunk's CRC is not that of its records.", flip(within(Opcode.CHUNK, 24))),
    (
        "chunk-size-lies",
        "A chunk is said to have far more bytes than it has.",
        overwrite(within(Opcode.CHUNK, 16), FAR),
    ),
    ("chunk-in-chunk", "A chunk lies within a chunk.", nested),
    ("data-crc-wrong", "The CRC at the end of the data is not theirs.", flip(within(Opcode.DATA_END, 0))),
    ("attachment-crc-wrong", "An attachment's CRC is not its own.", flip(within(Opcode.ATTACHMENT, -4))),
    (
        "message-of-no-channel",
        "A message belongs to a channel that does not exist.",
        changed(Opcode.MESSAGE, put(NOBODY, 0)),
    ),
    ("channels-missing", "No message has a channel.", without(Opcode.CHANNEL)),
    ("channel-of-no-schema", "A channel has a schema that does not exist.", changed(Opcode.CHANNEL, put(NOBODY, 2))),
    ("schema-without-id", "A schema has the id 0, which means none.", changed(Opcode.SCHEMA, put(bytes(2), 0))),
    ("channel-changes", "A channel comes again with another topic.", repeated(Opcode.CHANNEL, put(b"?", 8))),
    ("schema-changes", "A schema comes again with another name.", repeated(Opcode.SCHEMA, put(b"?", 6))),
    ("topic-not-text", "A topic is not UTF-8.", changed(Opcode.CHANNEL, put(b"\xff", 8))),
)

_INDEX = (
    ("summary-crc-wrong", "The CRC of the summary is not its own.", flip(within(Opcode.FOOTER, 16))),
    (
        "summary-beyond-end",
        "The footer points beyond the end of the file.",
        in_summary(overwrite(within(Opcode.FOOTER, 0), FAR)),
    ),
    (
        "summary-huge",
        "The footer points to half of the largest number.",
        in_summary(overwrite(within(Opcode.FOOTER, 0), HUGE)),
    ),
    ("summary-in-chunk", "The footer points into a chunk's records.", in_summary(point_summary_into_chunk)),
    (
        "chunk-index-beyond-end",
        "A chunk index points beyond the end.",
        in_summary(overwrite(within(Opcode.CHUNK_INDEX, 16), FAR)),
    ),
    (
        "chunk-index-at-wrong-place",
        "A chunk index points to what is no chunk.",
        in_summary(overwrite(within(Opcode.CHUNK_INDEX, 16), len(MAGIC).to_bytes(8, "little"))),
    ),
    (
        "chunk-index-length-lies",
        "A chunk index tells a wrong length.",
        in_summary(overwrite(within(Opcode.CHUNK_INDEX, 24), FAR)),
    ),
    (
        "message-index-offset-wrong",
        "A message index points beyond its chunk.",
        in_data(overwrite(within(Opcode.MESSAGE_INDEX, 14), FAR)),
    ),
    (
        "message-index-of-nobody",
        "A message index is of no channel.",
        in_data(overwrite(within(Opcode.MESSAGE_INDEX, 0), NOBODY)),
    ),
    (
        "statistics-lie",
        "The statistics count messages that are not there.",
        in_summary(overwrite(within(Opcode.STATISTICS, 0), FAR)),
    ),
    (
        "attachment-index-beyond-end",
        "An attachment index points beyond the end.",
        in_summary(overwrite(within(Opcode.ATTACHMENT_INDEX, 0), FAR)),
    ),
    (
        "metadata-index-beyond-end",
        "A metadata index points beyond the end.",
        in_summary(overwrite(within(Opcode.METADATA_INDEX, 0), FAR)),
    ),
    (
        "summary-offset-wrong",
        "A summary offset points beyond the end.",
        in_summary(overwrite(within(Opcode.SUMMARY_OFFSET, 1), FAR)),
    ),
)

_NONE = (
    ("no-messages", "The file is valid but has no message and no channel.", no_messages),
    ("no-summary", "The file is valid but has no chunk and no summary.", reassembled(lambda parts: parts)),
    (
        "unknown-record",
        "A record is of a kind that the format keeps for later, which readers pass over.",
        reassembled(lambda parts: [*parts[:1], (UNKNOWN_RECORD[0], b"hello"), *parts[1:]]),
    ),
)

BREAKAGES: Mapping[str, Breakage] = {
    name: Breakage(name, harm, summary, apply)
    for harm, table in ((Harm.FILE, _FILE), (Harm.DATA, _DATA), (Harm.INDEX, _INDEX), (Harm.NONE, _NONE))
    for name, summary, apply in table
}
"""All the ways to break an MCAP file, by name."""
