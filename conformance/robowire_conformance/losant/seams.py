"""Values exactly on a bound of a range: whether they are inside is open, but has to be the same every time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.aggregating import requirement_of
from robowire_conformance.losant.aggregations import AGGREGATIONS, Kind, aggregate
from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.history import History, Track
from robowire_conformance.losant.ranges import Range, inner_ranges
from robowire_conformance.losant.raw_points import SEAM, chosen, times_of
from robowire_conformance.losant.series import DeviceSeries

MOST_TIMES = 2
MOST_NAMES = 3
MOST_TRACKS = 3

Seen = defaultdict[str, dict[bool, Series]]
"""For raw points and for aggregations at either bound: an answer that includes a value on it, one that does not."""


def judge_seams_of_points(history: History, judgement: Judgement) -> None:
    """Ask for raw points of ranges with values on their bounds."""
    seen: Seen = defaultdict(dict)
    for device in chosen(history):
        for bound, asked in _ranges(device):
            _look_at_points(history, device, bound, asked, seen)
    _judge(seen, judgement)


def judge_seams_of_aggregations(history: History, judgement: Judgement) -> None:
    """Ask for the aggregations of ranges with values on their bounds, but for those that are wrong anyway."""
    seen: Seen = defaultdict(dict)
    right = [one for one in AGGREGATIONS if not judgement.faulty(requirement_of(Kind.NUMBER, one))]
    for track in history.of(Kind.NUMBER)[:MOST_TRACKS]:
        for bound, asked in _ranges(history.devices[track.device], track.attribute):
            _look_at_aggregations(history, track, bound, asked, right, seen)
    _judge(seen, judgement)


def _judge(seen: Seen, judgement: Judgement) -> None:
    for where, answers in seen.items():
        if len(answers) == 2:
            text = f"A value that was reported exactly at {where} is in some answers and not in others"
            fault = answers[False].fault(text, "the same every time", "it is not in this answer")
            judgement.fault(SEAM, fault)
        else:
            judgement.saw(SEAM)


def _ranges(device: DeviceSeries, attribute: str = "") -> Iterator[tuple[str, Range]]:
    """Ranges that start, and ranges that end, where attributes of all kinds, or this one, have values."""
    for whole in inner_ranges(times_of(device)):
        inside = [point for point in device.points if whole.start < point.time < whole.end]
        first = {name: point.time for point in reversed(inside) for name in point.data}
        last = {name: point.time for point in inside for name in point.data}
        for start in _some(first, attribute):
            yield "start", Range(start, whole.end)
        for end in _some(last, attribute):
            yield "end", Range(whole.start, end)


def _some(times: Mapping[str, int], attribute: str) -> list[int]:
    """A few of the times of all attributes, or that of one."""
    if attribute:
        return [times[attribute]] if attribute in times else []
    return sorted(set(times.values()))[:MOST_TIMES]


def _look_at_points(history: History, device: DeviceSeries, bound: str, asked: Range, seen: Seen) -> None:
    time = asked.start if bound == "start" else asked.end
    known = sorted({name for point in device.points if point.time == time for name in point.data})
    for names in (known, *([name] for name in known[:MOST_NAMES])):
        series = history.ask(asked.start, asked.end, aggregation="NONE", deviceIds=[device.id], attributes=names)
        given = {name for point in series.device(device.id).points if point.time == time for name in point.data}
        if series.answered:
            for name in names:
                seen[f"the {bound} of raw points"].setdefault(name in given, series)


def _look_at_aggregations(
    history: History, track: Track, bound: str, asked: Range, names: Sequence[str], seen: Seen
) -> None:
    """What the one window of each aggregation says, where it says something else with the value on the bound."""
    time = asked.start if bound == "start" else asked.end
    inner, on_bound = track.between(asked.start + 1, asked.end), track.between(time, time + 1)
    if not inner or not on_bound:
        return
    with_it = sorted([*inner, *on_bound], key=lambda one: one[0])
    resolution = 2 * (asked.end - asked.start)
    for name in names:
        members = {"aggregation": name, "resolution": resolution, "deviceIds": [track.device]}
        series = history.ask(asked.start, asked.end, **members)
        values = [value for _, value in series.values(track.device, track.attribute)]
        if len(values) != 1:
            continue  # its windows may begin elsewhere than its range
        included = aggregate(name, with_it, track.kind).accepts(values[0])
        if included != aggregate(name, inner, track.kind).accepts(values[0]):
            seen[f"the {bound} of aggregations"].setdefault(included, series)
