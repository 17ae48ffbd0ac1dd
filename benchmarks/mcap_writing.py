"""How fast MCAP is written: beside the PyPI `mcap` writer, and the Rust-backed `foxglove-sdk` where it is installed.

Usage: python benchmarks/mcap_writing.py [MESSAGES]

Three tables: writers alone, given finished messages; the robot's track with its payloads, in each encoding, beside the
usual way (a message encoded and added, one after the other); and large messages. Times are CPU time of the whole
process, the best of some rounds, so that they compare. `foxglove-sdk` shares its import name with `foxglove-client`:
install it into an environment of its own.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from mcap.writer import CompressionType, Writer
from robowire_generators.mcap.encodings import DIALECTS, Encoding
from robowire_generators.mcap.recipe import TRACK, McapRecipe
from robowire_generators.mcap.recording import generate_mcap
from robowire_generators.mcap.writer import Compression, McapWriter
from robowire_generators.robot import Event
from robowire_generators.robot.robot import Robot, header, pose

ROUNDS = 3
SMALL, LARGE = 100, 1_000_000
START_NS = 1_698_762_600_000_000_000
HZ = 1000

Action = Callable[[Path], object]


def best(action: Action) -> float:
    """Give the CPU seconds of the quickest of some rounds, each into a new file."""
    taken = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            action(Path(folder, "a.mcap"))
            taken.append(time.process_time() - began)
    return min(taken)


def ours(messages: list[bytes], compression: Compression) -> Action:
    """One message after the other."""

    def write(path: Path) -> None:
        with path.open("wb") as stream:
            writer = McapWriter(stream, compression=compression)
            channel_id = writer.channel("/a", "raw", 0)
            for number, data in enumerate(messages):
                writer.message(channel_id, START_NS + number, data, START_NS + number, number)
            writer.finish()

    return write


def ours_as_arrays(messages: list[bytes], compression: Compression) -> Action:
    """All as arrays."""
    rows = np.frombuffer(b"".join(messages), np.uint8).reshape(len(messages), -1)
    times = START_NS + np.arange(len(messages))

    def write(path: Path) -> None:
        with path.open("wb") as stream:
            writer = McapWriter(stream, compression=compression)
            writer.messages(writer.channel("/a", "raw", 0), times, rows)
            writer.finish()

    return write


def bare(messages: list[bytes], compression: Compression) -> Action:
    """The PyPI `mcap` writer, with the same CRCs."""

    def write(path: Path) -> None:
        with path.open("wb") as stream:
            writer: Any = Writer(stream, compression=CompressionType[compression.name], enable_data_crcs=True)
            writer.start()
            channel_id = writer.register_channel("/a", "raw", 0)
            for number, data in enumerate(messages):
                writer.add_message(channel_id, START_NS + number, data, START_NS + number, number)
            writer.finish()

    return write


def rust(messages: list[bytes], compression: Compression) -> Action | None:
    """The Rust-backed writer; None where it is not installed."""
    try:
        foxglove, mcap = import_module("foxglove"), import_module("foxglove.mcap")
    except ImportError:
        return None
    kind = {Compression.ZSTD: mcap.MCAPCompression.Zstd, Compression.LZ4: mcap.MCAPCompression.Lz4}.get(compression)
    level = 1 if compression is Compression.ZSTD else 0  # 0 is the writer's own choice; ours takes 1
    options = mcap.MCAPWriteOptions(
        compression=kind, compression_level=level, compression_threads=0, chunk_size=1024 * 1024
    )

    def write(path: Path) -> None:
        context, schema = foxglove.Context(), foxglove.Schema(name="", encoding="", data=b"")
        channel = foxglove.Channel("/a", message_encoding="raw", schema=schema, context=context)
        with foxglove.open_mcap(path, context=context, writer_options=options):
            for number, data in enumerate(messages):
                channel.log(data, log_time=START_NS + number)

    return write


WRITERS: dict[str, Callable[[list[bytes], Compression], Action | None]] = {
    "robowire, arrays": ours_as_arrays,
    "robowire, singly": ours,
    "foxglove-sdk": rust,
    "mcap": bare,
}


def writers_table(title: str, messages: list[bytes]) -> None:
    """Print messages/s and MB/s of each writer, and its cost as a share of the bare writer's."""
    print(
        f"\n{title}\n{'writer':20} {'compression':12} {'messages/s':>12} {'MB/s':>8} {'µs/message':>11} {'of mcap':>8}"
    )
    megabytes = sum(map(len, messages)) / 1e6
    for compression in Compression:
        reference = best(bare(messages, compression))
        for name, make in WRITERS.items():
            action = make(messages, compression)
            if action is None:
                print(f"{name:20} {compression:12} is not installed")
                continue
            taken = reference if make is bare else best(action)
            print(
                f"{name:20} {compression:12} {len(messages) / taken:12,.0f} {megabytes / taken:8.0f} "
                f"{taken / len(messages) * 1e6:11.3f} {taken / reference:8.3f}"
            )


def usual(encoding: Encoding, count: int, compression: Compression) -> Action:
    """Each pose computed, encoded and added, as recorders written in Python do it."""
    dialect = DIALECTS[encoding]
    robot = Robot.assemble(0, 48, (64, 48))

    def event(number: int) -> Event:
        time_ns = START_NS + number * 1_000_000_000 // HZ
        at = robot.place(time_ns)
        value: dict[str, Any] = {"header": header(number, time_ns, "map"), "pose": pose(at.x, at.y, at.yaw)}
        return Event(time_ns, TRACK, "geometry_msgs/PoseStamped", value)

    schema = dialect.describe(event(0))
    assert schema

    def write(path: Path) -> None:
        with path.open("wb") as stream:
            writer: Any = Writer(stream, compression=CompressionType[compression.name], enable_data_crcs=True)
            writer.start()
            channel_id = writer.register_channel(TRACK, dialect.message_encoding, writer.register_schema(*schema))
            for number in range(count):
                each = event(number)
                writer.add_message(channel_id, each.time_ns, dialect.encode(each), each.time_ns, number)
            writer.finish()

    return write


def generator_table(count: int) -> None:
    """Print what a pose costs the generator, payload included, and as a share of the usual way."""
    print(
        f"\nThe robot's track, {count:,} poses, payload included\n"
        f"{'encoding':12} {'compression':12} {'messages/s':>12} {'MB/s':>8} {'µs/message':>11} {'of usual':>9}"
    )
    for encoding in Encoding:
        reference = best(usual(encoding, count // 10, Compression.NONE)) * 10
        for compression in Compression:
            recipe = McapRecipe(
                duration_s=(count - 1) / HZ,
                track_hz=HZ,
                topics=(TRACK,),
                encoding=encoding,
                compression=compression,
            )
            with tempfile.TemporaryDirectory() as folder:
                raw = McapRecipe(duration_s=(count // 10) / HZ, track_hz=HZ, topics=(TRACK,), encoding=encoding)
                summary = generate_mcap(Path(folder, "a.mcap"), raw)
                size = _message_size(summary.path) * count / 1e6
            taken = best(lambda path, recipe=recipe: generate_mcap(path, recipe))  # type: ignore[misc] # bound at once
            print(
                f"{encoding:12} {compression:12} {count / taken:12,.0f} {size / taken:8.0f} "
                f"{taken / count * 1e6:11.3f} {taken / reference:9.3f}"
            )


def _message_size(path: Path) -> int:
    """Bytes of the first message."""
    from mcap.reader import make_reader

    with path.open("rb") as stream:
        return next(len(message.data) for _, _, message in make_reader(stream).iter_messages())


def main() -> None:
    """Print the tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    noise = np.random.default_rng(0)
    small = noise.integers(0, 64, (count, SMALL), dtype=np.uint8)
    writers_table(f"{count:,} finished messages of {SMALL} bytes", [row.tobytes() for row in small])
    generator_table(count)
    large = noise.integers(0, 64, (100, LARGE), dtype=np.uint8)
    writers_table(f"100 finished messages of {LARGE:,} bytes", [row.tobytes() for row in large])


if __name__ == "__main__":
    main()
