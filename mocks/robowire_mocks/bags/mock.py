"""The Bags mock as a whole: a folder of bags, a recorder, a clock, and the application that serves them."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from robowire_mocks.bags.folder import Folder
from robowire_mocks.bags.recorder import Recorder
from robowire_mocks.bags.routes import add_routes
from robowire_mocks.bags.steps import Steps
from robowire_mocks.bags.storage import Storage
from robowire_mocks.bags.world import World
from robowire_mocks.core.keeping import database_of, home_of, kept_clock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.world import read_world

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_WORLD: str = "bags"


def create_mock(
    *,
    world: str | Path | None = None,
    bags: str | Path | None = None,
    data_dir: str | Path | None = None,
    control: bool = True,
) -> BagsMock:
    """Make the mock; see `robowire_mocks.create_mock`."""
    start = World() if world is None and bags is not None else read_world(World, world or DEFAULT_WORLD)
    if bags is not None:
        folder = Path(bags)
        start = replace(start, folder=folder, demo=False, bag=())
    return BagsMock(start, None if data_dir is None else Path(data_dir), control=control)


class BagsMock(Mock[Steps]):
    """The robot.

    A folder that a world names is served as it is. Where the mock has bags of its own (generated ones, or a recorder
    that adds and purges), it works in a folder of its own, which begins as a copy of what the world gives: nobody's
    recordings are ever purged.
    """

    api = "bags"
    add_routes = staticmethod(add_routes)

    def __init__(self, world: World, data_dir: Path | None, *, control: bool) -> None:
        self._world = world
        self._home = home_of("bags", data_dir)
        self._remove_home = weakref.finalize(self, shutil.rmtree, self._home, ignore_errors=True)
        if data_dir is not None:
            self._remove_home.detach()
        self._database = database_of(self.api, data_dir)
        clock = kept_clock(self._database, world.clock.start_s, frozen=world.clock.frozen)
        super().__init__(clock, Steps(), control=control)
        self.storage = Storage(Folder(self._prepare()))
        self.recorder = Recorder(world.recorder, self.storage, self.clock, self._database, lambda: self.steps)

    @property
    def folder(self) -> Path:
        """Where the bags lie that are served."""
        return self.storage.folder.path

    def close(self) -> None:
        """Remove the temporary folder, if there is one; the end of the process does so too."""
        self._database.close()
        self._remove_home()

    @property
    def _owned(self) -> bool:
        return self._world.folder is None or self._world.recorder.on

    def _prepare(self) -> Path:
        """The folder to serve, filled unless an earlier process filled it."""
        if not self._owned:
            assert self._world.folder is not None
            return self._world.folder
        if self._world.folder is None:
            _make(self._home / "start", self._world.generate)
        bags = _make(self._home / "bags", self._refill)
        for unfinished in bags.glob(".*.part"):  # what a recorder that was cut off left
            unfinished.unlink()
        return bags

    def _reset_state(self) -> None:
        if self._owned:
            self._refill(self.folder)
        self.recorder.reset()

    def _refill(self, bags: Path) -> None:
        """Make `bags` a copy of the start: remove what is not of it, replace what was changed, leave the rest alone."""
        start = {bag.name: bag for bag in Folder(self._world.folder or self._home / "start").bags()}
        present = {bag.name: bag for bag in Folder(bags).bags()}
        for entry in bags.iterdir():
            bag, wanted = present.get(entry.name), start.get(entry.name)
            if bag is None or wanted is None or (bag.size, bag.mtime_ns) != (wanted.size, wanted.mtime_ns):
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        for name, bag in start.items():
            if not (bags / name).exists():
                shutil.copy2(bag.path, bags / name)


def _make(folder: Path, fill: Callable[[Path], None]) -> Path:
    """The folder, filled whole if it was not there: an interrupted start is begun again."""
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        fill(unfinished)
        unfinished.rename(folder)
    return folder
