"""Sections "Schemas": what the schemas of the bodies accept is accepted, what they refuse is answered 400."""

from collections.abc import Sequence

import pytest

from robowire_conformance.listener import Listener
from robowire_conformance.losant.constraints import HEX, Constraint, of_export, of_last_value, of_time_series
from robowire_conformance.losant.probing import AREAS, Prober
from robowire_conformance.losant.query_constraints import of_device_query
from robowire_conformance.verdict import proves

EXAMPLE_URL = "http://127.0.0.1:9/"


def _cases(operation: str, constraints: Sequence[Constraint]) -> list[object]:
    """A case per constraint, proving its own requirement."""
    ids = [f"LOSANT-{AREAS[operation]}-{constraint.number}" for constraint in constraints]
    return [pytest.param(one.number, marks=proves(name), id=name) for one, name in zip(constraints, ids, strict=True)]


def _numbered(constraints: Sequence[Constraint], number: int) -> Constraint:
    return next(one for one in constraints if one.number == number)


@pytest.mark.parametrize("number", _cases("timeSeriesQuery", of_time_series(HEX)))
def test_time_series_query(time_series_prober: Prober, device_ids: list[str], number: int) -> None:
    """Each constraint of the time series query holds on both of its sides."""
    time_series_prober.require(_numbered(of_time_series(device_ids[0]), number))


@pytest.mark.parametrize("number", _cases("lastValueQuery", of_last_value(HEX)))
def test_last_value_query(last_value_prober: Prober, device_ids: list[str], number: int) -> None:
    """Each constraint of the last value query holds on both of its sides."""
    last_value_prober.require(_numbered(of_last_value(device_ids[0]), number))


@pytest.mark.parametrize("number", _cases("export", of_export(HEX, EXAMPLE_URL)))
def test_export(export_prober: Prober, device_ids: list[str], listener: Listener, number: int) -> None:
    """Each constraint of the export holds on both of its sides."""
    export_prober.require(_numbered(of_export(device_ids[0], listener.url("probe")), number))


@pytest.mark.parametrize(
    "constraint",
    [
        pytest.param(one, marks=proves(f"LOSANT-QUERY-{one.number:03}"), id=f"LOSANT-QUERY-{one.number:03}")
        for one in of_device_query()
    ],
)
def test_device_query(time_series_prober: Prober, last_value_prober: Prober, constraint: Constraint) -> None:
    """Each constraint of the advanced device query holds, in a time series query and in a last value query."""
    time_series_prober.require(constraint)
    last_value_prober.require(Constraint(constraint.number, constraint.keep[:1], constraint.break_[:1]))
