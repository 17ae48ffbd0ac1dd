"""What journal and faults cost a request, in µs of CPU and as a share of it: in process, without a socket.

    python benchmarks/layers.py [REQUESTS]

The same call, through the API's routes alone, with the journal, with the journal and no faults, and with faults that
other calls would meet; then with what a log line asks of each entry (its operation and its hint).
"""

import io
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from robowire_mocks import create_mock
from robowire_mocks.core.app import App
from werkzeug.test import EnvironBuilder

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from robowire_mocks.core.mock import Mock

KEY = {"Authorization": "Bearer fox_sk_robowire_all", "Accept": "*/*", "User-Agent": "bench", "Accept-Encoding": "gzip"}
CALLS: dict[str, tuple[str, str, Any]] = {
    "GET, one device": ("GET", "/v1/devices/tug-01", None),
    "GET, a list": ("GET", "/v1/devices", None),
    "PATCH": ("PATCH", "/v1/devices/tug-01", {"properties": {"hall": "yard"}}),
}


def cost_us(app: "WSGIApplication", call: tuple[str, str, Any], number: int, after: Callable[[], Any]) -> float:
    """The least CPU time of a call in several runs, in µs."""
    method, path, body = call
    builder = EnvironBuilder(path, method=method, headers=list(KEY.items()), json=body)
    environ = builder.get_environ()
    sent = environ["wsgi.input"].read()
    least = float("inf")
    for _ in range(7):
        begun = time.process_time()
        for _ in range(number):
            answer = app({**environ, "wsgi.input": io.BytesIO(sent)}, lambda *_: print)
            for _ in answer:
                pass
            answer.close()  # type: ignore[attr-defined]  # a WSGI answer that has one
            after()
        least = min(least, time.process_time() - begun)
    return least / number * 1e6


def with_layers(mock: "Mock[Any]", *layers: Any) -> "WSGIApplication":
    """The application of `mock` with these layers around it."""
    mock.layers = layers
    return App(mock)


def main() -> None:
    """Print a table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with create_mock("foxglove") as mock:
        both = with_layers(mock, mock.journal, mock.faults)
        alone, noted = with_layers(mock), with_layers(mock, mock.journal)
        print(f"{'':20}{'routes':>9}{'journal':>16}{'no faults':>16}{'other faults':>16}{'and a line':>16}")
        for name, call in CALLS.items():
            costs = [cost_us(app, call, number, lambda: None) for app in (alone, noted, both)]
            mock.faults.add(kind="status", operation="deleteDevice")
            mock.faults.add(kind="latency", seconds=1, path="/v1/events*")
            costs.append(cost_us(both, call, number, lambda: None))
            costs.append(cost_us(both, call, number, lambda: str(mock.journal.last())))
            mock.faults.clear()
            first, *rest = costs
            print(f"{name:20}{first:6.0f} µs" + "".join(f"{cost:6.0f} µs {cost / first:5.2f}x" for cost in rest))


if __name__ == "__main__":
    main()
