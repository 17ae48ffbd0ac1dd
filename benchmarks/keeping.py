"""What it costs to keep everything: writes with a data folder against writes without, and a start with many rows kept.

    python benchmarks/keeping.py [ROWS]

A write is a POST of a device or an upload of a small file, in process. Times are CPU time of this process, so that they
compare on a machine that does other things too; the ratio is to the same without a data folder.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from robowire_mocks import create_mock
from robowire_mocks.core.database import Database
from robowire_mocks.core.mock import Mock
from robowire_mocks.foxglove.rows import Event

KEY = {"Authorization": "Bearer k"}
WORLD: dict[str, Any] = {
    "key": [{"key": "k", "capabilities": ["*"]}],
    "site": [{"name": "hosted", "type": "foxglove-hosted"}],
}
ROUNDS, CALLS = 8, 100


def cpu_us(function: Callable[[int], Any]) -> float:
    """CPU time of one call, in microseconds: the least of a few rounds."""
    least = float("inf")
    for turn in range(ROUNDS):
        begun = time.process_time()
        for number in range(turn * CALLS, (turn + 1) * CALLS):
            function(number)
        least = min(least, (time.process_time() - begun) / CALLS * 1e6)
    return least


def writes(mock: Mock[Any]) -> dict[str, float]:
    """What writes cost, in microseconds."""
    client = mock.app.test_client()
    names = (f"device-{number}" for number in count())
    mock.imports.hold()  # type: ignore[attr-defined]  # of its mock: they are another thread's work

    def device(_: int) -> None:
        answer = client.post("/v1/devices", json={"name": next(names)}, headers=KEY)
        assert answer.status_code == 200, answer.text

    def upload(number: int) -> None:
        asked = {"filename": "a.mcap", "key": f"key-{number}"}
        link = client.post("/v1/data/upload", json=asked, headers=KEY).get_json()["link"]
        assert client.put(link, data=b"no recording").status_code == 200

    return {"a device": cpu_us(device), "an upload": cpu_us(upload)}


def compare() -> None:
    """Writes without a data folder, and with one."""
    with tempfile.TemporaryDirectory() as folder:
        with create_mock("foxglove", world=WORLD) as mock:
            without = writes(mock)
        with create_mock("foxglove", world=WORLD, data_dir=folder) as mock:
            kept = writes(mock)
    for name, spent in kept.items():
        ratio = spent / without[name]
        print(f"{name}: {without[name]:.0f} us in memory, {spent:.0f} us kept: {ratio:.2f} times as much")


def transactions(folder: Path) -> None:
    """Transactions of a row each, without a request around them."""
    database = Database(folder / "transactions.sqlite")
    row = Event("evt_1", "dev_1", 1, 2, {"kind": "e-stop"}, 3, 4)
    spent = cpu_us(lambda number: database.put("events", f"evt_{number}", row))
    database.close()
    print(f"a transaction of one row: {spent:.0f} us")


def start(rows: int) -> None:
    """The start of a mock that has kept many rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with create_mock("foxglove", world=WORLD | {"device": [{"id": "dev_1", "name": "a"}]}, data_dir=folder) as mock:
            events = mock.state.events  # type: ignore[attr-defined]  # of its mock
            with mock.state.lock:  # type: ignore[attr-defined]  # as above
                for number in range(rows):
                    events.put(Event(f"evt_{number}", "dev_1", number, number, {"kind": "e-stop"}, number, number))
        transactions(folder)
        begun = time.process_time()
        with create_mock("foxglove", world=WORLD, data_dir=folder) as mock:
            spent = time.process_time() - begun
            assert len(mock.state.events) == rows  # type: ignore[attr-defined]  # as above
        print(f"a start with {rows} rows kept: {spent:.2f} s of CPU time")


if __name__ == "__main__":
    compare()
    start(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
