"""What outlives a process: each change of the state as a line of a file, replayed at the next start."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from _typeshed import DataclassInstance

Line = tuple[str, str, dict[str, Any] | None]
"""The name of a store, the id of a row, and the row; None if it was removed."""


class Journal:
    """Changes in their order; without a file, nothing is kept.

    A line is with the operating system when `add` returns: it survives the end of the process, however that comes.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._paused = False
        self._file = None if path is None else path.open("ab", buffering=0)

    def add(self, store: str, row_id: str, row: DataclassInstance | None) -> None:
        """Note that a row was put into a store, or removed from it."""
        if self._file is not None and not self._paused:
            self._file.write(_line(store, row_id, row))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Note nothing meanwhile: everything will be rewritten."""
        self._paused = True
        try:
            yield
        finally:
            self._paused = False

    def lines(self) -> Iterator[Line]:
        """What is in the file; a last line that a crash cut off is left out."""
        if self._path is not None:
            for text in self._path.read_bytes().splitlines(keepends=True):
                if text.endswith(b"\n"):
                    store, row_id, row = orjson.loads(text)
                    yield store, row_id, row

    def rewrite(self, rows: Iterable[tuple[str, str, DataclassInstance]]) -> None:
        """Replace everything by `rows`; a crash meanwhile leaves the old file."""
        if self._path is not None:
            fresh = self._path.with_suffix(".part")
            with fresh.open("wb") as file:
                file.writelines(_line(*row) for row in rows)
            self.close()
            fresh.replace(self._path)
            self._file = self._path.open("ab", buffering=0)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _line(store: str, row_id: str, row: DataclassInstance | None) -> bytes:
    return orjson.dumps([store, row_id, None if row is None else asdict(row)], option=orjson.OPT_APPEND_NEWLINE)
