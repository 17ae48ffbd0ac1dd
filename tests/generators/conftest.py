"""What the tests of the generators share: a recorded bag, and a reader in another language."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recording_readers import installed
from recording_readers import read_in_node as run_in_node
from robowire_generators.recipe import BagRecipe, Compression
from robowire_generators.rosbag1 import generate_bag


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[Compression, bytes]:
    """Record one and the same run of the robot in each compression, in several chunks, by two nodes a topic."""
    folder = tmp_path_factory.mktemp("recorded")

    def record(compression: Compression) -> bytes:
        recipe = BagRecipe(seed=3, duration_s=12.5, compression=compression, chunk_size=20_000, connections=2)
        return generate_bag(folder / f"{compression}.bag", recipe).path.read_bytes()

    return {compression: record(compression) for compression in Compression}


ReadInNode = Callable[[Path], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def read_in_node() -> ReadInNode:
    """Give a function that reads a bag with Foxglove's reader: one dictionary a message."""
    return _reader("read_bag.js")


@pytest.fixture(scope="session")
def read_mcap_in_node() -> ReadInNode:
    """Give a function that reads an MCAP file with the vendor's reader: a dictionary a message, one for what else."""
    return _reader("read_mcap.js")


def _reader(script: str) -> ReadInNode:
    installed()  # where it cannot be had, tests are skipped before they make anything
    return lambda path: run_in_node(script, path)
