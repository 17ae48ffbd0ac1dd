"""The files of recordings: in a temporary folder, or in one that outlives the process; a world's files stay outside."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import uuid
import weakref
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from robowire_mocks.core.database import Database

_OUTSIDE = "outside:"  # before the path of a file that is not ours to remove
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is here whole: its id, its bytes, and the SHA-256 of its content as hex."""

    id: str
    size: int
    sha256: str


class Incoming:
    """A file on its way: what was written is nobody's until `finish`."""

    def __init__(self, path: Path) -> None:
        self._path = path
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
        return StoredFile(self._path.name, self._size, self._hash.hexdigest())

    def discard(self) -> None:
        """Forget it."""
        self._file.close()
        self._part.unlink(missing_ok=True)


class Files:
    """Files by ids of their own. Safe for threads: a file has one writer, and is read when it is whole.

    A file goes when it is kept in `database` that nobody needs it.
    """

    def __init__(self, folder: Path | None, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._temporary: Path | None = None
        self._lock = Lock()

    def receive(self) -> Incoming:
        """A new file."""
        return Incoming(self._home() / uuid.uuid4().hex)

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

    @staticmethod
    def refer(path: Path) -> str:
        """An id for a file that is elsewhere, and stays there."""
        return f"{_OUTSIDE}{path.resolve()}"

    def path(self, file_id: str) -> Path:
        """Where the file is."""
        if file_id.startswith(_OUTSIDE):
            return Path(file_id.removeprefix(_OUTSIDE))
        return self._home() / file_id

    def digest(self, file_id: str) -> str:
        """The SHA-256 of a file's content as hex; empty, if it cannot be read."""
        path = self.path(file_id)
        try:
            facts = path.stat()
            return _digest(path, facts.st_size, facts.st_mtime_ns)
        except OSError:
            return ""

    def remove(self, file_id: str | None) -> None:
        """Forget a file, if it is there and ours."""
        if file_id is not None and not file_id.startswith(_OUTSIDE):
            self._database.afterwards(partial((self._home() / file_id).unlink, missing_ok=True))

    def clear(self) -> None:
        """Forget all files that are here now."""
        home = self._folder or self._temporary
        for file in home.iterdir() if home is not None and home.exists() else ():
            self.remove(file.name)

    def close(self) -> None:
        """Remove the temporary folder."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    def keep_only(self, file_ids: Iterable[str]) -> None:
        """Forget all but these: what a process that ended abruptly left behind."""
        if self._folder is not None and self._folder.exists():
            kept = set(file_ids)
            for file in self._folder.iterdir():
                if file.name not in kept:
                    file.unlink()

    def _home(self) -> Path:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._folder
        with self._lock:
            if self._temporary is None:
                self._temporary = Path(tempfile.mkdtemp(prefix="robowire-recordings-"))
                weakref.finalize(self, shutil.rmtree, self._temporary, ignore_errors=True)
            return self._temporary


@lru_cache(maxsize=4096)
def _digest(path: Path, size: int, modified_ns: int) -> str:  # noqa: ARG001  # they tell when to read it anew
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            whole.update(block)
    return whole.hexdigest()
