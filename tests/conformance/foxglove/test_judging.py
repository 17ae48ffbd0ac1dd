"""A page's judgement: what is blamed, what is blocked, and what is taken back."""

from collections.abc import Callable

import pytest
from robowire_conformance.evidence import Exchange, Received, Sent
from robowire_conformance.foxglove.judging import Page, unknown_ids
from robowire_conformance.gathering import Fault
from robowire_conformance.verdict import NotTested, Violation

EXCHANGE = Exchange(Sent("GET", "http://target/v1/events", (), b"", 0), Received(200))


def violation(requirement: str) -> Violation:
    """Something that the subject broke."""
    return Violation("it is broken", exchange=EXCHANGE, requirement=requirement)


def stop(error: Exception) -> None:
    """End what is being judged."""
    raise error


def settled(page: Page, requirement: str) -> str:
    """How the verdict on a requirement comes out."""
    try:
        page.settle(requirement)
    except Violation:
        return "violated"
    except NotTested as reason:
        return str(reason)
    return "fulfilled"


def test_a_violation_of_one_blocks_the_others() -> None:
    """Of the requirements that are judged together, the broken one is named and the others are not told."""
    page = Page()
    page.saw("B")
    with page.about("A", "B"):
        stop(violation("A"))
    assert settled(page, "A") == "violated"
    assert settled(page, "B") == "A, which it needs, fails: it is broken"


@pytest.mark.parametrize("error", [lambda: violation("OTHER"), lambda: NotTested("no way"), lambda: violation("")])
def test_what_stops_judging_is_the_reason(error: Callable[[], Exception]) -> None:
    """Nothing is fulfilled or violated that was not judged."""
    page = Page()
    with page.about("A"):
        stop(error())
    assert settled(page, "A") in {
        "OTHER, which it needs, fails: it is broken",
        "no way",
        "a prerequisite fails: it is broken",
    }
    assert page.blocked("A")


def test_a_broken_need_takes_faults_back() -> None:
    """What needs a broken requirement is not told, whatever was seen or found."""
    page = Page()
    for one in ("A", "B"):
        page.fault(one, Fault("wrong", 1, 2, EXCHANGE, 0))
    page.needs(("A",), "B", "C")
    assert [settled(page, one) for one in ("A", "B", "C")] == ["violated", *["A, which it needs, fails"] * 2]


def test_a_whole_need_changes_nothing() -> None:
    """Where nothing is broken, what was seen counts."""
    page = Page()
    page.saw("B")
    page.needs(("A",), "B")
    assert settled(page, "B") == "fulfilled"


@pytest.mark.parametrize("known", ["evt_0001", "1", "25b2c2d5-a7fc-47d0-89e4-8709a1560bfa"])
def test_unknown_ids_are_others(known: str) -> None:
    """None is the known one, and one has its length."""
    assert known not in unknown_ids(known)
    assert len(unknown_ids(known)[0]) == len(known)
