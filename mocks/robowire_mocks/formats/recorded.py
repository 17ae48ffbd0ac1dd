"""A recording whatever its format: what it holds, its messages in the order of their log times, its attachments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from robowire_mocks.formats import RecordedError

if TYPE_CHECKING:
    from pathlib import Path

    from robowire_mocks.formats.rosbag1_records import Source

__all__ = [
    "Kind",
    "Recorded",
    "RecordedAttachment",
    "RecordedChannel",
    "RecordedError",
    "RecordedMessage",
]


class Kind(StrEnum):
    """The format of a recording, in the document's words."""

    MCAP = "mcap1"
    BAG = "bag1"


@dataclass(frozen=True, slots=True)
class RecordedChannel:
    """Messages of one kind from one source; several may share a topic. Without a schema its three members are empty.

    `id` is the file's own, `schema_id` too (0 is none); `message_count` counts the whole recording.
    """

    id: int
    topic: str
    message_encoding: str
    schema_name: str = ""
    schema_encoding: str = ""
    schema_data: bytes = b""
    schema_id: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict, hash=False)
    message_count: int = 0


class RecordedMessage(NamedTuple):
    """One message; times are ns since the Unix epoch."""

    log_time_ns: int
    publish_time_ns: int
    sequence: int
    channel: RecordedChannel
    data: bytes | memoryview


@dataclass(frozen=True, slots=True)
class RecordedAttachment:
    """A file within the recording: its `size` bytes stand at `offset` of the recording.

    `crc` is what the recording says, 0 if it says nothing.
    """

    name: str
    media_type: str
    log_time_ns: int
    create_time_ns: int
    size: int
    crc: int
    offset: int


class Recorded(Protocol):
    """An open recording: its index in memory, the rest in the file. Many threads may use one at once.

    Every call opens the file anew, unless it is given a `source` that is open, and raises RecordedError if the file was
    removed or replaced meanwhile, or is damaged.
    """

    def source(self) -> Source:
        """The open file, whatever becomes of its name; to be closed."""

    @property
    def path(self) -> Path:
        """Where the file is."""

    @property
    def kind(self) -> Kind:
        """Its format."""

    @property
    def size(self) -> int:
        """Its bytes."""

    @property
    def profile(self) -> str:
        """The MCAP profile that its channels follow, or nothing."""

    @property
    def channels(self) -> tuple[RecordedChannel, ...]:
        """All of them, those without messages too."""

    @property
    def message_count(self) -> int:
        """How many messages it has."""

    @property
    def attachments(self) -> tuple[RecordedAttachment, ...]:
        """In the order of the file."""

    @property
    def start_ns(self) -> int | None:
        """The log time of the first message; None without messages."""

    @property
    def end_ns(self) -> int | None:
        """The log time of the last message; None without messages."""

    def metadata(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        """Name and content of the metadata records, in the order of the file."""

    def attachment_data(self, attachment: RecordedAttachment, source: Source | None = None) -> Iterator[bytes]:
        """The bytes of an attachment, piece by piece."""

    def messages(
        self,
        start_ns: int | None = None,
        end_ns: int | None = None,
        topics: Collection[str] | None = None,
        source: Source | None = None,
    ) -> Iterator[RecordedMessage]:
        """Those with start_ns <= log time <= end_ns, of some topics, by log time; ties as they stand in the file."""

    def latest_before(
        self, start_ns: int, since_ns: int, topics: Collection[str] | None = None, source: Source | None = None
    ) -> list[RecordedMessage]:
        """Of each channel its last message with since_ns <= log time < start_ns, by log time."""
