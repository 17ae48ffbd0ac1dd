"""Section "Get Bag Metadata" of the Bag Player API."""

import math

import pytest

from robowire_conformance import shape
from robowire_conformance.bags.asking import player_path
from robowire_conformance.bags.library import Library
from robowire_conformance.bags.ranges import SECOND
from robowire_conformance.bags.recording import Recording
from robowire_conformance.client import Answer, Client, NotJSON
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.verdict import proves

ANSWERED = "BAGS-PLAYER-001"
SHAPES = {"total_messages": "BAGS-PLAYER-002", "start_time": "BAGS-PLAYER-004", "end_time": "BAGS-PLAYER-006"}
VALUES = {"total_messages": "BAGS-PLAYER-003", "start_time": "BAGS-PLAYER-005", "end_time": "BAGS-PLAYER-007"}
MEANINGS = {
    "total_messages": "the number of messages in the bag",
    "start_time": "the first message's time in whole seconds",
    "end_time": "the last message's time in whole seconds",
}


@pytest.fixture(scope="module")
def metadata(library: Library) -> Judgement:
    """The judgement on the metadata of every readable bag, those without messages included."""
    judgement = Judgement()
    for stored in library.bags:
        if stored.recording is not None:
            _judge(library.client, stored.filename, stored.recording, judgement)
    if not library.readable:
        judgement.block(ANSWERED, *SHAPES.values(), *VALUES.values(), reason="no bag with messages could be read")
    return judgement


def _judge(client: Client, filename: str, recording: Recording, judgement: Judgement) -> None:
    answer = client.get(player_path(filename))
    body = _object(answer)
    if body is None:
        # A bag without messages has no first and last one, so that refusing it is as good as any made-up time.
        if recording.messages or answer.status not in (200, 400):
            text = f"The metadata of {filename} are not answered"
            judgement.fault(ANSWERED, Fault(text, "200 with a JSON object", answer.status, answer.exchange, 0))
        return
    if not recording.messages:
        body = {**body, "start_time": 0, "end_time": 0}
    broken = set()
    for finding in shape.findings("bags", "Metadata", body):
        broken.add(finding.requirement)
        text = f"{filename}: {finding.message}"
        judgement.fault(finding.requirement, Fault(text, finding.expected, finding.actual, answer.exchange, 0))
    judgement.saw(ANSWERED)
    for member, requirement in SHAPES.items():
        if requirement not in broken:
            judgement.saw(requirement)
            _judge_value(filename, member, body[member], recording, answer, judgement)


def _object(answer: Answer) -> dict[str, object] | None:
    try:
        body = answer.json()
    except NotJSON:
        return None
    return body if answer.status == 200 and isinstance(body, dict) else None


def _judge_value(
    filename: str, member: str, value: object, recording: Recording, answer: Answer, judgement: Judgement
) -> None:
    accepted = _accepted(member, recording)
    if value in accepted:
        if recording.messages:
            judgement.saw(VALUES[member])
        return
    text = f"{member} of {filename} is not {MEANINGS[member]}"
    judgement.fault(VALUES[member], Fault(text, sorted(accepted), value, answer.exchange, 0))


def _accepted(member: str, recording: Recording) -> set[int]:
    """The values that are right; the document does not say how a time is cut to whole seconds."""
    if member == "total_messages":
        return {len(recording.messages)}
    if not recording.messages:
        return {0}
    time_ns = recording.start_ns if member == "start_time" else recording.end_ns
    return {time_ns // SECOND, math.ceil(time_ns / SECOND)}


@proves("BAGS-PLAYER-001")
def test_the_player_answers_metadata(metadata: Judgement) -> None:
    """Without a range, the player of every readable bag answers 200 with an object."""
    metadata.settle("BAGS-PLAYER-001")


@proves("BAGS-PLAYER-002")
def test_total_messages_is_an_integer(metadata: Judgement) -> None:
    """The metadata have total_messages."""
    metadata.settle("BAGS-PLAYER-002", without=f"no metadata are answered (see {ANSWERED})")


@proves("BAGS-PLAYER-003")
def test_total_messages_counts_all_messages(metadata: Judgement) -> None:
    """total_messages is how many messages the downloaded bag holds."""
    metadata.settle("BAGS-PLAYER-003", without="no total_messages to compare (see BAGS-PLAYER-001, -002)")


@proves("BAGS-PLAYER-004")
def test_start_time_is_an_integer(metadata: Judgement) -> None:
    """The metadata have start_time."""
    metadata.settle("BAGS-PLAYER-004", without=f"no metadata are answered (see {ANSWERED})")


@proves("BAGS-PLAYER-005")
def test_start_time_is_the_time_of_the_first_message(metadata: Judgement) -> None:
    """start_time is the first message's second."""
    metadata.settle("BAGS-PLAYER-005", without="no start_time to compare (see BAGS-PLAYER-001, -004)")


@proves("BAGS-PLAYER-006")
def test_end_time_is_an_integer(metadata: Judgement) -> None:
    """The metadata have end_time."""
    metadata.settle("BAGS-PLAYER-006", without=f"no metadata are answered (see {ANSWERED})")


@proves("BAGS-PLAYER-007")
def test_end_time_is_the_time_of_the_last_message(metadata: Judgement) -> None:
    """end_time is the last message's second."""
    metadata.settle("BAGS-PLAYER-007", without="no end_time to compare (see BAGS-PLAYER-001, -006)")
