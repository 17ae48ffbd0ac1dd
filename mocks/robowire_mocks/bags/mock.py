"""The Bags mock as a whole: a folder of bags, a recorder, a clock, and the application that serves them."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from robowire_mocks.bags.copies import Copied, Copies
from robowire_mocks.bags.folder import Folder
from robowire_mocks.bags.recorder import Recorder
from robowire_mocks.bags.routes import add_routes
from robowire_mocks.bags.steps import Steps
from robowire_mocks.bags.storage import Storage
from robowire_mocks.bags.world import World
from robowire_mocks.core.keeping import database_of, home_of, world_in
from robowire_mocks.core.mock import Making, Mock
from robowire_mocks.core.shelf import Shelf
from robowire_mocks.core.world import world_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robowire_mocks.core.mock import Source

DEFAULT_WORLD: str = "bags"


def create_mock(
    *,
    world: Source | None = None,
    bags: str | Path | None = None,
    data_dir: str | Path | None = None,
    control: bool = True,
) -> BagsMock:
    """Make the mock; see `robowire_mocks.create_mock`."""
    asked: Source = ({} if bags else DEFAULT_WORLD) if world is None else world
    folder = None if data_dir is None else Path(data_dir)
    database = database_of("bags", folder)

    def read(source: Source) -> World:
        found = world_of(World, source)
        return found if bags is None or source is not asked else replace(found, folder=Path(bags), demo=False, bag=())

    start, source = world_in(database, asked, read)
    return BagsMock(start, folder, control=control, source=source, database=database)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the mock held at one moment: bags, if they are its own, and how far the recorder was behind the clock."""

    world: World
    bags: Copied | None
    behind: int


class BagsMock(Mock[Steps]):
    """The robot.

    A folder that a world names is served as it is. Where the mock has bags of its own (generated ones, or a recorder
    that adds and purges), it works in a folder of its own, which begins as a copy of what the world gives: nobody's
    recordings are ever purged.
    """

    api = "bags"
    usual_address = "http://192.168.25.25:8090"  # of the document's examples
    add_routes = staticmethod(add_routes)

    def __init__(
        self,
        world: World,
        data_dir: Path | None = None,
        *,
        beside: BagsMock | None = None,
        empty: bool = False,
        **making: Unpack[Making],
    ) -> None:
        self._home = home_of("bags", data_dir)
        self._remove_home = weakref.finalize(self, shutil.rmtree, self._home, ignore_errors=True)
        if data_dir is not None:
            self._remove_home.detach()
        super().__init__(world.clock.begun, Steps(), data_dir, **making)
        self.copies: Copies = (
            beside.copies.beside() if beside else Copies(Shelf(data_dir and data_dir / "kept", "bags"))
        )
        self.snapshots.keep_in(self.database, self.copies.shelf)
        self._live_in(world)
        if not empty:
            self._begin()

    @property
    def world(self) -> World:
        """The world that the state began with."""
        return self._world

    @property
    def folder(self) -> Path:
        """Where the bags lie that are served."""
        return self.storage.folder.path

    def recorded(self) -> Sequence[Path]:
        """The bags, once those are recorded whose time is over."""
        self.recorder.catch_up()
        return [Path(bag.path) for bag in self.storage.bags()]

    def close(self) -> None:
        """Remove the temporary folder, if there is one; the end of the process does so too."""
        self.database.close()
        self.copies.close()
        self._remove_home()

    def _live_in(self, world: World) -> None:
        """What the world alone decides."""
        self._world = world
        self._owned = world.folder is None or world.recorder.on
        folder = Folder(self._home / "bags" if self._owned else world.folder or self._home)
        self.storage = Storage(folder, self.copies)
        self.recorder = Recorder(world.recorder, self.storage, self.clock, self.database, lambda: self.steps)

    def _begin(self) -> None:
        """Be what an earlier process left, or the world."""
        self.copies.shelf.sweep()
        if not self._owned:
            self._begun(Taken(self._world, None, 0))
        elif self._lies():
            for unfinished in self.folder.glob(".*.part"):  # what a recorder that was cut off left
                unfinished.unlink()
        else:
            given = self._world.folder
            copied = self.copies.made(self._world.generate) if given is None else self.copies.of(given, linked=False)
            _made(self.folder, lambda folder: self.copies.lay(copied, folder))
            self._begun(Taken(self._world, copied, 0))

    def _take(self) -> Taken:
        with self.recorder.lock:
            return Taken(self._world, self.copies.of(self.folder) if self._owned else None, self.recorder.behind)

    def _put_back(self, state: Taken) -> None:
        with self.recorder.lock:
            if state.world is not self._world:
                self._live_in(state.world)
            if state.bags is not None:
                self._lay(state.bags)
            self.recorder.put_back(state.behind)

    def _lay(self, bags: Copied) -> None:
        """Have these bags and no others; where they outlive the process, all of them at once."""
        if not self.database.keeps:
            self.copies.lay(bags, self.folder)
            return
        _made(self._beneath("next"), lambda folder: self.copies.lay(bags, folder))
        _remove(self._beneath("last"))
        self.folder.rename(self._beneath("last"))
        self._beneath("next").rename(self.folder)
        _remove(self._beneath("last"))

    def _lies(self) -> bool:
        """Whether an earlier process left bags; if it was killed while it changed them all, those that it had."""
        if not self.folder.exists() and self._beneath("last").exists():
            self._beneath("last").rename(self.folder)
        for name in ("last", "next"):
            _remove(self._beneath(name))
        return self.folder.exists()

    def _beneath(self, name: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{name}")

    def _read(self, world: Source) -> World:
        return world_of(World, world)

    def _beside(self, world: World | None = None) -> Self:
        return type(self)(world or self._world, control=self.control, beside=self, empty=world is None)


def _made(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a new folder, so that it is whole or not there."""
    unfinished = folder.with_name(f"{folder.name}.part")
    _remove(unfinished)
    unfinished.mkdir(parents=True)
    fill(unfinished)
    _remove(folder)
    unfinished.rename(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
