"""Last values compared with the raw points: which report is the last one, by time, up to the end of the query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance import shape
from robowire_conformance.client import Answer
from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.losant.aggregations import Kind
from robowire_conformance.losant.asking import LAST_VALUE, read
from robowire_conformance.losant.clock import roomy_ranges
from robowire_conformance.losant.history import History, Track, now_of
from robowire_conformance.losant.ranges import between
from robowire_conformance.losant.series import Value, milliseconds, readable

LV = "LOSANT-LASTVALUE"
FORM = tuple(f"{LV}-{number:03}" for number in range(1, 7))
VALUE, TIME, NAMED, ENTRY, NOTHING = (f"{LV}-{number:03}" for number in range(11, 16))
OF_KIND = {
    kind: f"{LV}-{number:03}"
    for number, kind in enumerate((Kind.NUMBER, Kind.BOOLEAN, Kind.STRING, Kind.POSITION), start=21)
}
POSITIVE, ZERO, ABSENT, NEGATIVE, ON_END = (f"{LV}-{number}" for number in range(201, 206))
COMPARED = (VALUE, TIME, NAMED, ENTRY, NOTHING, *OF_KIND.values(), POSITIVE, ZERO, ABSENT, NEGATIVE, ON_END)
"""Those that are judged by raw points."""

SETTLED = (*FORM, *COMPARED)
"""All requirements that are judged here."""

PER_KIND = 3
MOST_OTHERS = 200
BEGINNING = 1000
"""A time at which no device has reported yet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an answer says of one device: the time, and the value if it has the attribute."""

    time: int | None
    value: Value | None


@dataclass(frozen=True, slots=True)
class LastValues:
    """One answer and its entries by device; None where it is no answer."""

    query: Mapping[str, JSON]
    answer: Answer
    entries: Mapping[str, Entry] | None

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with it."""
        text = f"{self.query.get('attribute')} with end {self.query.get('end')}: {message}"
        return Fault(text, expected, actual, self.answer.exchange, self.answer.size)


class LastValueJudge:
    """Asks for last values of many attributes at many times, and judges the answers together."""

    def __init__(self, history: History, others: Sequence[str] = ()) -> None:
        self.history = history
        self.others = [one for one in others if one not in history.devices][:MOST_OTHERS]
        self.judgement = Judgement()
        self.tracks = [one for kind in Kind for one in history.of(kind)[:PER_KIND]]
        self.complete = history.start <= 1

    def judge(self) -> Judgement:
        """Judge all that the devices give occasion for."""
        for track in self.tracks:
            self._judge_latest(track)
        self._judge_entries()
        self._judge_others()
        if self.history.api.locked_out(LAST_VALUE):
            self.judgement.dismiss(*FORM, *COMPARED, reason="the token is refused (see LOSANT-AUTH-203)")
            return self.judgement
        form = next((one for one in FORM if self.judgement.faulty(one)), "")
        if form:
            self.judgement.dismiss(*COMPARED, reason=f"{form}, which it needs, fails")
            return self.judgement
        kind = next((one for one in OF_KIND.values() if self.judgement.faulty(one)), "")
        if kind:
            # A value that no report holds was altered; altered ones may look like those of other reports too.
            self.judgement.dismiss(VALUE, reason=f"{kind}, which it needs, fails")
        if self.judgement.faulty(NAMED):
            self.judgement.dismiss(ENTRY, reason=f"{NAMED}, which it needs, fails")
        if not self.judgement.faulty(VALUE, TIME, NAMED, ENTRY, *OF_KIND.values()):
            for track in self.tracks:
                self._judge_past(track)
                self._judge_before_all(track)
            self._judge_now()
            self._judge_relative()
        self._judge_on_end()
        return self.judgement

    def ask(self, track: Track, **members: JSON) -> LastValues:
        """The last values of an attribute of one device, or as the members say."""
        query = {"deviceIds": [track.device], "attribute": track.attribute, **members}
        answer = self.history.api.last_values(query)
        body = read(answer)
        self._judge_form(answer, body)
        if answer.status != 200 or not isinstance(body, dict):
            return LastValues(query, answer, None)
        attribute = str(query["attribute"])
        return LastValues(query, answer, {name.lower(): _entry(one, attribute) for name, one in body.items()})

    def _judge_form(self, answer: Answer, body: JSON) -> None:
        if answer.status != 200 or not isinstance(body, dict):
            text = "A valid last value query is not answered with an object"
            fault = Fault(text, "200 with an object", answer.status, answer.exchange, answer.size)
            self.judgement.fault(FORM[0], fault)
            return
        findings = shape.findings("losant", "LastValueData", body)
        for finding in findings:
            fault = Fault(finding.message, finding.expected, finding.actual, answer.exchange, answer.size)
            self.judgement.fault(finding.requirement, fault)
        broken = {finding.requirement for finding in findings}
        for requirement in FORM:
            # An answer without entries proves nothing: any constant could be one.
            if body and requirement not in broken:
                self.judgement.saw(requirement)

    def _judge_latest(self, track: Track) -> None:
        """The last value at the end of the known history."""
        answer = self.ask(track, end=self.history.end)
        entry = (answer.entries or {}).get(track.device)
        due = _latest(track.raw)
        if answer.entries is None:
            return
        if entry is None:
            self.judgement.fault(ENTRY, answer.fault(f"{track.device} has no entry", str(due), None))
        elif entry.value is None:
            self.judgement.fault(NAMED, answer.fault(f"the data of {track.device} lack it", str(due), None))
        else:
            self.judgement.saw(ENTRY)
            self.judgement.saw(NAMED)
            self._compare(track, answer, entry, due)

    def _compare(self, track: Track, answer: LastValues, entry: Entry, due: Sequence[tuple[int, Value]]) -> None:
        """Tell whether value or time is wrong: a pair that was reported earlier is a wrong value at its right time."""
        values = [value for _, value in due]
        reported = (entry.time, entry.value) in track.raw
        if not any(_same(entry.value, value) for value in values):
            # What was never reported at all is no other report's value, but this one's, altered.
            altered = entry.time == due[0][0] and not any(_same(entry.value, value) for _, value in track.raw)
            requirement = OF_KIND[track.kind] if altered else VALUE
            self.judgement.fault(requirement, answer.fault(f"the value of {track.device}", values, entry.value))
        elif entry.time != due[0][0]:
            requirement = VALUE if reported else TIME
            text = f"the time of {track.device}"
            fault = answer.fault(text, readable(due[0][0]), None if entry.time is None else readable(entry.time))
            self.judgement.fault(requirement, fault)
        else:
            for requirement in (VALUE, TIME, OF_KIND[track.kind]):
                self.judgement.saw(requirement)

    def _judge_past(self, track: Track) -> None:
        """The last values at times between reports, and before the first one."""
        times = sorted(set(track.times))
        for number in sorted({1, len(times) // 3, len(times) // 2, len(times) - 1} - {0, len(times)}):
            end = between(times, number)
            if end is None:
                continue
            answer = self.ask(track, end=end)
            due = _latest([one for one in track.raw if one[0] <= end])
            self._require(POSITIVE, answer, track.device, due)

    def _judge_before_all(self, track: Track) -> None:
        """At the beginning of time, when nothing had been reported yet."""
        began = self.history.ask(1, 2 * BEGINNING, aggregation="NONE", deviceIds=[track.device])
        if not began.answered or began.device(track.device).points:
            return
        answer = self.ask(track, end=BEGINNING)
        entry = (answer.entries or {}).get(track.device)
        if entry is not None and entry.value is not None:
            later = answer.fault(f"{track.device} had reported nothing yet", "no value", str(entry))
            self.judgement.fault(POSITIVE if self.judgement.faulty(POSITIVE) else NOTHING, later)
        elif answer.entries is not None:
            self.judgement.saw(NOTHING)

    def _require(self, requirement: str, answer: LastValues, device: str, due: Sequence[tuple[int, Value]]) -> None:
        entry = (answer.entries or {}).get(device)
        right = entry is not None and any(_same(entry.value, value) and entry.time == time for time, value in due)
        if right:
            self.judgement.saw(requirement)
        else:
            self.judgement.fault(requirement, answer.fault(f"the last value of {device}", str(due), str(entry)))

    def _judge_entries(self) -> None:
        """Every device that has a value of an attribute has an entry, and one that has none is given none."""
        for attribute in sorted({track.attribute for track in self.tracks}):
            having = [track for track in self.history.tracks if track.attribute == attribute]
            ids = list(self.history.devices)
            answer = self.ask(having[0], deviceIds=ids, end=self.history.end)
            shown = {one for one, entry in (answer.entries or {}).items() if entry.value is not None}
            lost = [track.device for track in having if track.device not in shown]
            if answer.entries is None:
                continue
            if lost:
                self.judgement.fault(ENTRY, answer.fault(f"{', '.join(lost)} has no entry", "an entry", sorted(shown)))
            else:
                self.judgement.saw(ENTRY)
            self._judge_none(answer, shown - {track.device for track in having})

    def _judge_others(self) -> None:
        """Other devices, some of them silent for long: where LAST gives a value there has to be an entry."""
        whole = {"aggregation": "LAST", "resolution": self.history.end, "deviceIds": self.others}
        if not self.others:
            return
        series = self.history.ask(1, self.history.end, **whole)
        attributes = sorted({name for one in (series.devices or {}).values() for name in one.attributes})
        for attribute in attributes[:MOST_OTHERS]:
            having = [one.id for one in (series.devices or {}).values() if attribute in one.attributes]
            answer = self.ask(self.tracks[0], deviceIds=having, attribute=attribute, end=self.history.end)
            lost = [one for one in having if one not in (answer.entries or {})]
            if lost and answer.entries is not None:
                self.judgement.fault(ENTRY, answer.fault(f"{', '.join(lost)} has no entry", "an entry", None))

    def _judge_none(self, answer: LastValues, invented: set[str]) -> None:
        if invented and self.complete:
            text = f"{', '.join(sorted(invented))} has never reported it"
            self.judgement.fault(NOTHING, answer.fault(text, "no value", sorted(invented)))

    def _judge_now(self) -> None:
        """With end zero or absent, the last value is the one of now: the known one or a newer one."""
        for track in self.tracks:
            due = _latest(track.raw)
            for requirement, members in ((ZERO, {"end": 0}), (ABSENT, {})):
                answer = self.ask(track, **members)
                entry = (answer.entries or {}).get(track.device)
                newer = entry is not None and entry.time is not None and entry.time > self.history.end
                if newer and entry is not None and entry.value is not None:
                    self.judgement.saw(requirement)
                else:
                    self._require(requirement, answer, track.device, due)

    def _judge_relative(self) -> None:
        devices = [self.history.devices[one] for one in self.history.ids]
        for roomy in roomy_ranges(self.history, devices):
            for track in self.history.tracks:
                before = [one for one in track.raw if one[0] < roomy.end]
                if track.device == roomy.device.id and before:
                    now = now_of(self.history.api, track.device)
                    answer = self.ask(track, end=roomy.end - now)
                    self._require(NEGATIVE, answer, track.device, _latest(before))

    def _judge_on_end(self) -> None:
        """Whether a value reported exactly at end counts is the same for every device and attribute."""
        seen: dict[bool, LastValues] = {}
        for track in self.tracks:
            for time in sorted(set(track.times))[1::7][:6]:
                answer = self.ask(track, end=time)
                entry = (answer.entries or {}).get(track.device)
                if entry is not None and entry.time is not None and entry.value is not None and entry.time <= time:
                    seen[entry.time == time] = answer
        if len(seen) > 1:
            text = "a value reported exactly at end counts in some answers and not in others"
            self.judgement.fault(ON_END, seen[False].fault(text, "the same every time", "it does not count here"))
        elif seen:
            self.judgement.saw(ON_END)


def _entry(body: JSON, attribute: str) -> Entry:
    try:
        time = milliseconds(body["time"])
    except (KeyError, TypeError, ValueError):
        time = None
    data = body.get("data") if isinstance(body, dict) else None
    value = data.get(attribute) if isinstance(data, dict) else None
    return Entry(time, value if isinstance(value, bool | int | float | str) else None)


def _latest(raw: Sequence[tuple[int, Value]]) -> list[tuple[int, Value]]:
    """The last value; several where they have the same time."""
    latest = max(time for time, _ in raw)
    return [one for one in raw if one[0] == latest]


def _same(got: Value | None, due: Value) -> bool:
    return (
        isinstance(got, bool) is isinstance(due, bool) and isinstance(got, str) is isinstance(due, str) and got == due
    )
