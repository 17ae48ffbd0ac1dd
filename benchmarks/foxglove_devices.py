"""What the Foxglove mock's devices cost, in ratios: many against few, and against what one writes in an afternoon.

    python benchmarks/foxglove_devices.py [MANY]

The other side is a Flask application with a list of dictionaries: it filters, sorts and slices all of them for each
page, looks a name up by going through them, and keeps no journal, no keys and no checks.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request
from robowire_mocks.core.app import App
from robowire_mocks.core.world import build
from robowire_mocks.foxglove import FoxgloveMock
from robowire_mocks.foxglove.world import World

FEW = 100
HEADERS = {"Authorization": "Bearer key", "Content-Type": "application/json"}
PAGES = {
    "a page of 100": "/v1/devices?limit=100",
    "the last page": "/v1/devices?limit=100&offset={last}",
    "sorted by name": "/v1/devices?limit=100&sortBy=name&sortOrder=desc",
    "sorted by a property": "/v1/devices?limit=100&sortBy=properties.floor",
    "filtered": "/v1/devices?limit=100&query=properties.floor:3",
    "by name": "/v1/devices/device-{last}",
}

Ask = Callable[[str, str, bytes | None], None]


def cpu_ms(function: Callable[[], Any], runs: int = 7) -> float:
    """The least CPU time of several runs, in ms."""
    least = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        function()
        least = min(least, time.process_time() - begun)
    return least * 1000


def devices(number: int) -> list[dict[str, Any]]:
    """Devices as a world has them."""
    return [{"name": f"device-{place}", "properties": {"floor": place % 10}} for place in range(number)]


def mock_of(number: int) -> Ask:
    """The mock, through its WSGI application."""
    table = {
        "key": [{"key": "key", "capabilities": ["*"]}],
        "custom_property": [{"key": "floor", "value_type": "number"}],
        "device": devices(number),
    }
    return asker(FoxgloveMock(build(World, table, "the world", Path())).app)


def naive_of(number: int) -> Ask:
    """The other side."""
    rows = [
        {"id": f"dev_{place}", "orgId": "org", "createdAt": "2026-11-20T12:00:00Z", **device}
        for place, device in enumerate(devices(number))
    ]
    app = Flask("naive")

    @app.get("/v1/devices")
    def listed() -> Any:
        found = rows
        query = request.args.get("query")
        if query:
            key, value = query.removeprefix("properties.").split(":")
            found = [row for row in found if str(row["properties"].get(key)) == value]
        field = request.args.get("sortBy", "id")
        key = field.removeprefix("properties.")
        found = sorted(found, key=lambda row: row["properties"].get(key, 0) if "." in field else row[field])
        found = found[::-1] if request.args.get("sortOrder") == "desc" else found
        offset, limit = int(request.args.get("offset", 0)), int(request.args.get("limit", 2000))
        return jsonify(found[offset : offset + limit])

    @app.get("/v1/devices/<name>")
    def one(name: str) -> Any:
        return jsonify(next(row for row in rows if name in {row["name"], row["id"]}))

    @app.post("/v1/devices")
    def create() -> Any:
        body = request.get_json()
        if any(row["name"] == body["name"] for row in rows):
            return jsonify(error="taken"), 409
        rows.append({"id": f"dev_{len(rows)}", "orgId": "org", "createdAt": "2026-11-20T12:00:00Z", **body})
        return jsonify(rows[-1])

    return asker(app)


def asker(app: App | Flask) -> Ask:
    """Sends one request, which must succeed."""
    client = app.test_client()

    def ask(method: str, path: str, body: bytes | None = None) -> None:
        answer = client.open(path, method=method, headers=HEADERS, data=body)
        if answer.status_code != 200:
            raise RuntimeError(answer.text)

    return ask


def measured(ask: Ask, number: int, prefix: str) -> dict[str, float]:
    """CPU time of each request in ms; the first of a kind, which may sort, is not counted."""
    spent = {}
    for name, path in PAGES.items():
        place = path.format(last=number - FEW if "offset" in path else number - 1)
        ask("GET", place, None)
        spent[name] = cpu_ms(lambda place=place: ask("GET", place, None))  # type: ignore[misc]  # bound at once
    names = iter(range(10**9))

    def create() -> None:
        ask("POST", "/v1/devices", json.dumps({"name": f"{prefix}-{next(names)}"}).encode())

    spent["create"] = cpu_ms(create)
    return spent


def main() -> None:
    """Print the table."""
    many = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100_000
    mock, few, naive = mock_of(many), mock_of(FEW), naive_of(many)
    spent = measured(mock, many, "mock"), measured(few, FEW, "few"), measured(naive, many, "naive")
    print(f"{many} devices, ms of CPU; ratios to the mock with {FEW}, and to a list of dictionaries with as many")
    print(f"{'':22}{'mock':>10}{f'of {FEW}':>10}{'naive':>10}{f'/of {FEW}':>10}{'/naive':>10}")
    for name in spent[0]:
        own, small, other = (each[name] for each in spent)
        print(f"{name:22}{own:10.2f}{small:10.2f}{other:10.2f}{own / small:10.2f}{own / other:10.4f}")


if __name__ == "__main__":
    main()
