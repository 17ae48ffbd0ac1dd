"""What does it cost to upload, import and stream recordings? Against copying the file, and a large against a small one.

Run `python benchmarks/foxglove_stream.py --size 10GB`. The files are of JSON messages in chunks of one MiB, and need
twice their size on disk while it runs. The mock works in process, so that no socket is measured, but for what says so:
there, the CPU time is that of both ends. "first" is the time to the first byte, "minute" a cut of one minute, both of a
recording whose index is not in memory. Lists and coverage are of recordings without files.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import httpx

SECOND = 10**9
START = 1_700_000_000 * SECOND
SMALL = 20_000_000
KEY = {"key": "fox_sk_all", "capabilities": ["*"]}
HEADERS = {"Authorization": "Bearer fox_sk_all"}


def main() -> None:
    """Make the recordings, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", default="500MB", help="the large recording's size, such as 500MB or 10GB")
    parser.add_argument("--compression", default="none", choices=("none", "lz4", "zstd"))
    parser.add_argument("--folder", type=Path, help="where to make the recordings; a temporary folder by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for name, size in {"small": SMALL, "large": parse_size(options.size)}.items():
            path = make(Path(folder) / f"{name}.mcap", size, options.compression)
            print(f"{name}: {path.stat().st_size / 1e6:,.0f} MB")
            print_import(path)
            print_stream(path)
    for count in (100, 100_000):
        print_lists(count)


def parse_size(text: str) -> int:
    """Bytes of a size such as 5GB."""
    for unit, factor in {"GB": 10**9, "MB": 10**6}.items():
        if text.upper().endswith(unit):
            return int(float(text[:-2]) * factor)
    return int(text)


def make(path: Path, size: int, compression: str) -> Path:
    """Write a recording of about `size` bytes before compression: a kilobyte each millisecond."""
    from robowire_generators.mcap.writer import Compression, McapWriter

    with path.open("wb") as file:
        writer = McapWriter(file, compression=Compression(compression))
        schema = writer.schema("robowire.Sample", "jsonschema", b"{}")
        channels = [writer.channel(f"/topic_{number}", "json", schema) for number in range(10)]
        padding = b" " * 980
        for number in range(size // 1024):
            writer.message(channels[number % 10], START + number * SECOND // 1000, b'{"n":%12d}' % number + padding)
        writer.finish()
    return path


def make_mock(recordings: list[dict[str, Any]]) -> Any:
    """A mock of a world with these recordings, and a device for each hundred of them."""
    from robowire_mocks.core.world import build
    from robowire_mocks.foxglove import FoxgloveMock
    from robowire_mocks.foxglove.world import World

    devices = [{"id": f"dev_{number}", "name": f"robot-{number}"} for number in range(max(len(recordings) // 100, 1))]
    sites = [{"id": "site", "name": "hosted", "type": "foxglove-hosted"}]
    table = {"key": [KEY], "device": devices, "site": sites, "recording": recordings}
    return FoxgloveMock(build(World, table, "the world", Path()))


def print_import(path: Path) -> None:
    """MB/s of an upload over a socket, of its import, and of the whole recording as it comes back over the socket."""
    from robowire_mocks.core.serving import serve

    mock = make_mock([])
    mock.imports.hold()
    with serve(mock) as server:
        client = httpx.Client(base_url=server.url, headers=HEADERS, timeout=None)  # noqa: S113  # it takes what it takes

        def uploaded() -> int:
            link = client.post("/v1/data/upload", json={"filename": path.name, "key": path.name}).json()["link"]
            with path.open("rb") as file:
                client.put(link, content=file).raise_for_status()
            return path.stat().st_size

        def imported() -> int:
            for _ in range(3):
                mock.imports.step()
            assert client.get(f"/v1/recordings/{path.name}").json()["importStatus"] == "complete"
            return path.stat().st_size

        def streamed() -> int:
            link = client.post("/v1/data/stream", json={"recordingKey": path.name}).json()["link"]
            with client.stream("GET", link) as answer:
                return sum(map(len, answer.iter_raw()))

        for name, call in {"upload, socket": uploaded, "import": imported, "stream whole, socket": streamed}.items():
            print_measured(name, *measured(call, 1))
    mock.close()


def print_measured(name: str, wall: float, cpu: float, done: int) -> None:
    """A line of the table."""
    print(f"  {name:26} {1000 * wall:9,.1f} ms  {1000 * cpu:9,.1f} ms CPU  {done / 1e6 / wall:8,.0f} MB/s")


def print_stream(path: Path) -> None:
    """MB/s of the whole beside a copy; the first byte and a minute, each with the index read anew."""
    from robowire_mocks.formats.opening import forget

    recording = {"id": "rec", "device": "dev_0", "site": "site", "path": "run.mcap", "import_status": "complete"}
    mock = make_mock([{**recording, "file": str(path)}])
    size = path.stat().st_size
    seconds = size / 1024 / 1000
    start = zulu(START + int(seconds / 3 * SECOND))
    end = zulu(START + int(min(seconds / 3 + 60, seconds) * SECOND))

    def streamed(*, first: bool = False, **body: Any) -> Callable[[], int]:
        def run() -> int:
            forget()
            pieces = stream(mock, {"recordingId": "rec", **body})
            return len(next(pieces)) if first else sum(map(len, pieces))

        return run

    def copied() -> int:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            shutil.copyfile(path, Path(folder) / "copy")
        return size

    topics = [f"/topic_{number}" for number in range(9)]
    for name, call in {
        "copy": copied,
        "stream whole": streamed(),
        "stream nine of ten topics": streamed(topics=topics),
        "first": streamed(first=True),
        "minute": streamed(start=start, end=end),
    }.items():
        print_measured(name, *measured(call))
    mock.close()


def stream(mock: Any, body: dict[str, Any]) -> Iterator[bytes]:
    """The data that a request for them gives, piece by piece."""
    client = mock.app.test_client()
    link = client.post("/v1/data/stream", json=body, headers=HEADERS).get_json()["link"]
    yield from client.get(link, buffered=False).response


def zulu(time_ns: int) -> str:
    """A time as requests say it."""
    from robowire_mocks.foxglove.times import write

    return write(time_ns)


def measured(call: Callable[[], int], times: int = 3) -> tuple[float, float, int]:
    """Seconds of a clock, seconds of CPU, and what the call gives: the medians of some."""
    walls, cpus, done = [], [], 0
    for _ in range(times):
        wall, cpu = perf_counter(), process_time()
        done = call()
        walls.append(perf_counter() - wall)
        cpus.append(process_time() - cpu)
    return median(walls), median(cpus), done


def print_lists(count: int) -> None:
    """A page of recordings, and coverage of a device and of all."""
    recordings = [
        {
            "id": f"rec_{number}",
            "device": f"dev_{number // 100 % max(count // 100, 1)}",
            "site": "site",
            "path": f"{number}.mcap",
            "import_status": "complete",
            "start": zulu(START + number % 100 * 120 * SECOND),
            "end": zulu(START + (number % 100 * 120 + 60) * SECOND),
        }
        for number in range(count)
    ]
    mock = make_mock(recordings)
    client = mock.app.test_client()
    ever = {"start": "2000-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"}
    print(f"{count:,} recordings")
    for name, path, query in (
        ("list, a page of 100", "/v1/recordings", {"limit": 100}),
        ("coverage of a device", "/v1/data/coverage", {**ever, "deviceId": "dev_0"}),
        ("coverage, first 100", "/v1/data/coverage", {**ever, "limit": 100}),
        ("coverage, sorted by start", "/v1/data/coverage", {**ever, "limit": 100, "sortBy": "start"}),
    ):

        def get(path: str = path, query: dict[str, Any] = query) -> int:
            answer = client.get(path, query_string=query, headers=HEADERS)
            return len(answer.get_json())

        get()
        wall, cpu, items = measured(get, 9)
        print(f"  {name:26} {1000 * wall:9,.2f} ms  {1000 * cpu:9,.2f} ms CPU  {items:6,} items")
    mock.close()


if __name__ == "__main__":
    main()
