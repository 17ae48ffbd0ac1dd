"""A ROS 1 bag as a recording: what its connections and messages are in the words that MCAP has for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from robowire_mocks.formats import BagError
from robowire_mocks.formats.recorded import Kind, RecordedAttachment, RecordedChannel, RecordedMessage
from robowire_mocks.formats.rosbag1 import Bag, Message

if TYPE_CHECKING:
    from robowire_mocks.formats.rosbag1_index import Connection
    from robowire_mocks.formats.rosbag1_records import Source

_EVER = 1 << 64


@dataclass(frozen=True, slots=True)
class BagRecorded:
    """An open ROS 1 bag. Bags have no attachments, and no metadata records."""

    path: Path
    bag: Bag
    size: int
    channels: tuple[RecordedChannel, ...]
    message_count: int
    kind: Kind = Kind.BAG
    profile: str = "ros1"
    attachments: tuple[RecordedAttachment, ...] = ()
    _by_id: Mapping[int, RecordedChannel] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path, *, verify: bool = False) -> BagRecorded:
        """Read the bag's index; with `verify`, all its messages.

        Raises:
            RecordedError: The file cannot be read as a bag.
        """
        bag = Bag.open(path)
        counts: Counter[int] = Counter()
        if verify:
            for message in bag.between(0, _EVER):
                counts[message.connection.id] += 1
            if counts.total() != bag.total_messages:
                raise BagError("damaged: the index counts other messages than there are")
        else:
            counts = bag.counts()
        by_id = {one.id: _channel(one, counts[one.id]) for one in bag.connections.values()}
        return cls(path, bag, path.stat().st_size, tuple(by_id.values()), bag.total_messages, _by_id=by_id)

    @property
    def start_ns(self) -> int | None:
        """The time of the first message; None without messages."""
        return self.bag.start_ns

    @property
    def end_ns(self) -> int | None:
        """The time of the last message; None without messages."""
        return self.bag.end_ns

    def source(self) -> Source:
        """The open file, whatever becomes of its name; to be closed."""
        return self.bag.source()

    def metadata(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        """None: bags have no such records."""
        return ()

    def attachment_data(
        self,
        attachment: RecordedAttachment,
        source: Source | None = None,  # noqa: ARG002  # as all recordings have it
    ) -> Iterator[bytes]:
        """Nothing: bags have no attachments."""
        raise BagError(f"a bag has no attachment {attachment.name[:80]!r}")

    def messages(
        self,
        start_ns: int | None = None,
        end_ns: int | None = None,
        topics: Collection[str] | None = None,
        source: Source | None = None,
    ) -> Iterator[RecordedMessage]:
        """Those with start_ns <= time <= end_ns, of some topics, by time; ties as they stand in the file.

        Raises:
            BagError: A chunk that may hold such messages is damaged.
        """
        for message in self.bag.between(start_ns or 0, _EVER if end_ns is None else end_ns + 1, source):
            if topics is None or message.connection.topic in topics:
                yield self._message(message)

    def latest_before(
        self, start_ns: int, since_ns: int, topics: Collection[str] | None = None, source: Source | None = None
    ) -> list[RecordedMessage]:
        """Of each connection its last message with since_ns <= time < start_ns, by time.

        Raises:
            BagError: A chunk that may hold such messages is damaged.
        """
        found = [
            self._message(message)
            for channel in self.channels
            if topics is None or channel.topic in topics
            for message in [self.bag.last_of(channel.id, start_ns, source)]
            if message is not None and message.time_ns >= since_ns
        ]
        return sorted(found, key=lambda one: one.log_time_ns)

    def _message(self, message: Message) -> RecordedMessage:
        time, connection, data = message
        return RecordedMessage(time, time, 0, self._by_id[connection.id], data)


def _channel(connection: Connection, count: int) -> RecordedChannel:
    """As the MCAP registry has it: profile ros1, schemas in the encoding ros1msg."""
    facts = {"callerid": connection.callerid, "latching": "1" if connection.latching else "", "md5sum": connection.md5}
    return RecordedChannel(
        connection.id,
        connection.topic,
        "ros1",
        connection.type,
        "ros1msg",
        connection.definition.encode(),
        connection.id + 1,
        {name: value for name, value in facts.items() if value},
        count,
    )
