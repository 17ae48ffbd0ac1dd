"""Export jobs: the queue, the files, the outbox where their announcements lie, and the links that expire."""

from __future__ import annotations

import logging
import random
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.filing import Filed
from robowire_mocks.losant.engine.iso import iso_time
from robowire_mocks.losant.errors import ExportNotFound, LinkExpired

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from robowire_generators.telemetry import Device

    from robowire_mocks.core.clock import Clock
    from robowire_mocks.core.database import Database
    from robowire_mocks.core.filing import Files
    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.times import TimeRange

_ALPHABET = string.ascii_letters + string.digits + "_-"
_LENGTH = 21
_DONE, _ORDERED = "exports", "ordered exports"  # what is kept

_log = logging.getLogger("robowire.mocks")


@dataclass(frozen=True, slots=True)
class Job:
    """A finished export, as the outbox tells of it.

    `to` is the address that an e-mail would go to; `callbackStatus` what answered the callback: a status, or why there
    is none. `expiresAt` is ISO 8601 by the mock's clock, `expires_ms` the same. `file_id` is where the file is.
    """

    jobId: str  # noqa: N815  # the outbox is JSON in the API's manner
    applicationId: str  # noqa: N815  # as above
    to: str | None
    callbackUrl: str | None  # noqa: N815  # as above
    callbackStatus: int | str | None  # noqa: N815  # as above
    file: str
    url: str
    expiresAt: str  # noqa: N815  # as above
    expires_ms: int
    file_id: str


@dataclass(frozen=True, slots=True)
class Order:
    """A request for an export that is not finished, with what must be known to understand it again.

    `now` is when it came, in ms by the mock's clock.
    """

    application_id: str
    origin: str
    now: int
    body: str


Understand: TypeAlias = "Callable[[Order], tuple[Call, Sequence[Device], TimeRange]]"
"""From an order to the request that it was, and what that asked for."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The exports at one moment, none of them under way; nothing of it ever changes."""

    done: Mapping[str, Job]
    files: Filed
    random: tuple[Any, ...]


NONE = Taken({}, {}, random.Random(0).getstate())  # noqa: S311  # ids are for tests, the same each time
"""No exports."""


class Jobs:
    """The exports of one mock: one thread writes their files one after the other, in the order of their requests.

    What was asked for is kept until it is done and announced: a process goes on with what an earlier one left.
    """

    def __init__(self, files: Files, database: Database, clock: Clock) -> None:
        self.files = files
        self._database = database
        self._clock = clock
        self._done = {job_id: Job(**entry) for job_id, entry in database.rows(_DONE)}
        files.keep_only(job.file_id for job in self._done.values())
        self._random = random.Random(len(self._done))  # noqa: S311  # as above
        self._queue: Queue[tuple[str, Call, Sequence[Device], TimeRange] | None] = Queue()
        self._thread: Thread | None = None

    def begin(self, understand: Understand) -> None:
        """Go on with what an earlier process left."""
        left = {job_id: Order(**entry) for job_id, entry in self._database.rows(_ORDERED)}
        self._random.seed(len(self._done.keys() | left.keys()))
        for job_id, order in left.items():
            try:
                self._enqueue(job_id, *understand(order))
            except (LookupError, Refusal):
                _log.exception("the export %s cannot be gone on with in this world", job_id)
                self._database.remove(_ORDERED, job_id)

    def enqueue(self, call: Call, devices: Sequence[Device], time_range: TimeRange) -> str:
        """Begin an export when those before it are done; gives the job's id."""
        with self._database as database:
            job_id = "".join(self._random.choices(_ALPHABET, k=_LENGTH))
            order = Order(call.application_id, call.origin, call.now, call.raw.decode(errors="replace"))
            database.put(_ORDERED, job_id, order)
            database.afterwards(lambda: self._enqueue(job_id, call, devices, time_range))
        return job_id

    def outbox(self) -> list[dict[str, Any]]:
        """Every finished export, the oldest first; waits for those that were asked for before."""
        self._queue.join()
        return [_shown(job) for job in list(self._done.values())]

    def file(self, name: str) -> Path:
        """The file that a link leads to.

        Raises:
            ExportNotFound: No export made a file of this name.
            LinkExpired: One did, longer ago than links are valid.
        """
        job = next((job for job in list(self._done.values()) if job.file == name), None)
        if job is None:
            raise ExportNotFound(f"no export is called {name[:80]!r}")
        if self._clock.now() * 1000 >= job.expires_ms:
            raise LinkExpired(f"the link to {name} expired at {job.expiresAt}")
        return self.files.path(job.file_id)

    def take(self) -> Taken:
        """The exports that there are, once those that run are done."""
        self._queue.join()
        with self._database:
            return Taken(self._done.copy(), self.files.take(), self._random.getstate())

    def put_back(self, taken: Taken) -> None:
        """Have the exports that there were, once those that run are done."""
        self._queue.join()
        with self._database as database:
            self._done = dict(taken.done)
            database.replace(_DONE, self._done.items())
            self.files.put_back(taken.files)
            self._random.setstate(taken.random)

    def close(self) -> None:
        """End the thread, once what it has to do is done."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        self.files.close()

    def _enqueue(self, job_id: str, call: Call, devices: Sequence[Device], time_range: TimeRange) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="robowire-exports", daemon=True)
            self._thread.start()
        self._queue.put((job_id, call, devices, time_range))

    def _work(self) -> None:
        while (order := self._queue.get()) is not None:
            try:
                self._run(*order)
            except Exception:  # noqa: BLE001  # the thread lives on: other exports are not to blame
                _log.exception("the export %s failed", order[0])
            finally:
                self._database.remove(_ORDERED, order[0])
                self._queue.task_done()
        self._queue.task_done()

    def _run(self, job_id: str, call: Call, devices: Sequence[Device], time_range: TimeRange) -> None:
        name = f"{job_id}.{'zip' if call.steps.option(call, 'filePerDevice') else 'csv'}"
        file_id = self.files.make(lambda path: call.steps.write(call, devices, time_range, path))
        expires = round(self._clock.now() * 1000) + call.state.world.link_s * 1000
        job = Job(
            jobId=job_id,
            applicationId=call.found.id,
            to=call.asked.get("email"),
            callbackUrl=call.asked.get("callbackUrl"),
            callbackStatus=None,
            file=name,
            url=f"{call.origin}/exports/{name}",
            expiresAt=iso_time(expires),
            expires_ms=expires,
            file_id=file_id,
        )
        self._keep(job)  # before it is announced: the link works when somebody learns of it
        if job.callbackUrl is not None:
            self._keep(replace(job, callbackStatus=call.steps.announce(call, job)))  # LOSANT-EXPORT-201

    def _keep(self, job: Job) -> None:
        with self._database as database:
            self._done[job.jobId] = job
            database.put(_DONE, job.jobId, job)


def _shown(job: Job) -> dict[str, Any]:
    return {name: value for name, value in asdict(job).items() if name not in {"expires_ms", "file_id"}}
