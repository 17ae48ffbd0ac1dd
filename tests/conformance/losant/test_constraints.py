"""The values on either side of each constraint, held against the contract's schemas."""

from collections.abc import Sequence
from typing import Any

import jsonschema_rs
import pytest
from robowire_conformance.losant.constraints import HEX, Constraint, of_export, of_last_value, of_time_series
from robowire_conformance.losant.query_constraints import of_device_query
from robowire_fixtures.catalogue import load_catalogue
from robowire_fixtures.contract import load_contract

BODIES = {
    "DevicesDataExport": of_export(HEX, "http://127.0.0.1:9/"),
    "LastValueQuery": (*of_last_value(HEX), *of_device_query()),
    "TimeSeriesQuery": (*of_time_series(HEX), *of_device_query()),
}


def _validator(component: str) -> jsonschema_rs.Validator:
    root: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{component}",
        "components": load_contract("losant")["components"],
    }
    return jsonschema_rs.validator_for(root, validate_formats=True)


@pytest.mark.parametrize("component", BODIES)
def test_what_keeps_a_constraint_is_valid(component: str) -> None:
    """The contract's schema accepts every body that the suite says must be accepted."""
    validator = _validator(component)
    assert [members for one in BODIES[component] for members in one.keep if not validator.is_valid(members)] == []


@pytest.mark.parametrize("component", BODIES)
def test_what_breaks_a_constraint_is_not_valid(component: str) -> None:
    """The contract's schema refuses every body that the suite says must be refused."""
    validator = _validator(component)
    assert [members for one in BODIES[component] for members in one.break_ if validator.is_valid(members)] == []


@pytest.mark.parametrize(
    ("area", "constraints"),
    [
        ("EXPORT", of_export(HEX, "")),
        ("LASTVALUE", of_last_value(HEX)),
        ("TIMESERIES", of_time_series(HEX)),
        ("QUERY", of_device_query()),
    ],
)
def test_each_constraint_has_a_requirement(area: str, constraints: Sequence[Constraint]) -> None:
    """The numbers are those of the catalogue, each once."""
    names = [f"LOSANT-{area}-{one.number:03}" for one in constraints]
    assert len(set(names)) == len(names)
    assert set(names) <= set(load_catalogue("losant").requirements)
