"""Small bags, written by rosbags so that the reader under test meets another's hand."""

import os
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest
from rosbags.rosbag1 import Writer

REAL = ("turtlesim-example.bag", "turtlesim-example-bz2.bag", "turtlesim-example-lz4.bag", "turtlesim-no-messages.bag")


@pytest.fixture(scope="session")
def new_path(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives a new name in one folder at each call, also within one property test."""
    folder = tmp_path_factory.mktemp("bags")
    numbers = count()
    return lambda: folder / f"{next(numbers)}.bag"


@pytest.fixture(scope="session")
def make_bag(new_path: Callable[[], Path]) -> Callable[..., Path]:
    """Writes (time in ns, number of the connection, bytes) in the given order; `topics` has each connection's topic."""

    def make(
        records: Sequence[tuple[int, int, bytes]],
        *,
        topics: Sequence[str] = ("/a", "/b", "/a", "/never"),
        definition: tuple[str, str] = ("std_msgs/msg/String", "string data\n"),
        compression: str | None = None,
        chunk_size: int = 200,
        latching: int | None = None,
    ) -> Path:
        type_, text = definition
        writer = Writer(path := new_path())
        writer.chunk_threshold = chunk_size
        if compression:
            writer.set_compression(Writer.CompressionFormat[compression.upper()])
        with writer:
            connections = [
                writer.add_connection(
                    topic, type_, msgdef=text, md5sum="0" * 32, callerid=f"/n{place}", latching=latching
                )
                for place, topic in enumerate(topics)
            ]
            for time_ns, connection, data in records:
                writer.write(connections[connection], time_ns, data)
        return path

    return make


@pytest.fixture(params=REAL)
def real_bag(request: pytest.FixtureRequest) -> Path:
    """A bag that a real recorder wrote; looked for in $ROBOWIRE_REAL_BAGS, else beside the checkout."""
    beside = Path(__file__).parents[4] / "shared" / "data"
    path: Path = Path(os.environ.get("ROBOWIRE_REAL_BAGS", beside)) / request.param
    if not path.exists():
        pytest.skip(
            f"NOT TESTED on a real recording: {path} is missing; set ROBOWIRE_REAL_BAGS to a folder that has it"
        )
    return path
