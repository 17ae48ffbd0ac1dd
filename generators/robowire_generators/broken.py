"""Broken ROS 1 bags: each way to break one has a name and makes of a valid bag one that readers must refuse."""

import os
import tempfile
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from random import Random
from typing import NamedTuple

from robowire_generators.breaking import (
    Break,
    as_zip,
    cut,
    damaged_chunk,
    encrypted,
    garbled_definition,
    inside,
    last_chunk,
    no_messages,
    number,
    overwrite,
    point_into_chunk,
    position,
    rename_field,
    set_field,
    unindexed,
    unknown_compression,
)
from robowire_generators.recipe import BagRecipe
from robowire_generators.rosbag1 import generate_bag, new_file
from robowire_generators.rosbag1_layout import MAGIC, Op

ABSURD = 0xFFFF_FFF0
"""A length that no file of these has: just under 4 GiB."""

FAR = 1 << 40
"""A position that no file of these has: 1 TiB."""


class Harm(Enum):
    """What no reader can do with a bag that is broken in some way."""

    OPEN = "it cannot be opened: its header or index at the end is unreadable"
    READ = "it may open, but not all messages can be read"
    NONE = "nothing: it is valid, though unusual"


class Breakage(NamedTuple):
    """One way to break a bag.

    Attributes:
        name: Such as `truncated-in-chunk-data`.
        harm: What can no longer be done.
        summary: What it does, in a sentence.
        apply: Does it; raises ValueError for what is no valid bag with messages.
    """

    name: str
    harm: Harm
    summary: str
    apply: Break


def break_bag(name: str, bag: bytes) -> bytes:
    """Break a bag.

    Args:
        name: A key of `BREAKAGES`.
        bag: A valid bag that holds messages.

    Returns:
        The broken bag.

    Raises:
        ValueError: There is no such way, or the bag is not valid; the text says which.
    """
    if name not in BREAKAGES:
        raise ValueError(f"There is no breakage {name!r}; there are {', '.join(BREAKAGES)}.")
    return BREAKAGES[name].apply(bag)


def generate_broken_bag(
    path: str | os.PathLike[str], name: str, recipe: BagRecipe | None = None, *, overwrite: bool = False
) -> int:
    """Record the robot into a bag and break it; the file appears whole or not at all.

    Args:
        path: Where to.
        name: A key of `BREAKAGES`.
        recipe: The bag before it is broken, which is held in memory.
        overwrite: Replace a file that is there.

    Returns:
        The bytes written.

    Raises:
        FileExistsError: There is a file already and `overwrite` is not set.
        ValueError: There is no such way to break a bag, or the recipe makes none that can be broken.
    """
    if name not in BREAKAGES:
        break_bag(name, b"")
    with new_file(Path(path), overwrite=overwrite) as temporary, tempfile.TemporaryDirectory() as folder:
        whole = generate_bag(Path(folder, "whole.bag"), recipe).path
        return temporary.write_bytes(break_bag(name, whole.read_bytes()))


BREAKAGES: Mapping[str, Breakage] = {
    name: Breakage(name, harm, summary, apply)
    for name, harm, summary, apply in (
        ("empty", Harm.OPEN, "The file has no byte.", lambda _bag: b""),
        (
            "text",
            Harm.OPEN,
            "The file is a text.",
            lambda _bag: b"This is not the bag that you are looking for.\n" * 40,
        ),
        ("zip", Harm.OPEN, "The file is a zip archive.", as_zip),
        ("random", Harm.OPEN, "The file is 8 kB of noise.", lambda bag: Random(len(bag)).randbytes(8192)),
        ("wrong-magic", Harm.OPEN, "The first line is not that of a bag.", overwrite(lambda _l: 0, b"#SOME OTHER.")),
        ("wrong-version", Harm.OPEN, "The first line tells format 1.2.", overwrite(lambda _l: 9, b"1.2")),
        ("unindexed", Harm.OPEN, "The recorder never closed the file: it has no index.", unindexed),
        ("encrypted", Harm.OPEN, "The header names an encryptor.", encrypted),
        ("no-messages", Harm.NONE, "The bag is valid but has no message and no connection.", no_messages),
        ("truncated-in-magic", Harm.OPEN, "Cut off within the first line.", lambda bag: bag[:7]),
        ("truncated-after-magic", Harm.OPEN, "Cut off after the first line.", lambda bag: bag[: len(MAGIC)]),
        (
            "truncated-in-bag-header",
            Harm.OPEN,
            "Cut off within the fields of the bag header.",
            cut(lambda layout: layout.first(Op.BAG_HEADER).start + 30),
        ),
        (
            "truncated-in-padding",
            Harm.OPEN,
            "Cut off within the padding that follows the bag header's fields.",
            cut(lambda layout: inside(layout.first(Op.BAG_HEADER))),
        ),
        (
            "truncated-after-bag-header",
            Harm.OPEN,
            "Cut off where the first chunk would start.",
            cut(lambda layout: layout.first(Op.BAG_HEADER).end),
        ),
        (
            "truncated-in-chunk-header",
            Harm.OPEN,
            "Cut off within the header of the first chunk.",
            cut(lambda layout: layout.first(Op.CHUNK).start + 12),
        ),
        (
            "truncated-in-chunk-data",
            Harm.OPEN,
            "Cut off in the middle of the last chunk's data.",
            cut(lambda layout: inside(last_chunk(layout))),
        ),
        (
            "truncated-after-chunk",
            Harm.OPEN,
            "Cut off after the last chunk, before its index.",
            cut(lambda layout: last_chunk(layout).end),
        ),
        (
            "truncated-in-index",
            Harm.OPEN,
            "Cut off within the first chunk's index.",
            cut(lambda layout: inside(layout.first(Op.INDEX))),
        ),
        (
            "truncated-before-index-section",
            Harm.OPEN,
            "Cut off after all chunks, where the header says that the connections start.",
            cut(lambda layout: layout.first(Op.CONNECTION).start),
        ),
        (
            "truncated-in-connection-header",
            Harm.OPEN,
            "Cut off within the header of the first connection.",
            cut(lambda layout: layout.first(Op.CONNECTION).start + 10),
        ),
        (
            "truncated-in-connection",
            Harm.OPEN,
            "Cut off within the first connection's message definition.",
            cut(lambda layout: inside(layout.first(Op.CONNECTION))),
        ),
        (
            "truncated-between-connections",
            Harm.OPEN,
            "Cut off after the first connection.",
            cut(lambda layout: layout.first(Op.CONNECTION).end),
        ),
        (
            "truncated-after-connections",
            Harm.OPEN,
            "Cut off between the connections and what tells of the chunks.",
            cut(lambda layout: layout.first(Op.CHUNK_INFO).start),
        ),
        (
            "truncated-in-chunk-info-header",
            Harm.OPEN,
            "Cut off within the header of the first chunk info.",
            cut(lambda layout: layout.first(Op.CHUNK_INFO).start + 20),
        ),
        (
            "truncated-in-chunk-info",
            Harm.OPEN,
            "Cut off within the message counts of the last chunk info.",
            cut(lambda layout: inside(layout.all(Op.CHUNK_INFO)[-1])),
        ),
        (
            "truncated-last-byte",
            Harm.OPEN,
            "The last byte is missing.",
            cut(lambda layout: layout.records[-1].end - 1),
        ),
        (
            "index-beyond-end",
            Harm.OPEN,
            "The header points to an index beyond the end of the file.",
            set_field(Op.BAG_HEADER, "index_pos", position(FAR)),
        ),
        (
            "index-huge",
            Harm.OPEN,
            "The header points to an index at the largest number of 64 bits.",
            set_field(Op.BAG_HEADER, "index_pos", position(2**64 - 1)),
        ),
        (
            "index-at-start",
            Harm.OPEN,
            "The header points to itself as the index.",
            set_field(Op.BAG_HEADER, "index_pos", position(len(MAGIC))),
        ),
        ("index-in-chunk", Harm.OPEN, "The header points into a chunk's data as the index.", point_into_chunk),
        (
            "too-many-connections",
            Harm.OPEN,
            "The header tells of more connections than there are.",
            set_field(Op.BAG_HEADER, "conn_count", number(60_000)),
        ),
        (
            "too-many-chunks",
            Harm.OPEN,
            "The header tells of more chunks than there are.",
            set_field(Op.BAG_HEADER, "chunk_count", number(4_000_000_000)),
        ),
        (
            "chunk-beyond-end",
            Harm.READ,
            "A chunk info points beyond the end of the file.",
            set_field(Op.CHUNK_INFO, "chunk_pos", position(FAR)),
        ),
        (
            "chunk-at-wrong-place",
            Harm.READ,
            "A chunk info points to what is no chunk.",
            set_field(Op.CHUNK_INFO, "chunk_pos", position(len(MAGIC))),
        ),
        (
            "chunk-info-counts-lie",
            Harm.OPEN,
            "A chunk info tells of more connections than it lists.",
            set_field(Op.CHUNK_INFO, "count", number(100_000)),
        ),
        (
            "chunk-info-version",
            Harm.OPEN,
            "A chunk info has a version that nobody knows.",
            set_field(Op.CHUNK_INFO, "ver", number(7)),
        ),
        (
            "index-counts-lie",
            Harm.READ,
            "A chunk's index tells of more messages than it lists.",
            set_field(Op.INDEX, "count", number(1_000_000)),
        ),
        (
            "index-offset-wrong",
            Harm.READ,
            "A chunk's index points beyond the chunk's data.",
            overwrite(lambda layout: layout.first(Op.INDEX).data + 8, number(ABSURD)),
        ),
        (
            "index-of-nobody",
            Harm.READ,
            "A chunk's index belongs to a connection that does not exist.",
            set_field(Op.INDEX, "conn", number(54_321)),
        ),
        (
            "chunk-damaged",
            Harm.READ,
            "A chunk's data are overwritten where they start: they no longer decompress, or hold no message there.",
            damaged_chunk,
        ),
        ("unknown-compression", Harm.READ, "A chunk's compression has a name that nobody knows.", unknown_compression),
        (
            "chunk-length-absurd",
            Harm.READ,
            "A chunk's data are said to be 4 GB long.",
            overwrite(lambda layout: layout.first(Op.CHUNK).data - 4, number(ABSURD)),
        ),
        (
            "chunk-header-length-absurd",
            Harm.READ,
            "A chunk's header is said to be 4 GB long.",
            overwrite(lambda layout: layout.first(Op.CHUNK).start, number(ABSURD)),
        ),
        (
            "bag-header-length-absurd",
            Harm.OPEN,
            "The bag header is said to be 4 GB long.",
            overwrite(lambda layout: layout.first(Op.BAG_HEADER).start, number(ABSURD)),
        ),
        (
            "field-length-absurd",
            Harm.OPEN,
            "The first field of the bag header is said to be 4 GB long.",
            overwrite(lambda layout: layout.first(Op.BAG_HEADER).start + 4, number(ABSURD)),
        ),
        (
            "connection-length-absurd",
            Harm.OPEN,
            "A connection is said to be 4 GB long.",
            overwrite(lambda layout: layout.first(Op.CONNECTION).data - 4, number(ABSURD)),
        ),
        (
            "field-without-equals",
            Harm.OPEN,
            "A field of a connection's header has no sign between name and value.",
            overwrite(lambda layout: layout.first(Op.CONNECTION).fields["topic"][0] - 1, b"?"),
        ),
        (
            "index-position-missing",
            Harm.OPEN,
            "The bag header does not tell where the index is.",
            rename_field(Op.BAG_HEADER, "index_pos"),
        ),
        (
            "chunk-position-missing",
            Harm.OPEN,
            "A chunk info does not tell where its chunk is.",
            rename_field(Op.CHUNK_INFO, "chunk_pos"),
        ),
        ("topic-missing", Harm.OPEN, "A connection has no topic.", rename_field(Op.CONNECTION, "topic")),
        (
            "definitions-garbled",
            Harm.READ,
            "The message definitions of the connections are unreadable: messages cannot be decoded.",
            garbled_definition,
        ),
    )
}
"""All the ways to break a bag, by name."""
