"""Which devices a query is about: deviceIds, deviceTags, the advanced device query, and their union."""

import pytest

from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.fleet import Fleet, LastValueWay, Selectors, TimeSeriesWay
from robowire_conformance.losant.history import History
from robowire_conformance.losant.querying import ALL_OF_TAGS, Querying
from robowire_conformance.losant.selecting import OF_LAST_VALUES, OF_TIME_SERIES, SHOWN_TAGS
from robowire_conformance.verdict import NotTested, Violation, proves

LACKING = "the devices give no occasion to see it: give device_ids of devices with several tags and values"


def _settled(*ids: str) -> list[object]:
    """A case per requirement, each proving its own."""
    return [pytest.param(one, marks=proves(one), id=one) for one in ids]


SELECT = [f"LOSANT-SELECT-{hundred + digit}" for hundred in (OF_LAST_VALUES, OF_TIME_SERIES) for digit in range(1, 11)]


@pytest.mark.parametrize("requirement", _settled(*SELECT, SHOWN_TAGS))
def test_selection(selected: Judgement, requirement: str) -> None:
    """Each selector selects what it says, and several together their union."""
    selected.settle(requirement, without=LACKING)


@pytest.fixture(scope="module")
def queried(explored: tuple[Fleet, TimeSeriesWay], selected: Judgement) -> Judgement:
    """The judgement on the advanced device query at work."""
    if selected.faulty("LOSANT-SELECT-307"):
        raise NotTested("deviceQuery selects nothing right (see LOSANT-SELECT-307)")
    judgement = Querying(*explored).judge()
    if selected.faulty(SHOWN_TAGS) or not explored[0].tagged:
        judgement.dismiss(*ALL_OF_TAGS, reason=f"the tags that answers show are wrong (see {SHOWN_TAGS})")
    return judgement


NUMBERS = (*range(201, 205), *range(211, 226), *range(231, 239), *range(241, 255), *range(261, 269))


@pytest.mark.parametrize("requirement", _settled(*(f"LOSANT-QUERY-{n}" for n in NUMBERS), "LOSANT-TIMESERIES-027"))
def test_device_query(queried: Judgement, requirement: str) -> None:
    """Fields, operators and joins select what they say."""
    queried.settle(requirement, without=LACKING)


@proves("LOSANT-SELECT-401")
def test_no_selectors_select_the_same_everywhere(
    explored: tuple[Fleet, TimeSeriesWay], last_values: LastValueWay, history: History
) -> None:
    """What a query without selectors selects is the same in both queries and at every time."""
    _, time_series = explored
    common = time_series.visible & last_values.visible
    seen = {
        "a time series query": time_series.select({}).ids,
        "a last value query": last_values.select({}).ids,
        "another last value query": last_values.select({}).ids,
        "a time series query of raw points": _raw(history),
    }
    if None in seen.values() or not common:
        raise NotTested("a query without selectors is not answered (see LOSANT-TIMESERIES-104, LOSANT-LASTVALUE-104)")
    sets = {name: sorted((ids or frozenset()) & common) for name, ids in seen.items()}
    if len({tuple(one) for one in sets.values()}) > 1:
        raise Violation("Without selectors, different devices are selected", expected="the same devices", actual=sets)


def _raw(history: History) -> frozenset[str] | None:
    """The devices of a query of raw points; a limit keeps the answer short."""
    series = history.api.fresh_series({**history.query(history.start, history.end), "aggregation": "NONE", "limit": 1})
    return None if series.devices is None else frozenset(series.devices)


@proves("LOSANT-SELECT-402")
def test_selectors_select_the_same_in_both_queries(
    explored: tuple[Fleet, TimeSeriesWay], last_values: LastValueWay, selected: Judgement
) -> None:
    """The same selectors select the same devices in a last value query and in a time series query."""
    broken = next((one for one in SELECT if selected.faulty(one)), "")
    if broken:
        raise NotTested(f"{broken}, which it needs, fails")
    fleet, time_series = explored
    common = time_series.visible & last_values.visible
    devices = fleet.of(common)
    if len(devices) < 2:
        raise NotTested("fewer than two devices show in both queries: give device_ids of several with one attribute")
    tags = sorted({(key, values[0]) for one in devices for key, values in one.tags.items() if values})[:4]
    cases: list[Selectors] = [{"deviceIds": [devices[0].id]}, {"deviceQuery": {"id": devices[-1].id}}]
    cases += [{"deviceTags": [{"key": key, "value": value}]} for key, value in tags]
    cases += [{"deviceQuery": {"tags": {key: value}}} for key, value in tags]
    cases += [{"deviceQuery": {}}, {"deviceTags": [{}]}, {"deviceIds": []}]  # whatever they select
    for selectors in cases:
        first, second = time_series.select(selectors), last_values.select(selectors)
        if first.ids is None or second.ids is None:
            raise NotTested("a selection is not answered (see LOSANT-SELECT-201, -301)")
        if first.ids & common != second.ids & common:
            text = f"{selectors} select different devices in the two queries"
            due, got = sorted(first.ids & common), sorted(second.ids & common)
            raise Violation(text, expected=due, actual=got, exchange=second.answer.exchange)
