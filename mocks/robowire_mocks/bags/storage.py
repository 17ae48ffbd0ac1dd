"""What the robot has stored: its bags as files and as recordings, and the recorder that adds to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.bags.errors import BagCorrupted
from robowire_mocks.bags.index import IndexCache

if TYPE_CHECKING:
    from robowire_mocks.bags.copies import Copies
    from robowire_mocks.bags.folder import Folder, StoredBag
    from robowire_mocks.formats.rosbag1 import Bag

NANO: int = 1_000_000_000


class Storage:
    """The bags of a folder. Costs per call go with the number of files, not with what they hold."""

    def __init__(self, folder: Folder, copies: Copies) -> None:
        self.folder = folder
        self._copies = copies
        self._indexes = IndexCache()
        self._ends: dict[StoredBag, int] = {}

    def bags(self) -> list[StoredBag]:
        """The bags that are there, by name."""
        bags = self.folder.bags()
        if len(self._ends) > len(bags):  # of bags that are gone or were written to
            self._ends = {bag: end for bag in bags if (end := self._ends.get(bag)) is not None}
        return bags

    def find(self, name: str) -> StoredBag:
        """The bag called `name`; raises BagNotFound."""
        return self.folder.find(name)

    def open(self, stored: StoredBag) -> Bag:
        """The recording in a stored file; raises BagCorrupted."""
        return self._indexes.open(stored)

    def end(self, stored: StoredBag) -> int:
        """The last whole second of a recording; of one that tells no time, when its file was last written to."""
        end = self._ends.get(stored)
        if end is None:
            end = self._ends[stored] = self._copies.end(stored, lambda: self._read_end(stored))
        return end

    def _read_end(self, stored: StoredBag) -> int:
        try:
            last_ns = self.open(stored).end_ns
        except BagCorrupted:
            last_ns = None
        return (stored.mtime_ns if last_ns is None else last_ns) // NANO
