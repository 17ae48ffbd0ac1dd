import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from robowire_fixtures.worldfile import WorldError
from robowire_generators.telemetry import AttributeType, Device
from robowire_generators.telemetry.signals import EXTREMES
from robowire_generators.telemetry.spec import SHAPES

MakeDevice = Callable[..., Device]


def values(device: MakeDevice, kind: str, count: int = 400, **signal: Any) -> Any:
    """The values of one attribute of a type, with a signal."""
    made = device(attributes={"a": kind}, signals={"a": signal}, history=[{"count": count}])
    return made.history.columns["a"].values


@pytest.mark.parametrize("shape", ["walk", "wave", "uniform", "counter"])
def test_numbers_keep_their_bounds(device: MakeDevice, shape: str) -> None:
    """Each shape of numbers stays between low and high, is rounded, and moves."""
    made = values(device, "number", shape=shape, low=-2.0, high=3.0, step=0.5, decimals=1)
    assert made.min() >= -2
    assert made.max() <= 3
    assert (np.round(made, 1) == made).all()
    assert len(set(made.tolist())) > 5


@pytest.mark.parametrize(("kind", "shape"), [(kind, shape) for kind in AttributeType for shape in SHAPES[kind]])
def test_every_shape_of_every_type_makes_json(device: MakeDevice, kind: str, shape: str) -> None:
    """Each value is one that JSON can carry, of the type's own kind; also if there is none, or one."""
    value = {"number": 1, "boolean": False}.get(kind, "1,2")
    choice = {"value": value} if shape == "constant" else {"values": [value, value]} if shape == "choice" else {}
    for count in (0, 1, 50):
        made = device(attributes={"a": kind}, signals={"a": {"shape": shape} | choice}, history=[{"count": count}])
        column = made.history.columns.get("a")
        reported = [] if column is None else column.values.tolist()
        assert len(json.loads(json.dumps(reported, allow_nan=False))) == count
        types = {"number": float, "boolean": bool}.get(kind, str)
        assert all(type(member) is types for member in reported)


def test_a_constant_stays(device: MakeDevice) -> None:
    """A constant has one value."""
    assert set(values(device, "number", shape="constant", value=21.5).tolist()) == {21.5}
    assert set(values(device, "boolean", shape="constant", value=False).tolist()) == {False}


def test_extremes_are_all_there(device: MakeDevice) -> None:
    """Every extreme number comes, negative zero and denormals with their signs and bits."""
    made = values(device, "number", shape="extremes", count=len(EXTREMES))
    assert sorted(map(repr, made.tolist())) == sorted(map(repr, EXTREMES))
    assert "-0.0" in map(repr, made.tolist())


def test_a_place_is_latitude_and_longitude(device: MakeDevice) -> None:
    """A GPS value is two numbers within the globe, with a comma between them."""
    for text in values(device, "gps", count=3000):
        latitude, longitude = map(float, text.split(","))
        assert abs(latitude) <= 90
        assert abs(longitude) <= 180


def test_strings_are_shared(device: MakeDevice) -> None:
    """A long history of strings holds few strings."""
    assert len({id(text) for text in values(device, "string", count=5000)}) <= 4
    assert len({id(text) for text in values(device, "gps", count=5000)}) <= 2048


@pytest.mark.parametrize(
    ("kind", "signal", "text"),
    [
        ("boolean", {"shape": "walk"}, "a boolean has no shape walk"),
        ("number", {"shape": "constant", "value": "x"}, "'x' is no value of a number"),
        ("number", {"shape": "constant", "value": True}, "True is no value of a number"),
        ("string", {"values": [1]}, "1 is no value of a string"),
        ("number", {"low": 2.0, "high": 1.0}, "low must not be above high"),
        ("number", {"low": float("nan")}, "finite"),
        ("number", {"step": -1.0}, "must not be negative"),
    ],
)
def test_a_senseless_signal_is_refused(device: MakeDevice, kind: str, signal: dict[str, Any], text: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(WorldError, match=text):
        values(device, kind, **signal)


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**400])
def test_a_state_holds_only_numbers_of_json(device: MakeDevice, number: float) -> None:
    """NaN, infinity and what no double can hold are refused."""
    with pytest.raises(WorldError, match="no number that JSON can carry"):
        device(state=[{"time": 0, "data": {"a": number}}])
