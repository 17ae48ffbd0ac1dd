"""The range of a time series query: bounds since the epoch and relative to now, and the duration."""

from collections.abc import Iterator

import pytest

from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.clock import MARGIN, Roomy, require_roomy
from robowire_conformance.losant.history import History, now_of
from robowire_conformance.losant.ranges import Range
from robowire_conformance.losant.raw_points import ALL, OUTSIDE, Difference, difference, raw_trusted, times_of
from robowire_conformance.losant.series import DeviceSeries, readable
from robowire_conformance.verdict import NotTested, Violation, proves

RECENT = 12
HOUR = 3_600_000


@pytest.fixture(scope="module")
def roomy(history: History) -> list[Roomy]:
    """Ranges whose bounds may be a few seconds off without a difference."""
    found = require_roomy(history)
    for one in found:
        _require(_ask(history, one.device, {"start": one.start, "end": one.end}), one, control=True)
    return found


def _ask(history: History, device: DeviceSeries, members: dict[str, int]) -> Series:
    query = {**members, **history.spelling.extra, "aggregation": "NONE", "deviceIds": [device.id]}
    return history.api.fresh_series(query)


def _require(series: Series, due: Roomy, *, control: bool = False) -> None:
    found = difference(due.device, series.device(due.device.id), Range(due.start, due.end))
    if not found.any and series.answered:
        return
    if control:
        raise NotTested("a range between two times is not answered right (see LOSANT-TIMESERIES-201, -205, -212, -310)")
    raise _violation(series, found, f"from {readable(due.start)} to {readable(due.end)}")


def _violation(series: Series, found: Difference, due: str) -> Violation:
    said = ", ".join(f"{name} {series.query[name]}" for name in ("start", "end", "duration") if name in series.query)
    text = f"A range of {said} is not {due}"
    return Violation(text, expected=due, actual=found.describe(), exchange=series.answer.exchange)


@proves("LOSANT-TIMESERIES-204")
def test_a_negative_end_is_before_now(history: History, roomy: list[Roomy]) -> None:
    """End -N is N milliseconds ago."""
    for one in roomy:
        now = now_of(history.api, one.device.id)
        _require(_ask(history, one.device, {"start": one.start, "end": one.end - now}), one)


@proves("LOSANT-TIMESERIES-206")
def test_a_negative_start_is_before_now(history: History, roomy: list[Roomy]) -> None:
    """Start -N is N milliseconds ago, wherever the range ends."""
    for one in roomy:
        now = now_of(history.api, one.device.id)
        _require(_ask(history, one.device, {"start": one.start - now, "end": one.end}), one)


@proves("LOSANT-TIMESERIES-209")
def test_with_a_start_duration_does_not_count(history: History, roomy: list[Roomy]) -> None:
    """Whatever duration says beside a start, the range begins at the start."""
    for one in roomy:
        span = one.end - one.start
        for duration in (span // 3, 1, 100 * span):
            _require(_ask(history, one.device, {"start": one.start, "end": one.end, "duration": duration}), one)


def _recent(history: History) -> Iterator[tuple[DeviceSeries, int]]:
    """Devices and times since when they have reported a few times, up to the end of what is known."""
    for device_id in history.ids[:4]:
        device = history.devices[device_id]
        times = times_of(device)
        since = times[-min(RECENT, len(times))]
        yield device, since - 1 if since > 1 else since


def _require_all_since(history: History, device: DeviceSeries, since: int, members: dict[str, int]) -> Series:
    """The device's points since a time are there, and perhaps newer ones that it has reported in the meantime."""
    series = _ask(history, device, {"start": since, **members})
    found = difference(device, series.device(device.id), Range(since, history.end))
    now = now_of(history.api, device.id)
    found.after = [one for one in found.after if one[0] > now + MARGIN]
    if found.any or not series.answered:
        raise _violation(series, found, f"all since {readable(since)}")
    return series


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"end": 0}, marks=proves("LOSANT-TIMESERIES-202"), id="zero"),
        pytest.param({}, marks=proves("LOSANT-TIMESERIES-203"), id="absent"),
    ],
)
def test_an_end_of_zero_or_none_is_now(history: History, points: Judgement, members: dict[str, int]) -> None:
    """A range that ends now holds everything since its start."""
    if points.faulty(ALL, OUTSIDE):
        raise NotTested(f"{ALL} or {OUTSIDE}, which it needs, fails")
    seen = False
    for device, since in _recent(history):
        end = history.end
        control = _ask(history, device, {"start": since, "end": end})
        if difference(device, control.device(device.id), Range(since, end)).any or not control.answered:
            continue
        seen = True
        _require_all_since(history, device, since, members)
    if not seen:
        raise NotTested("a range between two times is not answered right (see LOSANT-TIMESERIES-201, -205, -310)")


@proves("LOSANT-TIMESERIES-207")
def test_a_start_of_zero_is_now(history: History, points: Judgement) -> None:
    """A range that starts now holds nothing of what was reported before."""
    if raw_trusted(points):
        raise NotTested(f"{raw_trusted(points)}, which it needs, fails")
    for device, since in _recent(history):
        end = now_of(history.api, device.id) + HOUR
        if not _ask(history, device, {"start": since, "end": end}).device(device.id).points:
            continue
        series = _ask(history, device, {"start": 0, "end": end})
        old = [time for time in series.device(device.id).times if time < history.end]
        if old or not series.answered:
            text = "A range that starts now holds what was reported before"
            actual = readable(old[0]) if old else series.answer.status
            raise Violation(text, expected="nothing of the past", actual=actual, exchange=series.answer.exchange)
        return
    raise NotTested("a range that ends in an hour gives no points, so that nothing can be told of one that starts now")
