"""The values of generated attributes: one function for each shape, all of them on whole numpy columns."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from robowire_generators.telemetry.spec import SHAPES, Shape, SignalSpec
from robowire_generators.telemetry.world import AttributeType, Values

Times = NDArray[np.int64]
Maker = Callable[[SignalSpec, AttributeType, Times, np.random.Generator], Values]

EXTREMES: tuple[float, ...] = (
    *(0.0, -0.0, 1e308, -1e308, 1.7976931348623157e308, 5e-324, -5e-324, 2.2250738585072014e-308),
    *(2.0**53, 2.0**53 + 2, -(2.0**63), 1e21, 1e-7, 0.1, 1 / 3, -1.0),
)
"""Numbers that JSON can carry and programs stumble over: greatest, least, denormal, negative zero, beyond 2^53."""

_STATES = ("idle", "driving", "charging", "error")
_ROUTE_POINTS = 2048
_BLOBS = 16


def make_values(spec: SignalSpec, kind: AttributeType, times: Times, random: np.random.Generator) -> Values:
    """The values of an attribute of type `kind` at `times`.

    Raises:
        ValueError: The type has no such shape, or a value is not of the type.
    """
    shape = spec.shape or SHAPES[kind][0]
    if shape not in SHAPES[kind]:
        raise ValueError(f"a {kind} has no shape {shape}; it may have: {', '.join(SHAPES[kind])}")
    return _MAKERS[shape](replace(spec, shape=shape), kind, times, random)


def as_column(values: list[object], kind: AttributeType) -> Values:
    """Values as a column of type `kind`.

    Raises:
        ValueError: One of them is not of that type, or no number that JSON can carry.
    """
    for value in values:
        _check(value, kind)
    if kind is AttributeType.NUMBER:
        return np.array(values, dtype=np.float64)
    if kind is AttributeType.BOOLEAN:
        return np.array(values, dtype=np.bool_)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _check(value: object, kind: AttributeType) -> None:
    if kind is AttributeType.NUMBER:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if fits and not math.isfinite(_float(value)):
            raise ValueError(f"{value!r} is no number that JSON can carry")
    else:
        fits = isinstance(value, bool if kind is AttributeType.BOOLEAN else str)
    if not fits:
        raise ValueError(f"{value!r} is no value of a {kind}")


def _float(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]  # checked by the caller
    except OverflowError:
        return math.inf


def _constant(spec: SignalSpec, kind: AttributeType, times: Times, _: np.random.Generator) -> Values:
    plain: Mapping[AttributeType, object] = {AttributeType.NUMBER: spec.low, AttributeType.BOOLEAN: True}
    value = plain.get(kind, "0,0" if kind is AttributeType.GPS else "constant") if spec.value is None else spec.value
    return np.broadcast_to(as_column([value], kind), (len(times),)).copy()


def _walk(spec: SignalSpec, _: AttributeType, times: Times, random: np.random.Generator) -> Values:
    span = spec.high - spec.low
    if span == 0:
        return np.full(len(times), spec.low)
    values = random.standard_normal(len(times))
    values *= spec.step
    np.cumsum(values, out=values)
    values += span * random.random()
    np.mod(values, 2 * span, out=values)  # a walk that turns back at both ends
    np.subtract(values, span, out=values)
    np.abs(values, out=values)
    values += spec.low
    return _rounded(values, spec)


def _wave(spec: SignalSpec, _: AttributeType, times: Times, random: np.random.Generator) -> Values:
    angle = (times - times[:1]) * (2 * np.pi / spec.period_ms) + 2 * np.pi * random.random()
    half = (spec.high - spec.low) / 2
    return _rounded(spec.low + half + half * np.sin(angle), spec)


def _uniform(spec: SignalSpec, _: AttributeType, times: Times, random: np.random.Generator) -> Values:
    return _rounded(random.uniform(spec.low, spec.high, len(times)), spec)


def _counter(spec: SignalSpec, _: AttributeType, times: Times, _random: np.random.Generator) -> Values:
    values = spec.low + spec.step * np.arange(len(times), dtype=np.float64)
    span = spec.high - spec.low + spec.step
    return _rounded(spec.low + np.mod(values - spec.low, span) if span else values, spec)


def _extremes(_: SignalSpec, _kind: AttributeType, times: Times, random: np.random.Generator) -> Values:
    return np.take(np.array(EXTREMES), (np.arange(len(times)) + random.integers(len(EXTREMES))) % len(EXTREMES))


def _choice(spec: SignalSpec, kind: AttributeType, times: Times, random: np.random.Generator) -> Values:
    values = as_column(list(spec.values or _STATES), kind)
    return np.take(values, _runs(spec, len(values), len(times), random))


def _switch(spec: SignalSpec, _: AttributeType, times: Times, random: np.random.Generator) -> Values:
    turns = random.random(len(times)) < 1 / spec.hold
    return np.asarray(np.cumsum(turns) % 2 == 0)


def _route(_: SignalSpec, _kind: AttributeType, times: Times, random: np.random.Generator) -> Values:
    """Positions on a closed course: as many strings as the course has points, shared by all states."""
    around = np.linspace(0, 2 * np.pi, min(_ROUTE_POINTS, max(len(times), 1)), endpoint=False)
    latitude, longitude = random.uniform((-60, -170), (60, 170))
    latitudes, longitudes = latitude + np.sin(around) / 100, longitude + np.cos(2 * around) / 50
    course = [f"{north:.6f},{east:.6f}" for north, east in zip(latitudes.tolist(), longitudes.tolist(), strict=True)]
    places = (np.arange(len(times)) + random.integers(len(course))) % len(course)
    return np.take(np.array(course, dtype=object), places)


def _blob(spec: SignalSpec, kind: AttributeType, times: Times, random: np.random.Generator) -> Values:
    from base64 import b64encode

    blobs: list[object] = [b64encode(random.bytes(spec.size)).decode() for _ in range(_BLOBS)]
    return np.take(as_column(blobs, kind), random.integers(_BLOBS, size=len(times)))


def _runs(spec: SignalSpec, choices: int, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Indices of choices that stay the same for about `hold` states each."""
    steps = random.integers(1, max(choices, 2), size=count)
    steps[random.random(count) >= 1 / spec.hold] = 0
    return np.asarray(np.cumsum(steps) % choices, dtype=np.int64)


def _rounded(values: NDArray[np.float64], spec: SignalSpec) -> NDArray[np.float64]:
    return np.round(values, spec.decimals, out=values)


_MAKERS: Mapping[Shape, Maker] = MappingProxyType(
    {
        Shape.CONSTANT: _constant,
        Shape.WALK: _walk,
        Shape.WAVE: _wave,
        Shape.UNIFORM: _uniform,
        Shape.COUNTER: _counter,
        Shape.EXTREMES: _extremes,
        Shape.CHOICE: _choice,
        Shape.SWITCH: _switch,
        Shape.ROUTE: _route,
        Shape.BLOB: _blob,
    }
)
