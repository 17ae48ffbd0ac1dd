"""What a set of answers proves and disproves, requirement by requirement; all suites gather their findings so."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from robowire_conformance.evidence import Exchange
from robowire_conformance.verdict import NotTested, Violation


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, with its evidence; of many, the one of least `weight` is the easiest to read."""

    message: str
    expected: object
    actual: object
    exchange: Exchange
    weight: int


class Judgement:
    """Faults and sightings by requirement.

    A requirement with a fault is violated. One without is fulfilled only if it was seen at work; otherwise it is not
    tested, for the reason that blocked it or that nothing gave occasion to see it.
    """

    def __init__(self) -> None:
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._seen: Counter[str] = Counter()
        self._blocked: dict[str, str] = {}

    def fault(self, requirement: str, fault: Fault) -> None:
        """Note something that violates a requirement."""
        self._faults[requirement].append(fault)

    def saw(self, requirement: str, times: int = 1) -> None:
        """Note that a requirement was seen fulfilled."""
        self._seen[requirement] += times

    def block(self, *requirements: str, reason: str) -> None:
        """Note why requirements cannot be told from these answers; what is seen of them does not count."""
        for requirement in requirements:
            self._blocked.setdefault(requirement, reason)

    def dismiss(self, *requirements: str, reason: str) -> None:
        """Take back the faults of requirements that something else explains."""
        for requirement in requirements:
            self._faults.pop(requirement, None)
        self.block(*requirements, reason=reason)

    def faulty(self, *requirements: str) -> bool:
        """Whether any of the requirements is violated."""
        return any(self._faults.get(requirement) for requirement in requirements)

    def lay(self, requirements: Sequence[str], cause: str) -> None:
        """Lay the faults of some requirements to another one that explains them all, and block those."""
        for requirement in requirements:
            self._faults[cause] += self._faults.pop(requirement, [])
        self.block(*requirements, reason=f"{cause}, which it needs, fails")

    def join(self, other: "Judgement") -> None:
        """Take in what another judgement says."""
        for requirement, faults in other._faults.items():  # noqa: SLF001  # another of its own kind
            self._faults[requirement] += faults
        self._seen.update(other._seen)  # noqa: SLF001
        self._blocked = {**other._blocked, **self._blocked}  # noqa: SLF001

    def settle(self, requirement: str, *, without: str = "the target's bags give no occasion to see it") -> None:
        """Give the verdict on a requirement; `without` says what was lacking if nothing was seen.

        Raises:
            Violation: There is a fault.
            NotTested: It could not be seen.
        """
        faults = self._faults.get(requirement)
        if faults:
            worst = min(faults, key=lambda fault: fault.weight)
            more = f" ({len(faults)} times in all)" if len(faults) > 1 else ""
            raise Violation(worst.message + more, expected=worst.expected, actual=worst.actual, exchange=worst.exchange)
        if requirement in self._blocked:
            raise NotTested(self._blocked[requirement])
        if not self._seen[requirement]:
            raise NotTested(without)
