"""The files of published extensions, by their digests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from robowire_mocks.core.forked import ForkedDict

if TYPE_CHECKING:
    from robowire_mocks.core.database import Database

_KIND = "packages"


class Packages:
    """Files by the SHA-256 of their contents, as hex, in memory and in the database. Hold the state's lock."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: ForkedDict[str, bytes] = ForkedDict()

    def recall(self) -> None:
        """Take over the files that an earlier process kept."""
        for digest, raw in self._database.rows(_KIND):
            self._held[digest] = raw

    def put(self, raw: bytes) -> str:
        """Keep a file; gives its digest."""
        digest = hashlib.sha256(raw).hexdigest()
        self._held[digest] = raw
        self._database.put(_KIND, digest, raw)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The file with this digest, or None."""
        return self._held.get(digest)

    def remove(self, digest: str) -> None:
        """Forget the file with this digest, if there is one."""
        if digest in self._held:
            del self._held[digest]
            self._database.remove(_KIND, digest)

    def take(self) -> ForkedDict[str, bytes]:
        """The files that are here now."""
        return self._held.fork()

    def put_back(self, taken: ForkedDict[str, bytes]) -> None:
        """Have these files and no others."""
        if self._database.keeps:
            for digest, raw in self._held.changes_to(taken):
                if raw is None:
                    self._database.remove(_KIND, digest)
                else:
                    self._database.put(_KIND, digest, raw)
        self._held = taken.fork()
