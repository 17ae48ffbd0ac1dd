"""Small facts that outlive a process, in one JSON file of the data folder."""

from __future__ import annotations

import json
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


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
