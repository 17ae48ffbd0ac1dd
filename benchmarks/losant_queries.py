"""How near the Losant mock's query engine is to numpy itself, and how far from plain Python.

    python benchmarks/losant_queries.py [POINTS] [WINDOWS]

Prints CPU time, and ratios to plain Python (sorted lists and bisect) and to the one library call that a query cannot do
without. Polars and DuckDB are measured too where they are installed.
"""

import statistics
import sys
import time
from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from robowire_generators.telemetry import Application, AttributeType, Column, Device, History, TelemetryWorld, Token
from robowire_mocks.losant import LosantMock
from robowire_mocks.losant.engine.aggregations import aggregate
from robowire_mocks.losant.engine.windows import Windows, cut

APPLICATION, DEVICE = "a" * 24, "b" * 24
START, PERIOD_MS = 1_600_000_000_000, 1000


def cpu_ms(function: Callable[[], Any], runs: int = 5) -> float:
    """The least CPU time of several runs, in ms."""
    least = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        function()
        least = min(least, time.process_time() - begun)
    return least * 1000


class Queries:
    """One column of values, and its windows."""

    def __init__(self, points: int, windows: int) -> None:
        self.times = START + np.arange(points, dtype=np.int64) * PERIOD_MS
        self.values = np.random.default_rng(1).normal(20, 5, points)
        self.windows = Windows(START, START + points * PERIOD_MS, points * PERIOD_MS // windows)
        self.starts = np.searchsorted(self.times, self.windows.starts(np.arange(self.windows.number)))
        self.counts = np.diff(self.starts, append=points)

    def engine(self, name: str) -> Any:
        """The mock's engine."""
        return aggregate(name, cut(self.times, self.values, self.windows))

    def raw(self, name: str) -> Any:
        """The library alone: the bare call on windows that are known already."""
        if name == "MEAN":
            return np.add.reduceat(self.values, self.starts) / self.counts
        if name == "MAX":
            return np.maximum.reduceat(self.values, self.starts)
        if name == "STD_DEV":
            return [window.std() for window in np.split(self.values, self.starts[1:])]
        return [np.median(window) for window in np.split(self.values, self.starts[1:])]

    def plain(self) -> Callable[[str], Any]:
        """The same in plain Python."""
        times, values = self.times.tolist(), self.values.tolist()
        edges = self.windows.starts(np.arange(self.windows.number + 1)).tolist()
        reckon: dict[str, Callable[[list[float]], float]] = {
            "MEAN": lambda window: sum(window) / len(window),
            "MAX": max,
            "STD_DEV": statistics.pstdev if len(values) <= 100_000 else _deviation,
            "MEDIAN": statistics.median,
        }

        def query(name: str) -> list[float]:
            cuts = [bisect_left(times, edge) for edge in edges]
            return [reckon[name](values[first:last]) for first, last in pairwise(cuts)]

        return query

    def polars(self) -> Callable[[str], Any] | None:
        """Polars: a column of window numbers and a group-by, if it is installed."""
        try:
            import polars as pl  # type: ignore[import-not-found]  # optional
        except ImportError:
            return None
        frame = pl.DataFrame({"time": self.times, "value": self.values})
        number = (pl.col("time") - self.windows.start) // int(self.windows.step)
        value = pl.col("value")
        of = {"MEAN": value.mean(), "MAX": value.max(), "STD_DEV": value.std(ddof=0), "MEDIAN": value.median()}
        return lambda name: frame.group_by(number.alias("window")).agg(of[name]).sort("window")

    def duckdb(self) -> Callable[[str], Any] | None:
        """DuckDB: the same in SQL, if it is installed."""
        try:
            import duckdb  # type: ignore[import-not-found]  # optional
        except ImportError:
            return None
        connection = duckdb.connect()
        connection.execute("create table points (time bigint, value double)")
        held = {"time": self.times, "value": self.values}
        connection.register("held", held)
        connection.execute("insert into points select * from held")
        of = {"MEAN": "avg(value)", "MAX": "max(value)", "STD_DEV": "stddev_pop(value)", "MEDIAN": "median(value)"}
        group = f"(time - {self.windows.start}) // {int(self.windows.step)}"
        return lambda name: connection.execute(
            f"select {group}, {of[name]} from points group by 1 order by 1"  # noqa: S608  # numbers of our own
        ).fetchnumpy()

    def over_http(self) -> Callable[[str], Any]:
        """The whole mock, through its WSGI application: body, validation, answer as JSON."""
        column = Column(self.times, self.values, np.arange(len(self.times), dtype=np.int32))
        history = History(self.times, {"voltage": column})
        device = Device(id=DEVICE, name="b", history=history, attributes={"voltage": AttributeType.NUMBER})
        world = TelemetryWorld(
            {APPLICATION: Application(APPLICATION, "a", {DEVICE: device})},
            {"t": Token("t", ("all.Application",))},
            self.windows.end,
        )
        client = LosantMock(world, None).app.test_client()
        step = int(self.windows.step)

        def query(name: str) -> bytes:
            answer = client.post(
                f"/applications/{APPLICATION}/data/time-series-query",
                json={"start": START, "end": self.windows.end, "resolution": step, "aggregation": name},
                headers={"Authorization": "Bearer t"},
            )
            data: bytes = answer.data
            return data

        return query


def _deviation(window: list[float]) -> float:
    mean = sum(window) / len(window)
    return float((sum((value - mean) ** 2 for value in window) / len(window)) ** 0.5)


def main() -> None:
    """Print the table."""
    points, windows = (int(float(text)) for text in (sys.argv[1:] + ["1e6", "1000"][len(sys.argv) - 1 :]))
    queries = Queries(points, windows)
    ways = {"engine": queries.engine, "WSGI": queries.over_http(), "library": queries.raw, "plain": queries.plain()}
    ways |= {name: way for name, way in (("polars", queries.polars()), ("duckdb", queries.duckdb())) if way}
    print(f"{points} points into {windows} windows, ms of CPU; ratios of the engine to the library and to plain Python")
    print(f"{'':8}" + "".join(f"{name:>10}" for name in (*ways, "/library", "/plain")))
    for aggregation in ("MEAN", "MAX", "STD_DEV", "MEDIAN"):
        spent = {name: cpu_ms(partial(way, aggregation)) for name, way in ways.items()}
        ratios = spent["engine"] / spent["library"], spent["engine"] / spent["plain"]
        print(
            f"{aggregation:8}"
            + "".join(f"{value:10.2f}" for value in spent.values())
            + "".join(f"{one:10.3f}" for one in ratios)
        )


if __name__ == "__main__":
    main()
