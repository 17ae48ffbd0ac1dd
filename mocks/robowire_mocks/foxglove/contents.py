"""What a file of messages says of itself, or why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = {b"\x89MCAP0\r\n": "mcap0", b"#ROSBAG V": "bag1"}


@dataclass(frozen=True, slots=True)
class Content:
    """What the index of a file says: log times of its first and last message, topics, and metadata records."""

    input_type: str
    start: int | None = None
    end: int | None = None
    topics: tuple[str, ...] = ()
    metadata: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a file cannot be imported; one that is damaged is quarantined."""

    text: str
    damaged: bool


def read(path: Path, *, whole: bool) -> Content | Trouble:
    """What a file contains, or why it cannot be read: by its index, or by all of it."""
    from robowire_mocks.formats.opening import open_recorded  # brings numpy
    from robowire_mocks.formats.recorded import RecordedError  # brings numpy

    try:
        with path.open("rb") as file:
            begin = file.read(max(map(len, _MAGIC)))
        input_type = next((kind for magic, kind in _MAGIC.items() if begin.startswith(magic)), None)
        if input_type is None:
            return Trouble("the file is neither an MCAP file nor a ROS 1 bag", damaged=False)
        recorded = open_recorded(path, verify=whole)
        metadata = tuple({"name": name, "metadata": dict(values)} for name, values in recorded.metadata())
    except RecordedError as error:
        return Trouble(str(error), damaged=True)
    except OSError as error:
        return Trouble(f"the file cannot be read: {error.strerror}", damaged=False)
    topics = tuple(sorted({channel.topic for channel in recorded.channels}))
    return Content(input_type, recorded.start_ns, recorded.end_ns, topics, metadata)
