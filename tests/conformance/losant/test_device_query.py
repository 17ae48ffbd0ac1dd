"""The evaluator of advanced device queries on devices made by hand."""

from typing import Any

import pytest
from robowire_conformance.losant.device_query import Known, matches

DEVICE = Known("575ecf887ae143cd83dc4aa2", "Pump 7", {"floor": ["8", "9"], "zone": ["north"]}, frozenset({"voltage"}))
BARE = Known("575ef5c97ae143cd83dc4aac", "Bare", {})


@pytest.mark.parametrize(
    ("query", "verdict"),
    [
        ({}, True),
        ({"id": DEVICE.id}, True),
        ({"id": {"$in": [BARE.id]}}, False),
        ({"id": {"$gt": "0" * 24}}, True),
        ({"id": None}, False),
        ({"name": "Pump 7"}, True),
        ({"name": "pump 7"}, False),
        ({"name": {"$eq": "pump 7", "$ci": True}}, True),
        ({"name": {"$startsWith": "Pump", "$endsWith": "7"}}, True),
        ({"name": {"$startsWith": "Pump", "$endsWith": "8"}}, False),
        ({"name": {"$contains": "mp"}}, True),
        ({"name": {"$nin": ["Pump 7"]}}, False),
        ({"name": {"$in": []}}, False),
        ({"name": {"$gt": "Q"}}, False),
        ({"name": {"$gt": "a"}}, None),
        ({"name": {"$gt": 7}}, None),
        ({"attributeName": "voltage"}, True),
        ({"attributeName": "current"}, None),
        ({"creationDate": {"$gt": 0}}, None),
        ({"$and": [{"id": DEVICE.id}, {"name": "x"}]}, False),
        ({"$and": [{"id": DEVICE.id}, {"deviceClass": "x"}]}, None),
        ({"$or": [{"deviceClass": "x"}, {"id": DEVICE.id}]}, True),
        ({"$nor": [{"name": "x"}]}, True),
        ({"$nor": [{"deviceClass": "x"}]}, None),
        ({"$or": []}, None),
        ({"tags": {"floor": "9"}}, True),
        ({"tags": {"floor": "north"}}, False),
        ({"tags": {"floor": {"$in": ["1", "9"]}, "zone": "north"}}, True),
        ({"tags": {"floor": {"$nin": ["8"]}}}, None),
        ({"tags": {"zone": {"$nin": ["south"]}}}, True),
        ({"tags": {"colour": None}}, True),
        ({"tags": {"$tagKey": "zone", "$tagValue": "8"}}, False),
        ({"tags": {"$tagKey": {"$in": ["zone"]}}}, True),
        ({"tags": {"$tagValue": {"$nin": ["8"]}}}, None),
        ({"tags": {"$ne": {"floor": "8"}}}, False),
        ({"tags": {"$eq": {"floor": "8"}}}, True),
    ],
)
def test_a_device_matches_or_not_or_cannot_be_told(query: dict[str, Any], verdict: bool | None) -> None:  # noqa: FBT001
    """What answers tell decides; what they do not, or the documents leave open, stays unknown."""
    assert matches(query, DEVICE) is verdict


def test_a_device_without_tags_carries_none() -> None:
    """Tags of a bare device match nothing."""
    assert matches({"tags": {"floor": "8"}}, BARE) is False
    assert matches({"tags": {"$tagKey": "floor"}}, BARE) is False
