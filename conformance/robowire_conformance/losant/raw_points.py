"""Raw points: every value of the range is there, once, as it was reported, and no other one.

Ranges are asked for in several ways. What is wrong with an answer is laid to the one statement that explains it: a
bound that is not understood, a range that is not kept to, or points that are not those that were reported.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.aggregations import Kind
from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.history import History
from robowire_conformance.losant.ranges import Range, inner_ranges, quiet_ranges
from robowire_conformance.losant.series import DeviceSeries, Value, readable

POSITIVE_END, POSITIVE_START, DURATION = "LOSANT-TIMESERIES-201", "LOSANT-TIMESERIES-205", "LOSANT-TIMESERIES-208"
ALL, OUTSIDE, SEAM = "LOSANT-TIMESERIES-211", "LOSANT-TIMESERIES-212", "LOSANT-TIMESERIES-213"
NONE = "LOSANT-TIMESERIES-310"
OF_KIND = {
    Kind.NUMBER: NONE,
    Kind.BOOLEAN: "LOSANT-TIMESERIES-350",
    Kind.STRING: "LOSANT-TIMESERIES-370",
    Kind.POSITION: "LOSANT-TIMESERIES-390",
}
MOST_DEVICES = 6

Reported = tuple[int, str, str, Value]
"""A value: its time, its attribute, its JSON type and itself."""


def reported(device: DeviceSeries) -> list[Reported]:
    """Every value of a device's points."""
    return [
        (point.time, attribute, _type(value), value)
        for point in device.points
        for attribute, value in point.data.items()
    ]


def _type(value: Value) -> str:
    return "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"


@dataclass(slots=True)
class Difference:
    """In what an answer's values differ from those that a range is known to hold."""

    before: list[Reported] = field(default_factory=list)
    after: list[Reported] = field(default_factory=list)
    missing: list[Reported] = field(default_factory=list)
    strange: list[Reported] = field(default_factory=list)
    due: int = 0

    @property
    def any(self) -> bool:
        """Whether they differ at all."""
        return bool(self.before or self.after or self.missing or self.strange)

    @property
    def inner(self) -> bool:
        """Whether they differ inside the range."""
        return bool(self.missing or self.strange)

    def describe(self) -> str:
        """The first difference in words."""
        for what, values in (
            ("before the range", self.before),
            ("after the range", self.after),
            ("missing", self.missing),
            ("not as it was reported", self.strange),
        ):
            if values:
                time, attribute, _, value = values[0]
                more = f", and {len(values) - 1} more" if len(values) > 1 else ""
                return f"{attribute} = {value!r} at {readable(time)} is {what}{more}"
        return "no difference"


def difference(known: DeviceSeries, got: DeviceSeries, asked: Range) -> Difference:
    """Compare an answer with the known history; values on the bounds may be there or not."""
    found = Difference()
    due = Counter(one for one in reported(known) if asked.start <= one[0] <= asked.end)
    given = Counter(reported(got))
    found.due = due.total()
    found.missing = sorted(one for one in (due - given) if asked.start < one[0] < asked.end)
    for one in sorted((given - due), key=lambda one: one[:3]):
        side = found.before if one[0] < asked.start else found.after if one[0] > asked.end else found.strange
        side.append(one)
    return found


def chosen(history: History, most: int = MOST_DEVICES) -> list[DeviceSeries]:
    """Some of the devices: those with the most kinds of attributes, then those with the most points."""
    kinds = Counter[str]()
    for _, device in {(track.kind, track.device) for track in history.tracks}:
        kinds[device] += 1
    ids = sorted(history.ids, key=lambda one: (-kinds[one], -len(history.devices[one].points)))
    return [history.devices[one] for one in ids[:most]]


def times_of(device: DeviceSeries) -> list[int]:
    """The times of a device's points, each once, in order."""
    return sorted(set(device.times))


def judge_raw(history: History) -> Judgement:
    """Ask for raw points of several devices and ranges, and judge the answers together."""
    judgement = Judgement()
    for device in chosen(history):
        _judge_spellings(history, device, judgement)
        for asked in quiet_ranges(times_of(device)):
            if asked.end > history.end:
                continue
            series = history.ask(asked.start, asked.end, aggregation="NONE", deviceIds=[device.id])
            _judge(history, device, series, asked, judgement)
    return judgement


def _judge(history: History, device: DeviceSeries, series: Series, asked: Range, judgement: Judgement) -> None:
    found = difference(device, series.device(device.id), asked)
    where = f"{device.id} from {readable(asked.start)} to {readable(asked.end)}"
    if not series.answered:
        judgement.block(
            ALL, OUTSIDE, *OF_KIND.values(), reason="a raw query is not answered (see LOSANT-TIMESERIES-001)"
        )
        return
    if found.before or found.after:
        text = f"{where}: {found.describe()}"
        judgement.fault(OUTSIDE, series.fault(text, "nothing outside of the range", found.describe()))
    elif found.due:
        judgement.saw(OUTSIDE)
    if found.missing and not found.strange and _at_edge(found, device, asked):
        text = f"{where}: {found.describe()}"
        judgement.fault(ALL, series.fault(text, f"{found.due} values", f"{len(found.missing)} are missing"))
        return
    judgement.saw(ALL, found.due)
    _judge_values(history, device, series, found, where, judgement)


def _at_edge(found: Difference, device: DeviceSeries, asked: Range) -> bool:
    """Whether what is missing is a whole piece at the beginning or at the end of the range."""
    inside = [one for one in times_of(device) if asked.start < one < asked.end]
    lost = sorted({one[0] for one in found.missing})
    return lost in (inside[: len(lost)], inside[-len(lost) :]) and len(inside) > 1


def _judge_values(
    history: History, device: DeviceSeries, series: Series, found: Difference, where: str, judgement: Judgement
) -> None:
    kinds = {track.attribute: track.kind for track in history.tracks if track.device == device.id}
    wrong = {kinds.get(one[1]) for one in (*found.missing, *found.strange)}
    for kind in set(kinds.values()):
        if kind in wrong:
            text = f"{where}: {found.describe()}"
            requirement = NONE if len(wrong) > 1 else OF_KIND[kind]
            judgement.fault(requirement, series.fault(text, "the values as they were reported", found.describe()))
        elif found.due and not found.inner:
            judgement.saw(OF_KIND[kind])
            judgement.saw(NONE)


def _judge_spellings(history: History, device: DeviceSeries, judgement: Judgement) -> None:
    """The ways of saying a range: each has to be understood by itself."""
    for asked in inner_ranges(times_of(device)):
        common = {"aggregation": "NONE", "deviceIds": [device.id], **history.spelling.extra}
        ways: Mapping[str, dict[str, object]] = {
            "both": {"start": asked.start, "end": asked.end},
            "start": {"start": asked.start},
            "duration": {"duration": asked.end - asked.start, "end": asked.end},
        }
        series = {name: history.api.series({**members, **common}) for name, members in ways.items()}
        found = {name: difference(device, one.device(device.id), asked) for name, one in series.items()}
        good = {name: series[name].answered and not found[name].any for name in ways}
        good["start"] = series["start"].answered and not (found["start"].before or found["start"].missing)
        if not good["both"] and found["both"] == found["duration"]:
            continue  # the same points are wrong however the range is said
        for requirement, name in _broken(good):
            text = f"{device.id}: {_said(ways[name])} is not understood: {found[name].describe()}"
            due = f"the points from {readable(asked.start)} to {readable(asked.end)}"
            judgement.fault(requirement, series[name].fault(text, due, found[name].describe()))
        for requirement, names in UNDERSTOOD.items():
            if all(good[name] for name in names):
                judgement.saw(requirement)


UNDERSTOOD = {POSITIVE_START: ("both",), POSITIVE_END: ("both", "duration"), DURATION: ("duration",)}


def _said(members: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in members.items())


def _broken(good: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """Which statements explain the ways of saying the range that do not work, and by which of them it shows."""
    if good["both"] and good["duration"] and good["start"]:
        return
    if good["both"] and good["start"]:
        yield DURATION, "duration"
    elif good["duration"] and not good["both"]:
        yield POSITIVE_START, "both"
    elif good["start"]:
        yield POSITIVE_END, "both"
    # Where no way works, it is the points that are wrong, not the way of asking; where both bounds do and a start alone
    # does not, it is the end that is absent.


def raw_trusted(judgement: Judgement) -> str:
    """The requirement that fails where raw points are not those that were reported; empty where they are."""
    broken = (POSITIVE_START, POSITIVE_END, OUTSIDE, ALL, *OF_KIND.values())
    return next((one for one in broken if judgement.faulty(one)), "")


def range_understood(judgement: Judgement) -> bool:
    """Whether ranges mean what they should; where they do not, nothing else is told of their points."""
    for broken in (POSITIVE_START, POSITIVE_END, OUTSIDE, ALL):
        if judgement.faulty(broken):
            others = [one for one in (POSITIVE_START, POSITIVE_END, OUTSIDE, ALL, SEAM) if one != broken]
            later = [f"LOSANT-TIMESERIES-{number}" for number in (*range(221, 228), *range(301, 391))]
            judgement.dismiss(*others, *later, reason=f"{broken}, which it needs, fails")
            return False
    return True
