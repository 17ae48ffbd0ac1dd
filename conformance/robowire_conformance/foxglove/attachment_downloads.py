"""Sections "Get an attachment" and "Download an attachment"."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from robowire_conformance.client import Answer
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.attachments import own_items
from robowire_conformance.foxglove.contents import Attachment
from robowire_conformance.foxglove.judging import Page, require_rejected, unknown_ids
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.stream_links import is_absolute, wait
from robowire_conformance.foxglove.streaming import follow
from robowire_conformance.gathering import Fault
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation

GET, DOWNLOAD = "GET /recording-attachments/{id}", "GET /recording-attachments/{id}/download"
FOUND, REDIRECTED, UNKNOWN, NOT_THERE = (f"FOXGLOVE-ATTACHMENTS-00{number}" for number in range(2, 6))
THE_SAME, ITS_CONTENT = "FOXGLOVE-ATTACHMENTS-141", "FOXGLOVE-ATTACHMENTS-142"
UNALTERED, EXPIRES, ABSOLUTE, UNCREDENTIALED = (f"FOXGLOVE-ATTACHMENTS-{number}" for number in range(321, 325))
WITH_RECORDING, CREDENTIALED = "FOXGLOVE-ATTACHMENTS-325", "FOXGLOVE-ATTACHMENTS-326"
DOWNLOADS = (
    *(FOUND, REDIRECTED, UNKNOWN, NOT_THERE, THE_SAME),
    *(ITS_CONTENT, UNALTERED, ABSOLUTE, UNCREDENTIALED, CREDENTIALED),
)

MINUTE = 60


def judge_downloads(shelf: Shelf) -> Page:
    """Judge each of the suite's attachments by itself, and ids that nothing has."""
    page, api = Page(), shelf.api
    with page.about(*DOWNLOADS):
        items = [*own_items(shelf)]
        if not all(isinstance(item.get("id"), str) for item, _ in items):
            raise NotTested("attachments tell no id (see FOXGLOVE-ATTACHMENTS-201)")
        for item, attachment in items:
            with page.about(FOUND, THE_SAME):
                _judge_get(api, item, page)
            with page.about(REDIRECTED, ITS_CONTENT, UNALTERED, ABSOLUTE, UNCREDENTIALED, CREDENTIALED):
                _judge_download(api, str(item["id"]), attachment, page)
        for requirement, name in ((UNKNOWN, GET), (NOT_THERE, DOWNLOAD)):
            with page.about(requirement):
                for unknown in unknown_ids(str(items[0][0]["id"])):
                    text = "An attachment that there is not is answered"
                    require_rejected(api.ask(name, unknown), text, requirement)
                    page.saw(requirement)
    page.needs((REDIRECTED,), ABSOLUTE, UNCREDENTIALED, UNALTERED, ITS_CONTENT)
    page.needs((ITS_CONTENT,), UNALTERED)
    return page


def _judge_get(api: Api, item: Mapping[str, Any], page: Page) -> None:
    reply = api.ask(GET, str(item["id"]))
    body = reply.require_done()
    page.saw(FOUND)
    if not reply.malformed:
        text = "The attachment is not the one that the list has"
        page.expect(THE_SAME, reply, text, due=dict(item), got={name: body.get(name) for name in item})


def _judge_download(api: Api, known: str, attachment: Attachment, page: Page) -> None:
    reply = api.ask(DOWNLOAD, known)
    reply.require_done()
    page.saw(REDIRECTED)
    location = reply.answer.headers["location"]
    page.expect(ABSOLUTE, reply, "The Location is no absolute URL", due=True, got=is_absolute(location))
    answer = follow(api, _joined(api, location))
    if answer.status in {401, 403}:
        text = "The Location does not give the content without credentials"
        page.fault(UNCREDENTIALED, _fault(answer, text, 200, answer.status))
        answer = api.client.get(_joined(api, location))
    elif answer.status == 200:
        page.saw(UNCREDENTIALED)
    if answer.status == 200 and answer.body == attachment.data:
        page.saw(ITS_CONTENT)
        page.saw(UNALTERED)
        _judge_credentials(api, _joined(api, location), attachment, page)
        return
    other = answer.status == 200 and not _alike(answer.body, attachment.data)
    text = "The download is another attachment" if other else "The download is not the content of the attachment"
    due, got = f"{len(attachment.data)} bytes", f"{answer.status} with {len(answer.body)} bytes"
    page.fault(ITS_CONTENT if other else UNALTERED, _fault(answer, text, due, got))


def _judge_credentials(api: Api, link: str, attachment: Attachment, page: Page) -> None:
    """Older clients GET links with the token; the suite tells it to the target alone."""
    if urlsplit(link)[:2] != urlsplit(api.client.base_url)[:2]:
        page.block(CREDENTIALED, reason="the Location leads to another origin, to which the token is not sent")
        return
    answer = api.client.get(link)
    if answer.status == 200 and answer.body == attachment.data:
        page.saw(CREDENTIALED)
    else:
        text = "The Location does not give the content where an Authorization header is sent"
        page.fault(CREDENTIALED, _fault(answer, text, 200, answer.status))


def _alike(got: bytes, due: bytes) -> bool:
    """Whether bytes are those of an attachment, only cut, lengthened or altered here and there."""
    same = sum(one == other for one, other in zip(got, due, strict=False))
    return got in due or due in got or 2 * same > len(due)


def _joined(api: Api, location: str) -> str:
    return urljoin(f"{api.client.base_url}/", location)


def _fault(answer: Answer, message: str, expected: object, actual: object) -> Fault:
    return Fault(message, expected, actual, answer.exchange, answer.size)


def require_expiry(target: Target, shelf: Shelf) -> None:
    """Make sure that the link of a download gives the content for 15 minutes and not for much longer.

    Raises:
        Violation: It does not.
        NotTested: The link needs credentials, or the target's clock cannot be moved.
    """
    item, _ = next(own_items(shelf))  # whose content is given is judged elsewhere
    reply: Reply = shelf.api.ask(DOWNLOAD, str(item["id"]))
    reply.require_done()
    link = _joined(shelf.api, reply.answer.headers["location"])
    first = follow(shelf.api, link)
    if first.status in {401, 403}:
        raise NotTested(f"the link needs credentials (see {UNCREDENTIALED})")
    if first.status != 200:
        raise Violation("The link does not give the content", exchange=first.exchange, requirement=UNALTERED)
    wait(target, 14 * MINUTE)
    early = follow(shelf.api, link)
    if early.body != first.body:
        text = "The link has expired after 14 minutes"
        raise Violation(text, expected=200, actual=early.status, exchange=early.exchange)
    wait(target, 2 * MINUTE)
    late = follow(shelf.api, link)
    if not 400 <= late.status < 500:
        text = "The link has not expired after 16 minutes"
        raise Violation(text, expected="a status of 4xx", actual=late.status, exchange=late.exchange)
