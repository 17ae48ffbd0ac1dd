"""Section "Import from edge": an edge recording on its way to a primary site, and back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.coverage_edge import NOT_FOUND, PENDING, Edge, named
from robowire_conformance.foxglove.edge_data import EdgeData, edge_data
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import nanoseconds
from robowire_conformance.foxglove.lifecycle import BREATH_S, MOST_STAGES, held
from robowire_conformance.foxglove.removal import streams
from robowire_conformance.foxglove.uploads import FIRST_PAUSE_S, LONGEST_PAUSE_S
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested

READ, IMPORT = "GET /recordings/{keyOrId}", "POST /recordings/{keyOrId}/import"
DELETE, LIST = "DELETE /recordings/{keyOrId}", "GET /recordings"


@dataclass(slots=True)
class Journey:
    """An edge recording on its way to a primary site and back; each reply is the one at that moment.

    `before` is the recording as it was found, `asked` the request for its import, `again` the second one beside it,
    `seen` the forms of the recording meanwhile, `listed` whether lists by importStatus had it at each of them,
    `covered` the coverage of it while it was pending or importing, `stages` its importStatus and its pending import's
    status where both were held, `asked_at` a time of the target's clock before it was asked for,
    `complete` a request when it is imported, `imported` the recording then, `deleted` its deletion, `after` the
    recording then, `back` a request for its import after that, and `restored` whether that made its messages
    available again: None where it was not complete in time. `data_before`, `data` and `data_after` are what there was
    of its data.
    """

    api: Api
    id: str
    before: Reply
    asked: Reply
    again: Reply
    seen: list[dict[str, Any]] = field(default_factory=list)
    listed: list[tuple[str, Reply, bool]] = field(default_factory=list)
    covered: list[Reply] = field(default_factory=list)
    stages: list[tuple[str, str]] = field(default_factory=list)
    asked_at: int | None = None
    data_before: EdgeData | None = None
    data: EdgeData | None = None
    complete: Reply | None = None
    imported: Reply | None = None
    deleted: Reply | None = None
    after: Reply | None = None
    data_after: EdgeData | None = None
    back: Reply | None = None
    restored: bool | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The recording as it was found."""
        found: Any = self.before.body
        return dict(found)

    @property
    def streamed_before(self) -> bool:
        """Whether its messages were streamed before it was imported."""
        return self.data_before is not None and self.data_before.messages

    @property
    def streamed(self) -> bool:
        """Whether its messages were streamed when it was imported."""
        return self.data is not None and self.data.messages

    @property
    def streamed_after(self) -> bool:
        """Whether its messages were streamed after its imported data had been deleted."""
        return self.data_after is not None and self.data_after.messages

    def require_asked(self) -> None:
        """Make sure that its import was taken.

        Raises:
            Violation: It was, and is answered in another form.
            NotTested: It was not.
        """
        if self.asked.refused or self.asked.status == NOT_FOUND:
            raise NotTested(f"a request for import is answered {self.asked.status} (see FOXGLOVE-RECORDINGS-341)")
        self.asked.require_done()

    def require_imported(self) -> None:
        """Make sure that it was imported.

        Raises:
            Violation: As `require_asked`.
            NotTested: It was not complete in time.
        """
        self.require_asked()
        if self.complete is None:
            raise NotTested("the import of the edge recording was not complete in time (see FOXGLOVE-RECORDINGS-344)")

    def require_deleted(self) -> Reply:
        """Its deletion, after it was imported.

        Raises:
            Violation: It was not done.
            NotTested: As `require_imported`.
        """
        self.require_imported()
        if self.deleted is None:
            raise NotTested("the imported data were not deleted")
        self.deleted.require_done()
        return self.deleted


def travel(target: Target, guest: Guest) -> Journey:
    """Ask for the import of the target profile's edge recording, watch it, and delete what was imported.

    Raises:
        Violation: It is listed as not imported, and not given so.
        NotTested: There is none, or it is imported already.
    """
    api, before = guest.api, named(target, guest.api, "edge_recording_id")
    found: Any = before.require_done()
    known = str(found["id"])
    if found.get("importStatus") not in {"none", "failed"}:
        _require_listed_so(api, before, known)
        raise NotTested("the edge recording of the target profile is imported, or about to be: give one that is not")
    data, asked_at = edge_data(api, found), nanoseconds(guest.device("traveller").get("createdAt"))
    with _left_as_found(api, known):
        with held(target) as holding:
            journey = Journey(api, known, before, api.ask(IMPORT, known), api.ask(IMPORT, known))
            journey.data_before, journey.asked_at = data, asked_at
            _look(journey)
            for _ in range(MOST_STAGES if holding else 0):
                _see_stage(journey)
                time.sleep(BREATH_S)
                target.step_imports()
                if _look(journey) == "complete":
                    break
        if not holding:
            _await(lambda: _look(journey), guest.uploads.patience_s)
        if journey.seen and journey.seen[-1].get("importStatus") == "complete":
            journey.complete, journey.imported = api.ask(IMPORT, known), api.ask(READ, known)
            journey.data = edge_data(api, found)
            journey.deleted = api.ask(DELETE, known)
            journey.after = api.ask(READ, known)
            journey.data_after = edge_data(api, found)
            _return(journey, guest.uploads.patience_s)
    return journey


def _require_listed_so(api: Api, before: Reply, known: str) -> None:
    """Make sure that a recording which is given as imported, or about to be, is not listed as one that is not.

    Raises:
        Violation: It is, and goes on to be.
    """
    listed: Any = whole(api, LIST).require_done()
    told = next((one.get("importStatus") for one in listed if one.get("id") == known), None)
    if told == "none" and _status(api.ask(READ, known)) == _status(before):
        text = "A recording that is listed as not imported has another importStatus where it is given alone"
        raise before.violation(text, expected=told, actual=_status(before), requirement="FOXGLOVE-RECORDINGS-321")


def _return(journey: Journey, patience_s: float) -> None:
    """Ask for the import once more, where the recording is at its edge site alone again."""
    if journey.streamed_after or journey.after is None or _status(journey.after) != "none":
        return
    api, known = journey.api, journey.id
    journey.back = api.ask(IMPORT, known)
    if 200 <= journey.back.status < 300 and _await(lambda: _status(api.ask(READ, known)), patience_s) == "complete":
        journey.restored = streams(api, known)


def _status(reply: Reply) -> str:
    """The importStatus of a recording that is given."""
    return str(reply.body.get("importStatus")) if reply.done and isinstance(reply.body, dict) else ""


@contextmanager
def _left_as_found(api: Api, known: str) -> Iterator[None]:
    """Whatever happens, what was imported is deleted in the end."""
    try:
        yield
    finally:
        body: Any = api.ask(READ, known).body
        if isinstance(body, dict) and body.get("importStatus") == "complete":
            api.ask(DELETE, known)


def _await(look: Callable[[], str], patience_s: float) -> str:
    """Look until the importStatus is one that stays, not longer than patience lasts; it is what was seen last."""
    until, pause = time.monotonic() + patience_s, FIRST_PAUSE_S
    while (status := look()) not in {"complete", "failed"} and time.monotonic() < until:
        time.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 1.5)
    return status


def _look(journey: Journey) -> str:
    """See how far the recording is, and whether the list by its importStatus has it."""
    reply = journey.api.ask(READ, journey.id)
    if not reply.done or not isinstance(reply.body, dict):
        return ""
    status = str(reply.body.get("importStatus"))
    if not journey.seen or reply.body != journey.seen[-1]:
        journey.seen.append(reply.body)
        listed = whole(journey.api, LIST, {"importStatus": status})
        again: Any = journey.api.ask(READ, journey.id).body
        if listed.done and isinstance(again, dict) and again.get("importStatus") == status:
            has = journey.id in {one.get("id") for one in listed.body}
            journey.listed.append((status, listed, has))
        if status in PENDING:
            _see_covered(journey, reply.body)
    return status


def _see_stage(journey: Journey) -> None:
    """See the status of the pending import that is of the recording's file, while nothing goes on."""
    status = str(journey.seen[-1].get("importStatus")) if journey.seen else ""
    listed = whole(journey.api, "GET /data/pending-imports")
    own = [one for one in (listed.body if listed.done else ()) if one.get("filename") == journey.body.get("path")]
    if len(own) == 1:
        journey.stages.append((status, str(own[0].get("status"))))


def _see_covered(journey: Journey, body: dict[str, Any]) -> None:
    """Ask for the coverage of the recording, which counts if it is still under way afterwards."""
    reply = Edge(journey.api, body).coverage(recordingId=journey.id, includeEdgeRecordings="true")
    again: Any = journey.api.ask(READ, journey.id).body
    if isinstance(again, dict) and again.get("importStatus") in PENDING:
        journey.covered.append(reply)
