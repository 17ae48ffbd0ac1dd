"""Writes what the robot publishes as a ROS 2 bag: a folder with a file, SQLite or MCAP, and a metadata.yaml."""

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robowire_generators.mcap.chunk import Compression
from robowire_generators.mcap.encodings import DIALECTS, Encoding
from robowire_generators.mcap.events import events
from robowire_generators.mcap.recipe import END_OF_ROS2_NS, TRACK
from robowire_generators.recipe import SECOND, Recipe, chunk_faults
from robowire_generators.rosbag1 import BagSummary, Progress

if TYPE_CHECKING:
    from robowire_generators.mcap.rosbag2_storage import Storage, TopicRecord
    from robowire_generators.robot import Event


REPORT_EVERY = 1000
"""Messages between two reports of progress."""


class StorageId(StrEnum):
    """What a ROS 2 bag keeps its messages in, by the names that rosbag2 has for its plugins."""

    SQLITE3 = "sqlite3"
    MCAP = "mcap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rosbag2Recipe(Recipe):
    """What a ROS 2 bag shall be.

    Attributes:
        storage: What the messages are kept in.
        idl: Whether the definitions are .idl; else they are .msg.
        chunk_size: Bytes of records that fill a chunk of MCAP.
        compression: Of the chunks of MCAP.

    Raises:
        ValueError: A value makes no bag; the text says which and why.
    """

    storage: StorageId = StorageId.SQLITE3
    idl: bool = False
    chunk_size: int = 768 * 1024
    compression: Compression = Compression.NONE

    def __post_init__(self) -> None:
        Recipe.__post_init__(self)
        object.__setattr__(self, "storage", StorageId(self.storage))
        object.__setattr__(self, "compression", Compression(self.compression))

    def faults(self) -> tuple[tuple[bool, str], ...]:
        """Give all that can be wrong: whether it is, and the text that says so."""
        known = tuple(StorageId)
        duration_s = self.duration_s or 0.0
        end_ns = self.start_ns + (duration_s * SECOND if 0 < duration_s < END_OF_ROS2_NS else 0)
        return (
            *Recipe.faults(self),
            *chunk_faults(self.chunk_size, self.compression, tuple(Compression)),
            (self.storage not in known, f"There is no storage {str(self.storage)!r}; there are {', '.join(known)}."),
            (TRACK in (self.topics or ()), f"ROS 2 bags have no topic {TRACK}."),
            (end_ns >= END_OF_ROS2_NS, "ROS 2 can tell times to 2038-01-19 only."),
            (
                self.storage == StorageId.SQLITE3 and self.compression != Compression.NONE,
                "Only the storage mcap compresses.",
            ),
        )


def generate_rosbag2(
    path: str | os.PathLike[str],
    recipe: Rosbag2Recipe | None = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> BagSummary:
    """Record the robot into a ROS 2 bag.

    The folder appears whole or not at all: it is written beside its place under a hidden name, then renamed.

    Args:
        path: The folder.
        recipe: What to record; 30 seconds of a few messages by default.
        overwrite: Replace a bag that is there.
        progress: Told how far the work is, now and then.

    Returns:
        What has been written; the size is that of the file of messages.

    Raises:
        FileExistsError: There is something already, and `overwrite` is not set or it is no ROS 2 bag.
        ValueError: The recipe names a topic that its profile does not have.
        OSError: The folder cannot be written.
    """
    path = Path(path)
    with _new_folder(path, overwrite=overwrite) as temporary:
        recording = _Recording(temporary, path.name, recipe or Rosbag2Recipe(), progress)
        recording.run()
        size = recording.file.stat().st_size
    return BagSummary(path, recording.messages, size, recording.start_ns, recording.end_ns)


@contextmanager
def _new_folder(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a hidden folder to write to, which becomes `path` at the end, or nothing if writing fails."""
    replaceable = overwrite and (path / "metadata.yaml").is_file()
    if path.exists() and not replaceable:
        raise FileExistsError(f"{path} exists already.")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    temporary.mkdir()
    try:
        yield temporary
        if replaceable:
            shutil.rmtree(path)
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class _Recording:
    """One run of the recorder: the open storage, its topics and what has been written so far."""

    def __init__(self, folder: Path, name: str, recipe: Rosbag2Recipe, progress: Progress | None) -> None:
        from robowire_generators.mcap.rosbag2_storage import STORAGES  # loads SQLite

        self.start_ns: int | None = None
        self.end_ns: int | None = None
        self._recipe = recipe
        self._progress = progress or (lambda _fraction: None)
        self._dialect = DIALECTS[Encoding.ROS2IDL if recipe.idl else Encoding.ROS2]
        self._topics: dict[str, TopicRecord] = {}
        self._counts: Counter[str] = Counter()
        self._events = events(recipe)
        self._folder = folder
        storage = STORAGES[recipe.storage]
        self.file = folder / f"{name}_0{storage.suffix}"
        self._storage: Storage = storage(self.file, recipe)

    @property
    def messages(self) -> int:
        """How many have been written."""
        return self._counts.total()

    def run(self) -> None:
        """Record until the duration or the size is reached."""
        self._progress(0.0)
        with self._storage as storage:
            for event in self._events:
                self._write(event)
                if self._recipe.size is not None and storage.size >= self._recipe.size:
                    break
            storage.finish(self._yaml(self._information()))
        text = self._yaml({"rosbag2_bagfile_information": self._information()})
        (self._folder / "metadata.yaml").write_text(text, encoding="utf-8")
        self._progress(1.0)

    def _write(self, event: "Event") -> None:
        topic = self._topics.get(event.topic) or self._add(event)
        number = self._counts[event.topic]
        self._storage.write(topic, event.time_ns, self._dialect.encode(event), number)
        self._counts[event.topic] += 1
        self.start_ns = event.time_ns if self.start_ns is None else self.start_ns
        self.end_ns = event.time_ns
        if self.messages % REPORT_EVERY == 0:
            self._progress(self._fraction(event.time_ns))

    def _add(self, event: "Event") -> "TopicRecord":
        from robowire_generators.mcap.ros2 import typestore  # loads the type stores
        from robowire_generators.mcap.rosbag2_storage import TopicRecord
        from robowire_generators.robot import TOPICS

        schema = self._dialect.describe(event)
        assert schema, "ROS 2 has a form for every message"
        known = TOPICS.get(event.topic)
        topic = TopicRecord(
            len(self._topics) + 1,
            event.topic,
            schema,
            str(typestore().hash_rihs01(schema.name)),
            latched=bool(known and known.latched),
        )
        self._topics[event.topic] = topic
        self._storage.add(topic)
        return topic

    def _fraction(self, time_ns: int) -> float:
        recipe = self._recipe
        of_time = (time_ns - recipe.start_ns) / recipe.duration_ns if recipe.duration_ns else 0.0
        of_size = self._storage.size / recipe.size if recipe.size else 0.0
        return min(max(of_time, of_size), 1.0)

    def _information(self) -> dict[str, Any]:
        """Give what metadata.yaml tells."""
        from robowire_generators.mcap.rosbag2_storage import VERSION  # loads SQLite

        start_ns = self.start_ns or 0
        span = {
            "starting_time": {"nanoseconds_since_epoch": start_ns},
            "duration": {"nanoseconds": (self.end_ns or 0) - start_ns},
            "message_count": self.messages,
        }
        return {
            "version": VERSION,
            "storage_identifier": self._recipe.storage.value,
            **span,
            "topics_with_message_count": [
                {"topic_metadata": topic.told, "message_count": self._counts[topic.name]}
                for topic in self._topics.values()
            ],
            "compression_format": "",
            "compression_mode": "",
            "relative_file_paths": [self.file.name],
            "files": [{"path": self.file.name, **span}],
            "custom_data": None,
            "ros_distro": "jazzy",
        }

    @staticmethod
    def _yaml(value: dict[str, Any]) -> str:
        import yaml  # only where a bag is closed

        return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
