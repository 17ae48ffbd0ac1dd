"""Exploring a player: many ranges of every readable bag are asked for once, and the answers judged together."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from robowire_conformance.bags.asking import Case, ask
from robowire_conformance.bags.contents import STAMP, VALUES, judge_contents
from robowire_conformance.bags.latched import judge_latched
from robowire_conformance.bags.library import Library
from robowire_conformance.bags.membership import ONCE, judge_membership
from robowire_conformance.bags.ranges import Range, drawn_ranges, edge_ranges
from robowire_conformance.bags.recording import Recording
from robowire_conformance.gathering import Judgement
from robowire_conformance.law import for_all
from robowire_conformance.target import Target

DRAWN_PER_BAG = 16
HOPELESS_AFTER = 12
"""Exploring ends when so many ranges in a row get no chunk at all."""

LONGEST_S = 90.0
"""Exploring a slow target ends after this time, with every bag explored equally far."""


def explore(target: Target, library: Library) -> list[Case]:
    """Ask for the edge ranges of each bag and for ranges drawn by chance, bag by bag in turn."""
    bags = library.require_readable()
    plans = [
        [(name, recording, one) for one in _plan(target, recording, turn, len(bags))]
        for turn, (name, recording) in enumerate(bags.items())
    ]
    cases: list[Case] = []
    gone: set[str] = set()
    begun = time.monotonic()
    for name, recording, one in (step for turn in zip_longest(*plans) for step in turn if step is not None):
        if name in gone:
            continue
        case = ask(target.client, name, recording, one)
        if case.chunk is None and not case.refused and not library.still_lists(name):
            gone.add(name)
            continue
        cases.append(case)
        hopeless = len(cases) >= HOPELESS_AFTER and all(late.chunk is None for late in cases[-HOPELESS_AFTER:])
        if hopeless or time.monotonic() - begun > LONGEST_S:
            break
    return [case for case in cases if case.filename not in gone]


def _plan(target: Target, recording: Recording, turn: int, turns: int) -> Iterator[Range]:
    """Every range of a bag that is worth asking for, each once."""
    drawn: list[Range] = []
    for_all(target, drawn_ranges(recording), examples=DRAWN_PER_BAG)(drawn.append)
    seen: set[Range] = set()
    for one in (*edge_ranges(recording, turn, turns), *islice(drawn, DRAWN_PER_BAG)):
        if one not in seen:
            seen.add(one)
            yield one


def judge(cases: Sequence[Case]) -> Judgement:
    """Judge the answers to all ranges together."""
    judgement = Judgement()
    judge_contents(cases, judgement)
    extra_latched = judge_latched(cases, judgement)
    judge_membership(cases, judgement, extra_latched)
    if judgement.faulty(STAMP):
        # A stamp tells which recorded message a message is, so that a wrong one makes another message of it.
        judgement.dismiss(VALUES, ONCE, reason=f"stamps are wrong, so that messages cannot be told apart (see {STAMP})")
    return judgement
