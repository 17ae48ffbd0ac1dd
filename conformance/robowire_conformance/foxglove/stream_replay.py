"""Section "Download data": the last messages before the range, as replayPolicy and replayLookbackSeconds ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from robowire_conformance.foxglove.contents import Contents
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.judging import Page, require_rejected
from robowire_conformance.foxglove.selecting import Difference, Selection, compare, due
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.stream_output import BESIDE
from robowire_conformance.foxglove.streaming import NAME, Streamed, stream, told

REPLAYED, NO_POLICY, TOO_OLD, FRACTION, NEGATIVE = (f"FOXGLOVE-STREAM-{number}" for number in range(113, 118))
REPLAYS = (REPLAYED, NO_POLICY, TOO_OLD, FRACTION, NEGATIVE)

AMPLE = 3600.0
"""Seconds that reach back to before any recording of the suite's begins."""

NEAR, FAR, LOOKBACK = 1_300_000_000, 1_700_000_000, 1.5
"""Nanoseconds before start of which the one is within so many seconds and the other is not; whole seconds, cut off or
rounded up, would make both alike."""


@dataclass(frozen=True, slots=True)
class Replay:
    """An answer to a request that asks for earlier messages, and how it differs from what is due."""

    streamed: Streamed
    selection: Selection
    difference: Difference

    @property
    def early(self) -> bool:
        """Whether there are messages before the range that should not be there."""
        return any(time < (self.selection.start or 0) for time, _, _ in self.difference.extra)


def judge_replay(shelf: Shelf) -> Page:
    """Judge the policy with ample time to look back first, then how far that reaches."""
    page = Page()
    held = shelf["chunked"]
    with page.about(REPLAYED, TOO_OLD):
        for start in _starts(held.contents):
            for lookback in (AMPLE, *_between(held.contents, start)):
                _judge(page, _replay(shelf, held, Selection(start, held.span[1] + BESIDE, (), lookback)))
        topics = tuple(sorted(held.contents.topics)[:2])
        _judge(page, _replay(shelf, held, Selection(_starts(held.contents)[-1], held.span[1] + BESIDE, topics, AMPLE)))
    with page.about(NO_POLICY):
        _judge_empty_policy(shelf, held, page)
    with page.about(FRACTION):
        _judge_fraction(shelf, held, page)
    page.needs((REPLAYED, TOO_OLD), FRACTION)
    with page.about(NEGATIVE):
        _judge_negative(shelf, held, page)
    return page


def _replay(shelf: Shelf, held: Held, selection: Selection) -> Replay:
    streamed = stream(shelf.api, {"recordingId": held.id, **selection.body()})
    wanted = due([held.contents], selection)
    return Replay(streamed, selection, compare(wanted, streamed.messages(wanted, REPLAYED)))


def _judge(page: Page, replay: Replay) -> None:
    if not replay.difference:
        page.saw(REPLAYED)
        page.saw(TOO_OLD)
    elif replay.early:
        requirement = REPLAYED if _repeats(replay) else TOO_OLD
        page.fault(requirement, replay.streamed.fault(*told(replay.difference)))
    else:
        page.fault(REPLAYED, replay.streamed.fault(*told(replay.difference)))


def _repeats(replay: Replay) -> bool:
    """Whether what should not be there is within the time to look back."""
    earliest = (replay.selection.start or 0) - round((replay.selection.lookback or 0) * SECOND)
    return all(time >= earliest for time, _, _ in replay.difference.extra)


def _starts(contents: Contents) -> list[int]:
    """Times in the midst of a recording, with messages before and after."""
    times = sorted({message.time for message in contents.messages})
    return [times[len(times) // 2] - BESIDE, times[2 * len(times) // 3] + BESIDE]


def _between(contents: Contents, start: int) -> Iterator[float]:
    """Times to look back that reach the last message of some channels and not of others, in whole seconds."""
    lasts: dict[int, int] = {}
    for message in contents.messages:
        if message.time < start:
            lasts[message.channel.id] = max(message.time, lasts.get(message.channel.id, 0))
    ages = sorted({start - time for time in lasts.values()})
    for near, far in pairwise(ages):
        whole = near // SECOND + 1
        if whole * SECOND < far:
            yield float(whole)


def _judge_empty_policy(shelf: Shelf, held: Held, page: Page) -> None:
    """An empty policy replays nothing, whatever the time to look back."""
    selection = Selection(_starts(held.contents)[0], held.span[1] + BESIDE)
    body = {"recordingId": held.id, **selection.body(), "replayPolicy": ""}
    for asked in (body, {**body, "replayLookbackSeconds": AMPLE}):
        streamed = stream(shelf.api, asked)
        got = streamed.require(NO_POLICY).messages
        if any(selection.before(message) for message in got):
            difference = compare(due([held.contents], selection), got)
            page.fault(NO_POLICY, streamed.fault(*told(difference)))
        else:
            page.saw(NO_POLICY)


def _judge_fraction(shelf: Shelf, held: Held, page: Page) -> None:
    """A message that is within the fraction comes, and one that is beyond it does not."""
    time = _lonely(held.contents)
    if time is None:
        return
    for age in (NEAR, FAR):
        selection = Selection(time + age, held.span[1] + BESIDE, (), LOOKBACK)
        replay = _replay(shelf, held, selection)
        if replay.difference:
            page.fault(FRACTION, replay.streamed.fault(*told(replay.difference)))
        else:
            page.saw(FRACTION)


def _lonely(contents: Contents) -> int | None:
    """The time of a message after which its channel is silent for a while."""
    end = contents.span[1] if contents.span else 0
    for channel in contents.channels:
        times = sorted(message.time for message in contents.messages if message.channel.id == channel.id)
        for earlier, later in pairwise([*times, end + SECOND]):
            if later - earlier > FAR and earlier + FAR <= end:
                return earlier
    return None


def _judge_negative(shelf: Shelf, held: Held, page: Page) -> None:
    body = {"recordingId": held.id, **Selection(_starts(held.contents)[0], held.span[1] + BESIDE, (), -1.0).body()}
    reply = shelf.api.ask(NAME, body=body)
    require_rejected(reply, "A negative replayLookbackSeconds is not refused", NEGATIVE)
    page.saw(NEGATIVE)
