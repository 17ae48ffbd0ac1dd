"""What the documents have is known by its names; what they do not have is told with the nearest that they do."""

import subprocess
import sys
from typing import Any

import pytest
from robowire_fixtures.catalogue import APIS
from robowire_fixtures.contract import load_contract
from robowire_mocks.core.documented import Documented


@pytest.mark.parametrize("api", APIS)
def test_every_operation_is_found_by_its_own_call(api: str) -> None:
    """Whatever stands in place of its path's parameters, slashes included if they are encoded."""
    documented = Documented(api)
    count = sum(len(item.keys() - {"parameters"}) for item in load_contract(api)["paths"].values())
    assert len(documented.operations) == count
    for name, operation in documented.operations.items():
        path = operation.path.replace("{", "a%2Fb%20").replace("}", "")
        assert documented.operation_of(operation.method, path) == name
        assert documented.unknown_place(operation.method, path) == ""
        assert documented.has_path(operation.path)


@pytest.mark.parametrize(
    ("api", "method", "path", "operation"),
    [
        ("foxglove", "HEAD", "/v1/devices", "listDevices"),
        ("bags", "GET", "/bags", "listBags"),
        ("foxglove", "GET", "/v1/devices/", None),
        ("foxglove", "GET", "/v1/devices/a/b", None),
        ("foxglove", "GET", "/devices", None),
        ("foxglove", "PUT", "/v1/devices", None),
        ("losant", "POST", "/applications//data/export", None),
    ],
)
def test_calls_are_told_apart(api: str, method: str, path: str, operation: str | None) -> None:
    """HEAD is GET, a slash at the end is one too many unless the document has it, and an empty value is none."""
    assert Documented(api).operation_of(method, path) == operation


@pytest.mark.parametrize(
    ("api", "method", "path", "hint"),
    [
        (
            "foxglove",
            "GET",
            "/v1/device/tug-01",
            "the document has no path /v1/device/tug-01; the nearest is /v1/devices/{nameOrId}",
        ),
        ("foxglove", "GET", "/devices", "the document has no path /devices; the nearest is /v1/devices"),
        (
            "losant",
            "POST",
            "/applications/5f/data/timeseries-query",
            (
                "the document has no path /applications/5f/data/timeseries-query; "
                "the nearest is /applications/{applicationId}/data/time-series-query"
            ),
        ),
        ("bags", "GET", "/qqq", "the document has no path /qqq"),
        (
            "foxglove",
            "PUT",
            "/v1/devices/tug-01",
            "the document has no PUT of /v1/devices/{nameOrId}; it has DELETE, GET, PATCH",
        ),
    ],
)
def test_an_unknown_place_is_told_with_the_nearest(api: str, method: str, path: str, hint: str) -> None:
    """The path if one is alike, the methods if the path is there."""
    assert Documented(api).unknown_place(method, path) == hint


def test_unknown_parameters_are_told_with_the_nearest() -> None:
    """However they are written; all of them where none is alike."""
    documented = Documented("foxglove")
    assert documented.unknown_parameters("listDevices", ["limit", "sort_order"]) == (
        "listDevices has no parameter 'sort_order'; the nearest is 'sortOrder'"
    )
    assert documented.unknown_parameters("listDevices", ["xyz"]) == (
        "listDevices has no parameter 'xyz'; it has limit, offset, query, sortBy, sortOrder"
    )
    assert documented.unknown_parameters("createDevice", ["dry"]) == "createDevice has no parameter 'dry'"
    assert documented.unknown_parameters("listDevices", ["limit", "sortBy"]) == ""


def test_unknown_members_are_told_with_the_nearest() -> None:
    """Those of a body that is a JSON object, of an operation that takes one."""
    documented = Documented("losant")
    assert documented.unknown_members("timeSeriesQuery", {"duration": 1, "device_tags": []}) == (
        "timeSeriesQuery has no member 'device_tags'; the nearest is 'deviceTags'"
    )
    assert documented.unknown_members("timeSeriesQuery", ["duration"]) == ""
    assert Documented("bags").unknown_members("listBags", {"a": 1}) == ""


def test_unknown_members_within_a_body_are_told_with_their_place() -> None:
    """However deep, and once for all items of a list; where the document names none, any will do."""
    losant, foxglove = Documented("losant"), Documented("foxglove")
    assert losant.unknown_members("export", {"options": {"includeblobs": True, "includeID": True}}) == (
        "export has no member 'includeblobs' in 'options'; the nearest is 'includeBlobData'"
    )
    tags = [{"key": "floor", "val": "8"}, {"keys": "floor"}, {"val": "9"}, "floor"]
    assert losant.unknown_members("timeSeriesQuery", {"deviceTags": tags}) == (
        "timeSeriesQuery has no member 'val' in 'deviceTags'; the nearest is 'value'; "
        "timeSeriesQuery has no member 'keys' in 'deviceTags'; the nearest is 'key'"
    )
    query: dict[str, Any] = {"$or": [{"nam": "x"}, {"name": {"$ne": "y"}}]}
    assert losant.unknown_members("lastValueQuery", {"deviceQuery": query}) == (
        "lastValueQuery has no member 'nam' in 'deviceQuery.$or'; the nearest is 'name'"
    )
    for _ in range(5000):
        query = {"$and": [query]}
    assert "'nam'" in losant.unknown_members("lastValueQuery", {"deviceQuery": query})
    assert losant.unknown_members("lastValueQuery", {"deviceQuery": {"tags": {"floor": "8"}}}) == ""
    assert foxglove.unknown_members("createEvent", {"metadata": {"anything": "x"}}) == ""
    assert foxglove.unknown_members("createDevice", {"name": "a", "properties": {"hall": {"a": 1}}}) == ""


def test_a_misspelled_operation_is_an_error() -> None:
    """Which names the one that was meant."""
    with pytest.raises(ValueError, match=r"no operation is called 'list_devices'; the nearest is 'listDevices'"):
        Documented("foxglove").check("list_devices")


def test_a_contract_is_read_when_it_is_needed() -> None:
    """A mock that starts, and one that answers, do not wait for it."""
    program = (
        "import sys; from robowire_mocks import create_mock\n"
        "with create_mock('bags') as mock:\n"
        "    mock.app.test_client().get('/bags/')\n"
        "    assert 'yaml' not in sys.modules\n"
        "    assert mock.journal.last().operation == 'listBags'\n"
        "    assert 'yaml' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_what_the_vendors_clients_add_is_nothing_strange() -> None:
    """Losant's add parameters to every query."""
    losant = Documented("losant")
    assert losant.unknown_parameters("lastValueQuery", ["_actions", "_links", "_embedded"]) == ""
    assert "'_action'" in losant.unknown_parameters("lastValueQuery", ["_action"])
