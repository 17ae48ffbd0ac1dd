"""The suite's HTTP client: bounded in time and size, polite, and a witness of everything that it sends and gets."""

import json
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import httpcore
import httpx
import orjson

from robowire_conformance.address import BadAddress, ascii_url, host_field, join, outgoing_to, under
from robowire_conformance.evidence import BODY_LIMIT, JSON, Exchange, Received, Redactor, Sent
from robowire_conformance.limits import MIB, Health, Limits, retry_after
from robowire_conformance.transport import DEADLINE, InProcess, Network, Outgoing
from robowire_conformance.verdict import NotTested, Violation

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Answer", "BadAddress", "Client", "Limits", "NotJSON", "Unreachable"]

MAX_REDIRECTS = 10

_IMPLIED = frozenset({"Host", "User-Agent", "Accept", "Content-Length"})  # left out of the evidence
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_NO_ANSWER = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError)


class Unreachable(Exception):  # noqa: N818  # a statement about the network
    """No whole answer came. `exchange` is the request; `asked` is False where the client had given up before."""

    def __init__(self, message: str, exchange: Exchange | None = None, *, asked: bool = True) -> None:
        super().__init__(message)
        self.exchange = exchange
        self.asked = asked


class NotJSON(Violation, ValueError):  # noqa: N818  # as Violation
    """A body is no JSON text: not UTF-8, NaN, cut off, or HTML."""


class _Transport(Protocol):
    def send(self, outgoing: Outgoing) -> httpx.Response: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, after redirects. `size` counts the bytes of the decoded body; `body` is empty after a download."""

    status: int
    headers: httpx.Headers
    body: bytes
    exchange: Exchange
    size: int

    def json(self) -> JSON:
        """The body as strict JSON.

        Raises:
            NotJSON: It is not UTF-8, holds NaN or infinities, or is no JSON at all.
        """
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            with suppress(ValueError, RecursionError):  # a number beyond all doubles is JSON too
                return json.loads(self.body.decode(), parse_constant=_refuse_constant)
            raise NotJSON(
                f"the body is not JSON: {error}",
                expected="JSON text (RFC 8259)",
                actual=_glimpse(self),
                exchange=self.exchange,
            ) from None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _glimpse(answer: Answer) -> str:
    kind = answer.headers.get("content-type", "no Content-Type")
    return f"{answer.status}, {kind}: {answer.body[:200].decode('utf-8', errors='replace')}"


@dataclass(frozen=True, slots=True)
class _Want:
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | None
    file: BinaryIO | None
    limit: int
    timeout_s: float
    follow: bool = True
    chunked: bool = False


@cache
def _user_agent() -> str:
    """Looked up once: finding an installed version reads files."""
    return f"robowire/{version('robowire')}"


class Client:
    """Requests to one target.

    Args:
        base_url: What a path is joined on to, prefix included.
        token: Sent as a bearer token, to the target's own origin and nowhere else.
        app: A WSGI application that stands for the target's origin; other origins go over the network.
        limits: Bounds in time and size.
        redactor: Takes the secrets out of the evidence.
        ca_file: Certificates to trust besides the usual ones' place, PEM.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str = "",
        app: "WSGIApplication | None" = None,
        limits: Limits | None = None,
        redactor: Redactor | None = None,
        ca_file: str = "",
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.limits = limits or Limits()
        self.redactor = redactor or Redactor([token])
        self.last: Exchange | None = None
        self.count = 0
        self._token = token
        self._origin = outgoing_to("GET", self.base_url).origin
        self._own: _Transport | None = InProcess(app) if app is not None else None
        self._ca_file = ca_file
        self._network = Network(ca_file)
        if self._own is None:
            self._network.prepare(self._origin[0])
        self._health = Health()

    def with_token(self, token: str) -> "Client":
        """A client of the same target with other credentials (none if empty); it has connections of its own."""
        other = Client(self.base_url, token=token, limits=self.limits, redactor=self.redactor, ca_file=self._ca_file)
        other._own = self._own
        other._health = self._health
        return other

    def get(
        self,
        path_or_url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int | None = None,
    ) -> Answer:
        """`request("GET", …)`."""
        return self.request("GET", path_or_url, params=params, headers=headers, limit=limit)

    def request(
        self,
        method: str,
        path_or_url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        limit: int | None = None,
        patient: bool = True,
        follow: bool = True,
        chunked: bool = False,
    ) -> Answer:
        """Send a request and read its whole answer, of any status; redirects are followed, if so, and recorded.

        A path is joined on to the base URL and goes out as it stands (dot segments too), with only what no URL may
        hold percent-encoded. `limit` bounds the body in bytes. Unless `patient`, a 429 is an answer like any other. A
        body that is `chunked` goes out under Transfer-Encoding, without a Content-Length.

        Raises:
            Unreachable: No whole answer came in time.
            NotTested: The answer is longer than `limit`, or a 429 asks for more patience than there is.
            BadAddress: The address, or one that a redirect gave, is no http or https URL.
        """
        url = under(self.base_url, path_or_url, params)
        fields = tuple((headers or {}).items())
        size = self.limits.body_bytes if limit is None else limit
        want = _Want(method, url, fields, content, None, size, self.limits.timeout_s, follow, chunked)
        return self._patiently(want) if patient else self._guarded(want)

    def download(self, url: str, file: Path, *, limit: int = 1024 * MIB) -> Answer:
        """GET into a file, streamed; the answer's `size` tells its bytes.

        Raises:
            As `request`.
        """
        with file.open("wb") as out:
            return self._patiently(
                _Want("GET", under(self.base_url, url, None), (), None, out, limit, self.limits.download_timeout_s)
            )

    def alive(self) -> bool:
        """Whether the target answers a GET of its base URL, with whatever status."""
        if self._health.dead:
            return False
        try:
            self._once(_Want("GET", self.base_url + "/", (), None, None, self.limits.body_bytes, self.limits.timeout_s))
        except Unreachable:
            self._health.dead = self._health.silent >= self.limits.give_up
            return False
        except (NotTested, Violation):
            pass
        return True

    @property
    def answered(self) -> bool:
        """Whether the target ever gave a whole answer."""
        return self._health.answered

    def close(self) -> None:
        """Close all connections."""
        self._network.close()

    def take_heart(self) -> None:
        """Be as patient with 429 as at the beginning: what was made is to be removed, however long a run has waited."""
        self._health.waited_s = self._health.paced_s = 0.0

    def _patiently(self, want: _Want) -> Answer:
        """The answer, after as many 429 as patience has room for."""
        health, limits, waited = self._health, self.limits, 0.0
        while True:
            answer = self._guarded(want)
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                health.waited_s -= waited
                health.paced_s += waited
                return answer
            wait = retry_after(answer.headers.get("retry-after"))
            if health.waited_s + wait > limits.patience_s or health.paced_s + health.waited_s + wait > limits.paced_s:
                raise NotTested(
                    f"the target answers 429 (too many requests) and the suite has waited for "
                    f"{health.paced_s + health.waited_s:g} s: give requests_per_second in the target profile"
                )
            waited += wait
            health.waited_s += wait
            time.sleep(wait)

    def _guarded(self, want: _Want) -> Answer:
        if self._health.dead:
            raise Unreachable(
                "the target gave no answer to several requests in a row; it is not asked again", asked=False
            )
        if self._health.silent >= self.limits.give_up_partly:
            raise NotTested(f"the last {self._health.silent} requests got no answer; the target is not asked further")
        if want.file is not None:
            want.file.seek(0)
            want.file.truncate()
        self._pace()
        return self._once(want)

    def _pace(self) -> None:
        """Wait until the rate that the target's owner has set allows another request."""
        if not self.limits.pause_s:
            return
        now = time.monotonic()
        time.sleep(max(0.0, self._health.next_s - now))
        self._health.next_s = max(now, self._health.next_s) + self.limits.pause_s

    def _once(self, want: _Want) -> Answer:
        started = time.monotonic()
        DEADLINE.set(started + want.timeout_s)
        trail = _Trail(started)
        try:
            answer = self._follow(want, trail)
        except _NO_ANSWER as error:
            self._health.silent += 1
            problem = _problem(error, want.timeout_s)
            raise Unreachable(problem, self._record(want, trail, problem=problem)) from None
        self._health.silent = 0
        self._health.answered = True
        return answer

    def _follow(self, want: _Want, trail: "_Trail") -> Answer:
        method, url, content = want.method, want.url, want.content
        while True:
            outgoing = self._outgoing(method, url, want, content)
            trail.first = trail.first or outgoing
            with closing(self._send(outgoing)) as response:
                location = response.headers.get("location")
                ends = not want.follow or len(trail.redirects) == MAX_REDIRECTS
                if ends or response.status_code not in _REDIRECTS or not location:
                    return self._read(want, response, trail)
            url = join(url, location)
            trail.redirects.append(url)
            if response.status_code not in {307, 308} and method != "HEAD":
                method, content = "GET", None

    def _outgoing(self, method: str, url: str, want: _Want, content: bytes | None) -> Outgoing:
        outgoing = outgoing_to(method, url, content)
        own = outgoing.origin == self._origin
        given = {name.lower() for name, _ in want.headers}
        fields = [("Host", host_field(outgoing)), ("User-Agent", _user_agent()), ("Accept", "*/*")]
        fields = [(name, value) for name, value in fields if name.lower() not in given]
        if own and self._token and "authorization" not in given:
            fields.append(("Authorization", f"Bearer {self._token}"))
        fields += [
            (name, value) for name, value in want.headers if own or name.lower() not in {"authorization", "cookie"}
        ]
        if content is not None:
            framing = ("Transfer-Encoding", "chunked") if want.chunked else ("Content-Length", str(len(content)))
            fields.append(framing)
        return Outgoing(
            method, outgoing.scheme, outgoing.host, outgoing.port, outgoing.target, tuple(fields), content or b""
        )

    def _send(self, outgoing: Outgoing) -> httpx.Response:
        if self._own is not None and outgoing.origin == self._origin:
            return self._own.send(outgoing)
        try:
            return self._network.send(outgoing)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            # A server may close an idle connection at any moment, so a request that is safe to repeat is, once.
            if outgoing.method not in _REPEATABLE:
                raise
            return self._network.send(outgoing)

    def _read(self, want: _Want, response: httpx.Response, trail: "_Trail") -> Answer:
        kept = bytearray()
        size = 0
        try:
            for chunk in response.iter_bytes():
                size += len(chunk)
                kept += chunk if want.file is None else chunk[: max(0, BODY_LIMIT - len(kept))]
                if size > want.limit:
                    break
                if want.file is not None:
                    want.file.write(chunk)
        except httpx.DecodingError as error:
            exchange = self._record(want, trail, response=response, body=bytes(kept), size=size)
            raise Violation(f"the body is not what its Content-Encoding says: {error}", exchange=exchange) from None
        exchange = self._record(want, trail, response=response, body=bytes(kept), size=size)
        if size > want.limit:
            raise NotTested(f"{want.method} {exchange.sent.url} answers more than {want.limit} bytes; no more was read")
        body = bytes(kept) if want.file is None else b""
        return Answer(response.status_code, response.headers, body, exchange, size)

    def _record(
        self,
        want: _Want,
        trail: "_Trail",
        *,
        response: httpx.Response | None = None,
        body: bytes = b"",
        size: int = 0,
        problem: str = "",
    ) -> Exchange:
        clean = self.redactor
        content = want.content or b""
        headers = trail.first.headers if trail.first else want.headers
        shown = tuple(field for field in headers if field[0] not in _IMPLIED)
        received = None
        if response is not None:
            fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
            received = Received(response.status_code, clean.headers(fields), body[:BODY_LIMIT], size)
        self.last = Exchange(
            Sent(
                want.method, clean.text(ascii_url(want.url)), clean.headers(shown), content[:BODY_LIMIT], len(content)
            ),
            received,
            tuple(clean.text(ascii_url(url)) for url in trail.redirects),
            problem,
            time.monotonic() - trail.started,
            clean,
        )
        self.count += 1
        return self.last


@dataclass(slots=True)
class _Trail:
    """What has happened to a request so far."""

    started: float
    first: Outgoing | None = None
    redirects: list[str] = field(default_factory=list)


def _problem(error: Exception, timeout_s: float) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return f"no whole answer within {timeout_s:g} s"
    kind = "could not connect" if isinstance(error, httpcore.ConnectError) else "the answer broke off or is not HTTP"
    return f"{kind}: {error}" if str(error) else kind
