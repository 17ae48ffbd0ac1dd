"""The controls that tell what a client did: the journal, waiting for it, asserting on it, and the API's operations."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager, nullcontext, suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.control.asked import Asked, Control, NotThere

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from robowire_mocks.core.entry import Entry
    from robowire_mocks.core.journal import Journal

LONGEST_S: float = 30.0
"""Seconds that reading the journal waits at most."""

WAITING: int = 6
"""Requests that may wait at once; each occupies one of the server's threads, and others are to be answered."""

FILTER: Mapping[str, type] = {"operation": str, "method": str, "path": str, "status": int, "since": int}
"""What calls are chosen by."""

_STEP_S = 0.25  # how often who waits looks whether the server stops
_BODIES = frozenset({"headers", "body", "answer_headers", "answer_body"})
_TRUE = {"true": True, "1": True, "false": False, "0": False}
_lock = Lock()
_waiting: list[tuple[Event, bool]] = []  # what tells one who waits to go, and whether it gives way to others


class TooManyWait(Refusal):
    """There is no thread to wait in."""

    status = 503


def read_journal(asked: Asked) -> list[dict[str, Any]]:
    """The entries that fit, without bodies; waits for the first."""
    query = dict(asked.query)
    unknown, limit, wait_s = query.pop("unknown", "false"), query.pop("limit", None), query.pop("wait_s", "0")
    if unknown not in _TRUE:
        raise ValueError(f"unknown must be true or false, not {unknown[:80]!r}")
    wanted = _filter(
        {name: _number(name, value) if FILTER.get(name) is int else value for name, value in query.items()}
    )
    patience = _seconds("wait_s", float(_number("wait_s", wait_s, float)), LONGEST_S)
    with _place(gives_way=True) if patience else nullcontext(Event()) as told_to_go:
        entries = _awaited(asked, wanted, time.monotonic() + patience, told_to_go, unknown=_TRUE[unknown])
    most = None if limit is None else _at_least("limit", int(_number("limit", limit)), 1)
    return [_listed(entry) for entry in (entries if most is None else entries[-most:])]


def read_entry(asked: Asked) -> dict[str, Any]:
    """One entry whole."""
    number = int(asked.path["number"])
    for entry in asked.mock.journal.entries(since=number - 1):
        if entry.number == number:
            return entry.told()
    raise NotThere(f"the journal has no entry {number}")


def clear_journal(asked: Asked) -> None:
    """Forget what was asked."""
    asked.mock.journal.clear()


def wait_for_calls(asked: Asked) -> dict[str, Any]:
    """Whether so many came in time, and which."""
    body = dict(asked.body)
    count = _at_least("count", body.pop("count", 1), 1)
    until = time.monotonic() + _seconds("timeout_s", body.pop("timeout_s", 5), 2 * LONGEST_S)
    with _place(gives_way=False) as told_to_go:
        entries = _awaited(asked, _filter(body), until, told_to_go, count=count)
    return {"came": len(entries) >= count, "entries": [_listed(entry) for entry in entries]}


def assert_calls(asked: Asked) -> dict[str, Any]:
    """Whether what is claimed of the calls holds."""
    body, journal = dict(asked.body), asked.mock.journal
    last = journal.newest
    try:
        if "unknown" in body:
            if body != {"unknown": False}:
                raise ValueError('send {"unknown": false} alone: nothing was asked that the document does not have')
            journal.assert_no_unknown()
        else:
            times = body.pop("times", None)
            journal.assert_called(times=None if times is None else _at_least("times", times, 0), **_filter(body))
    except AssertionError as broken:
        return {"holds": False, "text": str(broken), "last": last}
    return {"holds": True, "text": "", "last": last}


def list_operations(asked: Asked) -> list[dict[str, Any]]:
    """The API's operations, and how often each was called."""
    return operations_of(asked.mock.journal)


def operations_of(journal: Journal) -> list[dict[str, Any]]:
    """The operations of the journal's document, each with its count."""
    calls = Counter(entry.operation for entry in journal.entries())
    operations = journal.documented.operations.values()
    return [
        {"name": one.name, "method": one.method, "path": one.path, "summary": one.summary, "calls": calls[one.name]}
        for one in operations
    ]


def journal_in_short(journal: Journal) -> dict[str, int]:
    """How many calls there were, and of what kinds."""
    entries, newest = journal.entries(), journal.newest
    return {
        "calls": len(entries),
        "unknown": sum(1 for entry in entries if entry.hint),
        "faults": sum(1 for entry in entries if entry.fault),
        "first": entries[0].number if entries else newest + 1,
        "last": newest,
    }


@contextmanager
def _place(*, gives_way: bool) -> Iterator[Event]:
    """One of the places of those who wait, until the event; of those who give way, the first leaves when all are taken.

    A page that was closed is not known to be gone: its place is for the next one.
    """
    here = Event(), gives_way
    with _lock:
        if len(_waiting) >= WAITING:
            first = next((one for one in _waiting if one[1]), None)
            if first is None:
                raise TooManyWait(f"{WAITING} requests wait already; ask again")
            _waiting.remove(first)
            first[0].set()
        _waiting.append(here)
    try:
        yield here[0]
    finally:
        with _lock, suppress(ValueError):
            _waiting.remove(here)


def _awaited(
    asked: Asked, wanted: dict[str, Any], until: float, told_to_go: Event, *, count: int = 1, unknown: bool = False
) -> list[Entry]:
    """The entries that fit, as soon as there are `count`, it is `until`, or whoever waits is told to go."""
    journal: Journal = asked.mock.journal
    while True:
        newest = journal.newest
        found = [entry for entry in journal.entries(**wanted) if entry.hint or not unknown]
        left = until - time.monotonic()
        if len(found) >= count or left <= 0 or asked.stopping.is_set() or told_to_go.is_set():
            return found
        with suppress(TimeoutError):
            journal.wait_for(since=newest, timeout=min(left, _STEP_S))


def _listed(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in entry.told().items() if name not in _BODIES}


def _filter(given: Mapping[str, Any]) -> dict[str, Any]:
    """Which entries are wanted, as the journal's methods take it."""
    for name, value in given.items():
        if name not in FILTER:
            raise ValueError(f"calls are not chosen by {name[:80]!r}, but by {', '.join(FILTER)}")
        if not isinstance(value, FILTER[name]) or isinstance(value, bool):
            kind = "an integer" if FILTER[name] is int else "a string"
            raise ValueError(f"{name} must be {kind}")  # noqa: TRY004  # answered as any other bad body
    return dict(given)


def _typed(name: str, text: str) -> Any:  # what `_filter` wants
    return _number(name, text) if FILTER.get(name) is int else text


def _number(name: str, text: str, kind: type[int | float] = int) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {text[:80]!r}") from None


def _seconds(name: str, value: Any, most: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{name} must be a number from 0 to {most:g}")
    return float(value)


def _at_least(name: str, value: Any, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be an integer, at least {least}")
    return value


CONTROLS = (
    Control("readJournal", "GET", "/journal", read_journal),
    Control("clearJournal", "DELETE", "/journal", clear_journal),
    Control("readEntry", "GET", "/journal/<int:number>", read_entry),
    Control("waitForCalls", "POST", "/journal/wait", wait_for_calls),
    Control("assertCalls", "POST", "/journal/assert", assert_calls),
    Control("listOperations", "GET", "/operations", list_operations),
)
