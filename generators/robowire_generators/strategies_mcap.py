"""Hypothesis strategies that give MCAP recordings: any channels, times, bytes, chunks, compressions and indexes."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from hypothesis import strategies as st

from robowire_generators.mcap.sample import (
    SampleAttachment,
    SampleChannel,
    SampleMcap,
    SampleMessage,
    SampleMetadata,
    sample_mcap,
)
from robowire_generators.mcap.writer import Compression

SECOND = 1_000_000_000
"""Nanoseconds."""

TOPICS: tuple[str, ...] = ("/odom", "/scan", "/alerts", "/a", "/a/b", "a b", "/ä,b", "/%2F?&=+")
"""Names to choose from, some that an address must escape."""

SCHEMAS: tuple[tuple[str, str, bytes, str], ...] = (
    ("robowire.Any", "jsonschema", b'{"type":"object"}', "json"),
    ("std_msgs/String", "ros1msg", b"string data\n", "ros1"),
    ("std_msgs/msg/UInt64", "ros2msg", b"uint64 data\n", "cdr"),
    ("", "", b"", "json"),
    ("", "", b"", "x-robowire"),
)
"""Name, encoding and data of schemas, and the message encoding that goes with each; the last two are none."""

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
_WORDS = st.dictionaries(_TEXTS, _TEXTS, max_size=3)


@cache
def times(around_ns: int = 1_698_762_600 * SECOND) -> st.SearchStrategy[int]:
    """Give times within a minute, ns since the epoch: many on whole seconds, many the same, some a nanosecond apart."""
    seconds = st.integers(0, 60)
    fractions = st.sampled_from((0, 0, 1, 500_000_000, SECOND - 1)) | st.integers(0, SECOND - 1)
    return st.builds(lambda whole, part: around_ns + whole * SECOND + part, seconds, fractions)


@st.composite
def channels(
    draw: st.DrawFn, topics: Sequence[str] = TOPICS, *, per_topic: int = 2, max_size: int = 5
) -> tuple[SampleChannel, ...]:
    """Give channels: one or more for each of some topics, with schema or without.

    Args:
        draw: Given by Hypothesis.
        topics: Names to choose from.
        per_topic: A topic has no more channels than this; they may differ in their schema.
        max_size: There are no more channels than this.
    """
    names = draw(st.lists(st.sampled_from(topics), unique=True, min_size=1, max_size=max_size))
    several = [name for name in names for _ in range(draw(st.integers(1, per_topic)))][:max_size]
    ids = draw(st.lists(st.integers(0, 9) | st.integers(0, 65535), unique=True, min_size=len(several), max_size=7))
    return tuple(
        SampleChannel(number, topic, *draw(st.sampled_from(SCHEMAS)), draw(_WORDS))
        for number, topic in zip(ids, several, strict=False)
    )


def message_data(channel: SampleChannel) -> st.SearchStrategy[bytes]:
    """Give the bytes of a message that its channel's schema allows."""
    if channel.message_encoding == "json":
        return st.dictionaries(_TEXTS, st.integers(-5, 5) | st.booleans(), max_size=2).map(orjson.dumps)
    if channel.message_encoding == "ros1":
        return _TEXTS.map(lambda text: len(text.encode()).to_bytes(4, "little") + text.encode())
    if channel.message_encoding == "cdr":
        return st.integers(0, 2**64 - 1).map(lambda number: b"\x00\x01\x00\x00" + number.to_bytes(8, "little"))
    return st.binary(max_size=12)


@st.composite
def messages(
    draw: st.DrawFn,
    known: Sequence[SampleChannel],
    *,
    max_size: int = 12,
    in_order: bool = False,
    moments: st.SearchStrategy[int] | None = None,
) -> tuple[SampleMessage, ...]:
    """Give messages of some channels, ties included.

    Args:
        draw: Given by Hypothesis.
        known: Their channels.
        max_size: There are no more messages than this; there may be none.
        in_order: Whether they come by log time, as recorders write them.
        moments: Log times, ns; within a minute by default.
    """
    moments = times() if moments is None else moments
    shared = draw(st.lists(moments, min_size=1, max_size=3))
    each = st.tuples(st.sampled_from(shared) | moments, st.sampled_from(known), st.integers(0, 2**32 - 1))
    size = draw(st.integers(0, max_size))
    chosen = draw(st.lists(each, min_size=size, max_size=size))
    if in_order:
        chosen.sort(key=lambda one: one[0])
    return tuple(
        SampleMessage(
            log_time, max(log_time - draw(st.integers(0, 5)), 0), number, channel, draw(message_data(channel))
        )
        for log_time, channel, number in chosen
    )


def attachments(max_size: int = 3) -> st.SearchStrategy[tuple[SampleAttachment, ...]]:
    """Give attachments, some without bytes, some of the same name."""
    one = st.builds(
        SampleAttachment,
        name=st.sampled_from(("map.png", "calibration.yaml", "ä b.txt")) | _TEXTS,
        media_type=st.sampled_from(("image/png", "text/plain", "application/octet-stream", "")),
        data=st.binary(max_size=40),
        log_time_ns=times(),
        create_time_ns=st.just(0) | times(),
    )
    return st.lists(one, max_size=max_size).map(tuple)


def metadata(max_size: int = 3) -> st.SearchStrategy[tuple[SampleMetadata, ...]]:
    """Give metadata records, several of a name among them; never those that the platform reads, named `foxglove`."""
    names = st.sampled_from(("robot", "run", "robot/ä")) | _TEXTS.filter(lambda name: name != "foxglove")
    return st.lists(st.builds(SampleMetadata, name=names, entries=_WORDS), max_size=max_size).map(tuple)


def options(*, indexed: bool | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Give ways to write a file, as `McapWriter` takes them.

    Args:
        indexed: Whether it has chunks and all of the summary, so that a reader can seek; None for either.
    """
    chunked: st.SearchStrategy[Any] = st.sampled_from((1, 200, 4000, 2**20))
    either = st.booleans()
    whole = st.fixed_dictionaries({"chunk_size": chunked, "compression": st.sampled_from(Compression)})
    partial = st.fixed_dictionaries(
        {
            "chunk_size": chunked | st.none(),
            "compression": st.sampled_from(Compression),
            "index": either,
            "statistics": either,
            "crcs": either,
        }
    )
    if indexed is None:
        return whole | partial
    return whole if indexed else partial.filter(lambda way: way["chunk_size"] is None or not way["index"])


@st.composite
def mcaps(
    draw: st.DrawFn,
    *,
    topics: Sequence[str] = TOPICS,
    max_messages: int = 12,
    in_order: bool = False,
    indexed: bool | None = None,
    moments: st.SearchStrategy[int] | None = None,
) -> SampleMcap:
    """Give MCAP recordings.

    Args:
        draw: Given by Hypothesis.
        topics: Names to choose from.
        max_messages: A recording has no more messages than this; it may have none.
        in_order: Whether the messages are written in the order of log time.
        indexed: See `options`.
        moments: Log times, ns; within a minute by default.
    """
    known = draw(channels(topics))
    held = draw(messages(known, max_size=max_messages, in_order=in_order, moments=moments))
    return sample_mcap(known, held, draw(attachments()), draw(metadata()), **draw(options(indexed=indexed)))
