"""Section "Get Message Chunks" of the Bag Player API."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st

from robowire_conformance.bags.asking import Case, ask
from robowire_conformance.bags.library import Library
from robowire_conformance.bags.membership import ALL, FLOATS
from robowire_conformance.bags.ranges import SECOND, TOLERANCE_NS, Range, fit, seconds
from robowire_conformance.bags.recording import Recording
from robowire_conformance.client import Client
from robowire_conformance.gathering import Judgement
from robowire_conformance.law import for_all
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves


def _settled(*requirements: str) -> list[object]:
    """A case per requirement, each proving its own."""
    return [pytest.param(requirement, marks=proves(requirement), id=requirement) for requirement in requirements]


@pytest.mark.parametrize("requirement", _settled("BAGS-CHUNK-001", *(f"BAGS-CHUNK-{n:03}" for n in (2, 3, 4))))
def test_a_range_answers_a_chunk(chunks: Judgement, requirement: str) -> None:
    """A range gets an object with the bag's facts and a list of messages."""
    chunks.settle(requirement, without="no chunk was answered (see BAGS-CHUNK-001)")


@pytest.mark.parametrize("requirement", _settled(*(f"BAGS-CHUNK-{n:03}" for n in (5, 6, 7, 8))))
def test_a_chunk_holds_the_messages_of_its_range(chunks: Judgement, requirement: str) -> None:
    """A chunk holds every message of its range, once, and no other."""
    chunks.settle(requirement, without="no range with messages could be compared")


@pytest.mark.parametrize("requirement", _settled(*(f"BAGS-CHUNK-{n:03}" for n in range(10, 17))))
def test_a_message_is_converted_whole(chunks: Judgement, requirement: str) -> None:
    """A message carries its topic, all its fields with their values, its stamp and its flag, in valid JSON."""
    chunks.settle(requirement, without="no chunk with messages was answered (see BAGS-CHUNK-001, -005)")


@proves("BAGS-CHUNK-007")
def test_a_bound_may_be_written_as_any_float(library: Library) -> None:
    """A bound with an exponent is the same number, and gets the same answer."""
    for filename, recording in library.require_readable().items():
        plain = fit(recording, recording.start_ns, recording.start_ns + SECOND)
        written = Range(*(f"{Decimal(bound):.18e}" for bound in (plain.start, plain.end)))
        case = ask(library.client, filename, recording, plain)
        if case.chunk is None:
            continue
        other = ask(library.client, filename, recording, written)
        if other.chunk is None or len(other.given) != len(case.given):
            text = f"{filename}, {written}: the bounds are not taken for the numbers that they are"
            actual = f"{other.answer.status} with {len(other.given)} messages"
            due = f"200 with the {len(case.given)} messages of {plain}"
            raise Violation(text, expected=due, actual=actual, exchange=other.answer.exchange)
        return
    raise NotTested("no chunk was answered (see BAGS-CHUNK-001)")


@proves("BAGS-CHUNK-009")
def test_adjoining_ranges_lose_no_message(bags_target: Target, library: Library, chunks: Judgement) -> None:
    """Wherever a range is split, on a message too, its two halves together hold what it holds."""
    if chunks.faulty(ALL, FLOATS):
        raise NotTested(f"messages are missing from single ranges already (see {ALL}, {FLOATS})")
    seen = 0
    for filename, recording in library.require_readable().items():
        for case in _splits(bags_target, filename, recording):
            if case is None:
                continue
            seen += 1
    if not seen:
        raise NotTested("no range could be split on a message")


def _splits(target: Target, filename: str, recording: Recording) -> "list[Case | None]":
    """Split ranges on recorded messages, those on whole seconds first: their stamps are exact numbers."""
    whole = [time_ns for time_ns in recording.times if time_ns % SECOND == 0][:6]
    results: list[Case | None] = [_split(target.client, filename, recording, time_ns) for time_ns in whole]
    drawn = for_all(target, st.sampled_from(recording.times), examples=8)
    drawn(lambda time_ns: results.append(_split(target.client, filename, recording, time_ns)))
    return results


def _split(client: Client, filename: str, recording: Recording, middle_ns: int) -> Case | None:
    before = fit(recording, middle_ns - SECOND // 5, middle_ns)
    after = fit(recording, middle_ns, middle_ns + SECOND // 5)
    if before.end_ns != Range(before.start, seconds(middle_ns)).end_ns:
        return None
    first, second = ask(client, filename, recording, before), ask(client, filename, recording, after)
    if not (first.clean and second.clean):
        raise NotTested("the chunks cannot be compared (see BAGS-CHUNK-001, -010, -013 to -016)")
    on_split = recording.between(middle_ns - TOLERANCE_NS, middle_ns + TOLERANCE_NS)
    given = {recorded.index for case in (first, second) for _, recorded in case.known()}
    lost = [recorded for recorded in on_split if recorded.index not in given]
    if lost:
        text = f"{filename}: {lost[0].topic} at {seconds(middle_ns)} is in neither of two ranges that meet there"
        actual = f"missing from {before} and from {after}"
        raise Violation(text, expected="in one of the chunks", actual=actual, exchange=second.answer.exchange)
    return second
