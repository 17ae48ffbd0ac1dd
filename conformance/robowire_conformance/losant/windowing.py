"""How a range is cut into windows: asked with many resolutions, and explained by one rule for all answers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.aggregating import requirement_of
from robowire_conformance.losant.aggregations import AGGREGATIONS, Kind
from robowire_conformance.losant.history import History
from robowire_conformance.losant.ranges import between
from robowire_conformance.losant.raw_points import OF_KIND, chosen, times_of
from robowire_conformance.losant.series import DeviceSeries
from robowire_conformance.losant.windows import CLOSED, HONEST, LABELS, SCALED, Fit, Rule, Windowed, fit, fitting

LABEL, HALF_OPEN, ADJOIN = "LOSANT-TIMESERIES-221", "LOSANT-TIMESERIES-222", "LOSANT-TIMESERIES-223"
ALL, OUTSIDE = "LOSANT-TIMESERIES-211", "LOSANT-TIMESERIES-212"
SAME, EMPTY, ONCE = "LOSANT-TIMESERIES-225", "LOSANT-TIMESERIES-226", "LOSANT-TIMESERIES-227"
ALL_OF_THEM = (LABEL, HALF_OPEN, ADJOIN, SAME, EMPTY)
NATURAL = (1000, 5000, 10_000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000)
MOST_WINDOWS = 150
DEVICES = 6


def judge_windows(history: History, judgement: Judgement) -> None:
    """Ask for windows of several devices, and judge the answers together.

    Aggregations that are wrong in single windows already are left out.
    """
    asked = [one for one in _questions(history) if not _already_faulty(one, judgement)]
    _judge_repeated(asked, judgement)
    if judgement.faulty(ONCE):
        judgement.block(*ALL_OF_THEM, reason=f"{ONCE}, which they need, fails")
        return
    unanswered = [one for one in asked if not one.series.answered]
    asked = [one for one in asked if one.series.answered]
    if not asked:
        reason = "no windows are answered" if unanswered else "no device has points enough for several windows"
        judgement.block(*ALL_OF_THEM, reason=reason)
        return
    _judge_rule(asked, judgement)


def _already_faulty(one: Windowed, judgement: Judgement) -> bool:
    own, general = (requirement_of(kind, one.aggregation) for kind in (one.track.kind, Kind.NUMBER))
    truths = one.track.kind is Kind.NUMBER and any(isinstance(value, bool) for _, value in one.got)
    return judgement.faulty(own, general, OF_KIND[Kind.BOOLEAN if truths else one.track.kind])


def _judge_rule(asked: Sequence[Windowed], judgement: Judgement) -> None:
    """Find the rule that explains all answers, or else what is wrong with them."""
    rule = fitting(HONEST, asked)
    if rule is None:
        _blame(asked, judgement)
        return
    fits = [fit(rule, one) for one in asked]
    for found in fits:
        judgement.saw(EMPTY)
        for requirement in ALL_OF_THEM[:4]:
            judgement.saw(requirement, found.compared)
    _judge_empty(asked, fits, judgement)


def _questions(history: History) -> Iterator[Windowed]:
    for number, device in enumerate(chosen(history, DEVICES)):
        tracks = [track for track in history.tracks if track.device == device.id]
        reports = times_of(device)
        for turn, (start, end, resolution) in enumerate(_cuts(device, history.end)):
            few = ("COUNT", "LAST", "FIRST", AGGREGATIONS[(turn + number) % len(AGGREGATIONS)])
            inside = [time for time in reports if start <= time < end]
            for name in AGGREGATIONS if turn == 0 else dict.fromkeys(few):
                members = {"aggregation": name, "resolution": resolution, "deviceIds": [device.id]}
                series = history.ask(start, end, **members)
                for track in tracks:
                    if track.between(start, end) or series.values(device.id, track.attribute):
                        yield Windowed(track, start, end, resolution, name, series, inside)


def _cuts(device: DeviceSeries, until: int) -> Iterator[tuple[int, int, int]]:
    """Ranges and resolutions: odd ones, some with points just on the borders of windows, some with empty windows."""
    times = times_of(device)
    count = min(len(times), 90)
    if count < 6:
        return
    first = _densest(times, count)
    some = times[first : first + count]
    start, end = between(times, first), between(times, first + count)
    if start is not None and end is not None and end <= until:
        middle = some[count // 2]
        for resolution in dict.fromkeys(((end - start) // 9 | 1, middle - start, end - middle, *_natural(some))):
            yield from _bounded(start, end, resolution)
        yield from _bounded(some[1], end, some[count // 3] - some[1])
        yield from _bounded(start, end, min(b - a for a, b in pairwise(some)))
    yield from _over_silence(times, until)


def _bounded(start: int, end: int, resolution: int) -> Iterator[tuple[int, int, int]]:
    """The question, if its answer is neither void nor too long."""
    if 0 < resolution <= end - start <= resolution * MOST_WINDOWS:
        yield start, end, resolution


def _densest(times: Sequence[int], count: int) -> int:
    """Where so many times lie closest together."""
    step = max(1, count // 4)
    return min(range(0, len(times) - count + 1, step), key=lambda first: times[first + count - 1] - times[first])


def _natural(times: Sequence[int]) -> list[int]:
    """Whole seconds, minutes or hours at whose multiples a point lies."""
    span = times[-1] - times[0]
    fitting_ones = [one for one in NATURAL if span / MOST_WINDOWS < one < span / 2]
    return [one for one in fitting_ones if any(time % one == 0 for time in times)][:2]


def _over_silence(times: Sequence[int], until: int) -> Iterator[tuple[int, int, int]]:
    """Windows over the longest silence, several of which are empty."""
    inner = range(2, len(times) - 2)
    number = max(inner, key=lambda one: times[one] - times[one - 1], default=0)
    if number:
        silence = times[number] - times[number - 1]
        start, end = between(times, number - 2), between(times, number + 2)
        if start is not None and end is not None and end <= until:
            yield from _bounded(start, end, silence // 4 or 1)


def _judge_repeated(asked: Sequence[Windowed], judgement: Judgement) -> None:
    for one in asked:
        times = [point.time for point in one.series.device(one.track.device).points]
        twice = sorted({time for time in times if times.count(time) > 1})
        if twice:
            judgement.fault(ONCE, one.series.fault(f"{one}: two points have the same time", "one a window", twice[:3]))
        elif len(times) > 1:
            judgement.saw(ONCE)


MISTAKES = ((LABEL, LABELS), (HALF_OPEN, CLOSED), (ADJOIN, SCALED))


def _blame(asked: Sequence[Windowed], judgement: Judgement) -> None:
    """Lay answers that no documented rule explains to the statement that they break."""
    best = min(HONEST, key=lambda rule: sum(fit(rule, one).mismatch is not None for one in asked))
    odd = [one for one in asked if fit(best, one).mismatch is not None]
    requirement = next((name for name, rules in MISTAKES if fitting(rules, asked)), "")
    names = {one.aggregation for one in odd}
    if not requirement and _blame_raw(best, asked, odd, judgement):
        return
    if not requirement and len(names) == 1 and len({one.aggregation for one in asked}) > 1:
        _blame_aggregation(best, asked, odd, judgement)
        return
    if not requirement:
        apart = any(len([one for one in groups if fitting(HONEST, one)]) > 1 for groups in _groups(asked))
        requirement = (
            SAME
            if apart or all(fitting(HONEST, [one]) for one in asked)
            else EMPTY
            if all(fit(best, one).invented for one in odd)
            else ADJOIN
        )
    _fault_all(requirement, best, odd, judgement)
    rest = [name for name in ALL_OF_THEM if name != requirement]
    judgement.block(*rest, reason=f"{requirement}, which it needs, fails")


def _groups(asked: Sequence[Windowed]) -> Iterator[list[list[Windowed]]]:
    """The questions device by device, and attribute by attribute."""
    for key in (attrgetter("track.device"), attrgetter("track.attribute")):
        groups: dict[str, list[Windowed]] = defaultdict(list)
        for one in asked:
            groups[key(one)].append(one)
        yield list(groups.values())


def _blame_raw(best: Rule, asked: Sequence[Windowed], odd: Sequence[Windowed], judgement: Judgement) -> bool:
    """Whether several aggregations disagree with the raw values of one kind alone, while other kinds are right."""
    kinds = {one.track.kind for one in odd}
    fine = [one for one in asked if one.track.kind not in kinds]
    several = len({one.aggregation for one in odd}) > 1
    if len(kinds) != 1 or not fine or not several or fitting(HONEST, fine) is None:
        return False
    _fault_all(OF_KIND[kinds.pop()], best, odd, judgement)
    _judge_rule(fine, judgement)
    return True


def _blame_aggregation(best: Rule, asked: Sequence[Windowed], odd: Sequence[Windowed], judgement: Judgement) -> None:
    """One aggregation alone is wrong: invented values or wrong ones; the others tell of the windows."""
    general = any(one.track.kind is Kind.NUMBER for one in odd)
    requirement = requirement_of(Kind.NUMBER if general else odd[0].track.kind, odd[0].aggregation)
    _fault_all(EMPTY if all(fit(best, one).invented for one in odd) else requirement, best, odd, judgement)
    _judge_rule([one for one in asked if one.aggregation != odd[0].aggregation], judgement)


def _fault_all(requirement: str, rule: Rule, odd: Sequence[Windowed], judgement: Judgement) -> None:
    for one in odd:
        found = fit(rule, one).mismatch
        if found is not None:
            text = f"{one}: {found.message}"
            judgement.fault(requirement, one.series.fault(text, found.expected, found.actual))


def _judge_empty(asked: Sequence[Windowed], fits: Sequence[Fit], judgement: Judgement) -> None:
    """Empty windows between others are all listed or all left out, for each aggregation."""
    shown: dict[str, list[tuple[int, int, Windowed]]] = defaultdict(list)
    for one, found in zip(asked, fits, strict=True):
        shown[one.aggregation].append((found.empty_listed, found.empty_left_out, one))
    for name, cases in shown.items():
        listed = [one for some, _, one in cases if some]
        left_out = [one for _, some, one in cases if some]
        if listed and left_out:
            text = f"{name}: windows without values are listed in some answers and left out in others"
            judgement.fault(EMPTY, left_out[0].series.fault(text, "the same everywhere", "left out here"))
