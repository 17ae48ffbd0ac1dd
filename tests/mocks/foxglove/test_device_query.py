"""The query of devices selects by properties."""

from collections.abc import Callable
from typing import Any

import pytest

PROPERTIES = [
    {"key": "note", "value_type": "string"},
    {"key": "floor", "value_type": "number"},
    {"key": "color", "value_type": "enum", "values": ["red", "green blue", "a,b", "*"]},
    {"key": "armed", "value_type": "boolean"},
]
DEVICES = {
    "plain": {},
    "low": {"floor": -1.5, "note": "Red carpet"},
    "one": {"floor": 1, "color": "red", "armed": True},
    "ten": {"floor": 10, "color": "green blue", "armed": False},
    "odd": {"color": "a,b", "note": 'say "hi": x'},
    "star": {"color": "*", "note": ""},
}


@pytest.fixture
def fleet(make_api: Callable[..., Any]) -> Any:
    """Devices with and without properties."""
    devices = [{"name": name, "properties": properties} for name, properties in DEVICES.items()]
    return make_api(custom_property=PROPERTIES, device=devices)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "plain low one ten odd star"),
        ("  ", "plain low one ten odd star"),
        ("properties.floor:1", "one"),
        ("properties.floor:1.0", "one"),
        ("properties.floor:1e0", "one"),
        ("properties.floor:-1.5", "low"),
        ("properties.floor:one", ""),
        ("properties.floor:1,10", "one ten"),
        ("properties.floor:*", "low one ten"),
        ("properties.color:red", "one"),
        ("properties.color:RED", ""),
        ("properties.color:re", ""),
        ('properties.color:"green blue"', "ten"),
        ('properties.color:"a,b",red', "one odd"),
        ("properties.color:a,b", ""),
        ('properties.color:"*"', "star"),
        ("properties.color:red,*", "one ten odd star"),
        ("properties.armed:true", "one"),
        ("properties.armed:false", "ten"),
        ('properties.note:""', "star"),
        ("properties.floor:* properties.armed:true,false properties.color:red", "one"),
        ("properties.floor:1 properties.floor:10", ""),
        (" properties.floor:1  properties.armed:true ", "one"),
        ("floor", "low one ten"),
        ("olo", "one ten odd star"),
        ("Red", "low"),
        ("red", "one"),
        ("tru", "one"),
        ("1", "low one ten"),
        ("-1.5", "low"),
        ('"green blue"', "ten"),
        ("green blue", "ten"),
        (r'"say \"hi\": x"', "odd"),
        ('"a,b"', "odd"),
        ("one", ""),
        ("properties", ""),
        ("e floor:", None),
        ("floor:1", None),
        ("properties.x:1", None),
        ("properties.:1", None),
        ("properties.*:1", None),
        ("*:red", None),
        ("properties.floor:", None),
        ("properties.floor:1,", None),
        (":1", None),
        ('"open', None),
        ('properties.color:"red"blue', None),
    ],
)
def test_queries(fleet: Any, query: str, names: str | None) -> None:
    """Each selects what all of its qualifiers do, in the order of the list; None stands for a refusal."""
    if names is None:
        assert fleet.refusal("GET", "/devices", query={"query": query})[0] == 400
    else:
        assert fleet.names(query=query) == names.split()
