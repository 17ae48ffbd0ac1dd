from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robowire_fixtures.contract import load_schema
from robowire_fixtures.losant import BODIES
from robowire_generators import strategies_losant as strategies
from robowire_generators.strategies_losant import Vocabulary
from robowire_generators.telemetry import TelemetryWorld, load_world

QUICK = settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MAKERS = {
    "export": strategies.exports,
    "lastValueQuery": strategies.last_value_queries,
    "timeSeriesQuery": strategies.time_series_queries,
}
WORDS = Vocabulary.of(next(iter(load_world("losant").applications.values())))


def is_valid(operation: str, body: Any) -> bool:
    """Whether the contract accepts a body."""
    return jsonschema_rs.Draft7Validator(load_schema("losant", BODIES[operation])).is_valid(body)


@QUICK
@given(strategies.worlds())
def test_worlds_are_sound(world: TelemetryWorld) -> None:
    """Every generated world loads, and its columns tell the states that they belong to."""
    for application in world.applications.values():
        for device in application.devices.values():
            for name, column in device.history.columns.items():
                assert name in device.attributes
                assert (device.history.times[column.states] == column.times).all()
                assert len(column.times) == len(column.values)


@pytest.mark.parametrize("operation", MAKERS)
def test_bodies_are_valid(operation: str) -> None:
    """What is meant to be valid is so by the contract."""

    @QUICK
    @given(MAKERS[operation](WORDS))
    def judge(body: Any) -> None:
        assert is_valid(operation, body)

    judge()


@pytest.mark.parametrize("valid", [True, False])
@pytest.mark.parametrize("operation", MAKERS)
def test_edge_bodies_are_on_the_side_that_was_asked_for(operation: str, *, valid: bool) -> None:
    """Bodies near an edge are inside of it or outside, as asked for."""

    @QUICK
    @given(st.lists(strategies.edge_bodies(operation, valid=valid), min_size=1, max_size=20))
    def judge(bodies: list[Any]) -> None:
        if valid:
            assert all(is_valid(operation, body) for body in bodies)
        else:
            formats = jsonschema_rs.Draft7Validator(load_schema("losant", BODIES[operation]), validate_formats=True)
            assert not any(formats.is_valid(body) for body in bodies)

    judge()
