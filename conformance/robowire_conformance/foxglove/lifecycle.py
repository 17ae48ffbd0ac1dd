"""The way of an import through its stages, as lists show it: watched, or held and taken from stage to stage."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.samples import small
from robowire_conformance.foxglove.server_clock import ServerClock, between
from robowire_conformance.foxglove.uploads import Outcome, status_of
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested

SHOWN, UPDATED, CREATED, NOT_YET = (f"FOXGLOVE-PENDING-{number}" for number in (301, 308, 313, 307))
ADDED, IMPORTING = "FOXGLOVE-RECORDINGS-305", "FOXGLOVE-RECORDINGS-323"
BY_STATUS: Mapping[str, str] = {"pending": "FOXGLOVE-RECORDINGS-122", "importing": "FOXGLOVE-RECORDINGS-123"}
IMPORTED_AT = "FOXGLOVE-RECORDINGS-306"
LIFECYCLE = (SHOWN, UPDATED, CREATED, NOT_YET, ADDED, IMPORTED_AT, IMPORTING, BY_STATUS["importing"])

LATER = 3500 * SECOND
MOST_STAGES = 12
BREATH_S = 0.01
"""So long the suite waits between stages, that their times can differ."""

PENDING = "GET /data/pending-imports"


def judge_lifecycle(target: Target, guest: Guest, clock: ServerClock) -> Page:
    """Upload a file, and judge what is seen of it until its import is over."""
    page = Page()
    device = str(guest.device("lifecycle")["id"])
    before = clock.now()
    begun = guest.uploads.begin(guest.name("lifecycle.mcap"), deviceId=device)
    outcome, seen = Outcome(begun), Watch(guest, page, Outcome(begun))
    data = small(begun.filename, start=LATER).mcap()
    with held(target) as holding:
        guest.uploads.require_put(begun, data)
        seen.look()
        if holding:
            for _ in range(MOST_STAGES):
                seen.judge_held()
                time.sleep(BREATH_S)
                target.step_imports()
                seen.look()
                if seen.outcome.imported:
                    break
    outcome = guest.uploads.settle(begun)[0]
    seen.look()
    after = clock.now()
    _judge_times(page, seen.outcome, before, after, held=holding)
    if outcome.recording is not None:
        _judge_added(page, outcome, before, after)
    return page


@contextmanager
def held(target: Target) -> Iterator[bool]:
    """Hold the target's imports, if there is a way to; whatever happens, they go on afterwards."""
    try:
        target.hold_imports(held=True)
    except NotTested:
        yield False
        return
    try:
        yield True
    finally:
        target.hold_imports(held=False)


class Watch:
    """Looks at one file's import."""

    def __init__(self, guest: Guest, page: Page, outcome: Outcome) -> None:
        self.guest = guest
        self.page = page
        self.outcome = outcome

    def look(self) -> None:
        """See how far it is; and whether the plain list shows it if it is under way."""
        uploads, page = self.guest.uploads, self.page
        uploads.look([self.outcome])
        pending = self.outcome.pending
        if pending is not None and pending.get("status") not in {None, "complete", "error"}:
            if pending.get("importId"):
                text = "A pending import that is not complete has an importId"
                page.fault(NOT_YET, self._fault(text, None, pending))
            else:
                page.saw(NOT_YET)

    def judge_held(self) -> None:
        """Judge an import that stays as it is: the plain list has it, and its recording, if there is one, says so."""
        pending, recording = self.outcome.pending, self.outcome.recording
        listed = whole(self.guest.api, PENDING)
        request = self.outcome.begun.request_id
        under_way = pending is None or status_of(pending) not in {"complete", "error"}
        if under_way and request not in {one.get("requestId") for one in listed.require_done()}:
            text = "The list of pending imports does not have one whose file has arrived and that is under way"
            self.page.fault(SHOWN, listed.fault(text, request, pending))
        elif under_way:
            self.page.saw(SHOWN)
        if recording is None:
            return
        status = recording.get("importStatus")
        if under_way and status == "complete":
            text = "The importStatus of a recording whose data are being processed is complete"
            self.page.fault(IMPORTING, self._fault(text, "importing, or pending", status))
        elif status == "importing":
            self.page.saw(IMPORTING)
        self._judge_filters(recording)

    def _judge_filters(self, recording: dict[str, Any]) -> None:
        """Each list by importStatus has a recording that is held at that status, and no other one has."""
        status = str(recording.get("importStatus"))
        for asked, requirement in BY_STATUS.items():
            reply = whole(self.guest.api, "GET /recordings", {"importStatus": asked})
            found = recording["id"] in {one.get("id") for one in reply.require_done(requirement)}
            text = f"A recording whose importStatus is {status} is wrongly listed or left out with {asked}"
            if found != (asked == status):
                self.page.fault(requirement, reply.fault(text, asked == status, found))
            elif found:
                self.page.saw(requirement)

    def _fault(self, text: str, due: Any, got: Any) -> Any:
        return self.outcome.begun.reply.fault(text, due, got)


def _judge_times(page: Page, outcome: Outcome, before: int, after: int, *, held: bool) -> None:
    """The createdAt stays and lies in the run; the updatedAt goes on, never before it, where stages were seen."""
    reply = outcome.begun.reply
    created = {one.get("createdAt") for one in outcome.history}
    if len(created) > 1:
        page.fault(CREATED, reply.fault("The createdAt of a pending import changes", 1, sorted(created, key=str)))
    for one in outcome.history:
        start, updated = nanoseconds(one.get("createdAt")), nanoseconds(one.get("updatedAt"))
        if start is None or updated is None:
            continue
        if not between(before, start, after):
            text = "A pending import was created at another time than it was uploaded"
            page.fault(CREATED, reply.fault(text, [zulu(before), zulu(after)], zulu(start)))
        else:
            page.saw(CREATED)
        if updated < start or not between(before, updated, after):
            text = "A pending import was updated before it was created, or when nothing happened to it"
            page.fault(UPDATED, reply.fault(text, [zulu(start), zulu(after)], zulu(updated)))
        else:
            page.saw(UPDATED)
    page.needs((CREATED,), UPDATED)
    updates = [str(one.get("updatedAt")) for one in outcome.history]
    fine = all("." in one for one in updates)
    if held and fine and len(updates) > 1 and len(set(updates)) == 1:
        text = "The updatedAt of a pending import does not change with its stages"
        page.fault(UPDATED, reply.fault(text, "later times", updates))


def _judge_added(page: Page, outcome: Outcome, before: int, after: int) -> None:
    for requirement, member, what in ((ADDED, "createdAt", "added"), (IMPORTED_AT, "importedAt", "imported")):
        told = nanoseconds((outcome.recording or {}).get(member))
        if told is None:
            continue
        if between(before, told, after):
            page.saw(requirement)
        else:
            text = f"The {member} of a recording is not when its file was {what}"
            page.fault(requirement, outcome.begun.reply.fault(text, [zulu(before), zulu(after)], zulu(told)))
    page.needs((ADDED,), IMPORTED_AT)
