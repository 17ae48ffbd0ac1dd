"""What an answer to a request for data has to hold, and how it differs from that."""

import pytest
from robowire_conformance.foxglove.contents import Channel, Contents, Kind, Message
from robowire_conformance.foxglove.selecting import Selection, compare, due

A, B, B2 = Channel(1, "/a", "json"), Channel(2, "/b", "json"), Channel(3, "/b", "raw")
START = 1_000 * 10**9
HELD = Contents(
    Kind.MCAP,
    (A, B, B2),
    (
        Message(START - 5 * 10**9, A, b"a0"),
        Message(START - 2 * 10**9, B2, b"c0"),
        Message(START - 1, B, b"b0"),
        Message(START - 1, B, b"b1"),
        Message(START, A, b"a1"),
        Message(START + 1, B, b"b2"),
        Message(START + 5, A, b"a2"),
        Message(START + 6, B2, b"c1"),
    ),
)


def data(selection: Selection) -> list[bytes]:
    """The bytes of the messages that have to be in the answer."""
    return sorted(key[2] for key in due([HELD], selection).messages.elements())


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (Selection(), [b"a0", b"a1", b"a2", b"b0", b"b1", b"b2", b"c0", b"c1"]),
        (Selection(START, START + 5), [b"a1", b"a2", b"b2"]),
        (Selection(START + 1, START + 1), [b"b2"]),
        (Selection(START - 1, START + 4, ("/b",)), [b"b0", b"b1", b"b2"]),
        (Selection(topics=("/a", "/none")), [b"a0", b"a1", b"a2"]),
    ],
)
def test_a_selection_is_of_a_range_and_topics(selection: Selection, found: list[bytes]) -> None:
    """Both ends are inclusive, to the nanosecond."""
    assert data(selection) == found


def test_a_selection_is_asked_for_by_its_body() -> None:
    """Members that say nothing are left out."""
    assert Selection().body() == {}
    assert Selection(START, START + 1, ("/a",), 2.5).body() == {
        "start": "1970-01-01T00:16:40Z",
        "end": "1970-01-01T00:16:40.000000001Z",
        "topics": ["/a"],
        "replayPolicy": "lastPerChannel",
        "replayLookbackSeconds": 2.5,
    }


@pytest.mark.parametrize(
    ("lookback", "needed"),
    [
        (0.0, []),
        (1.0, [{b"b0", b"b1"}]),
        (3.0, [{b"b0", b"b1"}, {b"c0"}]),
        (9.0, [{b"b0", b"b1"}, {b"c0"}, {b"a0"}]),
    ],
)
def test_the_last_message_of_each_channel_is_replayed(lookback: float, needed: list[set[bytes]]) -> None:
    """Of two at the same time either is the last one; two channels on one topic have one each."""
    choices = due([HELD], Selection(START, START + 5, (), lookback)).choices
    found = [{key[2] for key in choice.keys} for choice in choices if choice.needed]
    assert sorted(found, key=sorted) == sorted(needed, key=sorted)


def test_a_message_at_the_very_end_of_the_lookback_may_come() -> None:
    """The document does not say whether it counts."""
    choices = due([HELD], Selection(START, START + 5, ("/b",), 2.0)).choices
    assert {(choice.needed, min(choice.keys)[2]) for choice in choices} == {(True, b"b0"), (False, b"c0")}


def test_what_came_is_held_to_what_is_due() -> None:
    """Missing and further messages are told, and what should have been replayed."""
    wanted = due([HELD], Selection(START, START + 5, (), 3.0))
    whole = [one for one in HELD.messages if START <= one.time <= START + 5]
    replayed = [HELD.messages[1], HELD.messages[2]]
    assert not compare(wanted, [*replayed, *whole])
    assert not compare(wanted, [HELD.messages[1], HELD.messages[3], *whole])
    both = compare(wanted, [*replayed, HELD.messages[3], *whole])
    assert [key[2] for key in both.extra] == [b"b1"]
    lacking = compare(wanted, [HELD.messages[2], *whole[1:], whole[1]])
    assert [key[2] for key in lacking.missing] == [b"a1"]
    assert [key[2] for key in lacking.extra] == [b"b2"]
    assert [min(choice.keys)[2] for choice in lacking.unreplayed] == [b"c0"]
