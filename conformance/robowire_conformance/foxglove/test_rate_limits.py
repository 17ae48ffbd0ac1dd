"""Section "Rate limits": 429, the header Retry-After, and trying again after it."""

import time

import pytest

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.limits import retry_after
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves

TOO_MANY = 429
BURST = 60
"""The requests that are sent at once to a key that is held to a rate."""
PATIENCE_S = 10.0

LIST = "GET /sites"


@pytest.fixture(scope="session")
def slow(foxglove_target: Target, api: Api) -> Api:
    """The target, asked with a key that is held to a rate."""
    return api.with_token(str(foxglove_target.need("rate_limited_token")))


def exhaust(slow: Api) -> Reply:
    """Send requests until one is turned away: its answer.

    Raises:
        Violation: Not even the first one is answered.
        NotTested: None is turned away.
    """
    slow.ask(LIST).require_done()
    for _ in range(BURST):
        reply = slow.ask(LIST, patient=False)
        if not reply.done:
            return reply
    raise NotTested(f"{BURST} requests at once are not too many for rate_limited_token")


@pytest.fixture(scope="session")
def turned_away(slow: Api) -> Reply:
    """The answer to one request too many."""
    return exhaust(slow)


@proves("FOXGLOVE-RATE-001")
def test_too_many_requests_are_answered_429(slow: Api) -> None:
    """After some requests that are answered, further ones are turned away with 429."""
    turned_away = exhaust(slow)
    if turned_away.status != TOO_MANY:
        text = "A request that is one too many is not answered 429"
        raise turned_away.violation(text, expected=TOO_MANY, actual=turned_away.status)


def _require_429(reply: Reply) -> None:
    if reply.status != TOO_MANY:
        raise reply.violation("It is not answered 429", requirement="FOXGLOVE-RATE-001")


@proves("FOXGLOVE-RATE-002")
def test_429_has_retry_after(turned_away: Reply) -> None:
    """A 429 tells when to try again: a number of seconds, or an HTTP date."""
    _require_429(turned_away)
    value = turned_away.answer.headers.get("retry-after")
    if value is None or not _understood(value):
        text = "A 429 does not tell when to try again"
        raise turned_away.violation(text, expected="Retry-After: 1", actual=value)


def _understood(value: str) -> bool:
    from email.utils import parsedate_to_datetime

    if value.strip().isdigit():
        return True
    try:
        parsedate_to_datetime(value)
    except ValueError:
        return False
    return True


@proves("FOXGLOVE-RATE-003")
def test_a_request_is_answered_after_retry_after(foxglove_target: Target, slow: Api) -> None:
    """After the time that Retry-After tells, the same request is answered."""
    reply = exhaust(slow)
    _require_429(reply)
    value = reply.answer.headers.get("retry-after")
    if value is None or not _understood(value):
        raise Violation("A 429 has no Retry-After", requirement="FOXGLOVE-RATE-002")
    wait = retry_after(value)
    if wait > PATIENCE_S:
        raise NotTested(f"Retry-After asks for more than {PATIENCE_S:g} s of patience")
    _wait(foxglove_target, wait)
    again = slow.ask(LIST, patient=False)
    if not again.done:
        text = f"A request is not answered after {wait:g} s, as Retry-After told"
        raise again.violation(text, expected=200, actual=again.status)


def _wait(target: Target, seconds: float) -> None:
    """Let the time pass, by the target's clock where it can be moved."""
    if target.profile is Profile.FULL and target.hooks.advance_clock is not None:
        target.advance_clock(seconds)
    else:
        time.sleep(seconds)
