"""A world file that is edited while its mocks are served: they start anew from it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from robowire_mocks.core.world import WorldError

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock


class WorldFile:
    """The file that mocks were made of. One that cannot be used is told, and the mocks stay as they are."""

    def __init__(self, path: Path, mocks: Sequence["Mock[Any]"]) -> None:
        self._path = path
        self._mocks = mocks
        self._loaded = self._coming = _facts(path)

    def look(self) -> None:
        """Load the file if it has changed, and did not go on changing since the last look."""
        now = _facts(self._path)
        settled, self._coming = now == self._coming, now
        if settled and now is not None and now != self._loaded:
            self._loaded = now
            self._load()

    def _load(self) -> None:
        """Into all mocks, or into none."""
        before = [(mock, mock.take(), mock.start, mock.founded_at) for mock in self._mocks]
        try:
            for mock in self._mocks:
                mock.load(self._path)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with a file, what is served goes on
            for mock, moment, start, founded_at in before:
                if mock.start is not start:
                    mock.put_back(moment)
                    mock.start, mock.founded_at = start, founded_at
            why = str(error) if isinstance(error, WorldError) else f"{self._path}: {type(error).__name__}: {error}"
            click.echo(f"robowire: {' '.join(why.split())}; the world stays as it was", err=True)
        else:
            click.echo(f"loaded {self._path}", err=True)


def _facts(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does; None if it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116  # looked at several times a second
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
