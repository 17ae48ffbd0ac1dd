"""Sections on sites: what becomes of the recordings at an edge site by its retention, and by its deletion.

An edge site that may be lost takes both. How old a recording is, is told by its createdAt and by its own times, as the
document does not say which of them counts.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.edge import IMPORT, READ
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.server_clock import ServerClock
from robowire_conformance.foxglove.sites import DELETE, EDGE, GET, RETAIN, find, update
from robowire_conformance.foxglove.uploads import FIRST_PAUSE_S, LONGEST_PAUSE_S
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested

DELETED, FOR_EVER, KEPT, DROPPED = (f"FOXGLOVE-SITES-{number}" for number in (306, 307, 308, 311))
STORAGE = (DELETED, FOR_EVER, KEPT, DROPPED)

HOUR_S = 3600
ROOM_S = 600
"""How much longer or shorter than a recording is old a period is, at least: a clock may be read roughly."""

PATIENCE_S = 5.0
"""How long the suite waits for what is to be dropped."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A recording at an edge site, and the earliest and the latest time from which its age may count."""

    id: str
    earliest: int
    latest: int


def judge_storage(target: Target, guest: Guest) -> Page:
    """Judge the retention of the site that the target profile gives up, and delete it."""
    page, api = Page(), guest.api
    with page.about(*STORAGE):
        known = str(target.need("disposable_site_id"))
        target.advance_clock(0)
        copies = _copies(api, known)
        old, young = copies[0], copies[-1]
        with page.about(FOR_EVER, KEPT, DROPPED):
            _judge_retention(target, guest, page, known, (old, young))
        with page.about(DELETED):
            _judge_deletion(api, page, known, young)
    return page


def _copies(api: Api, site: str) -> list[Copy]:
    """The recordings that are at the site alone, by their age, the oldest first.

    Raises:
        NotTested: The site is not there or is none, or has too few of them.
    """
    reply = api.ask(GET, site)
    if not reply.done or reply.body.get("type") != EDGE:
        raise NotTested(f"disposable_site_id of the target profile, {site}, is no edge site on the target")
    found: list[Copy] = []
    body: Any = whole(api, "GET /recordings").require_done()
    for one in (one for one in body if isinstance(one.get("id"), str)):
        told = one.get("edgeSite")
        times = [time for name in ("createdAt", "start", "end") if (time := nanoseconds(one.get(name))) is not None]
        at_the_edge = isinstance(told, dict) and told.get("id") == site and one.get("importStatus") == "none"
        if at_the_edge and len(times) == 3:
            found.append(Copy(one["id"], min(times), max(times)))
    found.sort(key=lambda one: one.latest)
    if not found:
        raise NotTested(f"no recording tells that it is at the edge site {site}, and is not imported")
    return found


def _judge_retention(target: Target, guest: Guest, page: Page, site: str, copies: tuple[Copy, Copy]) -> None:
    """Nothing goes while the period is 0, or longer than all are old; and then what is older than it."""
    api, clock = guest.api, ServerClock(guest.api, guest)
    old, young = copies
    reply = _retain(api, site, 0)
    target.advance_clock(HOUR_S)
    text = "A recording is dropped although its site retains recordings indefinitely"
    if not page.expect(FOR_EVER, reply, text, due=[True, True], got=_given(api, copies)):
        page.block(KEPT, DROPPED, reason=f"{FOR_EVER}, which they need, fails")
        return
    reply = _retain(api, site, _seconds(clock.now() - old.earliest) + ROOM_S)
    text = "A recording is dropped before its site's retainRecordingsSeconds are over"
    if not page.expect(KEPT, reply, text, due=[True, True], got=_given(api, copies)):
        page.block(DROPPED, reason=f"{KEPT}, which it needs, fails")
        return
    now = clock.now()
    least, most = _seconds(now - young.earliest) + ROOM_S, _seconds(now - old.latest) - ROOM_S
    if least > most:
        raise NotTested("the recordings at the site are about as old: of two, one should be hours older")
    reply = _retain(api, site, (least + most) // 2)
    text = "A recording is not dropped when its site's retainRecordingsSeconds are over"
    page.expect(DROPPED, reply, text, due=True, got=_gone(api, old, PATIENCE_S))
    text = "A recording is dropped before its site's retainRecordingsSeconds are over"
    page.expect(KEPT, reply, text, due=[True], got=_given(api, (young,)))


def _retain(api: Api, site: str, seconds: int) -> Reply:
    """Give the site another period.

    Raises:
        NotTested: It is not what the site then has.
    """
    reply = update(api, site, {RETAIN: seconds})
    if find(api, site).body.get(RETAIN, 0) != seconds:
        raise NotTested("an update does not change retainRecordingsSeconds (see FOXGLOVE-SITES-123)")
    return reply


def _seconds(duration: int) -> int:
    return round(duration / SECOND)


def _given(api: Api, copies: Sequence[Copy]) -> list[bool]:
    """Whether each recording is given."""
    return [not _refused(api, READ, one) for one in copies]


def _refused(api: Api, call: str, copy: Copy) -> bool:
    """Whether a call is answered that there is no such recording, with whichever status of 4xx."""
    return 400 <= api.ask(call, copy.id).status < 500


def _gone(api: Api, copy: Copy, patience_s: float) -> bool:
    """Whether a recording is not given any more in time, or else cannot be imported.

    Its import is not asked for before, since that would save it.
    """
    until, pause = time.monotonic() + patience_s, FIRST_PAUSE_S
    while not _refused(api, READ, copy) and time.monotonic() < until:
        time.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 1.5)
    return _unavailable(api, copy)


def _unavailable(api: Api, copy: Copy) -> bool:
    return any(_refused(api, call, copy) for call in (READ, IMPORT))


def _judge_deletion(api: Api, page: Page, site: str, copy: Copy) -> None:
    """What was at the site that is deleted is there no more."""
    if not all(_given(api, (copy,))):
        raise NotTested("the site has no recording any more")
    reply = api.ask(DELETE, site)
    reply.require_done()
    text = "A recording is still available although its site was deleted"
    page.expect(DELETED, reply, text, due=True, got=_unavailable(api, copy))
