"""The journal of a mock: which requests came and what they were answered, for tests to read and to assert on."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import Condition
from typing import TYPE_CHECKING

from robowire_mocks.core.selection import Selection
from robowire_mocks.core.tapping import Tap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Unpack
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from robowire_mocks.core.documented import Documented
    from robowire_mocks.core.entry import Entry
    from robowire_mocks.core.selection import Wanted

LIMIT: int = 10_000
"""Entries that are kept."""

BODIES: int = 64 * 1024 * 1024
"""Bytes of bodies that are kept in all: older entries are forgotten earlier where theirs are long."""

_MOST_SHOWN = 20  # entries in the text of a failed assertion


class Journal:
    """The last requests of one mock, but those of its controls.

    An entry is there before the client has the last byte of its answer, so that a test that has its answer sees it.
    `now` tells the mock's time; `listeners` are called with each entry, in the thread that answers it.
    """

    def __init__(self, now: Callable[[], float], documented: Documented, *, limit: int = LIMIT) -> None:
        self.documented = documented
        self.listeners: list[Callable[[Entry], None]] = []
        self.now = now
        self._entries: deque[Entry] = deque()
        self._limit = limit
        self._held = 0  # bytes of bodies
        self._last = 0  # the number of the newest entry
        self._era = 0  # of requests that began before `clear` nothing is noted
        self._changed = Condition()

    def entries(self, *, operation: str | None = None, **wanted: Unpack[Wanted]) -> list[Entry]:
        """The entries that fit all that is asked for, oldest first.

        Args:
            operation: The document's name of it, such as `listDevices`.
            **wanted: `method`, in either case; `path`, decoded, below host and port, where `*` stands for anything;
                `status` of the answer; `since`, the number of an entry: those after it.

        Raises:
            ValueError: The document has no such operation.
        """
        return self._found(self._selection(operation, wanted))

    def last(self) -> Entry | None:
        """The newest entry, or None."""
        with self._changed:
            return self._entries[-1] if self._entries else None

    @property
    def newest(self) -> int:
        """The number of the newest entry that there ever was, 0 if there was none."""
        return self._last

    def clear(self) -> None:
        """Forget all entries, and note nothing of the requests that are still being answered; numbers go on."""
        with self._changed:
            self._entries.clear()
            self._held = 0
            self._era += 1
            self._changed.notify_all()

    def wait_for(
        self, *, count: int = 1, timeout: float = 5.0, operation: str | None = None, **wanted: Unpack[Wanted]
    ) -> list[Entry]:
        """The entries that fit, once there are at least `count` of them; see `entries`.

        Raises:
            TimeoutError: There are not so many after `timeout` seconds; the text says what came instead.
            ValueError: The document has no such operation.
        """
        selection = self._selection(operation, wanted)
        found: list[Entry] = []

        def there() -> bool:
            found[:] = self._found(selection)
            return len(found) >= count

        with self._changed:
            if not self._changed.wait_for(there, timeout):
                raise TimeoutError(self._instead(f"{count} times {selection}", len(found)))
        return found

    def assert_called(
        self, operation: str | None = None, times: int | None = None, **wanted: Unpack[Wanted]
    ) -> list[Entry]:
        """The entries that fit, if there are `times` of them, or any without it; see `entries`.

        Raises:
            AssertionError: There are not; the text says what was called instead.
            ValueError: The document has no such operation.
        """
        selection = self._selection(operation, wanted)
        found = self._found(selection)
        if len(found) != times if times is not None else not found:
            count = "" if times is None else f"{times} times "
            raise AssertionError(self._instead(f"{count}{selection}", len(found)))
        return found

    def assert_not_called(self, operation: str | None = None, **wanted: Unpack[Wanted]) -> None:
        """Nothing, if no entry fits; see `assert_called`."""
        self.assert_called(operation, 0, **wanted)

    def assert_no_unknown(self) -> None:
        """Nothing, if every request asks for what the document has.

        Raises:
            AssertionError: One does not; the text names what is nearest.
        """
        strange = [entry for entry in self.entries() if entry.hint]
        if strange:
            raise AssertionError("\n".join(["the document does not have what was asked for:", *_lines(strange)]))

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """`app`, whose requests are noted here."""

        def noted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return Tap(self, self._era, app, environ, start_response)

        return noted

    def add(self, make: Callable[[int], Entry], era: int) -> Entry | None:
        """Note an entry, made with its number; None if the journal was cleared meanwhile."""
        with self._changed:
            if era != self._era:
                return None
            self._last += 1
            entry = make(self._last)
            self._entries.append(entry)
            self._held += len(entry.body) + len(entry.answer_body)
            while len(self._entries) > self._limit or (self._held > BODIES and len(self._entries) > 1):
                oldest = self._entries.popleft()
                self._held -= len(oldest.body) + len(oldest.answer_body)
            self._changed.notify_all()
        for listener in tuple(self.listeners):
            listener(entry)
        return entry

    def replace(self, entry: Entry, changed: Entry) -> None:
        """Put an entry in the place of another, if that is still there."""
        with self._changed, suppress(ValueError):
            self._entries[self._entries.index(entry)] = changed
            self._changed.notify_all()

    def _selection(self, operation: str | None, wanted: Wanted) -> Selection:
        if operation is not None:
            self.documented.check(operation)
        return Selection(operation=operation, **wanted)

    def _found(self, selection: Selection) -> list[Entry]:
        with self._changed:
            there = list(self._entries)
        return [entry for entry in there if selection.has(entry)]

    def _instead(self, wanted: str, count: int) -> str:
        there = self.entries()
        head = f"expected {wanted}, and got {count}; "
        return head + ("nothing was called" if not there else "\n".join(["what was called:", *_lines(there)]))


def _lines(entries: list[Entry]) -> list[str]:
    """The newest of them, a line each."""
    left_out = len(entries) - _MOST_SHOWN
    head = [f"  ({left_out} before these)"] if left_out > 0 else []
    return head + [f"  {entry.number}: {entry}" for entry in entries[-_MOST_SHOWN:]]
