"""Uploading recordings as the document has it: a request, a PUT to the link, and a polite wait for the import."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from robowire_conformance.client import Answer
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import OCTETS, UPLOAD, Api, Reply
from robowire_conformance.foxglove.whole import PAGE
from robowire_conformance.target import Target
from robowire_conformance.verdict import Violation

PATIENCE_S = 60.0
"""How long the suite waits for the import of its small files, unless the target profile tells another time."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.004, 2.0
OWNED = "FOXGLOVE-UPLOAD-103"
KEYLESS, DEVICELESS = "FOXGLOVE-UPLOAD-112", "FOXGLOVE-UPLOAD-113"
DEVICES = {"deviceId", "device.id", "deviceName", "device.name"}
LINKED, PUT_TAKEN, IMPORTED = "FOXGLOVE-UPLOAD-001", "FOXGLOVE-UPLOAD-002", "FOXGLOVE-UPLOAD-301"
TYPED, SIGNED = "FOXGLOVE-UPLOAD-302", "FOXGLOVE-UPLOAD-304"
LINK, REQUEST_ID = "FOXGLOVE-UPLOAD-201", "FOXGLOVE-UPLOAD-202"

EVERYTHING = {"showCompleted": "true", "showQuarantined": "true"}
"""What makes the list of pending imports show those that have ended too."""

COMPLETE, FAILED, ERROR = "complete", "failed", "error"


@dataclass(frozen=True, slots=True)
class Begun:
    """A request to upload that was answered as documented."""

    sent: Mapping[str, JSON]
    reply: Reply
    link: str
    request_id: str

    def url(self, base: str) -> str:
        """Where the file is put; a link that is no absolute URL, which it has to be, is one of the target's own."""
        return urljoin(f"{base}/", self.link)

    @property
    def filename(self) -> str:
        """The name of the file, which nothing else has."""
        return str(self.sent["filename"])


@dataclass(slots=True)
class Outcome:
    """What was seen of a file after it was put.

    `recording` and `pending` are its recording and its pending import as they were seen last; `history` has all the
    different forms of the pending import, in the order in which they were seen.
    """

    begun: Begun
    recording: dict[str, Any] | None = None
    pending: dict[str, Any] | None = None
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def imported(self) -> bool:
        """Whether there is a recording that can be used."""
        return self.recording is not None and self.recording.get("importStatus") == COMPLETE

    @property
    def refused(self) -> bool:
        """Whether the import has ended without success."""
        failed = self.recording is not None and self.recording.get("importStatus") == FAILED
        return failed or status_of(self.pending or {}) == ERROR

    @property
    def worked_off(self) -> bool:
        """Whether the pending import was seen and has ended, in whichever way: it is complete, an error, or gone."""
        if self.pending is None:
            return bool(self.history)
        return status_of(self.pending) in {COMPLETE, ERROR}


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A recording that was uploaded and imported: `body` is the recording as it is listed, `data` its file's bytes.

    `site_id` is the id of its primary site, where it tells one that is there.
    """

    hint: str
    data: bytes = field(repr=False)
    begun: Begun
    body: Mapping[str, Any]
    device_id: str | None = None
    device_name: str | None = None
    site_id: str | None = None
    pending: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The recording's id."""
        return str(self.body["id"])

    @property
    def filename(self) -> str:
        """The filename that was given for it."""
        return self.begun.filename

    @property
    def key(self) -> str | None:
        """The key that was given for it."""
        key = self.begun.sent.get("key")
        return key if isinstance(key, str) else None

    @property
    def strays(self) -> bool:
        """Whether the recording tells another device than the one that the request named."""
        told = self.body.get("device")
        known = told.get("id") if isinstance(told, dict) else None
        return isinstance(known, str) and known != self.device_id

    @property
    def request_id(self) -> str:
        """The id of the request to upload."""
        return self.begun.request_id

    @property
    def import_id(self) -> str | None:
        """The id of its import, where its pending import was seen complete."""
        found = self.pending.get("importId")
        return found if isinstance(found, str) else None


@dataclass(slots=True)
class Uploads:
    """Uploads files of the suite's own; they are removed with everything else that the suite made.

    `patience_s` is how long an import is waited for; it shrinks where a wait was in vain, so that a server which
    imports nothing does not hold up the run.
    """

    api: Api
    patience_s: float
    stranger: Api = field(init=False, repr=False)
    _sites: set[str] = field(default_factory=set, init=False, repr=False)

    def __post_init__(self) -> None:
        """Links are signed: they are asked without a token."""
        self.stranger = self.api.with_token("")

    @classmethod
    def at(cls, target: Target, api: Api) -> "Uploads":
        """Uploads to a target."""
        return cls(api, float(target.values.get("import_patience_s", PATIENCE_S)))

    @property
    def _base(self) -> str:
        return self.api.client.base_url

    def begin(self, filename: str, **members: JSON) -> Begun:
        """Ask for a link; `__` in the name of a member stands for a dot.

        Raises:
            Violation: It is refused, or the answer has no link or no requestId.
        """
        named = {name.replace("__", "."): value for name, value in members.items() if value is not None}
        sent = {"filename": filename, **named}
        reply = self.api.ask(UPLOAD, body=sent)
        if reply.refused and (lacking := self._lacking(sent)):
            text = "A request to upload is refused without what it need not have"
            raise reply.violation(text, expected=200, actual=reply.status, requirement=lacking)
        return begun_of(sent, reply)

    def _lacking(self, sent: Mapping[str, JSON]) -> str:
        """The requirement that explains why a request is refused: it lacks a key, or a device, with which it is not."""
        device = next(iter(self._items("GET /devices", {"limit": 1})), {}).get("id")
        if "key" not in sent and self.api.ask(UPLOAD, body={**sent, "key": f"{sent['filename']}-key"}).done:
            return KEYLESS
        if not DEVICES & sent.keys() and self.api.ask(UPLOAD, body={**sent, "deviceId": device}).done:
            return DEVICELESS
        return ""

    def put(self, begun: Begun, data: bytes, *, chunked: bool = False) -> Answer:
        """Put a file to the link, as the document says it, without a token."""
        return self.stranger.client.request("PUT", begun.url(self._base), headers=OCTETS, content=data, chunked=chunked)

    def upload(self, filename: str, data: bytes, hint: str = "", **members: JSON) -> Uploaded:
        """Upload a valid file and wait until it is imported.

        Raises:
            Violation: It is not.
        """
        begun = self.begin(filename, **members)
        self.require_put(begun, data)
        return self.imported(self.settle(begun)[0], data, hint)

    def require_put(self, begun: Begun, data: bytes) -> None:
        """Put a file to the link.

        Raises:
            Violation: It is not taken.
        """
        answer = self.put(begun, data)
        if not taken(answer):
            text = "A PUT of the file to the link is not taken"
            cause = self._cause(begun, data)
            raise Violation(text, expected=200, actual=answer.status, exchange=answer.exchange, requirement=cause)

    def _cause(self, begun: Begun, data: bytes) -> str:
        """The requirement that explains why a PUT is not taken: it is without a token, or with the Content-Type."""
        if taken(self.stranger.client.request("PUT", begun.url(self._base), content=data)):
            return TYPED
        if taken(self.api.client.request("PUT", begun.url(self._base), headers=OCTETS, content=data)):
            return SIGNED
        return PUT_TAKEN

    def imported(self, outcome: Outcome, data: bytes, hint: str = "", requirement: str = IMPORTED) -> Uploaded:
        """What came of a valid file.

        Raises:
            Violation: It was not imported in time.
        """
        begun, body = outcome.begun, outcome.recording
        if body is None or not outcome.imported:
            told = {"recording": body, "pending import": outcome.pending}
            if begun.sent.get("deviceId") not in {None, (outcome.pending or begun.sent).get("deviceId")}:
                requirement = OWNED  # another device may have the same file already
            text = "A valid file that was uploaded does not become a recording with importStatus complete"
            raise begun.reply.violation(text, expected=COMPLETE, actual=told, requirement=requirement)
        device, name = (_text(begun.sent.get(member)) for member in ("deviceId", "deviceName"))
        found = Uploaded(hint, data, begun, body, device, name, self._site(body), outcome.pending or {})
        if found.strays and device is not None:
            self._require_owned(found)
        return found

    def _require_owned(self, found: Uploaded) -> None:
        """Make sure that a recording which tells another device is listed as one of its own.

        Raises:
            Violation: It belongs to the other one.
        """
        listed = self._items("GET /recordings", {"deviceId": found.device_id, "limit": PAGE, "offset": 0})
        if found.id not in {one.get("id") for one in listed}:
            text = "A recording belongs to another device than the one that the upload names"
            due, told = found.device_id, found.body.get("device")
            raise found.begun.reply.violation(text, expected=due, actual=told, requirement=OWNED)

    def _site(self, body: Mapping[str, Any]) -> str | None:
        """The id of the site that a recording tells, if there is such a site."""
        told = body.get("site")
        known = told.get("id") if isinstance(told, dict) else None
        if not isinstance(known, str) or known in self._sites:
            return known if isinstance(known, str) else None
        if self.api.ask("GET /sites/{id}", known).done:
            self._sites.add(known)
            return known
        return None

    def settle(self, *begun: Begun) -> list[Outcome]:
        """Wait until all these files are imported, or refused; not longer than patience lasts."""
        outcomes = self._wait([Outcome(one) for one in begun], lambda one: one.imported or one.refused)
        if any(one.pending is not None and not one.worked_off for one in outcomes):
            # An import that ended between the two lists is over in recordings alone: both are seen once more.
            self.look(outcomes)
        return outcomes

    def work_off(self, *begun: Begun) -> list[Outcome]:
        """Wait until the pending imports of these files have ended; not longer than patience lasts."""
        return self._wait([Outcome(one) for one in begun], lambda one: one.worked_off)

    def _wait(self, outcomes: list[Outcome], ended: Callable[[Outcome], bool]) -> list[Outcome]:
        until, pause = time.monotonic() + self.patience_s, FIRST_PAUSE_S
        while True:
            self.look(outcomes)
            if all(ended(one) for one in outcomes):
                return outcomes
            if time.monotonic() > until:
                self.patience_s = max(0.1, self.patience_s / 4)
                return outcomes
            time.sleep(pause)
            pause = min(LONGEST_PAUSE_S, pause * 1.5)

    def look(self, outcomes: Sequence[Outcome]) -> None:
        """See what has become of some files; filters are trusted only where a list is too long to be read whole."""
        requests = {one.begun.request_id for one in outcomes}
        pending = self._find("GET /data/pending-imports", "requestId", requests, **EVERYTHING)
        # Recordings are read last: what a pending import tells to be over is over in them too.
        recordings = self._find("GET /recordings", "path", {one.begun.filename for one in outcomes})
        for one in outcomes:
            one.recording = recordings.get(one.begun.filename)
            one.pending = pending.get(one.begun.request_id)
            if one.pending is not None and one.pending not in one.history:
                one.history.append(one.pending)

    def _find(self, name: str, member: str, wanted: set[str], **params: JSON) -> dict[str, dict[str, Any]]:
        """The items of a list by a member that tells which is which, and is a parameter of the list too."""
        found = [*self._items(name, {**params, "limit": PAGE, "offset": 0})]
        if len(found) >= PAGE:
            for one in wanted:
                found += self._items(name, {**params, member: one, "limit": PAGE, "offset": 0})
        return {one[member]: one for one in found if one.get(member) in wanted}

    def _items(self, name: str, params: Mapping[str, JSON]) -> Iterator[dict[str, Any]]:
        reply = self.api.ask(name, params=params)
        yield from reply.require_done()


def begun_of(sent: Mapping[str, JSON], reply: Reply) -> Begun:
    """What a request to upload was answered.

    Raises:
        Violation: It was refused, or the answer has no link or no requestId.
    """
    body = reply.require_done()
    for member, requirement in (("link", LINK), ("requestId", REQUEST_ID)):
        if not isinstance(body.get(member), str) or not body[member]:
            raise reply.violation(f"An answer to a request to upload has no {member}", requirement=requirement)
    return Begun(sent, reply, body["link"], body["requestId"])


def status_of(pending: Mapping[str, Any]) -> Any:
    """The status of a pending import; where it tells none, which it need not, what its importId or its error say."""
    if (told := pending.get("status")) is not None:
        return told
    return COMPLETE if pending.get("importId") else ERROR if pending.get("error") else None


def taken(answer: Answer) -> bool:
    """Whether an answer to a PUT tells success."""
    return 200 <= answer.status < 300


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None
