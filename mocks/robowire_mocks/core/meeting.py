"""What each kind of fault does to a call, on a socket and in process alike."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from threading import Event
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import ClosingIterator

from robowire_mocks.core.answer import Problem
from robowire_mocks.core.bodies import DRAINED
from robowire_mocks.core.fault import Cut, Fault, Kind
from robowire_mocks.core.places import put

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType
    from wsgiref.types import StartResponse

WRONG_LENGTH: str = "robowire.wrong_length"
"""The name under which a request's WSGI environment says that the Content-Length of its answer is wrong on purpose."""

_BLOCK = 64 * 1024
_DRIP_S = 0.05  # a slow body comes in pieces of so long
_WHOLE = 8 * 1024 * 1024  # bytes of JSON that are held to be altered


@dataclass(slots=True)
class _Honest:
    """The honest answer: its head, and its body as it comes."""

    status: str
    headers: list[tuple[str, str]]
    blocks: Iterable[bytes]

    @property
    def length(self) -> int | None:
        """Of the body in bytes, as far as the head tells."""
        return next((int(value) for name, value in self.headers if name.lower() == "content-length"), None)

    @property
    def is_json(self) -> bool:
        return any(name.lower() == "content-type" and "json" in value.lower() for name, value in self.headers)

    def close(self) -> None:
        if hasattr(self.blocks, "close"):
            self.blocks.close()

    def with_length(self, length: int) -> list[tuple[str, str]]:
        """The headers with another Content-Length."""
        rest = [pair for pair in self.headers if pair[0].lower() != "content-length"]
        return [*rest, ("Content-Length", str(length))]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A call that meets a fault. `cleared` ends all waiting, `missed` says that the fault did not befall it."""

    fault: Fault
    problem: Problem
    cleared: Event
    missed: Callable[[], None]
    app: WSGIApplication
    environ: WSGIEnvironment

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        if seconds > 0:
            self.cleared.wait(seconds)

    def honest(self) -> _Honest:
        """What the application answers; nothing of it is sent yet."""
        head: tuple[str, list[tuple[str, str]]] = "500 Internal Server Error", []

        def start(
            status: str,
            headers: list[tuple[str, str]],
            error: tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None = None,  # noqa: ARG001  # nothing was sent yet
            /,
        ) -> Callable[[bytes], object]:
            nonlocal head
            head = status, headers
            return _write

        blocks = self.app(self.environ, start)
        return _Honest(head[0], head[1], blocks)

    def drain(self) -> None:
        """Read the request's body, which otherwise would be taken for the next request."""
        length, left = self.environ.get("CONTENT_LENGTH"), DRAINED
        if length or self.environ.get("wsgi.input_terminated"):
            left = min(int(length), left) if length else left
            while left > 0 and (block := self.environ["wsgi.input"].read(min(left, _BLOCK))):
                left -= len(block)


def _write(_: bytes) -> object:
    raise RuntimeError("the application writes its answer, and does not return it")


def _refuse(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    fault = meeting.fault
    _undone_or_done(meeting)
    meeting.wait(fault.seconds)
    text = fault.text or f"{_phrase(fault.status)} (a fault that was asked for)"
    body = json.dumps(meeting.problem(fault.status, text)).encode()
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", "Content-Length": str(len(body))}
    if fault.retry_after_s is not None:
        headers["Retry-After"] = _when(fault.retry_after_s) if fault.as_date else str(fault.retry_after_s)
    start_response(f"{fault.status} {_phrase(fault.status)}", list({**headers, **fault.headers}.items()))
    return [] if meeting.environ["REQUEST_METHOD"] == "HEAD" else [body]


def _when(seconds: int) -> str:
    """The first whole second after so many, as HTTP writes dates: of the client's time, which no mock can move."""
    return formatdate(math.ceil(time.time() + seconds), usegmt=True)


def _delay(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    meeting.wait(meeting.fault.seconds)
    return meeting.app(meeting.environ, start_response)


def _slow(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    answer = _late(meeting)
    start_response(answer.status, answer.headers)
    size = max(1, math.floor(meeting.fault.bytes_per_s * _DRIP_S))

    def drip() -> Iterator[bytes]:
        for block in answer.blocks:
            for start in range(0, len(block), size):
                piece = block[start : start + size]
                meeting.wait(len(piece) / meeting.fault.bytes_per_s)
                yield piece

    return ClosingIterator(drip(), answer.close)


def _cut(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    after = meeting.fault.after_bytes
    if after is None:
        _undone_or_done(meeting)
        meeting.wait(meeting.fault.seconds)
        raise Cut
    answer = _late(meeting)
    start_response(answer.status, answer.headers)
    if _has_no_body(meeting, answer) or (answer.length is not None and answer.length <= after):
        meeting.missed()
        return answer.blocks

    def part() -> Iterator[bytes]:
        left = after
        for block in answer.blocks:
            if len(block) > left:
                if left:
                    yield block[:left]
                answer.close()  # not every client closes what broke
                raise Cut
            left -= len(block)
            yield block
        meeting.missed()

    return ClosingIterator(part(), answer.close)


def _mismeasure(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    fault, answer = meeting.fault, _late(meeting)
    length = fault.length if answer.length is None or fault.length is not None else max(0, answer.length + fault.by)
    if length is None or length == answer.length or _has_no_body(meeting, answer):
        meeting.missed()
        start_response(answer.status, answer.headers)
        return answer.blocks
    meeting.environ[WRONG_LENGTH] = True
    start_response(answer.status, answer.with_length(length))

    def all_of_it() -> Iterator[bytes]:
        yield from answer.blocks
        answer.close()
        raise Cut  # what comes next on the connection could not be told from this body

    return ClosingIterator(all_of_it(), answer.close)


def _lead_elsewhere(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    """The application believes a proxy that it is called by this name."""
    host = meeting.fault.host or meeting.environ.get("HTTP_HOST", "")
    meeting.environ["HTTP_X_FORWARDED_HOST"] = host
    answer = _late(meeting)
    there = any(name.lower() == "location" and host in value for name, value in answer.headers)
    blocks = _held(answer) if answer.is_json and not _has_no_body(meeting, answer) else answer.blocks
    if not there and not (isinstance(blocks, list) and any(host.encode() in block for block in blocks)):
        meeting.missed()
    start_response(answer.status, answer.headers)
    return blocks


def _break_json(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    return _changed(meeting, start_response, _broken)


def _alter(meeting: Meeting, start_response: StartResponse) -> Iterable[bytes]:
    return _changed(meeting, start_response, _altered)


def _changed(
    meeting: Meeting, start_response: StartResponse, change: Callable[[bytes, Fault], bytes]
) -> Iterable[bytes]:
    """The honest JSON, changed; anything else, and JSON that is too long to be held, stays as it is."""
    answer = _late(meeting)
    if not answer.is_json or answer.length is None or answer.length > _WHOLE or _has_no_body(meeting, answer):
        meeting.missed()
        start_response(answer.status, answer.headers)
        return answer.blocks
    honest = b"".join(_held(answer))
    body = change(honest, meeting.fault)
    if body == honest:
        meeting.missed()
    start_response(answer.status, answer.with_length(len(body)))
    return [body]


def _held(answer: _Honest) -> list[bytes]:
    """All of the body."""
    try:
        return list(answer.blocks)
    finally:
        answer.close()


def _broken(body: bytes, fault: Fault) -> bytes:
    return body[: max(1, len(body) // 2)] if fault.text is None else fault.text.encode()


def _altered(body: bytes, fault: Fault) -> bytes:
    value = json.loads(body)
    changed = [put(value, place, there) for place, there in fault.changes.items()]
    return json.dumps(value).encode() if any(changed) else body


def _late(meeting: Meeting) -> _Honest:
    meeting.wait(meeting.fault.seconds)
    return meeting.honest()


def _undone_or_done(meeting: Meeting) -> None:
    """Carry out what was asked for where the fault says so; its answer is lost. Else only read what was sent."""
    if meeting.fault.carried_out:
        _held(meeting.honest())
    meeting.drain()


def _has_no_body(meeting: Meeting, answer: _Honest) -> bool:
    return meeting.environ["REQUEST_METHOD"] == "HEAD" or answer.status[:3] in {"204", "304"}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


MEETINGS: Mapping[Kind, Callable[[Meeting, StartResponse], Iterable[bytes]]] = {
    Kind.STATUS: _refuse,
    Kind.LATENCY: _delay,
    Kind.SLOW_BODY: _slow,
    Kind.CUT: _cut,
    Kind.WRONG_LENGTH: _mismeasure,
    Kind.BAD_JSON: _break_json,
    Kind.ALTERED: _alter,
    Kind.ELSEWHERE: _lead_elsewhere,
}
"""What is done by each kind of fault."""
