"""The state that the Bags mock starts from, as a world file says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from robowire_generators.recipe import BagRecipe, Compression, parse_start

from robowire_mocks.bags.folder import is_bag_name
from robowire_mocks.bags.recorder import NAME_FORMAT, RecorderSettings
from robowire_mocks.core.world import ClockSettings, WorldError


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedBag:
    """A bag to be generated, named after its start unless `filename` says otherwise."""

    seed: int = 0
    start: datetime | None = None
    duration_s: float | None = None
    size: int | None = None
    profile: str | None = None
    compression: Compression = Compression.NONE
    chunk_size: int = BagRecipe().chunk_size
    connections: int = 1
    filename: str = ""

    def __post_init__(self) -> None:
        self.recipe()
        if not is_bag_name(self.name):
            raise ValueError(f"{self.name!r} is no name of a bag; one ends in .bag")

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.filename or datetime.fromtimestamp(self.recipe().start_ns // 10**9, UTC).strftime(NAME_FORMAT)

    def recipe(self) -> BagRecipe:
        """What is generated; raises ValueError if it makes no sense."""
        start_ns = BagRecipe().start_ns if self.start is None else parse_start(self.start.isoformat())
        return BagRecipe(
            seed=self.seed,
            start_ns=start_ns,
            duration_s=self.duration_s,
            size=self.size,
            profile=self.profile,
            compression=self.compression,
            chunk_size=self.chunk_size,
            connections=self.connections,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where the bags come from (a folder, or generated: demo set and recipes), the recorder and the clock."""

    api: ClassVar[str] = "bags"

    folder: Path | None = None
    demo: bool = False
    bag: tuple[GeneratedBag, ...] = ()
    recorder: RecorderSettings = field(default_factory=RecorderSettings)
    clock: ClockSettings = field(default_factory=ClockSettings)

    def __post_init__(self) -> None:
        if self.folder is not None and (self.demo or self.bag):
            raise WorldError("a world has bags of a folder or generated ones, not both")
        names = [bag.name for bag in self.bag]
        if len(set(names)) < len(names):
            raise WorldError("two bags of the world have the same filename")
        if self.folder is not None and not self.folder.is_dir():
            raise WorldError(f"there is no folder {self.folder}")

    def generate(self, folder: Path) -> None:
        """Write the generated bags of this world into `folder`."""
        from robowire_generators.demo import demo_set
        from robowire_generators.rosbag1 import generate_bag

        if self.demo:
            demo_set(folder)
        for bag in self.bag:
            generate_bag(folder / bag.name, bag.recipe(), overwrite=True)
