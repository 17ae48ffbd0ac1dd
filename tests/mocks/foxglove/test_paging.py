"""Lists come in pages, in an order that holds still."""

from collections.abc import Callable
from typing import Any

import pytest
from robowire_mocks.foxglove.store import Ordered

DEVICES = [
    {"name": f"n{number}", "id": f"dev_{9 - number}", "properties": properties}
    for number, properties in enumerate(
        (
            {"floor": 2, "note": "b", "armed": True},
            {},
            {"floor": 10.5, "note": "a", "color": "red"},
            {"floor": -1, "note": "B"},
            {"floor": 2, "armed": False, "color": "a,b"},
        )
    )
]
PROPERTIES = [
    {"key": "note", "value_type": "string"},
    {"key": "floor", "value_type": "number"},
    {"key": "color", "value_type": "enum", "values": ["red", "a,b"]},
    {"key": "armed", "value_type": "boolean"},
]


@pytest.fixture
def fleet(make_api: Callable[..., Any]) -> Any:
    """Five devices, some with the same values and some with none."""
    return make_api(custom_property=PROPERTIES, device=DEVICES)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "n0 n1 n2 n3 n4"),
        ({"sortOrder": "desc"}, "n0 n1 n2 n3 n4"),
        ({"sortBy": "id"}, "n4 n3 n2 n1 n0"),
        ({"sortBy": "id", "sortOrder": "asc"}, "n4 n3 n2 n1 n0"),
        ({"sortBy": "name", "sortOrder": "desc"}, "n4 n3 n2 n1 n0"),
        ({"sortBy": "properties.floor"}, "n3 n4 n0 n2 n1"),
        ({"sortBy": "properties.floor", "sortOrder": "desc"}, "n2 n0 n4 n3 n1"),
        ({"sortBy": "properties.note"}, "n3 n2 n0 n4 n1"),
        ({"sortBy": "properties.armed"}, "n4 n0 n3 n2 n1"),
        ({"sortBy": "properties.color", "sortOrder": "desc"}, "n2 n4 n3 n1 n0"),
    ],
)
def test_orders(fleet: Any, query: dict[str, str], names: str) -> None:
    """By creation; or by a field, ties by id, and those that lack it last, by id."""
    assert fleet.names(**query) == names.split()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"limit": 2}, "n0 n1"),
        ({"limit": "2.0"}, "n0 n1"),
        ({"limit": 0}, ""),
        ({"limit": 2000}, "n0 n1 n2 n3 n4"),
        ({"offset": 3}, "n3 n4"),
        ({"offset": 1, "limit": 3}, "n1 n2 n3"),
        ({"offset": 5}, ""),
        ({"offset": 10**30}, ""),
        ({"offset": 0, "limit": 1, "sortBy": "name", "sortOrder": "desc"}, "n4"),
        ({"offset": 1, "limit": 1, "query": "properties.floor:2"}, "n4"),
        ({"offset": 1, "query": "properties.floor:*", "sortBy": "properties.floor"}, "n4 n0 n2"),
    ],
)
def test_pages(fleet: Any, query: dict[str, Any], names: str) -> None:
    """A page is a piece of the ordered and filtered list."""
    assert fleet.names(**query) == names.split()


@pytest.mark.parametrize(
    "query",
    [
        *({"limit": limit} for limit in ("2001", "-1", "x", "", "1.5", "1e2", " 1", "٣", "9" * 5000)),
        *({"offset": offset} for offset in ("-1", "x", "", "0.5", "NaN", "9" * 5000)),
        *({"sortBy": field} for field in ("", "x", "Name", "createdAt", "floor", "properties.", "properties.x")),
        *({"sortOrder": order} for order in ("", "ASC", "descending")),
    ],
)
def test_bad_parameters(fleet: Any, query: dict[str, Any]) -> None:
    """Each is a 400 that names the parameter."""
    status, text = fleet.refusal("GET", "/devices", query=query)
    assert (status, next(iter(query)) in text) == (400, True)


def test_2000_without_a_limit(make_api: Callable[..., Any]) -> None:
    """More are on the next page; every device is on one page."""
    api = make_api(device=[{"name": f"d{number}"} for number in range(2003)])
    first, second = api.names(), api.names(offset=2000)
    assert first + second == [f"d{number}" for number in range(2003)]
    assert len(first) == 2000


def test_an_order_follows_changes(fleet: Any) -> None:
    """It is kept only as long as nothing changes."""
    assert fleet.names(sortBy="name")[0] == "n0"
    fleet.send("PATCH", "/devices/n4", {"name": "a"})
    assert fleet.names(sortBy="name")[0] == "a"
    fleet.send("DELETE", "/devices/a")
    assert fleet.names(sortBy="name") == ["n0", "n1", "n2", "n3"]


def test_a_page_without_an_order_sorts_nothing(fleet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one with an order only once."""
    made = []

    def order(rows: Any, key: Any) -> Ordered[Any]:
        made.append(key)
        return Ordered(rows, key)

    monkeypatch.setattr("robowire_mocks.foxglove.store.Ordered", order)
    fleet.names(limit=1, offset=1)
    assert not made
    for offset in range(3):
        fleet.names(sortBy="name", offset=offset)
        fleet.names(sortBy="name", sortOrder="desc", offset=offset)
    assert len(made) == 1
