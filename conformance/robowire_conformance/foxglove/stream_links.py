"""Section "Download data": the link that a request for data is answered with."""

import time
from urllib.parse import urlsplit

from robowire_conformance.client import Answer
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.contents import Unreadable, read_contents
from robowire_conformance.foxglove.judging import Page, formed
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.signatures import forged
from robowire_conformance.foxglove.streaming import GIVES, LINK, NAME, UNCREDENTIALED, WORKS, follow, link_of
from robowire_conformance.gathering import Fault
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation

EXPIRES, SIGNED, ABSOLUTE, PLAIN, CREDENTIALED = (f"FOXGLOVE-STREAM-{number}" for number in (302, 303, 305, 307, 311))
LINKS = (WORKS, GIVES, SIGNED, UNCREDENTIALED, ABSOLUTE, PLAIN, CREDENTIALED)

_IDENTITY = frozenset({"", "identity"})


def judge_links(shelf: Shelf) -> Page:
    """Judge a link from its form to its data."""
    page = Page()
    with page.about(*LINKS):
        reply = shelf.api.ask(NAME, body={"recordingId": shelf["plain"].id})
        reply.require_done()
        page.saw(WORKS)
        link = link_of(reply)
        if not link:
            raise reply.violation("The answer has no link", expected="a link", actual=reply.body, requirement=LINK)
        if page.expect(ABSOLUTE, reply, "The link is no absolute URL", due=True, got=is_absolute(link)):
            _judge_data(shelf.api, link, page)
            _judge_signature(shelf.api, link, page)
            _judge_credentials(shelf.api, link, page)
        else:
            page.block(GIVES, UNCREDENTIALED, SIGNED, PLAIN, CREDENTIALED, reason=f"{ABSOLUTE}, which it needs, fails")
    return page


def is_absolute(link: str) -> bool:
    """Whether a link is an absolute http or https URL."""
    parts = urlsplit(link)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def gives(answer: Answer) -> bool:
    """Whether an answer has data that can be read."""
    try:
        return answer.status == 200 and bool(read_contents(answer.body))
    except Unreadable:
        return False


def _judge_data(api: Api, link: str, page: Page) -> None:
    answer = follow(api, link)
    if answer.status in {401, 403} and gives(api.client.get(link)):
        text = "The link does not give the data without credentials"
        page.fault(UNCREDENTIALED, _fault(answer, text, 200, answer.status))
        page.block(GIVES, PLAIN, SIGNED, CREDENTIALED, reason=f"{UNCREDENTIALED}, which it needs, fails")
        return
    if not gives(answer):
        page.fault(GIVES, _fault(answer, "The link does not give the data", "200 with a file", answer.status))
        page.block(UNCREDENTIALED, PLAIN, SIGNED, CREDENTIALED, reason=f"{GIVES}, which it needs, fails")
        return
    page.saw(GIVES)
    page.saw(UNCREDENTIALED)
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding in _IDENTITY:
        page.saw(PLAIN)
    else:
        page.fault(PLAIN, _fault(answer, "The data are compressed on the way", "no Content-Encoding", encoding))


def _judge_credentials(api: Api, link: str, page: Page) -> None:
    """Older clients GET links with the token; the suite tells it to the target alone."""
    if page.blocked(CREDENTIALED):
        return
    if urlsplit(link)[:2] != urlsplit(api.client.base_url)[:2]:
        page.block(CREDENTIALED, reason="the link leads to another origin, to which the token is not sent")
        return
    answer = api.client.get(link)
    if gives(answer):
        page.saw(CREDENTIALED)
    else:
        text = "The link does not give the data where an Authorization header is sent"
        page.fault(CREDENTIALED, _fault(answer, text, 200, answer.status))


def _judge_signature(api: Api, link: str, page: Page) -> None:
    if page.blocked(SIGNED):
        return
    for altered in forged(link):
        answer = follow(api, altered)
        if gives(answer):
            text = "A link whose signature was altered gives the data"
            page.fault(SIGNED, _fault(answer, text, "a status of 4xx", answer.status))
            return
        if not 400 <= answer.status < 500:
            text = "A link whose signature was altered is not refused with a client error"
            page.fault(SIGNED, _fault(answer, text, "a status of 4xx", answer.status))
            return
    page.saw(SIGNED)


def require_expiry(target: Target, shelf: Shelf) -> None:
    """Make sure that a link gives the data for 15 seconds and not for much longer.

    Raises:
        Violation: It does not.
        NotTested: It is not absolute, or needs credentials.
    """
    body = {"recordingId": shelf["plain"].id}
    reply = shelf.api.ask(NAME, body=body)
    formed(reply)
    link = link_of(reply)
    if not is_absolute(link):
        raise NotTested(f"the link is not absolute (see {ABSOLUTE})")
    first = follow(shelf.api, link)
    if first.status in {401, 403}:
        raise NotTested(f"the link needs credentials (see {UNCREDENTIALED})")
    if not gives(first):
        raise Violation("The link does not give the data", requirement=GIVES)
    wait(target, 10)
    early = follow(shelf.api, link)
    if not gives(early):
        text = "The link has expired after 10 seconds"
        raise Violation(text, expected=200, actual=early.status, exchange=early.exchange)
    wait(target, 8)
    late = follow(shelf.api, link)
    if not 400 <= late.status < 500:
        text = "The link has not expired after 18 seconds"
        raise Violation(text, expected="a status of 4xx", actual=late.status, exchange=late.exchange)


def wait(target: Target, seconds: float, *, most: float = 20) -> None:
    """Let time pass for the target: by moving its clock where that can be, or by waiting.

    Raises:
        NotTested: It would take too long.
    """
    if target.hooks.advance_clock is not None:
        target.advance_clock(seconds)
    elif seconds <= most:
        time.sleep(seconds)
    else:
        raise NotTested(f"{seconds:g} s are too long to wait: give advance_clock under [hooks] in the target profile")


def _fault(answer: Answer, message: str, expected: object, actual: object) -> Fault:
    return Fault(message, expected, actual, answer.exchange, answer.size)
