"""The files of a world's recordings: found where the world says, or made as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.core.world import WorldError
from robowire_mocks.foxglove.contents import Content, Trouble, read
from robowire_mocks.foxglove.made_recordings import ABOUT, Make, make_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from robowire_mocks.foxglove.state import State
    from robowire_mocks.foxglove.world import RecordingEntry


def found(state: State, entry: RecordingEntry, bound: Callable[[str], int]) -> tuple[Content, str | None, int]:
    """What a recording contains, the id of its file, None if it has none, and its size in bytes.

    `bound` gives its `start` and its `end` (ns) as the world says them.

    Raises:
        WorldError: It ends before it starts, or its file cannot be read.
    """
    if entry.file is not None:
        return _outside(state, entry, entry.file)
    start, end = bound("start"), bound("end")
    if start > end:
        raise WorldError(f"recording: {entry.path}: it ends before it starts")
    topics = tuple(sorted(set(entry.topics)))
    if entry.make is None:
        kind = "bag1" if entry.path.endswith(".bag") else "mcap0"
        return Content(kind, start, end, topics), None, entry.size
    stored = state.files.put([make_file(entry.make, topics, start, end, entry.path)])
    if entry.make is Make.BAG:
        return Content("bag1", start, end, topics), stored.id, stored.size
    about = {"name": ABOUT, "metadata": {"name": entry.path, "robot": "simulated"}}
    return Content("mcap0", start, end, topics, (about,)), stored.id, stored.size


def _outside(state: State, entry: RecordingEntry, path: Path) -> tuple[Content, str | None, int]:
    """A file that is the user's: it is read where it is. One that is damaged serves for an import that fails."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise WorldError(f"recording: {entry.path}: {path} cannot be read: {error.strerror}") from error
    content = read(path, whole=False)
    if isinstance(content, Trouble):
        if entry.import_status not in {"none", "failed"}:
            raise WorldError(f"recording: {entry.path}: {path}: {content.text}")
        content = Content("bag1" if path.suffix == ".bag" else "mcap0")
    return content, state.files.refer(path), size
