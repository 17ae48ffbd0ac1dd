"""The faults of a mock: which are to be met, by which calls, and which were."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.answer import error_body
from robowire_mocks.core.fault import Fault, fault_of
from robowire_mocks.core.matching import operation_of, path_of
from robowire_mocks.core.meeting import MEETINGS, Meeting
from robowire_mocks.core.tapping import FAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from robowire_mocks.core.answer import Problem
    from robowire_mocks.core.documented import Documented


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a fault: how many calls it is meant for came, how many met it, how many will yet (None: all)."""

    fault: Fault
    matched: int
    met: int
    left: int | None

    def told(self) -> dict[str, Any]:
        """The account as a JSON object."""
        return {"fault": self.fault.told(), "matched": self.matched, "met": self.met, "left": self.left}


class _Armed:
    """A fault that waits for its calls; guarded by the lock of `Faults`."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.matched = self.met = 0
        self._chance = random.Random(fault.seed)  # noqa: S311  # a seeded choice, and no secret

    @property
    def left(self) -> int | None:
        return None if self.fault.times is None else self.fault.times - self.met

    def takes(self) -> bool:
        """Whether this call, one that the fault is meant for, meets it."""
        self.matched += 1
        due = self.matched > self.fault.skip and self._chance.random() < self.fault.probability
        self.met += due
        return due


class Faults:
    """The faults that calls meet, in the order in which they were added: a call meets the first that it is due for.

    `problem` writes the API's errors.
    """

    def __init__(self, documented: Documented, problem: Problem = error_body) -> None:
        self.documented = documented
        self.problem = problem
        self._waiting: list[list[_Armed]] = []  # a fault alone, or those of a sequence
        self._count = 0
        self._lock = Lock()
        self._cleared = Event()

    def add(self, fault: Fault | Mapping[str, Any] | None = None, /, **parameters: Any) -> str:
        """Let calls meet a fault from now on; gives its id, which the journal names where it was met.

        Raises:
            ValueError: There is no such fault, operation or parameter, or the id is taken.
        """
        return self._arm([fault_of(fault, parameters)])[0]

    def sequence(self, faults: Iterable[Fault | Mapping[str, Any]]) -> tuple[str, ...]:
        """Let calls meet these in this order: the next is due once the one before it was met `times` times (1).

        Raises:
            ValueError: As `add` does; then none is added.
        """
        given = [fault_of(fault, {}) for fault in faults]
        return self._arm([replace(fault, times=fault.times or 1) for fault in given])

    def remove(self, fault_id: str) -> None:
        """Let no further call meet this fault.

        Raises:
            ValueError: There is none with this id.
        """
        with self._lock:
            left = [[armed for armed in group if armed.fault.id != fault_id] for group in self._waiting]
            if left == self._waiting:
                raise ValueError(f"no fault has the id {fault_id!r}")
            self._waiting = [group for group in left if group]

    def clear(self) -> None:
        """Forget all faults; who is kept waiting by one waits no longer."""
        with self._lock:
            self._waiting = []
            self._cleared.set()
            self._cleared = Event()

    def account(self) -> tuple[Account, ...]:
        """What became of each fault since it was added, in that order."""
        with self._lock:
            return tuple(
                Account(armed.fault, armed.matched, armed.met, armed.left) for group in self._waiting for armed in group
            )

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """`app`, whose calls meet the faults."""

        def faulty(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            armed = self._take(environ) if self._waiting else None
            if armed is None:
                return app(environ, start_response)
            environ[FAULT] = armed.fault.id
            meeting = Meeting(
                armed.fault, self.problem, self._cleared, lambda: self._missed(armed, environ), app, environ
            )
            return MEETINGS[armed.fault.kind](meeting, start_response)

        return faulty

    def _arm(self, faults: list[Fault]) -> tuple[str, ...]:
        with self._lock:
            known = {armed.fault.id for group in self._waiting for armed in group}
            group = []
            for fault in faults:
                if fault.operation is not None:
                    self.documented.check(fault.operation)
                self._count += 1
                named = replace(fault, id=fault.id or f"{fault.kind}-{self._count}")
                if named.id in known:
                    raise ValueError(f"a fault with the id {named.id!r} is there already")
                known.add(named.id)
                group.append(_Armed(named))
            self._waiting = [*self._waiting, group]
        return tuple(armed.fault.id for armed in group)

    def _take(self, environ: WSGIEnvironment) -> _Armed | None:
        """The fault that a call meets, counted as met; None if it meets none."""
        operation = cache(lambda: operation_of(environ, self.documented))
        method, path = environ["REQUEST_METHOD"], path_of(environ)
        with self._lock:
            for group in self._waiting:
                armed = next((one for one in group if one.left != 0), None)
                if armed and armed.fault.calls.include(method, path, operation) and armed.takes():
                    return armed
        return None

    def _missed(self, armed: _Armed, environ: WSGIEnvironment) -> None:
        """Take back that a call met a fault: its answer is none that the fault can befall."""
        del environ[FAULT]
        with self._lock:
            armed.met -= 1
