"""What the messages of a chunk carry: topic, fields, stamp and flag, and the members around them."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from robowire_conformance.bags.asking import RESERVED, Case, Given, Origin, content_mismatch, dumps
from robowire_conformance.bags.ranges import SECOND
from robowire_conformance.bags.recording import Recorded
from robowire_conformance.client import Answer
from robowire_conformance.gathering import Judgement

ANSWERED, TOTAL, STARTS, ENDS = "BAGS-CHUNK-001", "BAGS-CHUNK-002", "BAGS-CHUNK-003", "BAGS-CHUNK-004"
TOPIC, FIELDS, VALUES, JSON = "BAGS-CHUNK-010", "BAGS-CHUNK-011", "BAGS-CHUNK-012", "BAGS-CHUNK-013"
STAMP_TYPE, STAMP, FLAG_TYPE = "BAGS-CHUNK-014", "BAGS-CHUNK-015", "BAGS-CHUNK-016"
STATUS = "BAGS-ERROR-010"
PER_MESSAGE = (TOPIC, STAMP_TYPE, FLAG_TYPE)

COMPARED_PER_TOPIC = 25
"""Of each topic in each bag so many messages are compared field by field."""


def judge_contents(cases: Sequence[Case], judgement: Judgement) -> None:
    """Judge the form of the answers and what their messages carry."""
    compared: Counter[tuple[str, str]] = Counter()
    answered = {case.filename for case in cases if case.chunk is not None}
    for case in cases:
        if case.refused:
            continue
        if case.chunk is None and _resembles_chunk(case.answer):
            _judge_json(case, judgement)
            continue
        if case.chunk is None:
            # A player that gives this bag's chunks, but meets some ranges with a status of its own, errs in the status.
            odd = case.filename in answered and case.answer.status not in (200, 400)
            expected = "200 with an object that holds messages"
            actual = f"status {case.answer.status}"
            judgement.fault(STATUS if odd else ANSWERED, case.fault("No chunk comes", expected, actual))
            continue
        _judge_json(case, judgement)
        _judge_shape(case, judgement)
        _judge_frame(case, case.chunk, judgement)
        for given in case.given:
            _judge_identity(case, given, judgement)
        if case.strict:
            for given, recorded in _worth_comparing(case, compared):
                _judge_fields(case, given, recorded, judgement)
    if judgement.faulty(FIELDS):
        judgement.dismiss(
            VALUES, reason=f"fields are not where they belong, so that values cannot be told (see {FIELDS})"
        )


def _resembles_chunk(answer: Answer) -> bool:
    """Whether an answer that no reader of JSON takes was meant to be a chunk."""
    return answer.status == 200 and answer.body.lstrip()[:1] == b"{" and b'"messages"' in answer.body


def _judge_json(case: Case, judgement: Judgement) -> None:
    if case.strict:
        judgement.saw(JSON)
    else:
        text = "The answer is not valid JSON (NaN or Infinity, say, or bytes that are not UTF-8)"
        judgement.fault(JSON, case.fault(text, "JSON text as RFC 8259 defines it", _offence(case.answer.body)))


def _offence(body: bytes) -> str:
    """The text around the first thing that no JSON text may hold."""
    text = body.decode("utf-8", errors="replace")
    places = [text.find(sign) for sign in ("NaN", "Infinity", "\ufffd") if sign in text]
    place = min(places, default=0)
    return text[max(0, place - 60) : place + 60]


def _judge_shape(case: Case, judgement: Judgement) -> None:
    for finding in case.faults:
        fault = case.fault(finding.message, finding.expected, finding.actual)
        judgement.fault(finding.requirement, fault)
    broken = {finding.requirement for finding in case.faults}
    if ANSWERED not in broken:
        judgement.saw(ANSWERED)
    if case.given:
        for requirement in PER_MESSAGE:
            if requirement not in broken:
                judgement.saw(requirement)


def _judge_frame(case: Case, chunk: Mapping[str, object], judgement: Judgement) -> None:
    recording = case.recording
    broken = {finding.requirement for finding in case.faults}
    frame: tuple[tuple[str, str, str, set[float]], ...] = (
        (TOTAL, "total_messages", "the bag's number of messages", {len(recording.messages)}),
        (STARTS, "start_time", "the bag's first second", _near(recording.start_ns) | _near(case.range.start_ns)),
        (ENDS, "end_time", "the bag's last second", _near(recording.end_ns) | _near(case.range.end_ns)),
    )
    for requirement, member, what, accepted in frame:
        value = chunk.get(member)
        if requirement in broken:
            continue
        if isinstance(value, int | float) and any(abs(value - due) < 1e-5 for due in accepted):
            judgement.saw(requirement)
        else:
            text = f"{member} is {value!r} and not {what}"
            judgement.fault(requirement, case.fault(text, sorted(accepted), value))


def _near(time_ns: int) -> set[float]:
    """A time in seconds, exact and in whole seconds of either rounding."""
    return {time_ns / SECOND, time_ns // SECOND, math.ceil(time_ns / SECOND)}


def _judge_identity(case: Case, given: Given, judgement: Judgement) -> None:
    if given.origin is Origin.UNKNOWN_TOPIC:
        topics = sorted(case.recording.by_topic)
        text = f"The bag has no topic {given.topic!r}"
        judgement.fault(TOPIC, case.fault(text, f"one of {dumps(topics)}", given.topic))
    elif given.origin is Origin.UNKNOWN_STAMP:
        stamp = given.body["__stamp"]
        nearest = min(
            (one.time_ns for one in case.recording.by_topic[given.topic]), key=lambda t: abs(t / SECOND - stamp)
        )
        text = f"No message was recorded on {given.topic} at {stamp!r}"
        judgement.fault(STAMP, case.fault(text, f"{nearest / SECOND!r}, the nearest recording time", stamp))
    else:
        judgement.saw(STAMP)


def _worth_comparing(case: Case, compared: Counter[tuple[str, str]]) -> Iterator[tuple[Given, Recorded]]:
    for given, recorded in case.known():
        key = (case.filename, recorded.topic)
        compared[key] += 1
        if compared[key] <= COMPARED_PER_TOPIC:
            yield given, recorded


def _judge_fields(case: Case, given: Given, recorded: Recorded, judgement: Judgement) -> None:
    types = case.recording.types
    if types.decode(recorded) is None:
        return
    names = [name for name, _ in types.fields(recorded.type) if name not in RESERVED]
    missing = [name for name in names if name not in given.body]
    where = f"{recorded.topic} ({recorded.type}) at {recorded.time_ns / SECOND!r}"
    if missing:
        text = f"{where} lacks {', '.join(missing)}"
        judgement.fault(FIELDS, case.fault(text, names, sorted(given.body)))
    elif names:
        judgement.saw(FIELDS)
    found = content_mismatch(case.recording, given.body, recorded)
    if found:
        judgement.fault(VALUES, case.fault(f"{where}: {found}", "the recorded value", found))
    elif names:
        judgement.saw(VALUES)
