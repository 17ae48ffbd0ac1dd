"""How fast bags are generated, beside the bare rosbags writer that is given the same finished payloads.

Usage: python benchmarks/generate_bag.py [MEGABYTES]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from robowire_generators.definitions import definition, internal_name
from robowire_generators.encoding import encode
from robowire_generators.recipe import BagRecipe, Compression
from robowire_generators.robot import simulate
from robowire_generators.rosbag1 import BagSummary, generate_bag
from rosbags.rosbag1 import Writer

ROUNDS = 3


def best(action: Callable[[Path], object]) -> float:
    """Give the CPU seconds of the quickest of some rounds, each into a new file."""
    taken = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            action(Path(folder, "a.bag"))
            taken.append(time.process_time() - began)
    return min(taken)


def bare_writer(recipe: BagRecipe, messages: int) -> Callable[[Path], None]:
    """Prepare the payloads of a recipe, and give what writes them with rosbags alone."""
    events = simulate(seed=recipe.seed, start_ns=recipe.start_ns, profile=str(recipe.profile))
    payloads = [
        (time_ns, topic, kind, encode(kind, value))
        for (time_ns, topic, kind, value), _ in zip(events, range(messages), strict=False)
    ]

    def write(path: Path) -> None:
        writer = Writer(path)
        writer.chunk_threshold = recipe.chunk_size
        if recipe.compression is not Compression.NONE:
            writer.set_compression(Writer.CompressionFormat[recipe.compression.name])
        with writer:
            known = {}
            for time_ns, topic, kind, payload in payloads:
                if topic not in known:
                    text, md5 = definition(kind)
                    known[topic] = writer.add_connection(topic, internal_name(kind), msgdef=text, md5sum=md5)
                writer.write(known[topic], time_ns, payload)

    return write


def row(label: str, recipe: BagRecipe) -> None:
    """Measure one recipe and print its line."""
    with tempfile.TemporaryDirectory() as folder:
        summary: BagSummary = generate_bag(Path(folder, "a.bag"), recipe)
    generated = best(lambda path: generate_bag(path, recipe))
    bare = best(bare_writer(recipe, summary.messages))
    megabytes = summary.size / 1e6
    print(
        f"{label:20} {summary.messages:9,} {megabytes:8.1f} {summary.messages / generated:11,.0f} "
        f"{megabytes / generated:8.1f} {summary.messages / bare:11,.0f} {megabytes / bare:8.1f} {generated / bare:7.1f}"
    )


def main() -> None:
    """Print the table; times are CPU time, so that they compare."""
    size = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 100_000_000
    print(f"{'':20} {'':9} {'':8} {'generated':>20} {'bare rosbags':>20} {'':>7}")
    speed = f"{'messages/s':>11} {'MB/s':>8}"
    print(f"{'recipe':20} {'messages':>9} {'MB':>8} {speed} {speed} {'ratio':>7}")
    for compression in (Compression.NONE, Compression.LZ4):
        row(f"full, {compression}", BagRecipe(size=size, profile="full", compression=compression))
        row(f"telemetry, {compression}", BagRecipe(size=size // 20, profile="telemetry", compression=compression))


if __name__ == "__main__":
    main()
