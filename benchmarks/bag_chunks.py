"""Does the cost of a chunk follow the chunk, or the bag? Compares a small with a large bag, and with rosbags' reader.

Run `python benchmarks/bag_chunks.py --size 5GB`. Both bags come from one recipe; the large one needs its size on disk
while it runs. Times are of CPU; "read" is a second that was not asked for before, "answer" adds the latched topics and
the JSON. Memory is what a new process takes beyond its imports.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeVar

Result = TypeVar("Result")

SMALL = 50_000_000
# The small bag has eleven seconds: with more moments some would be asked for twice.
MOMENTS = 10
COLUMNS = {
    "open_ms": "open, ms",
    "open_mb": "open, MB",
    "read_ms": "read 1 s, ms",
    "answer_ms": "answer 1 s, ms",
    "peak_mb": "in all, MB",
}


def main() -> None:
    """Make the bags, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", default="500MB", help="the large bag's size, such as 500MB or 5GB")
    parser.add_argument("--profile", default="full", help="what the robot records: small, telemetry or full")
    parser.add_argument("--compression", default="none", choices=("none", "lz4", "bz2"))
    parser.add_argument("--folder", type=Path, help="where to make the bags; a temporary folder by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        sizes = {"small": SMALL, "large": parse_size(options.size)}
        bags = {name: Path(folder) / f"{name}.bag" for name in sizes}
        for name, bag in bags.items():
            print(alone(make_bag, bag, sizes[name], options))
        print_table({(reader, name): alone(READERS[reader], bag) for reader in READERS for name, bag in bags.items()})


def alone(call: Callable[..., Result], *arguments: object) -> Result:
    """Run a function in a new process, so that no memory but its own is counted."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(call, *arguments).result()


def parse_size(text: str) -> int:
    """Bytes of a size such as 5GB."""
    for unit, factor in {"GB": 10**9, "MB": 10**6}.items():
        if text.upper().endswith(unit):
            return int(float(text[:-2]) * factor)
    return int(text)


def make_bag(path: Path, size: int, options: argparse.Namespace) -> str:
    """Generate a bag, showing how far it is; answers what it holds."""
    from robowire_generators.recipe import BagRecipe, Compression
    from robowire_generators.rosbag1 import generate_bag

    def progress(done: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{path.name}: {done:4.0%} ", end="\r", file=sys.stderr, flush=True)

    recipe = BagRecipe(size=size, profile=options.profile, compression=Compression(options.compression))
    summary = generate_bag(path, recipe, progress=progress)
    seconds = ((summary.end_ns or 0) - (summary.start_ns or 0)) / 1e9
    return f"{path.name}: {summary.size / 1e6:,.0f} MB, {summary.messages:,} messages, {seconds:,.0f} s"


def measure_robowire(path: Path) -> dict[str, float]:
    """Open, then seconds all over the bag: reading the messages, and all that an answer takes."""
    import orjson
    from robowire_fixtures.bags import LATCHED_TOPICS
    from robowire_mocks.formats.ros1_json import converter
    from robowire_mocks.formats.rosbag1 import Bag, stamp

    def answer(start: float) -> bytes:
        latest = (bag.latest_before(topic, start) for topic in LATCHED_TOPICS)
        found = (*latest, *bag.messages(start, start + 1))
        documents = [converter(message.connection)(message.data) for message in found if message is not None]
        return orjson.dumps(documents, option=orjson.OPT_SERIALIZE_NUMPY)

    before = peak_mb()
    bag, opened = timed(Bag.open, path)
    index = peak_mb() - before
    starts = [stamp(time_ns) for time_ns in moments(bag.start_ns or 0, bag.end_ns or 0)]
    answer(starts.pop())
    read = [timed(lambda start: list(bag.messages(start, start + 1)), start)[1] for start in starts]
    whole = [timed(answer, start)[1] for start in starts]
    figures = (opened, index, median(read), median(whole), peak_mb() - before)
    return dict(zip(COLUMNS, figures, strict=True))


def measure_rosbags(path: Path) -> dict[str, float]:
    """The same with rosbags' reader, as far as it goes."""
    from rosbags.rosbag1 import Reader

    before = peak_mb()
    reader = Reader(path)
    _, opened = timed(reader.open)
    index = peak_mb() - before
    starts = moments(reader.start_time, reader.end_time)[:-1]
    read = [timed(lambda start: list(reader.messages(start=start, stop=start + 10**9)), start)[1] for start in starts]
    reader.close()
    return {"open_ms": opened, "open_mb": index, "read_ms": median(read), "peak_mb": peak_mb() - before}


READERS = {"robowire": measure_robowire, "rosbags": measure_rosbags}


def moments(start_ns: int, end_ns: int) -> list[int]:
    """Starts of seconds, spread over a bag; the last one is for warming up."""
    step = (end_ns - start_ns - 10**9) // (MOMENTS + 1)
    return [start_ns + step * place for place in range(1, MOMENTS + 2)]


def timed(call: Callable[..., Result], *arguments: object) -> tuple[Result, float]:
    """What a call gives, and its CPU time in milliseconds."""
    start = process_time()
    value = call(*arguments)
    return value, (process_time() - start) * 1000


def peak_mb() -> float:
    """The most memory that this process has had so far."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1e6 if sys.platform == "darwin" else 1e3)


def print_table(figures: dict[tuple[str, str], dict[str, float]]) -> None:
    """One line per reader and bag, and how the large bag compares with the small one."""
    print(f"\n{'':20}" + "".join(f"{title:>16}" for title in COLUMNS.values()))
    for reader in READERS:
        small, large = figures[reader, "small"], figures[reader, "large"]
        ratio = {column: large[column] / max(small[column], 0.1) for column in large}
        for name, row in {"small": small, "large": large, "large / small": ratio}.items():
            cells = (f"{row[column]:16,.2f}" if column in row else f"{'-':>16}" for column in COLUMNS)
            print(f"{reader + ' ' + name:20}" + "".join(cells))
    theirs, ours = figures["rosbags", "large"], figures["robowire", "large"]
    cells = (
        f"{theirs[column] / max(ours[column], 0.1):16,.2f}" if column in theirs else f"{'-':>16}" for column in COLUMNS
    )
    print(f"{'rosbags / robowire':20}" + "".join(cells) + "\n")


if __name__ == "__main__":
    main()
