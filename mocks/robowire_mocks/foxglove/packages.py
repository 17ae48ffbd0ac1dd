"""The files of published extensions, by their digests: in memory, or in a folder that outlives the process."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Packages:
    """Files by the SHA-256 of their contents, as hex; with a folder, a file is whole or not there after a crash."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, bytes] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, raw: bytes) -> str:
        """Keep a file; gives its digest."""
        digest = hashlib.sha256(raw).hexdigest()
        if self._folder is None:
            self._held[digest] = raw
        else:
            fresh = self._folder / f"{digest}.part"
            fresh.write_bytes(raw)
            fresh.replace(self._folder / digest)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The file with this digest, or None."""
        if self._folder is None:
            return self._held.get(digest)
        with suppress(FileNotFoundError):
            return (self._folder / digest).read_bytes()
        return None

    def remove(self, digest: str) -> None:
        """Forget the file with this digest, if there is one."""
        self._held.pop(digest, None)
        if self._folder is not None:
            (self._folder / digest).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget all of them."""
        self._held.clear()
        if self._folder is not None:
            for file in self._folder.iterdir():
                file.unlink()
