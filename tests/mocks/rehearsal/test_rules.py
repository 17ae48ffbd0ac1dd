"""Rules are fair where clients are in a hurry, many at once, or wiser than expected."""

from typing import Any

import pytest
from robowire_mocks.core.documented import Documented
from robowire_mocks.core.entry import Entry, Headers
from robowire_mocks.rehearsal import rules
from robowire_mocks.rehearsal.story import Said, Story

DOCUMENTED = Documented("foxglove")
NUMBERS = iter(range(1, 10_000))


def entry(at: float, status: int, *, fault: str | None = None, seconds: float = 0.0, **other: Any) -> Entry:
    """A request for devices that came at a time, and was answered after some seconds."""
    facts: dict[str, Any] = {
        "method": "GET",
        "path": "/v1/devices",
        "target": "/v1/devices",
        "query": "",
        "headers": Headers(()),
        "body": b"",
        "body_size": 0,
        "answer_headers": Headers(()),
        "answer_body": b"",
        "answer_size": 0,
        "duration_ms": seconds * 1000,
        "cut": False,
        "route": None,
    }
    return Entry(
        number=next(NUMBERS),
        at=at,
        answered_at=at + seconds,
        status=status,
        fault=fault,
        documented=DOCUMENTED,
        **(facts | other),
    )


def story(*entries: Entry, done: bool = True, **other: Any) -> Story:
    """What happened when the faults called x were met."""
    return Story(entries, Said(done, "" if done else "tired"), frozenset({"x"}), **other)


WAIT = Headers((("Retry-After", "2"),))


def test_requests_in_parallel_are_no_second_tries() -> None:
    """What was sent before the first answer came could not know it."""
    refused = entry(10, 429, fault="x", seconds=1, answer_headers=WAIT)
    assert rules.waits(story(refused, entry(10.5, 200))) == ""
    assert rules.waits(story(refused, entry(10.5, 200), entry(13.1, 200))) == ""
    assert "1.50 s before" in rules.waits(story(refused, entry(11.5, 200)))


def test_requests_for_something_else_need_not_wait() -> None:
    """Who is told to wait with one thing may ask for another."""
    refused = entry(10, 429, fault="x", answer_headers=WAIT)
    assert rules.waits(story(refused, entry(10.1, 200, target="/v1/events", path="/v1/events"))) == ""


@pytest.mark.parametrize(
    ("told", "at", "early"),
    [("2", 11.9, True), ("2", 12.0, False), ("Thu, 01 Jan 1970 00:00:12 GMT", 11.9, True), ("soon", 10.1, False)],
)
def test_retry_after_has_two_forms(told: str, at: float, early: bool) -> None:  # noqa: FBT001  # a case table
    """Seconds and dates; what is neither says nothing."""
    refused = entry(10, 429, fault="x", answer_headers=Headers((("retry-after", told),)))
    assert bool(rules.waits(story(refused, entry(at, 200)))) == early


def test_a_date_is_of_the_clients_time() -> None:
    """Where the mock lives in another one, it is converted."""
    refused = entry(1010, 429, fault="x", answer_headers=Headers((("Retry-After", "Thu, 01 Jan 1970 00:00:12 GMT"),)))
    assert rules.waits(story(refused, entry(1011, 200), ahead_s=1000)) != ""
    assert rules.waits(story(refused, entry(1012, 200), ahead_s=1000)) == ""


def test_one_second_try_at_once_is_fair() -> None:
    """And so is one at once that is followed by slower ones."""
    first, second = entry(1, 503, fault="x"), entry(1.001, 503, fault="x")
    assert rules.backs_off(story(first, entry(1.001, 200))) == ""
    assert rules.backs_off(story(first, second, entry(1.5, 200))) == ""
    assert "2 times again without a pause" in rules.backs_off(story(first, second, entry(1.002, 200)))


def test_who_resumes_has_it_whole_in_the_end() -> None:
    """If the last part reaches the end; or if it is told that there is no more."""
    cut = entry(1, 200, fault="x", cut=True, answer_size=500)
    part = Headers((("Content-Range", "bytes 500-999/1000"),))
    middle = Headers((("Content-Range", "bytes 500-799/1000"),))
    no_more = Headers((("Content-Range", "bytes */500"),))
    asked = Headers((("Range", "bytes=500-"),))
    assert rules.says_so(story(cut, entry(2, 206, headers=asked, answer_headers=part))) == ""
    assert rules.says_so(story(cut, entry(2, 416, headers=asked, answer_headers=no_more))) == ""
    assert rules.says_so(story(cut, entry(2, 206, headers=asked, answer_headers=middle))) != ""
    assert rules.says_so(story(cut, entry(2, 206, cut=True, headers=asked, answer_headers=part))) != ""
    assert rules.says_so(story(cut, done=False)) == ""


def test_a_link_is_known_by_what_it_was_asked_for() -> None:
    """The data of another recording are not those that were cut."""

    def asks(at: float, recording: bytes, name: str) -> tuple[Entry, Entry]:
        stream: dict[str, Any] = {
            "method": "POST",
            "path": "/v1/data/stream",
            "target": "/v1/data/stream",
            "body": recording,
        }
        path = f"/files/streams/{name}"
        link: dict[str, Any] = {"path": path, "target": path, "query": f"signature={name}"}
        return entry(at, 200, **stream, answer_body=path.encode()), entry(at, 200, **link)

    first, cut = asks(1, b"recording 1", "a")
    cut = entry(1, 200, fault="x", cut=True, path=cut.path, target=cut.target, query=cut.query)
    assert rules.says_so(story(first, cut, *asks(2, b"recording 2", "b"))) != ""
    assert rules.says_so(story(first, cut, *asks(2, b"recording 1", "c"))) == ""


def test_a_repeat_that_the_server_refuses_does_no_harm() -> None:
    """As that of a device whose name is taken."""
    lost = entry(1, 0, fault="x", method="POST", cut=True)
    assert rules.no_blind_repeat(story(lost, entry(2, 409, method="POST"))) == ""
    assert rules.no_blind_repeat(story(lost, entry(2, 200, method="POST"))) != ""
    assert rules.no_blind_repeat(story(lost, entry(2, 200), entry(3, 200, method="POST"))) == ""


def test_who_is_told_that_it_is_there_need_not_be_told_again() -> None:
    """One refusal shows what a look would; of several things that are sent again, each is named."""
    posts: dict[str, Any] = {"method": "POST", "target": "/v1/devices"}
    device = [entry(1, 0, fault="x", **posts), *(entry(at, 409, **posts) for at in (2, 3, 4))]
    posts = {"method": "POST", "target": "/v1/events"}
    event = [entry(5, 0, fault="x", **posts), entry(6, 200, **posts)]
    assert rules.no_blind_repeat(story(*device[:2])) == ""
    assert "2 times what was refused" in rules.no_blind_repeat(story(*device[:3]))
    assert rules.no_blind_repeat(story(*device[:3], honest=tuple(device[1:3]))) == ""
    both = rules.no_blind_repeat(story(*device, *event))
    assert "3 times what was refused as being there already: POST /v1/devices" in both
    assert "without a look: POST /v1/events" in both


def test_the_key_may_go_to_the_api() -> None:
    """And to no other host, by whatever name it is called there."""
    mine = Headers((("Host", "api"), ("Authorization", "Bearer …")))
    theirs = Headers((("Host", "other:1"), ("Authorization", "Bearer …")))
    assert rules.keeps_secrets(story(entry(1, 200, headers=mine), elsewhere="other:1")) == ""
    assert rules.keeps_secrets(story(entry(1, 200, headers=theirs), elsewhere="other:1")) != ""


def test_a_client_that_polls_is_no_insisting_one() -> None:
    """What it sends several times anyway is no second try, and may come as often again."""
    polls = [entry(at, 200) for at in range(5)]
    refused = entry(10, 429, fault="x", answer_headers=WAIT)
    later = [entry(10 + at / 100, 429, fault="x", answer_headers=WAIT) for at in range(1, 5)]
    for rule in (rules.waits, rules.backs_off, rules.does_not_insist):
        assert rule(story(refused, *later)) != ""
        assert rule(story(refused, *later, honest=tuple(polls))) == ""
