"""How a server treats latched topics: flagged wherever they appear, and backfilled with their most recent message.

The document names fourteen topics that latched topics "include", so a server may latch others too. Which ones it does
is found out from its answers; it must then treat them as latched throughout.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from robowire_fixtures.bags import LATCHED_TOPICS

from robowire_conformance.bags.asking import Case, Given
from robowire_conformance.bags.ranges import SECOND
from robowire_conformance.bags.recording import Recorded
from robowire_conformance.gathering import Judgement

IN_RANGE, BACKFILLED, UNFLAGGED = "BAGS-LATCHED-001", "BAGS-LATCHED-002", "BAGS-LATCHED-003"
PRESENT, MOST_RECENT, SINGLE = "BAGS-LATCHED-004", "BAGS-LATCHED-005", "BAGS-LATCHED-006"
MEMBERSHIP = {topic: f"BAGS-LATCHED-{number}" for number, topic in enumerate(LATCHED_TOPICS, start=101)}
"""The requirement that each of the fourteen topics is latched at all."""


@dataclass(slots=True)
class Treatment:
    """How one topic was treated over all answers, as (case, message of the answer) pairs and cases.

    `within` are its messages in or on a range; `added` its messages from before one; `occasions` the cases in which
    it had an earlier message and none on the start, with the messages that would be the most recent (more than one
    where they tie); `lacking` the occasions on which nothing was added.
    """

    within: list[tuple[Case, Given]] = field(default_factory=list)
    added: list[tuple[Case, Given]] = field(default_factory=list)
    occasions: list[tuple[Case, Sequence[Recorded], list[Given]]] = field(default_factory=list)

    @property
    def lacking(self) -> list[Case]:
        """The cases that should have added an earlier message and did not."""
        return [case for case, _, added in self.occasions if not added]

    @property
    def noticed(self) -> bool:
        """Whether the server treats the topic as latched in any way."""
        return bool(self.added) or any(given.latched for _, given in self.within)

    @property
    def throughout(self) -> bool:
        """Whether every message is flagged and every occasion for a backfill was taken."""
        flags = all(given.latched for _, given in (*self.within, *self.added))
        return flags and bool(self.within or self.added) and not self.lacking

    @property
    def shown(self) -> bool:
        """Whether there was any occasion to see how the topic is treated."""
        return bool(self.within or self.occasions)


def observe(cases: Sequence[Case]) -> dict[str, Treatment]:
    """Gather how each topic is treated in the clean cases."""
    treatments: dict[str, Treatment] = defaultdict(Treatment)
    for case in cases:
        if not case.clean:
            continue
        added: dict[str, list[Given]] = defaultdict(list)
        for given, recorded in case.known():
            if case.earlier(recorded):
                added[recorded.topic].append(given)
                treatments[recorded.topic].added.append((case, given))
            else:
                treatments[recorded.topic].within.append((case, given))
        for topic in case.recording.by_topic:
            due = () if case.on_start(topic) else case.latest_earlier(topic)
            if due:
                treatments[topic].occasions.append((case, due, added[topic]))
    return dict(treatments)


def also_latched(treatments: dict[str, Treatment]) -> frozenset[str]:
    """The topics beyond the fourteen that a server treats as latched throughout, unless that is simply every topic."""
    others = {topic: one for topic, one in treatments.items() if topic not in LATCHED_TOPICS and one.shown}
    latched = frozenset(topic for topic, one in others.items() if one.throughout and one.added)
    return frozenset() if len(others) > 1 and len(latched) == len(others) else latched


def judge_latched(cases: Sequence[Case], judgement: Judgement) -> frozenset[str]:
    """Judge the fourteen topics and the others; gives the topics that this server latches beyond the fourteen."""
    treatments = observe(cases)
    fourteen = {topic: treatments[topic] for topic in LATCHED_TOPICS if topic in treatments and treatments[topic].shown}
    if any(treatment.noticed for treatment in fourteen.values()):
        fourteen = _judge_named(fourteen, judgement)
    elif fourteen:
        judgement.block(*MEMBERSHIP.values(), reason=f"no topic is treated as latched (see {IN_RANGE} and {PRESENT})")
    for treatment in fourteen.values():
        _judge_flags(treatment, judgement)
        _judge_backfill(treatment, judgement)
    extra = also_latched(treatments)
    marked = frozenset(topic for case in cases for topic in case.recording.marked_latching)
    for topic, treatment in treatments.items():
        if topic not in LATCHED_TOPICS and topic not in extra and topic not in marked:
            _judge_plain(treatment, judgement)
    return extra


def _judge_named(fourteen: dict[str, Treatment], judgement: Judgement) -> dict[str, Treatment]:
    """Judge each topic's membership; the general rules are then judged on those that are treated as latched."""
    for topic, treatment in fourteen.items():
        if treatment.noticed:
            judgement.saw(MEMBERSHIP[topic])
            continue
        case = (treatment.lacking or [case for case, _ in treatment.within])[0]
        text = f"{topic} is neither flagged nor backfilled"
        judgement.fault(MEMBERSHIP[topic], case.fault(text, f"{topic} treated as latched", "treated as any other"))
    return {topic: treatment for topic, treatment in fourteen.items() if treatment.noticed}


def _judge_flags(treatment: Treatment, judgement: Judgement) -> None:
    for requirement, place, messages in (
        (IN_RANGE, "in the range", treatment.within),
        (BACKFILLED, "from before the range", treatment.added),
    ):
        for case, given in messages:
            if given.latched:
                judgement.saw(requirement)
            else:
                text = f"{_named(given)}, {place}, is not flagged although its topic is latched"
                judgement.fault(requirement, case.fault(text, {"__latched": True}, {"__latched": False}))


def _judge_backfill(treatment: Treatment, judgement: Judgement) -> None:
    for case, due, added in treatment.occasions:
        if not added:
            text = f"{due[0].topic} has an earlier message, at {due[0].time_ns / SECOND!r}, and it is not added"
            judgement.fault(PRESENT, case.fault(text, "its most recent message before the range", "none"))
            continue
        judgement.saw(PRESENT)
        latest = {recorded.index for recorded in due}
        older = [given for given in added if given.recorded is not None and given.recorded.index not in latest]
        if len(older) == len(added):
            text = f"{_named(older[-1])} is added although there is a more recent one before the range"
            expected = f"the message at {due[0].time_ns / SECOND!r}"
            judgement.fault(MOST_RECENT, case.fault(text, expected, _named(older[-1])))
        elif older:
            text = f"{len(added)} earlier messages of {due[0].topic} are added"
            judgement.fault(SINGLE, case.fault(text, "one", [_named(given) for given in added]))
        else:
            judgement.saw(MOST_RECENT)
            judgement.saw(SINGLE)


def _judge_plain(treatment: Treatment, judgement: Judgement) -> None:
    """A topic that is not latched is not flagged. That it is not backfilled is judged with the chunk's membership."""
    for case, given in treatment.within:
        if given.latched:
            text = f"{_named(given)} is flagged although its topic is not latched"
            judgement.fault(UNFLAGGED, case.fault(text, {"__latched": False}, {"__latched": True}))
        else:
            judgement.saw(UNFLAGGED)


def _named(given: Given) -> str:
    return f"{given.topic} at {given.body['__stamp']!r}"
