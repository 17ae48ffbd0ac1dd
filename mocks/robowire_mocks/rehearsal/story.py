"""What happened to a client, and what it did: the requests of the journal, in the words that rules are written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING

from robowire_mocks.core.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_PARTIAL = 206
_BAD = 400
_NOT_SATISFIABLE = 416


@dataclass(frozen=True, slots=True)
class Said:
    """What the client says of its success: a program by its exit status, a function by an exception."""

    done: bool
    text: str = ""


@dataclass(frozen=True)
class Story:
    """One scenario as it went.

    `faults` are the ids of those that it brought, `expiring` says that links did, `elsewhere` is the host that they led
    to instead of the API's, `token` the secret. The mock's clock was `ahead_s` of the client's. `deliveries` are the
    outcomes of webhooks: a status, or why there is none. `honest` is what the client sent when nothing happened to it,
    if that is known.
    """

    entries: tuple[Entry, ...]
    said: Said
    faults: frozenset[str] = frozenset()
    expiring: bool = False
    elsewhere: str = ""
    token: str = ""
    ahead_s: float = 0.0
    deliveries: tuple[int | str, ...] = ()
    honest: tuple[Entry, ...] | None = None

    @cached_property
    def struck(self) -> tuple[Entry, ...]:
        """The requests that met what the scenario brings: a fault, or the end of a link's time."""
        return tuple(
            entry
            for entry in self.entries
            if entry.fault in self.faults or (self.expiring and is_link(entry) and entry.status >= _BAD)
        )

    @cached_property
    def wanted(self) -> tuple[Entry, ...]:
        """One of the struck requests for each thing that was asked for, the first."""
        found: list[Entry] = []
        for entry in self.struck:
            if not any(self.same(entry, other) for other in found):
                found.append(entry)
        return tuple(found)

    def repeats(self, entry: Entry) -> tuple[Entry, ...]:
        """The later requests for the same thing."""
        return tuple(other for other in self.after(entry) if self.same(entry, other))

    def after(self, entry: Entry) -> Iterator[Entry]:
        """The requests that were sent when this one was answered: what came meanwhile could not know its answer."""
        return (one for one in self.entries if one.number > entry.number and one.at >= entry.answered_at)

    def next_repeat(self, entry: Entry) -> Entry | None:
        """The next request for the same thing."""
        return next(iter(self.repeats(entry)), None)

    def same(self, one: Entry, other: Entry) -> bool:
        """Whether two requests ask for the same thing; of links, which are new each time, what was asked for counts."""
        if not (is_link(one) and is_link(other) and one.method == other.method):
            return _alike(one, other)
        asked, asked_again = self.origin_of(one), self.origin_of(other)
        if asked is None or asked_again is None:
            return one.path.rpartition("/")[0] == other.path.rpartition("/")[0]
        return asked is asked_again or self.same(asked, asked_again)

    def origin_of(self, link: Entry) -> Entry | None:
        """The request whose answer had the link."""
        earlier = (entry for entry in reversed(self.entries) if entry.number < link.number)
        return next((entry for entry in earlier if _mentions(entry, link.target)), None)

    def due_at(self, entry: Entry) -> float | None:
        """When a request may be sent again, by the mock's clock, as far as its answer tells (Retry-After)."""
        told = entry.answer_headers.get("Retry-After", "")
        if told.isdecimal():
            return entry.answered_at + int(told)
        try:
            return parsedate_to_datetime(told).timestamp() + self.ahead_s
        except ValueError:
            return None

    def usual(self, entry: Entry) -> int:
        """How often the client sends just this when nothing happens to it: of several, none is surely a second try."""
        return max(1, sum(_alike(entry, other) for other in self.honest or ()))

    def got(self, entry: Entry) -> bool:
        """Whether the same thing was answered whole in the end."""
        return any(
            _is_past_the_end(other)
            or (0 < other.status < _BAD and not other.cut and other not in self.struck and _to_the_end(other))
            for other in self.repeats(entry)
        )


def is_link(entry: Entry) -> bool:
    """Whether a request is for what a signed link leads to, and not one of the document's."""
    return entry.operation is None and "signature=" in entry.query.lower()


def _alike(one: Entry, other: Entry) -> bool:
    return (one.method, one.target, one.query, one.body) == (other.method, other.target, other.query, other.body)


def begin_of(entry: Entry) -> int:
    """The first byte that a request asks for, of what it asks for."""
    match = re.match(r"bytes=(\d+)-", entry.headers.get("Range", ""))
    return int(match[1]) if match else 0


def is_part(entry: Entry) -> bool:
    """Whether an answer is a part of what is there."""
    return entry.status == _PARTIAL


def _to_the_end(entry: Entry) -> bool:
    match = _CONTENT_RANGE.match(entry.answer_headers.get("Content-Range", ""))
    return not is_part(entry) or match is None or int(match[2]) + 1 == int(match[3])


def _is_past_the_end(entry: Entry) -> bool:
    """Whether a client that goes on where it is was told that it is at the end (RFC 9110, section 15.5.17)."""
    told = entry.answer_headers.get("Content-Range", "")
    return entry.status == _NOT_SATISFIABLE and told == f"bytes */{begin_of(entry)}"


def _mentions(entry: Entry, target: str) -> bool:
    return target.encode() in entry.answer_body or target in entry.answer_headers.get("Location", "")
