"""However a recording is laid out, two readers in another language find the same in it, each in its own way."""

import hashlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from recording_readers import installed, read_in_node
from robowire_generators.mcap.encodings import DIALECTS, Encoding
from robowire_generators.mcap.events import events
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.recording import generate_mcap

CHUNKS: list[dict[str, Any]] = [
    {"compression": "none", "chunk_size": 5000},
    {"compression": "lz4", "chunk_size": 5000},
    {"compression": "zstd", "chunk_size": 5000},
    {"chunk_size": None},
]
SWITCHES: list[dict[str, Any]] = [
    {},
    {"index": False},
    {"statistics": False},
    {"crcs": False},
    {"index": False, "statistics": False, "crcs": False},
]
OTHERS: list[dict[str, Any]] = [
    {"channels": 3},
    {"attachments": False},
    {"metadata": False},
    {"topics": ("/gps/fix",), "duration_s": 0.01},
]


def recipes(encoding: Encoding) -> list[McapRecipe]:
    """Every way to lay out half a second of the robot."""
    ways = [{**chunks, **switches} for chunks in CHUNKS for switches in SWITCHES]
    ways += [{**chunks, **other} for chunks in CHUNKS[2:] for other in OTHERS]
    return [McapRecipe(encoding=encoding, **{"duration_s": 0.5, **way}) for way in ways]


@cache
def expected(encoding: Encoding, duration_s: float, topics: tuple[str, ...] | None) -> list[list[Any]]:
    """Log time, topic, number and sum of what the robot publishes."""
    dialect, numbers, told = DIALECTS[encoding], Counter[str](), []
    for event in events(McapRecipe(encoding=encoding, duration_s=duration_s, topics=topics)):
        if dialect.describe(event) is not None:
            octets = hashlib.md5(dialect.encode(event)).hexdigest()
            told.append([str(event.time_ns), event.topic, numbers[event.topic], octets])
            numbers[event.topic] += 1
    return told


@pytest.mark.parametrize("encoding", list(Encoding))
def test_every_layout_is_read_elsewhere(encoding: Encoding, tmp_path: Path) -> None:
    """Messages in the order of the file, by the index where there is one; attachments and metadata as asked for."""
    installed()
    ways = recipes(encoding)
    paths = [generate_mcap(tmp_path / f"{number}.mcap", way).path for number, way in enumerate(ways)]
    for recipe, found in zip(ways, read_in_node("list_mcap.js", *paths), strict=True):
        assert found["streamed"]["messages"] == expected(encoding, recipe.duration_s or 0, recipe.topics), recipe
        assert len(found["streamed"]["attachments"]) == 2 * recipe.attachments
        assert [name for name, _ in found["streamed"]["metadata"]] == ["robot", "foxglove"] * recipe.metadata
        assert found["indexed"] in (None, found["streamed"]), recipe
        seekable = recipe.index and recipe.chunk_size is not None and bool(found["streamed"]["messages"])
        assert (found["indexed"] is not None) == seekable, recipe
