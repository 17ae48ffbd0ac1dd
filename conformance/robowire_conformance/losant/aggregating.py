"""Every aggregation over single windows, compared with what the target's own raw points of the same range give."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from random import Random

from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.losant.aggregations import AGGREGATIONS, Deviation, Due, Kind, Raw, aggregate
from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.history import History, Track
from robowire_conformance.losant.ranges import Step, single_windows
from robowire_conformance.losant.raw_points import ALL, OF_KIND, OUTSIDE, chosen, times_of
from robowire_conformance.losant.series import Value, readable

ADJOIN, SAME = "LOSANT-TIMESERIES-223", "LOSANT-TIMESERIES-225"
ENOUGH = 4
"""So many values show well into how many windows they are cut."""

DEVIATION, CONSISTENT = "LOSANT-TIMESERIES-309", "LOSANT-TIMESERIES-312"
COUNTS = ((1, 4, 9), (2, 5, 24), (3, 8, 2), (1, 6, 60), (7, 12), (4, 11), (24,), (5,), (30,), (10,), (16,), (9,))
"""How many points the windows hold, for one device after the other."""

FIRST_NUMBERS = {Kind.NUMBER: 301, Kind.BOOLEAN: 341, Kind.STRING: 361, Kind.POSITION: 381}


def requirement_of(kind: Kind, aggregation: str) -> str:
    """The requirement of an aggregation of values of a kind."""
    number = FIRST_NUMBERS[kind] + (min(3, AGGREGATIONS.index(aggregation)) if kind.textual else 0)
    return f"LOSANT-TIMESERIES-{number + (0 if kind.textual else AGGREGATIONS.index(aggregation))}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One aggregation of one track over one window: the raw values of the window, and what came."""

    track: Track
    step: Step
    aggregation: str
    raw: Raw
    around: Raw
    got: Sequence[Value]
    series: Series

    def right(self, raw: Raw | None = None, deviation: Deviation | None = None) -> bool:
        """Whether what came fits the values of the window, or others that are supposed in their place."""
        due = self.due(self.raw if raw is None else raw, deviation)
        value = self.got[0] if self.got else None
        return len(self.got) <= 1 and due.accepts(value)

    def due(self, raw: Raw, deviation: Deviation | None = None) -> Due:
        """What is due."""
        return aggregate(self.aggregation, raw, self.track.kind, deviation) if raw else Due((0,), nothing=True)

    def fault(self) -> Fault:
        """What is wrong with it."""
        where = f"{self.track.attribute} of {self.track.device} from {readable(self.step.start)}"
        text = f"{self.aggregation} of the {len(self.raw)} {self.track.kind.value} that {where} reported"
        return self.series.fault(
            f"{text} in {self.step.resolution} ms is wrong",
            f"{self.due(self.raw)} of {[value for _, value in self.raw[:8]]}",
            list(self.got),
        )

    @property
    def flag(self) -> bool:
        """Whether a truth value came where raw points have 0 or 1."""
        return bool(self.got) and isinstance(self.got[0], bool) and self.track.kind is Kind.NUMBER


def judge_aggregations(history: History, seed: int, judgement: Judgement) -> None:
    """Ask for every aggregation of some windows, and judge the answers together."""
    by_kind: dict[Kind, list[Sample]] = defaultdict(list)
    samples = list(_samples(history, Random(seed)))  # noqa: S311  # chooses windows
    answered = _refused(samples, judgement)
    several = [one for one in answered if len(one.got) > 1]
    requirement = SAME if _only_of_some(answered) else ADJOIN
    for one in several:
        times = [time for time, _ in one.series.values(one.track.device, one.track.attribute)]
        if len(set(times)) < len(times):
            continue  # a window that is answered twice is judged with those of many windows
        text = f"One window of {one.track.device} is answered with several points"
        judgement.fault(requirement, one.series.fault(text, "one point", list(one.got)))
    for sample in () if several else answered:
        by_kind[sample.track.kind].append(sample)
    for kind, samples in sorted(by_kind.items(), key=lambda item: item[0] is not Kind.NUMBER):
        wrong = {one.aggregation for one in samples if not one.right()}
        if judgement.faulty(OF_KIND[kind]):
            _block_all(kind, judgement)
            continue
        if not wrong:
            pass
        elif _blame_range(samples, judgement) or _blame_raw(kind, samples, wrong, judgement):
            continue
        _judge_each(kind, samples, judgement)
    _judge_deviation([one for samples in by_kind.values() for one in samples], judgement)


def _only_of_some(samples: Sequence[Sample]) -> bool:
    """Whether windows are cut otherwise for some devices, or for some attributes, than for the others."""
    for key in (attrgetter("track.device"), attrgetter("track.attribute")):
        cut: dict[str, list[bool]] = defaultdict(list)
        for one in samples:
            if len(one.raw) >= ENOUGH:
                cut[key(one)].append(len(one.got) > 1)
        never = [name for name, some in cut.items() if len(some) > 1 and not any(some)]
        if never and any(2 * sum(some) >= len(some) for some in cut.values()):
            return True
    return False


def _refused(samples: Sequence[Sample], judgement: Judgement) -> list[Sample]:
    """The samples that are answered; where only devices with texts are refused, it is the texts that are."""
    for name in AGGREGATIONS:
        refused = [one for one in samples if one.aggregation == name and not one.series.answered]
        good = any(one.aggregation == name and one.series.answered for one in samples)
        texts = [one for one in refused if one.track.kind.textual]
        if good and {one.track.device for one in refused} == {one.track.device for one in texts}:
            for one in texts:
                judgement.fault(requirement_of(one.track.kind, name), one.fault())
        elif refused:
            general = requirement_of(Kind.NUMBER, name)
            fault = refused[0].series.fault(f"{name} is not answered", 200, refused[0].series.answer.status)
            judgement.fault(general, fault)
    return [one for one in samples if one.series.answered]


def _samples(history: History, random: Random) -> Iterator[Sample]:
    for number, device in enumerate(chosen(history, len(COUNTS))):
        times = times_of(device)
        for _, step in single_windows(times, COUNTS[number], random):
            raw = history.ask(step.start, step.end, aggregation="NONE", deviceIds=[device.id])
            tracks = [track for track in history.tracks if track.device == device.id]
            for name in AGGREGATIONS:
                # Once in a while other devices are asked for too, which must not matter.
                ids = history.ids[:4] if name == "COUNT" and number % 2 else []
                asked = {"aggregation": name, "resolution": step.resolution, "deviceIds": [*ids, device.id]}
                series = history.ask(step.start, step.end, **asked)
                for track in tracks:
                    values = sorted(raw.values(device.id, track.attribute), key=lambda one: one[0])
                    got = [value for _, value in series.values(device.id, track.attribute)]
                    if values or got:
                        yield Sample(track, step, name, values, _around(track, step), got, series)


def _around(track: Track, step: Step) -> Raw:
    """The last value before a window and the first one after it."""
    before = [one for one in track.raw if one[0] < step.start][-1:]
    return [*before, *[one for one in track.raw if one[0] >= step.end][:1]]


def _blame_range(samples: Sequence[Sample], judgement: Judgement) -> bool:
    """Whether all aggregations take the range too wide or too narrow in one and the same way."""
    wrong = [one for one in samples if not one.right()]
    if len({one.aggregation for one in wrong}) < 3:
        return False
    for requirement, supposed in (
        (OUTSIDE, lambda one: [*one.around[:1], *one.raw]),
        (OUTSIDE, lambda one: [*one.raw, *one.around[1:]]),
        (OUTSIDE, lambda one: [*one.around[:1], *one.raw, *one.around[1:]]),
        (ALL, lambda one: one.raw[1:]),
        (ALL, lambda one: one.raw[:-1]),
        (ALL, lambda one: one.raw[1:-1]),
    ):
        if all(one.right(supposed(one)) for one in samples):
            judgement.fault(requirement, wrong[0].fault())
            return True
    return False


def _blame_raw(kind: Kind, samples: Sequence[Sample], wrong: set[str], judgement: Judgement) -> bool:
    """Whether it is the raw values that are wrong: most aggregations would have to be, otherwise."""
    asked = {one.aggregation for one in samples if one.due(one.raw).values}
    flags = {one.aggregation for one in samples if one.flag}
    odd = next(one for one in samples if not one.right())
    if kind is Kind.NUMBER and {"FIRST", "LAST"} <= flags:
        text = f"{odd.track.attribute} of {odd.track.device} is true or false for FIRST and LAST, but not for NONE"
        judgement.fault(OF_KIND[Kind.BOOLEAN], odd.series.fault(text, "truth values", odd.raw[:3]))
        return True
    if len(wrong & asked) * 2 <= len(asked) or len(wrong & asked) < 2:
        return False
    text = f"NONE disagrees with {', '.join(sorted(wrong & asked))} of {odd.track.attribute} of {odd.track.device}"
    judgement.fault(OF_KIND[kind], odd.series.fault(text, f"raw values of which that is {odd.got}", odd.raw[:8]))
    _block_all(kind, judgement)
    return True


def _block_all(kind: Kind, judgement: Judgement) -> None:
    blocked = [requirement_of(kind, name) for name in AGGREGATIONS]
    judgement.block(*blocked, reason=f"the raw values are wrong (see {OF_KIND[kind]})")


def _judge_each(kind: Kind, samples: Sequence[Sample], judgement: Judgement) -> None:
    for sample in samples:
        requirement = requirement_of(kind, sample.aggregation)
        general = requirement_of(Kind.NUMBER, sample.aggregation)
        if kind is not Kind.NUMBER and judgement.faulty(general) and not sample.right():
            judgement.block(requirement, reason=f"{general}, which it needs, fails")
        elif not sample.right():
            judgement.fault(requirement, sample.fault())
        else:
            judgement.saw(requirement)
            if sample.aggregation in {"FIRST", "LAST", "COUNT"}:
                judgement.saw(general)


def _judge_deviation(samples: Sequence[Sample], judgement: Judgement) -> None:
    """The standard deviation is of one sort everywhere; one value alone does not tell which."""
    told = [one for one in samples if one.aggregation == "STD_DEV" and not one.track.kind.textual and one.right()]
    wrong = [one for one in (DEVIATION, requirement_of(Kind.BOOLEAN, "STD_DEV")) if judgement.faulty(one)]
    unlike = [one for one in told if not all(one.right(deviation=sort) for sort in Deviation)]
    if wrong:
        judgement.block(CONSISTENT, reason=f"{wrong[0]}, which it needs, fails")
    elif not unlike:
        judgement.block(CONSISTENT, reason="no window has values of which the two deviations differ")
    elif any(all(one.right(deviation=sort) for one in unlike) for sort in Deviation):
        judgement.saw(CONSISTENT)
    else:
        sorts = [one.right(deviation=Deviation.SAMPLE) for one in unlike]
        odd = unlike[sorts.index(sorts.count(True) < sorts.count(False))]
        text = "STD_DEV is of the population in some windows and of a sample in others"
        judgement.fault(CONSISTENT, odd.series.fault(text, "one of them everywhere", list(odd.got)))
