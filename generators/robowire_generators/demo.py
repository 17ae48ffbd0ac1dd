"""A few small bags that together hold what makes bags interesting, for a mock that is given none."""

import os
from dataclasses import dataclass
from pathlib import Path

from robowire_generators.broken import break_bag
from robowire_generators.recipe import SECOND, BagRecipe, Compression, parse_start
from robowire_generators.rosbag1 import generate_bag, new_file

EXTRA_NS = 250_000_000
"""Recordings start this long after the second that their name tells."""


@dataclass(frozen=True, slots=True)
class DemoBag:
    """One bag of the set.

    Attributes:
        start: When it starts, ISO 8601 in UTC to the second; its name says so too.
        duration_s: How long it lasts, s.
        compression: Of its chunks.
        chunk_size: Bytes of messages that fill a chunk.
        connections: Of each topic.
        breakage: How it is broken; None for a sound one.
    """

    start: str
    duration_s: float
    compression: Compression = Compression.NONE
    chunk_size: int = 16 * 1024
    connections: int = 1
    breakage: str | None = None

    @property
    def name(self) -> str:
        """Name the file as the document's examples are named: by its start."""
        return self.start.replace("T", "_").replace(":", "-") + ".bag"

    def recipe(self, seed: int) -> BagRecipe:
        """Give the recipe of the bag."""
        return BagRecipe(
            seed=seed,
            start_ns=parse_start(self.start) + EXTRA_NS,
            duration_s=self.duration_s,
            chunk_size=self.chunk_size,
            compression=self.compression,
            connections=self.connections,
        )


# BAGS, section "Get Bag List": names are like the examples there, which are 15 minutes apart on the hour's quarters.
DEMO_BAGS: tuple[DemoBag, ...] = (
    DemoBag("2023-10-31T14:30:00", 31.4),
    DemoBag("2023-10-31T14:45:00", 26.7, Compression.LZ4, connections=2),
    DemoBag("2023-11-01T13:50:00", 38.9, Compression.BZ2, chunk_size=32 * 1024, connections=3),
    DemoBag("2023-11-01T14:05:00", 15.3, breakage="no-messages"),
    DemoBag("2023-11-02T08:15:00", 17.6, chunk_size=1024, connections=2),
    DemoBag("2023-11-02T08:30:00", 21.2, Compression.LZ4, breakage="truncated-in-chunk-data"),
)


def demo_set(folder: str | os.PathLike[str], *, seed: int = 0, overwrite: bool = False) -> tuple[Path, ...]:
    """Make the demo bags: every compression, several connections, one without messages, one cut off.

    Args:
        folder: Where to; it is made if it is not there.
        seed: The same seed gives the same bytes.
        overwrite: Replace files of the same names.

    Returns:
        The files, oldest first. Each file's time of modification is the end of its recording.

    Raises:
        FileExistsError: One of the files is there already and `overwrite` is not set.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    return tuple(_make(place / bag.name, bag, seed + number, overwrite) for number, bag in enumerate(DEMO_BAGS))


def _make(path: Path, bag: DemoBag, seed: int, overwrite: bool) -> Path:  # noqa: FBT001 - a private pass-through
    recipe = bag.recipe(seed)
    with new_file(path, overwrite=overwrite) as temporary:
        generate_bag(temporary, recipe)
        if bag.breakage:
            temporary.write_bytes(break_bag(bag.breakage, temporary.read_bytes()))
        end_ns = recipe.start_ns + round(bag.duration_s * SECOND)
        os.utime(temporary, ns=(end_ns, end_ns))
    return path
