"""The files of one mock, by ids of their own, on a shelf that it shares with its forks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Self, TypeAlias

from robowire_mocks.core.shelf import Held, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from robowire_mocks.core.database import Database

Filed: TypeAlias = Mapping[str, Held]
"""Files by their ids, as they were at a moment: they stay as long as this does."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is here whole: its id, its bytes, and the SHA-256 of its content as hex."""

    id: str
    size: int
    sha256: str


class Incoming:
    """A file on its way: what was written is nobody's until `finish`."""

    def __init__(self, path: Path, keep: Callable[[Path], None]) -> None:
        self._path = path
        self._keep = keep
        self._part = path.with_suffix(".part")
        self._file = self._part.open("wb", buffering=0)
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, block: bytes) -> None:
        """Add bytes to the end."""
        self._file.write(block)
        self._hash.update(block)
        self._size += len(block)

    def finish(self) -> StoredFile:
        """The file is whole."""
        self._file.close()
        self._part.replace(self._path)
        self._keep(self._path)
        return StoredFile(self._path.name, self._size, self._hash.hexdigest())

    def discard(self) -> None:
        """Forget it."""
        self._file.close()
        self._part.unlink(missing_ok=True)


class Files:
    """Files by ids of their own. Safe for threads: a file has one writer, and is read when it is whole.

    A file goes when neither this, nor a fork, nor a moment that was taken has it; if `database` keeps what refers to
    it, not before it is kept that nothing does.
    """

    def __init__(self, shelf: Shelf, database: Database) -> None:
        self.shelf = shelf
        self._database = database
        self._lock = Lock()
        self._held: dict[str, Held] = {}
        self._shared = False  # with what was taken: copied before it is changed, so that nothing holds what it need not
        shelf.join()

    def __contains__(self, file_id: object) -> bool:
        return file_id in self._held

    def beside(self, database: Database) -> Self:
        """None yet, on the same shelf."""
        return type(self)(self.shelf, database)

    def receive(self) -> Incoming:
        """A new file."""
        return Incoming(self.shelf.fresh(), self._keep)

    def put(self, blocks: Iterable[bytes]) -> StoredFile:
        """Keep a file that comes in blocks; nothing of it is kept if they break off with an exception."""
        incoming = self.receive()
        try:
            for block in blocks:
                incoming.write(block)
        except BaseException:
            incoming.discard()
            raise
        return incoming.finish()

    def make(self, write: Callable[[Path], None]) -> str:
        """Keep a file that `write` writes at the path that it is given; gives its id."""
        path = self.shelf.fresh()
        part = path.with_suffix(".part")
        try:
            write(part)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.replace(path)
        self._keep(path)
        return path.name

    def path(self, file_id: str) -> Path:
        """Where the file is."""
        return self.shelf.folder / file_id

    def remove(self, file_id: str | None) -> None:
        """Forget a file, if it is here."""
        with self._lock:
            if file_id is None or file_id not in self._held:
                return
            held = self._own().pop(file_id)
        self._release(held)

    def take(self) -> Filed:
        """The files that are here now."""
        with self._lock:
            self._shared = True
            return self._held

    def put_back(self, filed: Filed) -> None:
        """Have the files that were taken here, or on another one's part of the shelf, and no others."""
        with self._lock:
            before, self._held, self._shared = self._held, dict(filed), False
        if self._database.keeps:
            for file_id in filed.keys() - before.keys():
                filed[file_id].pin()
            for file_id in before.keys() - filed.keys():
                self._release(before[file_id])

    def keep_only(self, file_ids: Iterable[str]) -> None:
        """Have these of the files that an earlier process left, and remove the others."""
        for file_id in set(file_ids):
            if self.shelf.has(file_id):
                self._keep(self.path(file_id))
        self.shelf.sweep()

    def close(self) -> None:
        """Leave the shelf."""
        with self._lock:
            self._held = {}
        self.shelf.leave()

    def _keep(self, path: Path) -> None:
        held = self.shelf.hold(path)
        if self._database.keeps:
            held.pin()
        with self._lock:
            self._own()[path.name] = held

    def _own(self) -> dict[str, Held]:
        """The files, to be changed."""
        if self._shared:
            self._held, self._shared = self._held.copy(), False
        return self._held

    def _release(self, held: Held) -> None:
        """Have the file no more, once it is kept that nothing refers to it."""
        self._database.afterwards(partial(self._forget, held))

    def _forget(self, held: Held) -> None:
        if self._database.keeps:
            held.unpin()
