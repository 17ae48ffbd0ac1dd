"""The import pipeline at work: a thread that takes each arrived file from stage to stage, when its time has come."""

from __future__ import annotations

import logging
import time
from threading import Condition, Event, Lock, Thread
from typing import TYPE_CHECKING

from robowire_mocks.foxglove import importing

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import PendingImport
    from robowire_mocks.foxglove.state import State

_PATIENCE_S = 5.0  # how long the end of a stage that is being carried out is waited for
_LOOK_S = 0.05  # how often a clock that somebody may move is looked at

_log = logging.getLogger("robowire.mocks")


class Pipeline:
    """Carries out the stages of all imports, one at a time.

    An import stays at a stage for as long as the world says, by the mock's clock or in real time, whichever is over
    first: a clock that stands still does not keep it, and one that is moved on hurries it.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._call: Callable[[], Call] | None = None
        self._held = False
        self._stopped = False
        self._news = Event()
        self._working = Lock()
        self._turned = Condition()
        self._turns = 0
        self._since: dict[tuple[str, str], tuple[float, float]] = {}  # when an import came to its stage, by two clocks
        self._thread: Thread | None = None

    def begin(self, call: Callable[[], Call]) -> None:
        """Go on with what an earlier process left; `call` gives a call with the mock's present steps and time."""
        self._call = call
        if self._running():
            self.wake()

    def wake(self) -> None:
        """A file has arrived."""
        if self._thread is None and not self._stopped:
            self._thread = Thread(target=self._work, name="robowire-imports", daemon=True)
            self._thread.start()
        self._news.set()

    def hold(self, held: bool) -> None:  # noqa: FBT001  # it says what it sets
        """Let every import stay where it is, or go on."""
        self._held = held
        self._news.set()
        self._turn()

    def step(self, request_id: str | None = None) -> int:
        """Carry out the present stage of one import, or of all; gives how many there were."""
        jobs = [job.id for job in self._running() if request_id in {None, job.id}]
        for job_id in jobs:
            self._advance(job_id)
        return len(jobs)

    def wait(self, seconds: float = 60) -> bool:
        """Wait until nothing is left to do, or imports are held; whether nothing is left came within `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            turns = self._turns
            if not self._running():
                return True
            left = deadline - time.monotonic()
            if self._held or left <= 0:
                return False
            with self._turned:
                self._turned.wait_for(lambda: self._turns != turns, left)  # noqa: B023  # called at once

    @property
    def held(self) -> bool:
        """Whether every import stays where it is."""
        return self._held

    def put_back(self, *, held: bool) -> None:
        """Go on with the imports that there are now, unless they are held."""
        self._since = {}
        self.hold(held)
        if self._call is not None and self._running():
            self.wake()

    def stop(self) -> None:
        """End the thread; what is not finished stays as it is."""
        self._stopped = True
        self._news.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)

    def _running(self) -> list[PendingImport]:
        with self._state.lock:
            return self._state.pending_imports.where("running", True)  # noqa: FBT003  # what an index is asked for

    def _work(self) -> None:
        while not self._stopped:
            self._news.clear()
            job_id, wait = self._next()
            if job_id is not None:
                self._advance(job_id)
            else:
                self._news.wait(wait)

    def _next(self) -> tuple[str | None, float | None]:
        """The import whose stage is over, or how long to wait for one; None: until there is news."""
        jobs = [] if self._held else self._running()
        here, there = time.monotonic(), self._state.clock.now()
        since = self._since
        self._since = {(job.id, job.stage): since.get((job.id, job.stage), (here, there)) for job in jobs}
        lasting = {job_id: max(here - came, there - then) for (job_id, _), (came, then) in self._since.items()}
        if not lasting:
            return None, None
        job_id = max(lasting, key=lambda one: lasting[one])
        left = self._state.world.imports.stage_s - lasting[job_id]
        return (job_id, None) if left <= 0 else (None, min(left, _LOOK_S))

    def _advance(self, job_id: str) -> None:
        """Carry out one stage; an error of the mock's own ends the import, and no other one."""
        assert self._call is not None
        with self._working:
            try:
                importing.advance(self._call(), job_id)
            except Exception as error:  # noqa: BLE001  # other imports are not to blame
                _log.exception("the import %s failed", job_id)
                importing.give_up(self._call(), job_id, f"the mock failed: {type(error).__name__}")
        self._since = {key: since for key, since in self._since.items() if key[0] != job_id}
        self._turn()

    def _turn(self) -> None:
        with self._turned:
            self._turns += 1
            self._turned.notify_all()
