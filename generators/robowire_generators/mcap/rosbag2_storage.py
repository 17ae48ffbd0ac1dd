"""What a ROS 2 bag keeps its messages in: a SQLite database, or an MCAP file, each as rosbag2's plugin writes it."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, Self

from robowire_generators.mcap.encodings import Described
from robowire_generators.mcap.writer import McapWriter

if TYPE_CHECKING:
    from robowire_generators.mcap.rosbag2 import Rosbag2Recipe

VERSION = 9
"""Of metadata.yaml, as ROS 2 Jazzy writes it."""

FOREVER = {"sec": 9_223_372_036, "nsec": 854_775_807}
"""A deadline or lifespan that is none."""


class TopicRecord(NamedTuple):
    """A topic: number, name, type with definition, hash of the type, and whether late subscribers get a message."""

    id: int
    name: str
    schema: Described
    type_hash: str
    latched: bool

    @property
    def qos(self) -> list[dict[str, Any]]:
        """How it is offered, one profile."""
        profile = {
            "history": "keep_last",
            "depth": 10,
            "reliability": "reliable",
            "durability": "transient_local" if self.latched else "volatile",
            "deadline": FOREVER,
            "lifespan": FOREVER,
            "liveliness": "automatic",
            "liveliness_lease_duration": FOREVER,
            "avoid_ros_namespace_conventions": False,
        }
        return [{name: dict(value) if isinstance(value, dict) else value for name, value in profile.items()}]

    @property
    def qos_text(self) -> str:
        """The same as YAML, as storages keep it."""
        import yaml  # only where a bag is written

        return str(yaml.safe_dump(self.qos, sort_keys=False)).strip()

    @property
    def told(self) -> dict[str, Any]:
        """What metadata.yaml tells of it."""
        return {
            "name": self.name,
            "type": self.schema.name,
            "serialization_format": "cdr",
            "offered_qos_profiles": self.qos,
            "type_description_hash": self.type_hash,
        }


class Storage(Protocol):
    """Takes in topics and messages."""

    suffix: ClassVar[str]

    def __enter__(self) -> Self:
        """Open."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""

    @property
    def size(self) -> int:
        """About how many bytes the file has."""

    def add(self, topic: TopicRecord) -> None:
        """Take in a topic."""

    def write(self, topic: TopicRecord, time_ns: int, data: bytes, number: int) -> None:
        """Take in a message, the number-th of its topic."""

    def finish(self, metadata: str) -> None:
        """Write what stands at the end; `metadata` is the YAML of what the bag tells of itself."""


class SqliteStorage:
    """A database in the schema of rosbag2_storage_sqlite3, version 4."""

    suffix: ClassVar[str] = ".db3"

    _TABLES = """
        CREATE TABLE schema(schema_version INTEGER PRIMARY KEY, ros_distro TEXT NOT NULL);
        CREATE TABLE metadata(id INTEGER PRIMARY KEY, metadata_version INTEGER NOT NULL, metadata TEXT NOT NULL);
        CREATE TABLE topics(
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, serialization_format TEXT NOT NULL,
            offered_qos_profiles TEXT NOT NULL, type_description_hash TEXT NOT NULL);
        CREATE TABLE message_definitions(
            id INTEGER PRIMARY KEY, topic_type TEXT NOT NULL, encoding TEXT NOT NULL,
            encoded_message_definition TEXT NOT NULL, type_description_hash TEXT NOT NULL);
        CREATE TABLE messages(
            id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE INDEX timestamp_idx ON messages (timestamp ASC);
        INSERT INTO schema VALUES (4, 'jazzy');
    """

    def __init__(self, path: Path, _recipe: "Rosbag2Recipe") -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        # The file is thrown away if writing fails: neither a journal nor a flush protects anything.
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + self._TABLES + "BEGIN;")
        self._types: set[str] = set()
        self.size = 0

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self._database.close()

    def add(self, topic: TopicRecord) -> None:
        """Insert a topic, and its type when it is new."""
        name, encoding, definition = topic.schema
        row = (topic.id, topic.name, name, "cdr", topic.qos_text, topic.type_hash)
        self._database.execute("INSERT INTO topics VALUES (?, ?, ?, ?, ?, ?)", row)
        if name not in self._types:
            self._types.add(name)
            described = (name, encoding, definition.decode(), topic.type_hash)
            self._database.execute("INSERT INTO message_definitions VALUES (NULL, ?, ?, ?, ?)", described)
        self.size += len(definition)

    def write(self, topic: TopicRecord, time_ns: int, data: bytes, _number: int) -> None:
        """Insert a message."""
        self._database.execute("INSERT INTO messages VALUES (NULL, ?, ?, ?)", (topic.id, time_ns, data))
        self.size += len(data) + ROW

    def finish(self, metadata: str) -> None:
        """Insert what the bag tells of itself."""
        self._database.execute("INSERT INTO metadata VALUES (NULL, ?, ?)", (VERSION, metadata.strip()))
        self._database.execute("COMMIT")


ROW = 36
"""About how many bytes a message costs besides its data, in the table and in the index."""


class McapStorage:
    """An MCAP file as rosbag2_storage_mcap writes it."""

    suffix: ClassVar[str] = ".mcap"

    def __init__(self, path: Path, recipe: "Rosbag2Recipe") -> None:
        self._file = path.open("wb")
        self._writer = McapWriter(
            self._file, chunk_size=recipe.chunk_size, compression=recipe.compression, profile="ros2"
        )
        self._schemas: dict[Described, int] = {}

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes written, and those that wait unless they are still to be compressed."""
        return self._writer.size + self._writer.waiting

    def add(self, topic: TopicRecord) -> None:
        """Write a channel, and its schema when it is new."""
        if topic.schema not in self._schemas:
            self._schemas[topic.schema] = self._writer.schema(*topic.schema)
        words = {"offered_qos_profiles": topic.qos_text, "topic_type_hash": topic.type_hash}
        self._writer.channel(topic.name, "cdr", self._schemas[topic.schema], words, channel_id=topic.id)

    def write(self, topic: TopicRecord, time_ns: int, data: bytes, number: int) -> None:
        """Write a message."""
        self._writer.message(topic.id, time_ns, data, time_ns, number)

    def finish(self, metadata: str) -> None:
        """Write what the bag tells of itself, and the summary."""
        self._writer.metadata("rosbag2", {"serialized_metadata": metadata})
        self._writer.finish()


STORAGES: Mapping[str, type[SqliteStorage] | type[McapStorage]] = {"sqlite3": SqliteStorage, "mcap": McapStorage}
