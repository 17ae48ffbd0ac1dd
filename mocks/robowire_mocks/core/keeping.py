"""The data folder, and small facts in one JSON file of it that outlive a process, the clock's among them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

from robowire_mocks.core.clock import Clock
from robowire_mocks.core.world import WorldError


class Keeper:
    """A table of facts; with a file, a change is on disk when `keep` returns, and a crash leaves the old or the new."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = Lock()
        self._facts: dict[str, Any] = {}
        if file is not None and file.exists():
            self._facts = json.loads(file.read_text(encoding="utf-8"))

    def __getitem__(self, name: str) -> Any:  # any JSON value
        """What was kept under `name`, or None."""
        return self._facts.get(name)

    def keep(self, name: str, value: Any) -> None:  # any JSON value
        """Keep `value` under `name`."""
        with self._lock:
            self._facts[name] = value
            if self._file is not None:
                fresh = self._file.with_suffix(".part")
                fresh.write_text(json.dumps(self._facts), encoding="utf-8")
                fresh.replace(self._file)


def data_folder(folder: Path) -> Path:
    """The folder, made if it is not there.

    Raises:
        WorldError: It cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorldError(f"the data folder {folder} cannot be used: {error.strerror}") from error
    return folder


def home_of(api: str, data_dir: Path | None) -> Path:
    """Where a mock works: the data folder, or a temporary one.

    Raises:
        WorldError: The folder cannot be used.
    """
    return Path(tempfile.mkdtemp(prefix=f"robowire-{api}-")) if data_dir is None else data_folder(data_dir)


def kept_clock(keeper: Keeper, start: float | None, *, frozen: bool) -> Clock:
    """The clock as a world starts it, or where an earlier process left it."""
    clock = Clock(start, frozen=frozen, changed=lambda state: keeper.keep("clock", state))
    if keeper["clock"] is not None:
        clock.restore(keeper["clock"])
    return clock
