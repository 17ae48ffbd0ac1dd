"""Continuous recording: as the clock moves, bags appear, and the oldest go beyond a limit (section "Bags API").

Time is cut into periods of equal length, counted from 1970. The bag of a period appears when the period is over.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

from robowire_generators.recipe import BagRecipe

from robowire_mocks.bags.storage import NANO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robowire_mocks.bags.folder import StoredBag
    from robowire_mocks.bags.steps import Steps
    from robowire_mocks.bags.storage import Storage
    from robowire_mocks.core.clock import Clock
    from robowire_mocks.core.database import Database

NAME_FORMAT: str = "%Y-%m-%d_%H-%M-%S.bag"
"""How a bag is named after its first second, in UTC."""

MOST_AT_ONCE: int = 64
"""Recordings that are made when the clock has moved far: as if the robot had been off before."""

LONGEST_KEPT_S: float = 120.0
"""Recordings of longer periods are made anew each time, so that those in memory take some tens of megabytes."""

_log = logging.getLogger("robowire.mocks")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderSettings:
    """Whether the robot records, how long one bag lasts, and how many bytes all bags together may take.

    Raises:
        ValueError: The period is shorter than a second or the limit is not positive.
    """

    on: bool = False
    period_s: float = 60.0
    limit_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        if not 1 <= self.period_s < float("inf"):
            raise ValueError("period_s must be at least 1 and finite")
        if self.limit_bytes <= 0:
            raise ValueError("limit_bytes must be positive")


def recording(period: int, period_s: float) -> BagRecipe | None:
    """What is recorded in a period, the same whenever it is asked for; nothing where a bag cannot tell the time."""
    try:
        return BagRecipe(seed=period, start_ns=round(period * period_s * NANO), duration_s=period_s, profile="small")
    except ValueError:
        return None


def _make(recipe: BagRecipe) -> tuple[bytes, int]:
    """The file of a recording, and when it ends."""
    from robowire_generators.rosbag1 import generate_bag

    with TemporaryDirectory(prefix="robowire-recording-") as folder:
        summary = generate_bag(Path(folder) / "recording.bag", recipe)
        return summary.path.read_bytes(), summary.end_ns or recipe.start_ns


_kept = lru_cache(maxsize=MOST_AT_ONCE)(_make)
"""The same from memory: a clock that is set back finds its recordings made."""


def victims(bags: Sequence[StoredBag], excess: int) -> Sequence[StoredBag]:
    """Which of `bags`, the oldest first, are purged to save `excess` bytes."""
    chosen: list[StoredBag] = []
    for bag in bags:  # BAGS-STORAGE-002
        if excess <= 0:
            break
        chosen.append(bag)
        excess -= bag.size
    return chosen


class Recorder:
    """The robot's recorder. It does its work when `catch_up` is called, which every request does, and holds `lock`."""

    def __init__(
        self,
        settings: RecorderSettings,
        storage: Storage,
        clock: Clock,
        database: Database,
        steps: Callable[[], Steps],
    ) -> None:
        self._settings = settings
        self._storage = storage
        self._clock = clock
        self._database = database
        self._steps = steps
        self.lock = Lock()
        kept = database.fact("recorded")
        self._recorded: int = self._period() if kept is None else kept

    @property
    def behind(self) -> int:
        """How many periods are over that nobody has asked about."""
        return self._period() - self._recorded

    def put_back(self, behind: int) -> None:
        """Record what follows the clock's present, and so many periods before it. Hold `lock`."""
        self._note(self._period() - behind)

    def catch_up(self) -> None:
        """Record the periods that are over and purge what is too much."""
        if not self._settings.on or self._period() == self._recorded:
            return
        with self.lock:
            present = self._period()
            try:
                for fresh, bag in self._record(range(max(self._recorded, present - MOST_AT_ONCE), present)):
                    self._make_room(fresh.stat().st_size)  # BAGS-STORAGE-003: before it appears
                    fresh.replace(bag)
            except OSError:
                _log.exception("the recorder cannot write")
            self._note(present)

    def _period(self) -> int:
        return int(self._clock.now() // self._settings.period_s)

    def _note(self, period: int) -> None:
        self._recorded = period
        self._database.keep("recorded", period)

    def _record(self, periods: range) -> list[tuple[Path, Path]]:
        """New recordings, the oldest first and only as many as fit the limit.

        Each comes as the file that the list does not show yet, and the name that it is to have.
        """
        made: list[tuple[Path, Path]] = []
        room = self._settings.limit_bytes
        for period in reversed(periods):
            recipe = self._steps().recording(period, self._settings.period_s)
            if recipe is None:
                continue
            bag = self._named(recipe)
            if bag.exists():  # the clock was turned back, or an earlier process was killed while it recorded
                room -= bag.stat().st_size
                continue
            fresh = self._write(recipe, bag)  # BAGS-STORAGE-001
            room -= fresh.stat().st_size
            if room < 0:
                fresh.unlink()
                break
            made.insert(0, (fresh, bag))
        return made

    def _named(self, recipe: BagRecipe) -> Path:
        start = datetime.fromtimestamp(recipe.start_ns // NANO, UTC)
        return self._storage.folder.path / start.strftime(NAME_FORMAT)

    def _write(self, recipe: BagRecipe, bag: Path) -> Path:
        fresh = bag.with_name(f".{bag.name}.part")
        data, end_ns = (_kept if self._settings.period_s <= LONGEST_KEPT_S else _make)(recipe)
        fresh.write_bytes(data)
        os.utime(fresh, ns=(end_ns, end_ns))
        return fresh

    def _make_room(self, size: int) -> None:
        """Purge so that `size` more bytes fit. Who is just reading a purged file can read on."""
        bags = sorted(self._storage.bags(), key=lambda bag: (self._storage.end(bag), bag.name))
        excess = sum(bag.size for bag in bags) + size - self._settings.limit_bytes
        for bag in self._steps().victims(bags, excess):
            _log.info("purging %s", bag.name)
            Path(bag.path).unlink(missing_ok=True)
