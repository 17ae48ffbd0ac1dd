"""The folder with the bags: what lies in it at this moment, and nothing from outside it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from robowire_mocks.bags.errors import BagNotFound

_NAME = re.compile(r"(?!\.)[^/\\\x00-\x1f\ud800-\udfff]+\.bag")


@dataclass(frozen=True, slots=True)
class StoredBag:
    """A file as it lay in the folder when it was looked at: equal as long as nobody wrote to it or replaced it."""

    name: str
    path: str
    size: int
    mtime_ns: int
    inode: int


class Folder:
    """A folder of bags. Its own path may be a symlink; a symlink in it counts only if it stays inside."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def bags(self) -> list[StoredBag]:
        """The bags by name; what appeared or vanished since the last call is seen. None if the folder is gone."""
        try:
            with os.scandir(self.path) as entries:
                found = [self._stored(entry.name) for entry in entries if is_bag_name(entry.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        # BAGS-LIST-003: a folder holds a name once.
        return sorted((bag for bag in found if bag), key=lambda bag: bag.name)

    def find(self, name: str) -> StoredBag:
        """The bag called `name`.

        Raises:
            BagNotFound: There is none, or `name` is no plain file name.
        """
        bag = self._stored(name) if is_bag_name(name) else None
        if bag is None:
            raise BagNotFound(f"there is no bag called {name[:200]!r}")
        return bag

    def _stored(self, name: str) -> StoredBag | None:
        path = os.path.join(self.path, name)  # noqa: PTH118  # a tenth of pathlib's time, for each file at each request
        try:
            facts = os.lstat(path)
            if stat.S_ISLNK(facts.st_mode):
                path = os.path.realpath(path, strict=True)
                if not Path(path).is_relative_to(self.path.resolve()):
                    return None
                facts = os.lstat(path)
        except OSError:  # vanished, a name too long, a loop of symlinks
            return None
        if not stat.S_ISREG(facts.st_mode):
            return None
        return StoredBag(name, path, facts.st_size, facts.st_mtime_ns, facts.st_ino)


def is_bag_name(name: str) -> bool:
    """Whether `name` can be a bag's: `*.bag`, not hidden, one component on any system, and text that JSON can carry."""
    return _NAME.fullmatch(name) is not None
