"""The files of recordings, and those of a world, which stay where they are."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from robowire_mocks.core import filing
from robowire_mocks.core.filing import StoredFile

__all__ = ["Files", "StoredFile"]

_OUTSIDE = "outside:"  # before the path of a file that is not ours to remove
_BLOCK = 1024 * 1024


class Files(filing.Files):
    """Files by ids of their own; an id may also be that of a file elsewhere."""

    @staticmethod
    def refer(path: Path) -> str:
        """An id for a file that is elsewhere, and stays there."""
        return f"{_OUTSIDE}{path.resolve()}"

    def path(self, file_id: str) -> Path:
        """Where the file is."""
        if file_id.startswith(_OUTSIDE):
            return Path(file_id.removeprefix(_OUTSIDE))
        return super().path(file_id)

    def digest(self, file_id: str) -> str:
        """The SHA-256 of a file's content as hex; empty, if it cannot be read."""
        path = self.path(file_id)
        try:
            facts = path.stat()
            return _digest(path, facts.st_size, facts.st_mtime_ns)
        except OSError:
            return ""


@lru_cache(maxsize=4096)
def _digest(path: Path, size: int, modified_ns: int) -> str:  # noqa: ARG001  # they tell when to read it anew
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            whole.update(block)
    return whole.hexdigest()
