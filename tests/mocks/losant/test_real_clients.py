"""The clients that Losant publishes, for Python and for JavaScript, drive the mock: every call and every error.

Over HTTP and HTTPS; the one for Python in process, too, with the mock in the place of Losant.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import losant_rest
import pytest
from losant_javascript import installed_client
from losant_rest.losant_error import LosantError
from robowire_mocks.core.serving import serve
from robowire_mocks.in_process import in_place_of

APPLICATION = "a" * 24
FIRST, SECOND = f"{1:024x}", f"{2:024x}"
TOKEN = "losant_robowire_all"

Ask = Callable[..., Any]
"""`ask(action, query, token=…, application=…)`: the result, or the error's type, message and status."""


IN_PYTHON = ["in python, in process", "in python, over http", "in python, over https"]
IN_JAVASCRIPT = ["in javascript, over http", "in javascript, over https"]
HOST = "https://api.losant.com"


@contextmanager
def place(where: str, mock: Any, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The mock where the client looks for it: its URL, and what the environment must say."""
    if where.endswith("in process"):
        with in_place_of(HOST, mock):
            yield HOST, {}
        return
    with serve(mock, tls=folder if where.endswith("https") else None) as server:
        trusted = dict.fromkeys(("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), str(server.ca_file))
        yield server.url, trusted if server.ca_file else {}


def python(url: str) -> Ask:
    """Asks with the PyPI client."""
    names = {"lastValueQuery": "last_value_query", "timeSeriesQuery": "time_series_query", "export": "export"}

    def ask(action: str, query: Any = None, *, token: str | None = TOKEN, application: str = APPLICATION) -> Any:
        client = losant_rest.Client(auth_token=token, url=url)
        given = {} if query is None else {"query": query}
        try:
            return {"result": getattr(client.data, names[action])(applicationId=application, **given)}
        except LosantError as error:
            return {"error": {**error.data, "statusCode": error.status}}

    return ask


def javascript(url: str) -> Ask:
    """Asks with the npm client."""
    folder = installed_client()

    def ask(action: str, query: Any = None, *, token: str | None = TOKEN, application: str = APPLICATION) -> Any:
        params = {"applicationId": application} | ({} if query is None else {"query": query})
        line = json.dumps({"url": url, "token": token, "action": action, "params": params})
        command = ["node", str(folder / "ask.js")]
        run = subprocess.run(command, input=line, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return ask


def _ask(request: pytest.FixtureRequest, fleet: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Asks with a client, over a socket or without."""
    client = python if request.param in IN_PYTHON else javascript
    with place(request.param, fleet.mock, tmp_path) as (url, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield client(url)


ask = pytest.fixture(params=[*IN_PYTHON, *IN_JAVASCRIPT], name="ask")(_ask)
in_python = pytest.fixture(params=IN_PYTHON, name="in_python")(_ask)
in_javascript = pytest.fixture(params=IN_JAVASCRIPT, name="in_javascript")(_ask)


def test_a_time_series_is_queried(ask: Ask) -> None:
    """With an aggregation, tags and a device query."""
    query = {
        "end": 0,
        "duration": 600_000,
        "resolution": 300_000,
        "aggregation": "MEAN",
        "attributes": ["voltage"],
        "deviceTags": [{"key": "floor", "value": "8"}],
        "deviceQuery": {"name": {"$startsWith": "pump", "$ci": True}},
    }
    result = ask("timeSeriesQuery", query)["result"]
    assert (result["resolution"], result["aggregation"], result["order"]) == (300_000, "MEAN", "asc")
    assert set(result["devices"]) == {FIRST, SECOND}
    assert [set(point["data"]) for point in result["devices"][FIRST]["points"]] == [{"voltage"}] * 2


def test_last_values_are_queried(ask: Ask) -> None:
    """Of an attribute."""
    result = ask("lastValueQuery", {"deviceIds": [FIRST], "attribute": "voltage"})["result"]
    assert list(result) == [FIRST]
    assert set(result[FIRST]["data"]) == {"voltage"}


def test_an_export_is_enqueued(ask: Ask) -> None:
    """As the document's example does it."""
    query = {"email": "export@example.com", "deviceIds": [FIRST], "attributes": ["voltage"], "end": 0}
    result = ask("export", {**query, "options": {"includeDate": False, "includeID": True}})["result"]
    assert (result["jobQueued"], result["success"]) == (True, True)


@pytest.mark.parametrize("action", ["export", "lastValueQuery", "timeSeriesQuery"])
def test_a_query_may_be_left_out(ask: Ask, action: str) -> None:
    """The Python client then sends no body, the other one an empty object."""
    assert "result" in ask(action)


@pytest.mark.parametrize("action", ["export", "lastValueQuery", "timeSeriesQuery"])
@pytest.mark.parametrize(
    ("options", "kind", "status"),
    [
        ({"token": "unknown"}, "Unauthorized", 401),
        ({"token": "nothing"}, "Forbidden", 403),
        ({"application": "c" * 24}, "NotFound", 404),
        ({"query": {"deviceIds": ["x"]}}, "Validation", 400),
    ],
)
def test_errors_arrive_as_the_clients_own(
    in_python: Ask, action: str, options: dict[str, Any], kind: str, status: int
) -> None:
    """With type, message and status."""
    _assert_error(in_python(action, **options), kind, status)


@pytest.mark.parametrize(
    ("options", "kind", "status"),
    [
        ({"token": "unknown"}, "Unauthorized", 401),
        ({"token": "nothing"}, "Forbidden", 403),
        ({"application": "c" * 24}, "NotFound", 404),
        ({"query": {"deviceIds": ["x"]}}, "Validation", 400),
    ],
)
def test_errors_arrive_in_javascript_too(in_javascript: Ask, options: dict[str, Any], kind: str, status: int) -> None:
    """With type, message and status."""
    for action in ("export", "lastValueQuery", "timeSeriesQuery"):
        _assert_error(in_javascript(action, **options), kind, status)


def _assert_error(answer: Any, kind: str, status: int) -> None:
    assert answer["error"]["type"] == kind
    assert answer["error"]["message"]
    assert answer["error"]["statusCode"] == status
