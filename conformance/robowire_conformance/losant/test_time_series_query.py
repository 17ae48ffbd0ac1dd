"""Section "Time Series Query": the points that are given, their order and number, and every aggregation of them."""

import pytest
from hypothesis import strategies as st
from robowire_fixtures.losant import WINDOW_AGGREGATIONS

from robowire_conformance.gathering import Judgement
from robowire_conformance.law import for_all
from robowire_conformance.losant.aggregations import is_sorted
from robowire_conformance.losant.answers import FRAME, OF_DEVICES, OF_POINTS
from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.history import History
from robowire_conformance.losant.raw_points import raw_trusted, reported
from robowire_conformance.losant.view import View
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves

TS = "LOSANT-TIMESERIES"


def _settled(*numbers: int) -> list[object]:
    """A case per requirement, each proving its own."""
    ids = [f"{TS}-{number:03}" for number in numbers]
    return [pytest.param(one, marks=proves(one), id=one) for one in ids]


FORMS = ["LOSANT-TIMESERIES-001", *FRAME, *OF_DEVICES, *OF_POINTS, *(f"{TS}-{number:03}" for number in range(21, 26))]


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FORMS])
def test_answers_have_the_documented_form(forms: Judgement, requirement: str) -> None:
    """Every answer has the members of its schema, and repeats what was asked for."""
    forms.settle(requirement, without="no answer shows it (see LOSANT-TIMESERIES-001)")


@pytest.mark.parametrize("requirement", _settled(201, 205, 208, 211, 212, 213, 310, 350, 370, 390))
def test_raw_points_are_those_of_the_range(points: Judgement, requirement: str) -> None:
    """NONE gives all that was reported in the range, as it was reported, and nothing else."""
    points.settle(requirement, without="no device has reported values that show it: give device_ids of others too")


@pytest.mark.parametrize(
    "requirement", _settled(*range(301, 310), 312, *range(341, 350), *range(361, 365), *range(381, 385))
)
def test_aggregations(points: Judgement, requirement: str) -> None:
    """Each aggregation of each type of attribute is what the raw values of its window give."""
    points.settle(requirement, without="no device has reported values of this type: give device_ids of others too")


@pytest.mark.parametrize("requirement", _settled(221, 222, 223, 225, 226, 227))
def test_windows(points: Judgement, requirement: str) -> None:
    """The range is cut into windows in one and the same way."""
    points.settle(requirement, without="no device has reported often enough for several windows")


@proves("LOSANT-TIMESERIES-214")
def test_a_split_range_loses_no_point(losant_target: Target, view: View, points: Judgement) -> None:
    """Wherever a range is split, its two parts hold together what the whole holds."""
    broken = raw_trusted(points)
    if broken:
        raise NotTested(f"{broken}, which it needs, fails")
    whole = set(reported(view.ask().device(view.device.id)))
    if not whole:
        raise NotTested("the range has no raw points (see LOSANT-TIMESERIES-310)")

    middles = st.one_of(st.sampled_from(view.times), st.integers(view.start + 1, view.end - 1))

    @for_all(losant_target, middles, examples=12)
    def split(middle: int) -> None:
        first, second = view.part(view.start, middle), view.part(middle, view.end)
        parts = set(reported(first.device(view.device.id))) | set(reported(second.device(view.device.id)))
        odd = [one for one in whole ^ parts if one[0] != middle]
        if odd:
            text = f"The range split at {middle} does not hold what the whole range holds"
            actual = sorted(map(str, odd))[:5]
            raise Violation(text, expected=len(whole), actual=actual, exchange=second.answer.exchange)


@proves("LOSANT-TIMESERIES-224")
def test_three_hours_by_five_minutes_are_36_windows(history: History, points: Judgement) -> None:
    """Where each five minutes of three whole hours have a value, there are 36 points."""
    if points.faulty("LOSANT-TIMESERIES-302", "LOSANT-TIMESERIES-223") or raw_trusted(points):
        raise NotTested("LOSANT-TIMESERIES-302 or -223, or the range, which it needs, fails")
    step, count = 300_000, 36
    for track in history.tracks:
        filled = {time // step for time in track.times}
        start = next((one for one in sorted(filled) if all(one + n in filled for n in range(count))), None)
        if start is None or (start + count) * step > history.end:
            continue
        series = history.ask(
            start * step, (start + count) * step, aggregation="LAST", resolution=step, deviceIds=[track.device]
        )
        times = {time for time, _ in series.values(track.device, track.attribute)}
        # The document does not say whether a value just at the end belongs to the range.
        on_end = track.between((start + count) * step, (start + count) * step + 1)
        if len(times) not in {count, count + bool(on_end)}:
            text = f"Three hours of {track.attribute} of {track.device} by five minutes are not 36 windows"
            raise Violation(text, expected=count, actual=len(times), exchange=series.answer.exchange)
        return
    raise NotTested("no attribute was reported every five minutes for three hours")


@proves("LOSANT-TIMESERIES-228")
def test_devices_without_points_are_all_listed_or_none(history: History, view: View) -> None:
    """Whether a selected device without points is listed does not depend on anything."""
    seen: dict[bool, Series] = {}
    silent = [one for one in history.devices if one != view.device.id]
    for device in [*silent[:4], view.device.id]:
        for aggregation in ("NONE", "COUNT"):
            # Before the first report of all, nothing can be there.
            series = history.ask(1000, 3_601_000, aggregation=aggregation, resolution=3_600_000, deviceIds=[device])
            if series.answered and not series.device(device).times:
                seen[device in (series.devices or {})] = series
    if len(seen) > 1:
        text = "A device without points is listed in some answers and left out in others"
        raise Violation(text, expected="the same everywhere", exchange=seen[False].answer.exchange)
    if not seen:
        raise NotTested("no answer without points (see LOSANT-TIMESERIES-001, -212)")


@pytest.mark.parametrize(
    ("members", "order"),
    [
        pytest.param({"order": "asc"}, "asc", marks=proves("LOSANT-TIMESERIES-231"), id="asc"),
        pytest.param({"order": "desc"}, "desc", marks=proves("LOSANT-TIMESERIES-232"), id="desc"),
        pytest.param({}, "asc", marks=proves("LOSANT-TIMESERIES-233"), id="default"),
    ],
)
def test_order(views: list[View], members: dict[str, str], order: str) -> None:
    """Points stand in the order that is asked for, raw ones and windows."""
    seen = {"NONE": False, "COUNT": False}
    for view, aggregated in ((one, asked) for one in views for asked in ({}, one.windows)):
        series = view.ask(**aggregated, **members)
        times = [point.time for point in series.device(view.device.id).points]
        seen[str(series.query["aggregation"])] |= len(set(times)) > 1
        if not is_sorted(times, order):
            text = f"Points are not in order {order}"
            raise Violation(
                text, expected=sorted(times, reverse=order == "desc"), actual=times, exchange=series.answer.exchange
            )
    if not all(seen.values()):
        raise NotTested("not two points to compare (see LOSANT-TIMESERIES-223, -310)")


@proves("LOSANT-TIMESERIES-234")
def test_limit_bounds_the_points_of_each_device(view: View) -> None:
    """No device has more points than the limit."""
    for limit, order in _limits(view):
        series = view.ask(limit=limit, order=order)
        if series.answered and len(series.device(view.device.id).points) > limit:
            text = f"A limit of {limit} is not kept"
            count = len(series.device(view.device.id).points)
            raise Violation(text, expected=f"at most {limit}", actual=count, exchange=series.answer.exchange)
        if not series.answered:
            raise NotTested("a query with a limit is not answered (see LOSANT-TIMESERIES-140)")


@proves("LOSANT-TIMESERIES-235")
def test_limit_gives_the_first_points_of_the_order(view: View) -> None:
    """With a limit, the points are the first ones of the order."""
    for limit, order in _limits(view):
        _require_first(view.ask(order=order), view.ask(limit=limit, order=order), view, limit)


@proves("LOSANT-TIMESERIES-236")
def test_limit_bounds_windows_too(view: View) -> None:
    """A limit counts the points of an aggregation as it counts raw ones."""
    whole = view.ask(**view.windows)
    points = whole.device(view.device.id).points
    if len(points) < 3 or len({point.time for point in points}) < len(points):
        raise NotTested("not three windows to bound (see LOSANT-TIMESERIES-223)")
    try:
        for limit, order in _limits(view):
            _require_first(view.ask(order=order), view.ask(limit=limit, order=order), view, limit)
    except Violation as broken:
        raise NotTested(f"a limit of raw points is not right (see {TS}-234, -235)") from broken
    for limit in (1, 2, 1000):
        _require_first(whole, view.ask(limit=limit, **view.windows), view, limit)


def _limits(view: View) -> list[tuple[int, str]]:
    if len(view.ask().device(view.device.id).points) < 3:
        raise NotTested("not three points to bound (see LOSANT-TIMESERIES-310)")
    return [(limit, order) for limit in (1, 2, len(view.times) - 1, 1000) for order in ("asc", "desc")]


def _require_first(whole: Series, bounded: Series, view: View, limit: int) -> None:
    """The points up to the limit; points of one time may stand in either order."""
    all_points = whole.device(view.device.id).points
    due, got = all_points[:limit], bounded.device(view.device.id).points
    times = [point.time for point in due]
    known = {(point.time, attribute, value) for point in all_points for attribute, value in point.data.items()}
    given = {(point.time, attribute, value) for point in got for attribute, value in point.data.items()}
    if len(got) > limit and whole.query.get("aggregation") == "NONE":
        raise NotTested(f"the limit is not kept (see {TS}-234)")
    if [point.time for point in got] != times or not given <= known:
        text = f"A limit of {limit} does not give the first points"
        actual = [point.time for point in got]
        raise Violation(text, expected=times, actual=actual, exchange=bounded.answer.exchange)


@proves("LOSANT-TIMESERIES-241")
def test_attributes_choose_the_data(views: list[View]) -> None:
    """With attributes, points hold these and no other one."""
    seen = False
    for view in views[:5]:
        whole = view.ask().device(view.device.id)
        for attribute in sorted(whole.attributes):
            series = view.ask(attributes=[attribute])
            got = series.device(view.device.id)
            if got.values(attribute) != whole.values(attribute) or got.attributes - {attribute}:
                text = f"With attributes [{attribute!r}] the points of {view.device.id} are others than those of it"
                due = f"{len(whole.values(attribute))} values of {attribute}"
                raise Violation(text, expected=due, actual=sorted(got.attributes), exchange=series.answer.exchange)
            seen = seen or len(whole.attributes) > 1
    if not seen:
        raise NotTested("no device reports more than one attribute: give device_ids of one that does")


@proves("LOSANT-TIMESERIES-242")
def test_without_attributes_all_are_given(views: list[View], losant_target: Target) -> None:
    """Without attributes, points hold all of them, among them those that can be asked for by name."""
    named = [str(one) for one in losant_target.need("attributes")]
    for view in views[:5]:
        plain = view.ask(attributes=None).device(view.device.id)
        every = view.ask(attributes=named).device(view.device.id)
        lost = every.attributes - plain.attributes
        if lost:
            text = f"Without attributes, {', '.join(sorted(lost))} of {view.device.id} is not given"
            raise Violation(text, expected=sorted(every.attributes), actual=sorted(plain.attributes))
    if not any(view.ask(attributes=None).device(view.device.id).attributes for view in views):
        raise NotTested("no points without attributes (see LOSANT-TIMESERIES-310)")


@proves("LOSANT-TIMESERIES-243")
def test_the_order_of_attributes_does_not_matter(views: list[View]) -> None:
    """The same attributes in another order give the same data."""
    seen = False
    for view in views[:5]:
        names = sorted(view.ask().device(view.device.id).attributes)
        if len(names) > 1:
            first, second = (view.ask(attributes=some) for some in (names, names[::-1]))
            one, other = (sorted(map(str, reported(series.device(view.device.id)))) for series in (first, second))
            if one != other or not one:
                text = f"attributes {names} and the same in reverse give different data"
                raise Violation(text, expected=one[:3], actual=other[:3], exchange=second.answer.exchange)
            seen = True
    if not seen:
        raise NotTested("no device reports more than one attribute: give device_ids of one that does")


@proves("LOSANT-TIMESERIES-311")
def test_time_at_value_is_answered(view: View, history: History) -> None:
    """TIMEATVALUE is answered for a value that was reported, whatever it is."""
    tracks = [track for track in history.tracks if track.device == view.device.id]
    for track in tracks or list(history.tracks[:1]):
        aggregation = {"type": "TIMEATVALUE", "options": {"value": track.raw[0][1]}}
        series = view.ask(aggregation=aggregation, resolution=view.resolution, attributes=[track.attribute])
        if series.answer.status != 200 or not series.answered:
            text = f"TIMEATVALUE of {track.raw[0][1]!r} is not answered"
            raise Violation(text, expected=200, actual=series.answer.status, exchange=series.answer.exchange)


@proves("LOSANT-TIMESERIES-313")
def test_resolution_does_not_apply_to_raw_points(views: list[View]) -> None:
    """NONE gives the same points with a resolution."""
    for view in views[:5]:
        plain = view.ask().device(view.device.id)
        series = view.ask(resolution=view.resolution)
        if not plain.points:
            raise NotTested("no raw points to compare (see LOSANT-TIMESERIES-310)")
        if reported(series.device(view.device.id)) != reported(plain):
            text = f"A resolution of {view.resolution} ms changes raw points"
            got = len(series.device(view.device.id).points)
            raise Violation(text, expected=len(plain.points), actual=got, exchange=series.answer.exchange)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=proves(f"{TS}-{number}"), id=name)
        for number, name in enumerate((*WINDOW_AGGREGATIONS, "NONE"), start=321)
    ],
)
def test_both_forms_of_an_aggregation_are_one(views: list[View], name: str) -> None:
    """An aggregation as an object gives what it gives by its name."""
    seen = False
    for view in views[:5]:
        resolution = {} if name == "NONE" else {"resolution": view.resolution}
        plain = view.ask(aggregation=name, **resolution)
        for aggregation in ({"type": name}, {"type": name, "options": {}}):
            series = view.ask(aggregation=aggregation, **resolution)
            seen = seen or bool(plain.device(view.device.id).times)
            if series.devices != plain.devices:
                text = f"{aggregation} does not give what {name} gives"
                raise Violation(
                    text,
                    expected=str(plain.device(view.device.id).points[:3]),
                    actual=str(series.device(view.device.id).points[:3]),
                    exchange=series.answer.exchange,
                )
    if not seen:
        raise NotTested(f"{name} gives no points to compare")
