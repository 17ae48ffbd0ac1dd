"""Opening a recording by what its file begins with; the indexes that were read last are kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats.mcap import Mcap
from robowire_mocks.formats.rosbag1_recorded import BagRecorded

if TYPE_CHECKING:
    from pathlib import Path

    from robowire_mocks.formats.recorded import Recorded

KEPT: int = 256
"""Indexes that are kept; that of a large file takes some megabytes."""


def open_recorded(path: Path, *, verify: bool = False) -> Recorded:
    """Open an MCAP file or a ROS 1 bag, its index read once; with `verify`, all of it is read and checked.

    Raises:
        RecordedError: It is neither, or cannot be read.
    """
    try:
        facts = path.stat()
    except OSError as error:
        raise RecordedError(f"{path.name} cannot be opened: {error.strerror}") from None
    return _read(path, verify=True) if verify else _kept(path, facts.st_ino, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=KEPT)
def _kept(path: Path, *_: int) -> Recorded:
    """The file as it is; the numbers tell it from one that takes its place."""
    return _read(path, verify=False)


def forget() -> None:
    """Let every index be read anew."""
    _kept.cache_clear()


def _read(path: Path, *, verify: bool) -> Recorded:
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise RecordedError(f"{path.name} cannot be opened: {error.strerror}") from None
    if start.startswith(b"\x89MCAP"):
        return Mcap.open(path, verify=verify)
    if start.startswith(b"#ROSBAG"):
        return BagRecorded.open(path, verify=verify)
    raise RecordedError("the file is empty" if not start else "neither an MCAP file nor a ROS 1 bag")
