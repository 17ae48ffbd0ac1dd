"""Small worlds of devices, mocks of them, and clients that ask."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from robowire_fixtures.losant import PATHS
from robowire_generators.telemetry import (
    Application,
    AttributeType,
    Column,
    Device,
    History,
    TelemetryWorld,
    Token,
)
from robowire_mocks.losant import LosantMock
from robowire_mocks.losant.engine.iso import iso_time
from werkzeug.test import TestResponse

APPLICATION, OTHER = "a" * 24, "b" * 24
TOKEN = "losant_robowire_all"
NOW = 1_700_000_000_000
"""What the clock of these worlds says, in ms."""

State = tuple[int, Mapping[str, Any]]
"""A time in ms and what was reported then."""

_TYPES = {
    bool: AttributeType.BOOLEAN,
    float: AttributeType.NUMBER,
    int: AttributeType.NUMBER,
    str: AttributeType.STRING,
}


def device_id(number: int) -> str:
    """The id of a device by its number."""
    return f"{number:024x}"


def make_device(number: int, states: list[State], **facts: Any) -> Device:
    """A device with these states, in order of time."""
    names = list(dict.fromkeys(name for _, data in states for name in data))
    columns = {name: _column(name, states) for name in names}
    kinds = {name: _TYPES[type(next(data[name] for _, data in states if name in data))] for name in names}
    history = History(np.array([time for time, _ in states], dtype=np.int64), columns)
    defaults = {"name": f"device {number}", "attributes": kinds}
    return Device(id=device_id(number), history=history, **(defaults | facts))


def _column(name: str, states: list[State]) -> Column:
    rows = [row for row, (_, data) in enumerate(states) if name in data]
    values = [states[row][1][name] for row in rows]
    array: np.ndarray[Any, Any] = np.empty(len(values), dtype=object)
    array[:] = values
    if not isinstance(values[0], str):
        array = array.astype(bool if isinstance(values[0], bool) else np.float64)
    times = np.array([states[row][0] for row in rows], dtype=np.int64)
    return Column(times, array, np.array(rows, dtype=np.int32))


def make_world(
    *devices: Device, others: tuple[Device, ...] = (), tokens: Mapping[str, Any] = MappingProxyType({})
) -> TelemetryWorld:
    """A world of two applications whose clock stands at NOW; `tokens` are scopes by the token's text."""
    applications = {
        APPLICATION: Application(APPLICATION, "one", {device.id: device for device in devices}),
        OTHER: Application(OTHER, "other", {device.id: device for device in others}),
    }
    scopes = {TOKEN: ("all.Application",), **tokens}
    known = {text: Token(text, tuple(granted)) for text, granted in scopes.items()}
    return TelemetryWorld(applications, known, NOW, clock_start=NOW / 1000, clock_frozen=True)


@dataclass(frozen=True)
class Api:
    """A client of one mock."""

    mock: LosantMock
    client: FlaskClient

    def post(self, operation: str, body: Any = None, *, token: str | None = TOKEN, **options: Any) -> TestResponse:
        """Ask; `application`, `raw` (bytes for the body) and `headers` may be given."""
        application = options.get("application", APPLICATION)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        given = {"data": options["raw"]} if "raw" in options else {} if body is None else {"json": body}
        path = f"/applications/{application}/data/{PATHS[operation]}"
        return self.client.post(path, headers=headers | options.get("headers", {}), **given)

    def points(self, body: Any, number: int = 1) -> list[tuple[int, dict[str, Any]]]:
        """The points of one device in a time series: times in ms, and data."""
        answer = self.post("timeSeriesQuery", body)
        assert answer.status_code == 200, answer.text
        points = answer.get_json()["devices"][device_id(number)]["points"]
        times = np.array([point["time"].removesuffix("Z") for point in points], dtype="datetime64[ms]").astype(int)
        return [(time, point["data"]) for time, point in zip(times.tolist(), points, strict=True)]

    def selected(self, body: Any) -> set[int]:
        """The numbers of the devices that a time series is about."""
        answer = self.post("timeSeriesQuery", body)
        assert answer.status_code == 200, answer.text
        return {int(one, 16) for one in answer.get_json()["devices"]}


MakeApi = Callable[[TelemetryWorld], Api]


@pytest.fixture
def make_api() -> Iterator[MakeApi]:
    """Makes clients of mocks of worlds."""
    made: list[LosantMock] = []

    def make(world: TelemetryWorld) -> Api:
        made.append(LosantMock(world, None))
        return Api(made[-1], made[-1].app.test_client())

    yield make
    for mock in made:
        mock.close()


@pytest.fixture(scope="session")
def fleet() -> Iterator[Api]:
    """Three vehicles that have everything that a query may ask for, and one of another application."""
    start = NOW - 600_000
    states: list[State] = [
        (
            start + n * 1000,
            {"voltage": 12 + n % 7 / 4, "on": n % 3 == 0, "mode": "abc"[n % 3], "at": f"{n % 9},{n % 5}.5"},
        )
        for n in range(600)
    ]
    first = make_device(
        1, states, name="Pump One", tags={"floor": ("8", "9"), "hall": ("1",)}, creation_date=NOW - 10, connected_at=NOW
    )
    second = make_device(
        2, states[::7], name="pump two", tags={"room": ("8",)}, parent_id=device_id(1), connection_status="connected"
    )
    third = make_device(3, [(start, {"level": 1.0})], name="Tank", device_class="gateway", gateway_id=device_id(1))
    other = make_device(9, states[:10], name="Pump One", tags={"floor": ("8",)})
    tokens = {"nothing": (), "last": ("data.lastValueQuery",), "elsewhere": ("devices.get",)}
    mock = LosantMock(make_world(first, second, third, others=(other,), tokens=tokens), None)
    yield Api(mock, mock.app.test_client())
    mock.close()


@pytest.fixture(scope="session")
def worlds() -> Any:
    """What makes worlds, for tests that need some of their own."""
    return SimpleNamespace(
        NOW=NOW, Api=Api, device_id=device_id, iso=iso_time, make_device=make_device, make_world=make_world
    )


@pytest.fixture(scope="session")
def receiver() -> Iterator[tuple[str, list[Any]]]:
    """A server that keeps what is posted to it."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        """Answers with a redirection, which is not to be followed."""

        def do_POST(self) -> None:
            """Keep what is posted."""
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(302)
            self.send_header("Location", "http://example.com/")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/done?x=1", got
        server.shutdown()
        thread.join()
