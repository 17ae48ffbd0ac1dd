"""A folder of files that mocks share: each is there as long as one of them, or something that was kept, holds it."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import weakref
from pathlib import Path
from threading import Lock


class Held:
    """A file: it goes with the last reference to this, unless something that outlives the process is pinned to it."""

    __slots__ = ("__weakref__", "_pins", "_shelf", "path")

    def __init__(self, shelf: Shelf, path: Path) -> None:
        self.path = path
        self._shelf = shelf  # which goes after the last of its files
        self._pins = [0]
        weakref.finalize(self, _let_go, path, self._pins).atexit = False

    def pin(self) -> None:
        """Something on disk needs the file."""
        self._pins[0] += 1

    def unpin(self) -> None:
        """What needed it is gone."""
        self._pins[0] -= 1


def _let_go(path: Path, pins: list[int]) -> None:
    if pins[0] <= 0:
        path.unlink(missing_ok=True)


class Shelf:
    """The folder: a lasting one, or without one a temporary one, which is made when it is needed.

    A temporary folder goes when the last of those who joined has left, or with the shelf itself.
    """

    def __init__(self, folder: Path | None, name: str) -> None:
        self._folder = folder
        self._name = name
        self._temporary: Path | None = None
        self._users = 0
        self._lock = Lock()
        self._held: weakref.WeakValueDictionary[Path, Held] = weakref.WeakValueDictionary()

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._folder
        with self._lock:
            if self._temporary is None:
                self._temporary = Path(tempfile.mkdtemp(prefix=f"robowire-{self._name}-"))
                weakref.finalize(self, shutil.rmtree, self._temporary, ignore_errors=True)
            return self._temporary

    def fresh(self) -> Path:
        """A path that no file has."""
        return self.folder / uuid.uuid4().hex

    def hold(self, path: Path) -> Held:
        """Hold a file that lies in the folder."""
        with self._lock:
            held = self._held.get(path)
            if held is None:
                held = self._held[path] = Held(self, path)
            return held

    def place(self, held: Held) -> str:
        """Where in the folder a file lies that is held."""
        return held.path.relative_to(self.folder).as_posix()

    def at(self, place: str) -> Held:
        """The file that lies at a place of the folder."""
        return self.hold(self.folder / place)

    def has(self, place: str) -> bool:
        """Whether a lasting folder has a file at this place."""
        return self._folder is not None and (self._folder / place).is_file()

    def sweep(self) -> None:
        """Remove what lies in a lasting folder and is held by nobody: what an earlier process left behind."""
        if self._folder is None or not self._folder.exists():
            return
        for path in sorted(self._folder.rglob("*"), reverse=True):  # what is in a folder before the folder
            if not path.is_dir():
                if path not in self._held:
                    path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()

    def join(self) -> None:
        """Count one more who needs the folder."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """Count one less; remove a temporary folder that nobody needs."""
        with self._lock:
            self._users -= 1
            over, self._temporary = (self._temporary, None) if self._users <= 0 else (None, self._temporary)
        if over is not None:
            shutil.rmtree(over, ignore_errors=True)
