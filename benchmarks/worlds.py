"""What a world of one's own costs: a fork and a reset against making the mock anew, for small worlds and large ones.

    python benchmarks/worlds.py [ROWS] [WORLDS]

Times are the least of several runs in one process; a ratio is to making the same mock again, when all that is loaded
once is loaded. ROWS devices make the large organisation; WORLDS are open at once, and each is written to.
"""

import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.worlds import Worlds
from werkzeug.test import Client

KEY = "fox_sk_robowire_all"
WORLD: dict[str, Any] = {"key": [{"key": KEY, "capabilities": ["*"]}], "clock": {"frozen": True}}
APIS: dict[str, Any] = {"foxglove": "foxglove", "losant": "losant", "bags": "bags"}


def least_ms(function: Callable[[], Any], runs: int = 30) -> float:
    """The least time of several runs, in ms; what is made is closed between them."""
    least = float("inf")
    for _ in range(runs):
        begun = time.perf_counter()
        made = function()
        least = min(least, time.perf_counter() - begun)
        if isinstance(made, Mock):
            made.close()
    return least * 1000


def large(rows: int) -> dict[str, Any]:
    """An organisation with so many devices."""
    return WORLD | {"device": [{"name": f"device-{number}"} for number in range(rows)]}


def add(app: Any, name: str, world: str = "") -> None:
    """Make a device."""
    headers = {"Authorization": f"Bearer {KEY}{world and f'~{world}'}"}
    answer = Client(app).post("/v1/devices", json={"name": name}, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(answer.text)


def of_a_mock(api: str, world: Any) -> dict[str, float]:
    """What each way to a clean mock costs, in ms."""
    names = (f"new-{number}" for number in count())
    with create_mock(api, world=world) as mock:
        _ = mock.app
        spent = {"make": least_ms(lambda: create_mock(api, world=world), 3), "fork": least_ms(mock.fork)}
        spent["reset"] = least_ms(mock.reset)
        if api == "foxglove":

            def write_and_reset() -> None:
                for _ in range(10):
                    add(mock.app, next(names))
                begun.append(time.perf_counter())
                mock.reset()
                ended.append(time.perf_counter())

            begun, ended = list[float](), list[float]()
            least_ms(write_and_reset)
            spent["reset after 10 writes"] = 1000 * min(end - start for start, end in zip(begun, ended, strict=True))
            spent["a first write"] = least_write(mock, names)
            spent["a further write"] = least_ms(lambda: add(mock.app, next(names)))
    return spent


def least_write(mock: Mock[Any], names: Iterator[str]) -> float:
    """The first device that is made in a fork, in ms: what is shared must be told from what is not."""
    least = float("inf")
    for _ in range(30):
        with mock.fork() as fork:
            add(fork.app, next(names))  # what every first request does
            begun = fork.take()
            fork.put_back(begun)
            since = time.perf_counter()
            add(fork.app, next(names))
            least = min(least, time.perf_counter() - since)
    return least * 1000


def at_once(rows: int, number: int) -> None:
    """Open many worlds of a large organisation, and write to each."""
    with create_mock("foxglove", world=large(rows)) as base, Worlds(base) as worlds:
        add(worlds.app, "warm")
        tracemalloc.start()
        begun = time.perf_counter()
        for place in range(number):
            worlds.open(f"w{place}")
        opened = time.perf_counter()
        for place in range(number):
            add(worlds.app, "mine", f"w{place}")
        written = time.perf_counter()
        for place in range(number):
            worlds[f"w{place}"].reset()
        done = time.perf_counter()
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        alone = least_ms(lambda: Client(base.app).get("/v1/devices?limit=1"), 200)
        through = least_ms(lambda: Client(worlds.app).get("/__worlds/w7/v1/devices?limit=1"), 200)
    print(f"\n{number} worlds of {rows} devices at once, while memory is traced, which slows all of it:")
    for what, spent in (("open", opened - begun), ("write", written - opened), ("reset", done - written)):
        print(f"  {what:6}{spent / number * 1000:8.2f} ms a world")
    print(f"  memory{taken / number / 1024:8.0f} KiB a world; the process at most {_peak_mib():.0f} MiB")
    print(f"  a request through worlds takes {through / alone:.2f} of one to the mock alone")


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the tables."""
    rows, number = (int(float(text)) for text in (sys.argv[1:] + ["1e5", "200"][len(sys.argv) - 1 :]))
    told = {api: of_a_mock(api, world) for api, world in APIS.items()}
    told[f"{rows} devices"] = of_a_mock("foxglove", large(rows))
    print(f"ms; and how many times less than making the mock again\n{'':24}" + "".join(f"{name:>18}" for name in told))
    for way in next(iter(told.values())):
        cells = [
            f"{spent[way]:9.3f}{spent['make'] / max(spent[way], 1e-3):8.0f}x" if way in spent else f"{'':18}"
            for spent in told.values()
        ]
        print(f"{way:24}" + "".join(cells))
    at_once(rows, number)


if __name__ == "__main__":
    main()
