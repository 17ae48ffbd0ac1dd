"""Time series: which points come, when, in which order, and how many."""

import math
from typing import Any

import pytest

DAY = 86_400_000
MINUTE = 60_000


def test_the_documents_windows(fleet: Any) -> None:
    """A three-hour range at five-minute resolution has 36 windows, and a point's time is its window's start."""
    body = {"duration": 3 * 3_600_000, "resolution": 5 * MINUTE, "aggregation": "COUNT", "attributes": ["voltage"]}
    points = fleet.points(body)
    now = round(fleet.mock.clock.now() * 1000)
    assert points == [(now - 10 * MINUTE, {"voltage": 300}), (now - 5 * MINUTE, {"voltage": 300})]
    late = fleet.points(
        body | {"aggregation": {"type": "TIMEATVALUE", "options": {"value": 12.25}}, "attributes": ["level"]}, 3
    )
    assert len(late) == 2  # only since its first report is it known where the level stood


def test_zero_and_negative_times_are_relative_to_now(fleet: Any) -> None:
    """The same range said in five ways."""
    now = round(fleet.mock.clock.now() * 1000)
    ranges: list[dict[str, float]] = [
        {"start": now - 5000, "end": now},
        {"start": -5000},
        {"start": -5000, "end": 0, "duration": 1},
        {"duration": 5000},
        {"start": now - 5000.5, "end": now},
    ]
    answers = [fleet.points({**one, "attributes": ["voltage"]}) for one in ranges]
    assert all(points == answers[0] for points in answers)
    assert [time for time, _ in answers[0]] == [now - n * 1000 for n in range(5, 0, -1)]
    assert fleet.points({"start": 0, "end": 0}) == []


def test_the_answer_says_what_was_asked(fleet: Any) -> None:
    """In the form in which it was asked; what was not asked for is null."""
    aggregation = {"type": "MEAN", "options": {}}
    body = {"duration": 2000, "resolution": 1500.5, "aggregation": aggregation, "limit": 2, "order": "desc"}
    answer = fleet.post("timeSeriesQuery", body).json
    assert [answer[name] for name in ("resolution", "aggregation", "limit", "order")] == [
        1500.5,
        aggregation,
        2,
        "desc",
    ]
    assert (answer["start"], answer["end"]) == ("2023-11-14T22:13:18.000Z", "2023-11-14T22:13:20.000Z")
    plain = fleet.post("timeSeriesQuery").json
    assert [plain[name] for name in ("resolution", "aggregation", "limit", "order")] == [None, "NONE", None, "asc"]


@pytest.mark.parametrize("aggregation", ["NONE", "LAST"])
def test_a_limit_counts_in_the_order_asked_for(fleet: Any, aggregation: str) -> None:
    """What comes first is kept."""
    body = {"duration": MINUTE, "resolution": 1000, "aggregation": aggregation, "attributes": ["voltage", "on"]}
    ascending, descending = (fleet.points({**body, "order": order}) for order in ("asc", "desc"))
    assert ascending == descending[::-1]
    assert len(ascending) == 60
    for limit, kept in ((0, 0), (7, 7), (7.9, 7), (1000, 60)):
        assert fleet.points({**body, "limit": limit, "order": "desc"}) == descending[:kept]
        assert fleet.points({**body, "limit": limit}) == ascending[:kept]


def test_raw_points_are_reported_states(make_api: Any, worlds: Any) -> None:
    """States at the same time stay apart, in the order in which they arrived."""
    now = worlds.NOW
    states = [(now - 30, {"a": 1.0, "b": "x"}), (now - 20, {"a": 2.0}), (now - 20, {"b": "y"}), (now - 20, {"a": 3.0})]
    api = make_api(worlds.make_world(worlds.make_device(1, states)))
    assert api.points({}) == states
    assert api.points({"aggregation": "LAST"}) == [(now - 3_600_000, {"a": 3.0, "b": "y"})]
    assert api.points({"attributes": ["b"]}) == [(states[0][0], {"b": "x"}), states[2]]
    assert api.points({"attributes": []}) == []


def test_devices_without_points_are_listed(fleet: Any) -> None:
    """With their names and tags."""
    answer = fleet.post("timeSeriesQuery", {"start": 1000, "end": 2000}).json
    assert [(one["name"], one["points"]) for one in answer["devices"].values()] == [
        ("Pump One", []),
        ("pump two", []),
        ("Tank", []),
    ]
    assert next(iter(answer["devices"].values()))["tags"] == {"floor": ["8", "9"], "hall": ["1"]}


def test_values_that_no_double_holds_are_none(make_api: Any, worlds: Any) -> None:
    """The sum of the largest doubles is left out; their mean is not."""
    states = [(worlds.NOW - n, {"a": 1.7e308}) for n in (3, 2, 1)]
    api = make_api(worlds.make_world(worlds.make_device(1, states)))
    assert api.points({"aggregation": "SUM"}) == []
    assert api.points({"aggregation": "MEAN"})[0][1] == pytest.approx({"a": 1.7e308})


def test_time_at_value_holds_until_the_next_report(make_api: Any, worlds: Any) -> None:
    """From before the range on, but not past now."""
    now = worlds.NOW
    states = [(now - 5000, {"mode": "on"}), (now - 1500, {"mode": "off"}), (now - 400, {"mode": "on"})]
    api = make_api(worlds.make_world(worlds.make_device(1, states)))
    body = {"aggregation": {"type": "TIMEATVALUE", "options": {"value": "on"}}, "start": now - 2000, "resolution": 1000}
    due = [(now - 2000, {"mode": 500}), (now - 1000, {"mode": 400})]
    assert api.points({**body, "end": now}) == api.points({**body, "end": now + 5000}) == due
    refused = api.post("timeSeriesQuery", {**body, "start": 1, "resolution": 1})
    assert (refused.status_code, refused.json["type"]) == (400, "Validation")


@pytest.mark.parametrize(
    "body",
    [
        {"end": 1e300},
        {"start": -1e300},
        {"end": -1e17},
        {"duration": -1},
        {"resolution": -1},
        {"limit": -1},
    ],
)
def test_impossible_numbers_are_refused(fleet: Any, body: dict[str, float]) -> None:
    """And named."""
    answer = fleet.post("timeSeriesQuery", body)
    assert (answer.status_code, answer.json["type"]) == (400, "Validation")
    assert answer.json["message"].startswith(next(iter(body)))


def test_extreme_numbers_are_answered(fleet: Any) -> None:
    """They mean what they say."""
    for body in (
        {"duration": 1e300},
        {"resolution": 1e-300, "aggregation": "LAST"},
        {"resolution": 1e300},
        {"limit": 1e300},
    ):
        assert len(fleet.points({"attributes": ["voltage"], **body})) == 600
    assert math.isclose(
        fleet.points({"aggregation": "MEAN", "resolution": 1e300})[0][1]["voltage"], 12.75, rel_tol=1e-2
    )
