"""Writes what the robot publishes as a ROS 1 bag (format 2.0), of any size in bounded memory."""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from robowire_generators.definitions import definition, internal_name
from robowire_generators.recipe import BagRecipe

if TYPE_CHECKING:
    from rosbags.interfaces import Connection

    from robowire_generators.robot import Topic

Progress = Callable[[float], None]
"""Is told the fraction that is done, from 0.0 to 1.0, never falling."""


@dataclass(frozen=True, slots=True)
class BagSummary:
    """What has been written.

    Attributes:
        path: The file.
        messages: How many it holds.
        size: Bytes.
        start_ns: Time of the first message, ns since the epoch; None without messages.
        end_ns: Time of the last message, likewise.
    """

    path: Path
    messages: int
    size: int
    start_ns: int | None
    end_ns: int | None


def generate_bag(
    path: str | os.PathLike[str],
    recipe: BagRecipe | None = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> BagSummary:
    """Record the robot into a bag.

    The file appears whole or not at all: it is written beside its place under a hidden name, then renamed.

    Args:
        path: Where to.
        recipe: What to record; 30 seconds of a few messages by default.
        overwrite: Replace a file that is there.
        progress: Told how far the work is, after each chunk.

    Returns:
        What has been written.

    Raises:
        FileExistsError: There is a file already and `overwrite` is not set.
        ValueError: The recipe names a topic that its profile does not have.
        OSError: The file cannot be written.
    """
    recipe = recipe or BagRecipe()
    _check_topics(recipe)
    with new_file(Path(path), overwrite=overwrite) as temporary:
        recording = _Recording(temporary, recipe, progress or (lambda _fraction: None))
        recording.run()
        size = temporary.stat().st_size
    return BagSummary(Path(path), recording.messages, size, recording.start_ns, recording.end_ns)


@contextmanager
def new_file(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a hidden name to write to, which becomes `path` at the end, or nothing if writing fails.

    Raises:
        FileExistsError: There is a file already and `overwrite` is not set.
    """
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists already.")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _check_topics(recipe: BagRecipe) -> None:
    from robowire_generators.robot import PROFILE_TABLE  # the robot is needed only to record it

    known = PROFILE_TABLE[str(recipe.profile)].schedules
    for topic in recipe.topics or ():
        if topic not in known:
            raise ValueError(f"The profile {recipe.profile!r} has no topic {topic!r}; it has {', '.join(known)}.")


class _Recording:
    """One run of the recorder: the open bag, its connections and what has been written so far."""

    def __init__(self, path: Path, recipe: BagRecipe, progress: Progress) -> None:
        from robowire_generators.rosbag1_writer import BoundedWriter  # loads numpy and the type stores

        self.messages = 0
        self.start_ns: int | None = None
        self.end_ns: int | None = None
        self._recipe = recipe
        self._progress = progress
        self._writer = BoundedWriter(path, chunk_size=recipe.chunk_size, compression=recipe.compression)
        self._connections: dict[str, list[Connection]] = {}
        self._published: Counter[str] = Counter()

    def run(self) -> None:
        """Record until the duration or the size is reached."""
        from robowire_generators.encoding import encode  # loaded with the robot
        from robowire_generators.robot import TOPICS, simulate  # the robot is needed only here

        recipe = self._recipe
        events = simulate(
            seed=recipe.seed,
            start_ns=recipe.start_ns,
            duration_ns=recipe.duration_ns,
            profile=str(recipe.profile),
            topics=recipe.topics,
        )
        self._progress(0.0)
        with self._writer as writer:
            reported = 0
            for time_ns, topic, kind, value in events:
                writer.write(self._connection(TOPICS[topic]), time_ns, encode(kind, value))
                self._count(time_ns)
                if writer.chunks_written != reported:
                    reported = writer.chunks_written
                    self._progress(self._fraction(time_ns))
                if recipe.size is not None and writer.size >= recipe.size:
                    break
        self._progress(1.0)

    def _connection(self, topic: "Topic") -> "Connection":
        """Choose the connection that the topic's next message comes by; the nodes take turns."""
        known = self._connections.setdefault(topic.name, [])
        turn = self._published[topic.name] % self._recipe.connections
        self._published[topic.name] += 1
        if turn == len(known):
            known.append(self._add_connection(topic, turn))
        return known[turn]

    def _add_connection(self, topic: "Topic", turn: int) -> "Connection":
        text, md5 = definition(topic.type)
        return self._writer.add_connection(
            topic.name,
            internal_name(topic.type),
            msgdef=text,
            md5sum=md5,
            callerid=topic.node if turn == 0 else f"{topic.node}_{turn + 1}",
            latching=int(topic.latched),
        )

    def _count(self, time_ns: int) -> None:
        self.messages += 1
        self.start_ns = time_ns if self.start_ns is None else self.start_ns
        self.end_ns = time_ns

    def _fraction(self, time_ns: int) -> float:
        recipe = self._recipe
        by_time = (time_ns - recipe.start_ns) / recipe.duration_ns if recipe.duration_ns else 0.0
        by_size = self._writer.size / recipe.size if recipe.size else 0.0
        return min(max(by_time, by_size), 1.0)
