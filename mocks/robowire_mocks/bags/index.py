"""The indexes of the bags that were asked for last, each read once however many requests want it at the same time."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from robowire_mocks.bags.errors import BagCorrupted
from robowire_mocks.formats.rosbag1 import Bag, BagError

if TYPE_CHECKING:
    from robowire_mocks.bags.folder import StoredBag

MOST: int = 64
"""Indexes that are held at most; one takes some kilobytes per thousand chunks of its bag."""


class _Slot:
    """One bag's index, once somebody has read it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.bag: Bag | None = None


class IndexCache:
    """Bags by the file they stand in; a file that was changed or replaced is another one."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._slots: OrderedDict[StoredBag, _Slot] = OrderedDict()

    def open(self, stored: StoredBag) -> Bag:
        """The bag in the file `stored`.

        Raises:
            BagCorrupted: It is no bag, or cannot be read.
        """
        slot = self._slot(stored)
        with slot.lock:
            if slot.bag is None:
                slot.bag = _read(stored)
            return slot.bag

    def _slot(self, stored: StoredBag) -> _Slot:
        with self._lock:
            slot = self._slots.setdefault(stored, _Slot())
            self._slots.move_to_end(stored)
            while len(self._slots) > self._most:
                self._slots.popitem(last=False)
            return slot


def _read(stored: StoredBag) -> Bag:
    try:
        return Bag.open(stored.path)
    except BagError as error:
        raise BagCorrupted(f"{stored.name} is corrupted: {error}") from error
    except OSError as error:
        raise BagCorrupted(f"{stored.name} cannot be read: {error.strerror}") from error
