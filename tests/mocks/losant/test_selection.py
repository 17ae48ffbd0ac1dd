"""Which devices a query is about."""

from typing import Any

import pytest

ONE, TWO, THREE = 1, 2, 3
ALL = {ONE, TWO, THREE}
FIRST_ID = f"{1:024x}"


@pytest.mark.parametrize(
    ("body", "due"),
    [
        ({}, ALL),
        ({"deviceIds": []}, set()),
        ({"deviceIds": [f"{2:024X}", "f" * 24]}, {TWO}),
        ({"deviceIds": [f"{9:024x}"]}, set()),
        ({"deviceTags": [{"key": "floor"}]}, {ONE}),
        ({"deviceTags": [{"value": "8"}]}, {ONE, TWO}),
        ({"deviceTags": [{"key": "floor", "value": "9"}]}, {ONE}),
        ({"deviceTags": [{"key": "hall", "value": "8"}]}, set()),
        ({"deviceTags": [{}]}, {ONE, TWO}),
        ({"deviceTags": [{"key": "hall"}, {"key": "room"}]}, {ONE, TWO}),
        ({"deviceIds": [f"{2:024x}"], "deviceTags": [{"key": "hall"}], "deviceQuery": {"name": "Tank"}}, ALL),
    ],
)
def test_selectors_are_a_union(fleet: Any, body: dict[str, Any], due: set[int]) -> None:
    """In time series and in last values."""
    assert fleet.selected(body) == due
    last = fleet.post("lastValueQuery", body)
    assert {int(one, 16) for one in last.json} == due


@pytest.mark.parametrize(
    ("query", "due"),
    [
        ({}, ALL),
        ({"name": "Tank"}, {THREE}),
        ({"name": "tank"}, set()),
        ({"name": {"$eq": "TANK", "$ci": True}}, {THREE}),
        ({"name": {"$ne": "Tank"}}, {ONE, TWO}),
        ({"name": {"$gt": "Pump One"}}, {TWO, THREE}),
        ({"name": {"$gte": "Pump One", "$lt": "Tank"}}, {ONE}),
        ({"name": {"$lte": "Tank"}}, {ONE, THREE}),
        ({"name": {"$startsWith": "Pump"}}, {ONE}),
        ({"name": {"$startsWith": "PUMP", "$ci": True}}, {ONE, TWO}),
        ({"name": {"$endsWith": "k"}}, {THREE}),
        ({"name": {"$contains": "p "}}, {ONE, TWO}),
        ({"name": {"$in": ["Tank", 5]}}, {THREE}),
        ({"name": {"$nin": ["Tank"]}}, {ONE, TWO}),
        ({"name": {}}, ALL),
        ({"name": None}, set()),
        ({"name": 5}, set()),
        ({"name": {"$gt": 5}}, set()),
        ({"id": FIRST_ID}, {ONE}),
        ({"id": {"$gt": FIRST_ID}}, {TWO, THREE}),
        ({"id": {"$nin": [FIRST_ID]}}, {TWO, THREE}),
        ({"parentId": FIRST_ID}, {TWO}),
        ({"parentId": None}, {ONE, THREE}),
        ({"parentId": {"$ne": FIRST_ID}}, {ONE, THREE}),
        ({"parentId": {"$gte": None}}, {ONE, THREE}),
        ({"ancestorId": FIRST_ID}, {TWO}),
        ({"gatewayId": {"$in": [FIRST_ID]}}, {THREE}),
        ({"deviceClass": "gateway"}, {THREE}),
        ({"attributeName": "level"}, {THREE}),
        ({"attributeName": {"$startsWith": "vol"}}, {ONE, TWO}),
        ({"attributeName": {"$ne": "voltage"}}, {THREE}),
        ({"connectionStatus": "connected"}, {TWO}),
        ({"creationDate": {"$gt": 0}}, {ONE}),
        ({"creationDate": {"$gt": "2023-11-14T22:00:00Z"}}, {ONE}),
        ({"creationDate": {"$startsWith": "2023-"}}, {ONE}),
        ({"connectedAt": "2023-11-14T23:13:20+01:00"}, {ONE}),
        ({"connectedAt": "2023-02-31"}, set()),
        ({"deletedAt": None}, ALL),
        ({"$and": [{"name": {"$contains": "Pump"}}, {"id": FIRST_ID}]}, {ONE}),
        ({"$or": [{"name": "Tank"}, {"$and": [{"parentId": FIRST_ID}]}]}, {TWO, THREE}),
        ({"$nor": [{"name": "Tank"}, {"id": FIRST_ID}]}, {TWO}),
        ({"$or": []}, set()),
        ({"$and": [], "$nor": []}, ALL),
        ({"name": "Tank", "id": FIRST_ID}, set()),
        ({"tags": None}, {THREE}),
        ({"tags": {}}, ALL),
        ({"tags": {"$tagKey": "floor"}}, {ONE}),
        ({"tags": {"$tagValue": "8"}}, {ONE, TWO}),
        ({"tags": {"$tagKey": "floor", "$tagValue": "1"}}, set()),
        ({"tags": {"$tagKey": {"$in": ["hall", "room"]}}}, {ONE, TWO}),
        ({"tags": {"$tagKey": "floor", "$tagValue": {"$nin": ["8"]}}}, {TWO, THREE}),
        ({"tags": {"$tagKey": {"$nin": ["floor"]}}}, {TWO, THREE}),
        ({"tags": {"$tagKey": None}}, set()),
        ({"tags": {"floor": "9"}}, {ONE}),
        ({"tags": {"floor": None}}, {TWO, THREE}),
        ({"tags": {"floor": {"$nin": ["9"]}}}, {TWO, THREE}),
        ({"tags": {"floor": {"$in": ["9", "1"]}, "hall": "1"}}, {ONE}),
        ({"tags": {"$eq": {"room": "8"}}}, {TWO}),
        ({"tags": {"$ne": {"room": "8"}}}, {ONE, THREE}),
        ({"tags": {"$ne": None}}, {ONE, TWO}),
    ],
)
def test_device_queries(fleet: Any, query: dict[str, Any], due: set[int]) -> None:
    """Each operator and kind of field."""
    assert fleet.selected({"deviceQuery": query}) == due
