"""Which messages a chunk must hold: those of its range, each once, and nothing else but what latching adds.

A wrong answer often breaks several of these statements at once. The faults are laid to the one statement that
explains all answers best, so that a failure names what is broken and not its neighbours.
"""

import math
from collections.abc import Callable, Iterable, Sequence

from robowire_fixtures.bags import LATCHED_TOPICS

from robowire_conformance.bags.asking import Case, Origin
from robowire_conformance.bags.ranges import SECOND, TOLERANCE_NS
from robowire_conformance.bags.recording import Recorded
from robowire_conformance.gathering import Judgement

ALL, OUTSIDE, FLOATS, ONCE = "BAGS-CHUNK-005", "BAGS-CHUNK-006", "BAGS-CHUNK-007", "BAGS-CHUNK-008"
BACKFILLS = ("BAGS-LATCHED-004", "BAGS-LATCHED-005", "BAGS-LATCHED-006")
ONLY_LATCHED = "BAGS-LATCHED-007"

Rounding = Callable[[float], int]
ROUNDINGS: tuple[Rounding | None, ...] = (None, math.floor, math.ceil, round)
"""How a server may wrongly cut a bound to whole seconds; None is not at all."""


def judge_membership(cases: Sequence[Case], judgement: Judgement, extra_latched: frozenset[str]) -> None:
    """Judge what the clean cases hold; `extra_latched` are topics that this server latches beyond the fourteen."""
    clean = [case for case in cases if case.clean]
    if not clean:
        reason = "no chunk has only recognisable messages (see BAGS-CHUNK-001, -010, -013 to -016)"
        judgement.block(ALL, OUTSIDE, FLOATS, ONCE, ONLY_LATCHED, *BACKFILLS, reason=reason)
        return
    if _cuts_bounds(clean):
        _blame_floats(clean, judgement)
        return
    before = [extra for case in clean for extra in _before(case, extra_latched)]
    widened = bool(before) and not _looks_like_backfill(clean, extra_latched)
    for case in clean:
        _judge_missing(case, judgement)
        _judge_behind(case, judgement)
        _judge_before(case, judgement, extra_latched, OUTSIDE if widened else ONLY_LATCHED)
        if not widened:
            _judge_repeated(case, judgement)
    if widened:
        judgement.dismiss(ONCE, *BACKFILLS, reason=f"chunks reach back before their range (see {OUTSIDE})")


def _cuts_bounds(clean: Iterable[Case]) -> bool:
    """Whether all answers fit bounds cut to whole seconds, while some do not fit the bounds that were asked for."""
    cases = list(clean)
    if all(_fits(case, None, None) for case in cases):
        return False
    choices = [(start, end) for start in ROUNDINGS for end in ROUNDINGS if (start, end) != (None, None)]
    return any(all(_fits(case, start, end) for case in cases) for start, end in choices)


def _fits(case: Case, start: Rounding | None, end: Rounding | None) -> bool:
    """Whether the topics that are never latched show just the messages of the range with its bounds so cut."""
    low, high = _cut(case.range.start_ns, start), _cut(case.range.end_ns, end)
    given = {recorded.index for _, recorded in case.known() if recorded.topic not in LATCHED_TOPICS}
    due = case.recording.between(low - TOLERANCE_NS, high + TOLERANCE_NS) if low <= high else ()
    plain = [recorded for recorded in due if recorded.topic not in LATCHED_TOPICS]
    certain = {r.index for r in plain if low + TOLERANCE_NS < r.time_ns < high - TOLERANCE_NS}
    return certain <= given <= {recorded.index for recorded in plain}


def _cut(time_ns: int, rounding: Rounding | None) -> int:
    return time_ns if rounding is None else rounding(time_ns / SECOND) * SECOND


def _blame_floats(clean: Iterable[Case], judgement: Judgement) -> None:
    for case in clean:
        if not _fits(case, None, None):
            expected = f"the messages from {case.range.start} to {case.range.end}"
            actual = "the messages of a range with bounds of whole seconds"
            judgement.fault(FLOATS, case.fault("The bounds are cut to whole seconds", expected, actual))
    reason = f"the bounds are cut to whole seconds (see {FLOATS})"
    judgement.dismiss(ALL, OUTSIDE, ONCE, ONLY_LATCHED, *BACKFILLS, reason=reason)


def _judge_missing(case: Case, judgement: Judgement) -> None:
    given = {recorded.index for _, recorded in case.known()}
    missing = [recorded for recorded in case.inside if recorded.index not in given]
    if missing:
        text = f"{_listed(missing)} of the range {'are' if len(missing) > 1 else 'is'} missing"
        judgement.fault(ALL, case.fault(text, f"{len(case.inside)} messages of the range", f"{len(missing)} fewer"))
    elif case.inside:
        judgement.saw(ALL, len(case.inside))
        judgement.saw(FLOATS)


def _judge_behind(case: Case, judgement: Judgement) -> None:
    behind = [recorded for _, recorded in case.known() if case.later(recorded)]
    if behind:
        text = f"{_listed(behind)} recorded after the range"
        judgement.fault(OUTSIDE, case.fault(text, f"nothing after {case.range.end}", _listed(behind)))
    elif case.inside:
        judgement.saw(OUTSIDE)


def _before(case: Case, extra_latched: frozenset[str]) -> list[Recorded]:
    """Earlier messages of topics that nothing declares latched."""
    may = (*LATCHED_TOPICS, *extra_latched, *case.recording.marked_latching)
    return [recorded for _, recorded in case.known() if case.earlier(recorded) and recorded.topic not in may]


def _looks_like_backfill(clean: Iterable[Case], extra_latched: frozenset[str]) -> bool:
    """Whether earlier messages are each topic's most recent one, and at least once not simply a wider range."""
    told_apart = False
    for case in clean:
        extras = _before(case, extra_latched)
        if not extras:
            continue
        if any(extra.time_ns < case.latest_earlier(extra.topic)[-1].time_ns for extra in extras):
            return False
        reach = case.recording.between(min(extra.time_ns for extra in extras), case.range.start_ns - TOLERANCE_NS - 1)
        plain = {recorded.index for recorded in reach if recorded.topic not in LATCHED_TOPICS}
        told_apart = told_apart or plain != {extra.index for extra in extras}
    return told_apart


def _judge_before(case: Case, judgement: Judgement, extra_latched: frozenset[str], requirement: str) -> None:
    extras = _before(case, extra_latched)
    if extras:
        text = f"{_listed(extras)} recorded before the range, of a topic that is not latched"
        judgement.fault(requirement, case.fault(text, f"nothing before {case.range.start}", _listed(extras)))
    elif any(case.latest_earlier(topic) for topic in case.recording.by_topic if topic not in LATCHED_TOPICS):
        judgement.saw(ONLY_LATCHED)


def _judge_repeated(case: Case, judgement: Judgement) -> None:
    repeated = [recorded for given, recorded in case.known() if given.origin is Origin.REPEATED]
    if repeated:
        text = f"{_listed(repeated)} given more than once"
        judgement.fault(ONCE, case.fault(text, "each recorded message at most once", _listed(repeated)))
    elif case.given:
        judgement.saw(ONCE)


def _listed(messages: Sequence[Recorded]) -> str:
    """One or a few messages in words."""
    shown = ", ".join(f"{one.topic} at {one.time_ns / SECOND!r}" for one in messages[:3])
    count = "1 message" if len(messages) == 1 else f"{len(messages)} messages"
    return f"{count} ({shown}{', …' if len(messages) > 3 else ''})"
