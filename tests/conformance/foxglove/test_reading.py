"""What the checks of recordings' data read out of answers: links, times of attachments, and topics."""

from urllib.parse import parse_qs, urlsplit

import pytest
from robowire_conformance.foxglove.attachments import moment
from robowire_conformance.foxglove.contents import Channel, Contents, Kind, Message
from robowire_conformance.foxglove.selecting import Difference, Selection
from robowire_conformance.foxglove.signatures import forged
from robowire_conformance.foxglove.stream_links import is_absolute
from robowire_conformance.foxglove.stream_ranges import END, RANGE, START, TOPICS, blame
from robowire_conformance.foxglove.topics import unlike

LINK = "https://data.example/x/rec_1?expires=1700000000&signature=abcdef0123456789&name=b"


@pytest.mark.parametrize(
    ("link", "absolute"),
    [(LINK, True), ("/data/x", False), ("//host/x", False), ("ftp://host/x", False), ("https:///x", False)],
)
def test_a_link_is_absolute_with_scheme_and_host(link: str, *, absolute: bool) -> None:
    """Anybody can follow it as it stands."""
    assert is_absolute(link) == absolute


def test_a_forged_link_differs_in_its_signature_alone() -> None:
    """One has another character in it, the other only half of it."""
    found = [parse_qs(urlsplit(link).query) for link in forged(LINK)]
    assert [one["signature"] for one in found] == [["abcdef0113456789"], ["abcdef01"]]
    assert all(one["expires"] == ["1700000000"] and one["name"] == ["b"] for one in found)


def test_a_link_without_a_signature_is_altered_in_its_path() -> None:
    """The longest part of the path is what gives access then."""
    (found,) = forged("https://data.example/x/aaaaaaaaaaaaaaaaaaaa/file.mcap?v=1")
    assert found == "https://data.example/x/aaaaaaaaaabaaaaaaaaa/file.mcap?v=1"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("1700000000000000001", "2023-11-14T22:13:20.000000001Z"),
        ("2023-11-14T23:13:20.000000001+01:00", "2023-11-14T22:13:20.000000001Z"),
        ("yesterday", "yesterday"),
        (7, 7),
    ],
)
def test_a_time_of_an_attachment_is_read_in_either_form(told: object, read: object) -> None:
    """Nanoseconds since the epoch, or a date-time; anything else stays what it is."""
    assert moment(told) == read


def test_a_topic_without_messages_may_be_listed_or_not() -> None:
    """One with messages has to be, and one without a channel may not."""
    spoken, silent = Channel(1, "/a", "json"), Channel(2, "/b", "json")
    contents = Contents(Kind.MCAP, (spoken, silent), (Message(1, spoken, b""),))
    assert unlike([{"topic": "/a"}], [contents]) == (set(), set())
    assert unlike([{"topic": "/a"}, {"topic": "/b"}], [contents]) == (set(), set())
    assert unlike([{"topic": "/b"}, {"topic": "/c"}], [contents]) == ({"/a"}, {"/c"})


@pytest.mark.parametrize(
    ("difference", "blamed"),
    [
        (Difference(extra=((5, "/b", b""),)), TOPICS),
        (Difference(extra=((3, "/a", b""),)), START),
        (Difference(extra=((9, "/a", b""),)), END),
        (Difference(missing=((4, "/a", b""),)), START),
        (Difference(missing=((8, "/a", b""),)), END),
        (Difference(missing=((4, "/a", b""), (6, "/a", b""))), RANGE),
    ],
)
def test_a_difference_is_laid_to_what_it_speaks_against(difference: Difference, blamed: str) -> None:
    """Messages beyond an edge, or at it, tell which one is wrong."""
    assert blame(Selection(4, 8, ("/a",)), difference, RANGE) == blamed
