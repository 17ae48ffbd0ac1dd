"""Asking the Foxglove API: one place to send a call and get a judged answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import orjson

from robowire_conformance import shape
from robowire_conformance.client import Answer, Client, NotJSON
from robowire_conformance.evidence import JSON, Exchange
from robowire_conformance.foxglove.forms import judge_error, judge_form, judge_media_type
from robowire_conformance.foxglove.operations import API, CREATIONS, Operation, operation
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.verdict import Violation

JSON_BODY = {"Content-Type": "application/json"}
OCTETS = {"Content-Type": "application/octet-stream"}


FOUND = 302
UPLOAD = "POST /data/upload"
UNAUTHORIZED = 401
AUTHENTICATES = "FOXGLOVE-AUTH-003"
"""What fails where a call with the target's own key is answered 401."""


class _Nothing:
    """Stands for no body at all, where None is the JSON null."""


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with the call that it belongs to; `body` is None where it has no JSON."""

    call: Operation
    answer: Answer
    body: JSON

    @property
    def status(self) -> int:
        """The status code."""
        return self.answer.status

    @property
    def exchange(self) -> Exchange:
        """Request and response, as evidence."""
        return self.answer.exchange

    @property
    def done(self) -> bool:
        """Whether it is a success of the documented kind: a JSON list of objects, a JSON object, or a redirect."""
        if self.call.redirects:
            return self.status == FOUND and bool(self.answer.headers.get("location"))
        if self.call.listed:
            return (
                self.status == 200 and isinstance(self.body, list) and all(isinstance(one, dict) for one in self.body)
            )
        return self.status == 200 and isinstance(self.body, dict)

    @property
    def refused(self) -> bool:
        """Whether the request is refused as wrong in itself: any 4xx but those that speak of other troubles."""
        return 400 <= self.status < 500 and self.status not in {401, 403, 404, 405, 408, 429}

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with this answer, for a judgement; of several, the one of the shortest answer is reported."""
        return Fault(message, expected, actual, self.exchange, self.answer.size)

    @property
    def malformed(self) -> str:
        """The requirement that the form of a success breaks, by its schema; empty where it breaks none."""
        if not (self.done and self.call.component):
            return ""
        items = self.body if self.call.listed else [self.body]
        found = (one for item in items for one in shape.findings(API, self.call.component, item))
        return next((one.requirement for one in found), "")

    def violation(
        self, message: str, *, expected: JSON = None, actual: JSON = None, requirement: str = ""
    ) -> Violation:
        """Something wrong with this answer, to raise; where its form is wrong too, that explains it."""
        requirement = self.malformed or requirement
        return Violation(message, expected=expected, actual=actual, exchange=self.exchange, requirement=requirement)

    def require_accepted(self, message: str, requirement: str = "") -> None:
        """Make sure that a request is not refused; that its success is as documented is another requirement.

        Raises:
            Violation: It is refused, of `requirement`; or answered in another way, of what says how.
        """
        if not self.done:
            requirement = self.call.works if 200 <= self.status < 300 else requirement
            raise self.violation(message, expected=200, actual=self.status, requirement=requirement)

    def require_refused(self, message: str, requirement: str = "") -> None:
        """Make sure that the request is refused as wrong.

        Raises:
            Violation: It is answered otherwise.
        """
        if not self.refused:
            text = "400, or another status of the 4xx that tells a wrong request"
            raise self.violation(message, expected=text, actual=self.status, requirement=requirement)

    def require_client_error(self, message: str, requirement: str = "") -> None:
        """Make sure that the request is answered with a client error, of which the document leaves open which.

        Raises:
            Violation: It is answered otherwise.
        """
        if not (self.refused or self.status in {404, 405, 410}):
            raise self.violation(message, expected="a status of 4xx", actual=self.status, requirement=requirement)

    def require_form(self) -> None:
        """Make sure that a success is of the documented kind, whatever else an answer may be.

        Raises:
            Violation: It is another kind of success; of the requirement that the operation works.
        """
        if 200 <= self.status < 300:
            self.require_done()

    def require_done(self, requirement: str = "") -> JSON:
        """The body of a success.

        Raises:
            Violation: It is none; of `requirement` if it is refused, or else of the one that the operation works.
        """
        if not self.done:
            if self.status == UNAUTHORIZED:
                requirement = AUTHENTICATES
            elif 200 <= self.status < 300:
                requirement = ""  # it is done, and only answered in another form
            raise self.violation(
                f"{self.call.name} is not answered as documented",
                expected=self._due,
                actual=self.status if self.status != 200 else _kind(self.answer, self.body),
                requirement=requirement or self.call.works,
            )
        return self.body

    @property
    def _due(self) -> str:
        """The success that the document has."""
        if self.call.redirects:
            return "302 with a Location"
        return f"200 with a JSON {'list of objects' if self.call.listed else 'object'}"


def _kind(answer: Answer, body: JSON) -> str:
    if body is None:
        return f"200, {answer.headers.get('content-type', 'no Content-Type')}"
    return f"200 with a JSON {type(body).__name__}"


@dataclass(frozen=True, slots=True)
class Made:
    """Something that a call created: what removes it, its id, and what was sent and answered."""

    removal: str
    id: str
    sent: JSON
    body: JSON


@dataclass(frozen=True, slots=True)
class Ledger:
    """What has been created and not yet removed, and the creations whose answers do not tell an id.

    `files` are the names of the files that may have been uploaded, with the ids of the requests to upload.
    """

    made: list[Made] = field(default_factory=list)
    uncertain: list[tuple[str, JSON]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Api:
    """A target, asked with one token.

    `forms` judges every successful answer by the contract, whatever it was asked for; `ledger` knows what has been
    created and not removed, however that came about. Both are shared with `with_token`.
    """

    client: Client
    forms: Judgement = field(default_factory=Judgement, repr=False)
    ledger: Ledger = field(default_factory=Ledger, repr=False)
    _judged: set[str] = field(default_factory=set, repr=False)

    def with_token(self, token: str) -> "Api":
        """The same target with another token (none if empty)."""
        return replace(self, client=self.client.with_token(token))

    def ask(
        self,
        name: str,
        *ids: str,
        params: Mapping[str, Any] | None = None,
        body: JSON | _Nothing = NOTHING,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        encoded: bool = False,
        patient: bool = True,
    ) -> Reply:
        """Call an operation, by its name in the catalogue, with the ids or names of its path; answered in any way.

        `body` is sent as JSON; `content` as it stands, under the Content-Type in `headers`. The ids are
        percent-encoded, unless they are `encoded` already. Unless `patient`, a 429 is an answer like any other. A
        redirect is the answer where it is the documented one.
        """
        call = operation(name)
        fields = dict(headers or {})
        if not isinstance(body, _Nothing):
            content = orjson.dumps(body)
            fields = {**JSON_BODY, **fields}
        path = call.path(*(ids if encoded else (quote(str(one), safe="") for one in ids)))
        answer = self.client.request(
            call.method,
            path,
            params=params,
            headers=fields,
            content=content,
            patient=patient,
            follow=not call.redirects,
        )
        reply = Reply(call, answer, read(answer))
        self._enter(reply, ids, None if isinstance(body, _Nothing) else body)
        self._judge(reply)
        return reply

    def get(self, name: str, *ids: str, **params: Any) -> JSON:
        """The body of a GET that has to succeed, named without its method: `get("/devices", limit=3)`.

        Raises:
            Violation: It does not; of the requirement that the operation works.
        """
        return self.ask(f"GET {name}", *ids, params=params or None).require_done()

    def call(self, name: str, *ids: str, body: JSON | _Nothing = NOTHING, **more: Any) -> JSON:
        """The body of any call that has to succeed.

        Raises:
            Violation: It does not; of the requirement that the operation works.
        """
        return self.ask(name, *ids, body=body, **more).require_done()

    def _judge(self, reply: Reply) -> None:
        """Judge the form of an answer: of a success by its schema, of a client error by what all of them share."""
        component = reply.call.component
        if reply.done and component:
            judge_media_type(reply.answer.headers.get("content-type"), self.forms, reply.fault)
            for item in reply.body if reply.call.listed else [reply.body]:
                seen = f"{component} {item!r}"
                if seen not in self._judged:
                    self._judged.add(seen)
                    judge_form(component, item, self.forms, reply.fault)
        elif 400 <= reply.status < 500:
            judge_error(reply.body, self.forms, reply.fault)

    def _enter(self, reply: Reply, ids: tuple[str, ...], sent: JSON) -> None:
        """Keep the ledger: what any 2xx to a creation made, and what a successful deletion took away."""
        if not 200 <= reply.status < 300:
            return
        name = reply.call.name
        if name == UPLOAD and isinstance(sent, dict) and isinstance(sent.get("filename"), str):
            request = reply.body.get("requestId") if isinstance(reply.body, dict) else None
            self.ledger.files[str(sent["filename"])] = str(request)
        if name in CREATIONS:
            known = reply.body.get("id") if isinstance(reply.body, dict) else None
            if isinstance(known, str) and known:
                self.ledger.made.append(Made(CREATIONS[name], known, sent, reply.body))
            else:
                self.ledger.uncertain.append((CREATIONS[name], sent))
        elif reply.call.method == "DELETE" and ids:
            answered = reply.body.get("id") if isinstance(reply.body, dict) else None
            gone = answered if isinstance(answered, str) else ids[0]  # a name may be another one's id
            self.ledger.made[:] = [one for one in self.ledger.made if (one.removal, one.id) != (name, gone)]


def read(answer: Answer) -> JSON:
    """The answer's JSON; None where it has none."""
    try:
        return answer.json()
    except NotJSON:
        return None
