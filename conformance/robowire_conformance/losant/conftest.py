"""What the checks of the Losant Data API share: the application, its devices, and what they have reported."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from robowire_conformance.gathering import Judgement
from robowire_conformance.listener import Listener
from robowire_conformance.losant.aggregating import judge_aggregations
from robowire_conformance.losant.answers import ANSWERED, BOUNDS, judge_answers
from robowire_conformance.losant.asking import TIME_SERIES, DataApi
from robowire_conformance.losant.callback import callback_address
from robowire_conformance.losant.fleet import Fleet, LastValueWay, TimeSeriesWay, attribute_of_most, explore_fleet
from robowire_conformance.losant.history import DAY, History, explore
from robowire_conformance.losant.probing import Prober
from robowire_conformance.losant.raw_points import (
    ALL,
    DURATION,
    OUTSIDE,
    POSITIVE_END,
    POSITIVE_START,
    judge_raw,
    range_understood,
)
from robowire_conformance.losant.seams import judge_seams_of_aggregations, judge_seams_of_points
from robowire_conformance.losant.selecting import judge_selection
from robowire_conformance.losant.view import View, views_of
from robowire_conformance.losant.windowing import judge_windows
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested

LONG_AGO = 1465965600000
"""A time of 2016, for queries whose data do not matter."""


@pytest.fixture(scope="session")
def api(losant_target: Target) -> DataApi:
    """The data of the application that the target profile names."""
    return DataApi(losant_target.client, str(losant_target.need("application_id")))


@pytest.fixture(scope="session")
def device_ids(losant_target: Target) -> list[str]:
    """The devices that the target profile names."""
    return [str(one).lower() for one in losant_target.need("device_ids")]


@pytest.fixture(scope="session")
def history(losant_target: Target, api: DataApi, device_ids: list[str]) -> History:
    """What these devices have reported."""
    return explore(api, device_ids, [str(one) for one in losant_target.values.get("attributes", ())])


@pytest.fixture(scope="session")
def listener(losant_target: Target) -> Iterator[Listener]:
    """Where the target can post notices of exports."""
    losant_target.allow(Profile.ADDITIVE)
    with Listener.open(callback_address(losant_target)) as opened:
        yield opened


@pytest.fixture(scope="session")
def time_series_prober(losant_target: Target, api: DataApi, device_ids: list[str]) -> Prober:
    """Bodies for the time series query whose answers are small."""
    base = {
        "deviceIds": device_ids[:1],
        "attributes": losant_target.values.get("attributes", ["voltage"])[:1],
        "start": LONG_AGO,
        "end": LONG_AGO + 60_000,
        "aggregation": "COUNT",
        "resolution": 86_400_000_000,
    }
    return Prober(api, "timeSeriesQuery", base)


@pytest.fixture(scope="session")
def last_value_prober(losant_target: Target, api: DataApi, device_ids: list[str]) -> Prober:
    """Bodies for the last value query."""
    attribute = losant_target.values.get("attributes", ["voltage"])[0]
    return Prober(api, "lastValueQuery", {"deviceIds": device_ids[:1], "attribute": attribute})


@pytest.fixture(scope="session")
def export_prober(api: DataApi, device_ids: list[str], listener: Listener) -> Prober:
    """Bodies for exports of next to nothing."""
    base = {
        "deviceIds": device_ids[:1],
        "start": LONG_AGO,
        "end": LONG_AGO + 1000,
        "callbackUrl": listener.url("probe"),
    }
    return Prober(api, "export", base)


@pytest.fixture(scope="session")
def points(losant_target: Target, history: History) -> Judgement:
    """The judgement on raw points, aggregations and windows of several devices."""
    judgement = judge_raw(history)
    judge_seams_of_points(history, judgement)
    if range_understood(judgement):
        judge_aggregations(history, losant_target.seed, judgement)
        judge_windows(history, judgement)
        judge_seams_of_aggregations(history, judgement)
    return judgement


@pytest.fixture(scope="session")
def views(history: History) -> list[View]:
    """A small piece of the history of each of some devices."""
    found = list(views_of(history))
    if not found:
        raise NotTested("no device has reported often enough: give device_ids of one that has reported ten times")
    return found


@pytest.fixture(scope="session")
def view(views: list[View]) -> View:
    """The first of these."""
    return views[0]


@pytest.fixture(scope="session")
def forms(request: pytest.FixtureRequest, api: DataApi, device_ids: list[str]) -> Judgement:
    """The judgement on the form of all answers, of those too that are too wrong to go on with."""
    ids = device_ids[:4]
    for members in (
        {},
        {"order": "desc", "limit": 2},
        {"order": "asc", "limit": 1, "aggregation": "LAST"},
        {"aggregation": {"type": "COUNT"}},
    ):
        api.series({"start": LONG_AGO, "resolution": DAY, "aggregation": "NONE", "deviceIds": ids, **members})
    broken: list[str] = []
    with suppress(NotTested):
        points: Judgement = request.getfixturevalue("points")
        broken = [one for one in (POSITIVE_END, POSITIVE_START, DURATION, OUTSIDE, ALL) if points.faulty(one)]
    judgement = judge_answers(api.answers)
    if api.locked_out(TIME_SERIES):
        judgement.dismiss(ANSWERED, reason="the token is refused (see LOSANT-AUTH-303)")
    if broken:
        judgement.dismiss(BOUNDS, reason=f"{broken[0]}, which it needs, fails")
    return judgement


@pytest.fixture(scope="session")
def explored(losant_target: Target, history: History) -> tuple[Fleet, TimeSeriesWay]:
    """The devices of the application, and those of another one."""
    other = losant_target.values.get("other_application_id")
    tags = losant_target.values.get("tags", ())
    named = [(str(one["key"]), str(one["value"])) for one in tags if {"key", "value"} <= set(one)]
    return explore_fleet(history, DataApi(losant_target.client, str(other)) if other else None, named)


@pytest.fixture(scope="session")
def last_values(history: History, explored: tuple[Fleet, TimeSeriesWay]) -> LastValueWay:
    """Selection in last value queries."""
    fleet, _ = explored
    attribute = attribute_of_most(fleet)
    reporting = [device.id for device in fleet.known.values() if attribute in device.attributes]
    return LastValueWay(history.api, attribute, history.end, sorted(reporting))


@pytest.fixture(scope="session")
def selected(explored: tuple[Fleet, TimeSeriesWay], last_values: LastValueWay) -> Judgement:
    """The judgement on selection in time series queries and in last value queries."""
    return judge_selection(*explored, last_values)
