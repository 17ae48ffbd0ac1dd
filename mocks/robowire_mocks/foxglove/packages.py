"""The files of published extensions, by their digests: in memory, or in a folder that outlives the process."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from robowire_mocks.core.database import Database


class Packages:
    """Files by the SHA-256 of their contents, as hex; with a folder, a file is whole or not there after a crash."""

    def __init__(self, folder: Path | None, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._unwanted: set[str] = set()
        self._held: dict[str, bytes] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, raw: bytes) -> str:
        """Keep a file; gives its digest."""
        digest = hashlib.sha256(raw).hexdigest()
        self._unwanted.discard(digest)
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
        """Forget the file with this digest, if there is one, when it is kept that nobody needs it."""
        self._unwanted.add(digest)
        self._database.afterwards(self._sweep)

    def clear(self) -> None:
        """Forget all of them."""
        self.keep_only(())

    def keep_only(self, digests: Iterable[str]) -> None:
        """Forget all but these."""
        here = self._held if self._folder is None else [file.name for file in self._folder.iterdir()]
        for digest in set(here) - set(digests):
            self.remove(digest)

    def _sweep(self) -> None:
        for digest in self._unwanted:
            self._held.pop(digest, None)
            if self._folder is not None:
                (self._folder / digest).unlink(missing_ok=True)
        self._unwanted.clear()
