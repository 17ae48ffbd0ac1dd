"""Copies of bags that never change: what a folder is filled from, and what is kept of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

from robowire_mocks.bags.folder import Folder
from robowire_mocks.core.shelf import Held, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.bags.folder import StoredBag

LINKED: int = 4 * 1024 * 1024
"""Bytes of a bag from which on its copy is a second name of the same file: who writes into that one writes into both.

The mock never does. A test that damages a bag in place does it to a small one, or replaces the file.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Copy:
    """The copy of a bag that had this size and this time of its last change."""

    held: Held
    size: int
    mtime_ns: int

    def is_of(self, bag: StoredBag) -> bool:
        """Whether a bag has not changed since."""
        return (self.size, self.mtime_ns) == (bag.size, bag.mtime_ns)


Copied: TypeAlias = Mapping[str, Copy]
"""The bags of a folder at a moment, by name."""


class Copies:
    """Makes copies on a shelf, and lays them into folders; `ends` are when the recordings in them end, in seconds."""

    def __init__(self, shelf: Shelf, ends: WeakKeyDictionary[Held, int] | None = None) -> None:
        self.shelf = shelf
        self._ends: WeakKeyDictionary[Held, int] = WeakKeyDictionary() if ends is None else ends
        self._known: Copied = {}
        shelf.join()

    def beside(self) -> Copies:
        """None yet, on the same shelf."""
        return Copies(self.shelf, self._ends)

    def end(self, bag: StoredBag, read: Callable[[], int]) -> int:
        """What `read` gives for a bag, or gave for another copy of it, in whatever folder that lies."""
        copy = self._known.get(bag.name)
        if copy is None or not copy.is_of(bag):
            return read()
        end = self._ends.get(copy.held)
        if end is None:
            end = self._ends[copy.held] = read()
        return end

    def made(self, generate: Callable[[Path], None]) -> Copied:
        """The bags that `generate` writes into the folder that it is given."""
        folder = self.shelf.fresh()
        folder.mkdir()
        generate(folder)
        return {bag.name: self._held(Path(bag.path), bag) for bag in Folder(folder).bags()}

    def of(self, folder: Path, *, linked: bool = True) -> Copied:
        """The bags in a folder; those that have not changed since they were laid there or copied are not copied again.

        Without `linked`, large ones are copied byte by byte too.
        """
        known = self._known
        self._known = {
            bag.name: known[bag.name]
            if bag.name in known and known[bag.name].is_of(bag)
            else self._held(_copied(Path(bag.path), self.shelf.fresh(), linked=linked), bag)
            for bag in Folder(folder).bags()
        }
        return self._known

    def lay(self, copied: Copied, folder: Path) -> None:
        """Let `folder` have these bags and nothing else; what is the same already is left alone."""
        folder.mkdir(parents=True, exist_ok=True)
        present = {bag.name: bag for bag in Folder(folder).bags()}
        for entry in folder.iterdir():
            bag, wanted = present.get(entry.name), copied.get(entry.name)
            if bag is None or wanted is None or not wanted.is_of(bag):
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        for name, copy in copied.items():
            if not (folder / name).exists():
                _copied(copy.held.path, folder / name, linked=True)
        self._known = copied

    def close(self) -> None:
        """Leave the shelf."""
        self._known = {}
        self.shelf.leave()

    def _held(self, path: Path, bag: StoredBag) -> Copy:
        return Copy(self.shelf.hold(path), bag.size, bag.mtime_ns)


def _copied(source: Path, target: Path, *, linked: bool) -> Path:
    """Another file with the same content and time; a large one is the same file by another name, if that can be."""
    if linked and source.stat().st_size >= LINKED:
        try:
            os.link(source, target)
        except OSError:  # on another disk, or not to be done on this one
            pass
        else:
            return target
    return Path(shutil.copy2(source, target))
