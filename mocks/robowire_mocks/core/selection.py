"""Which entries of a journal are meant."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypedDict

from robowire_mocks.core.matching import Calls

if TYPE_CHECKING:
    from robowire_mocks.core.entry import Entry


class Wanted(TypedDict, total=False):
    """What entries are chosen by, besides their operation; see `Journal.entries`."""

    method: str | None
    path: str | None
    status: int | None
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Calls):
    """The entries of calls that are meant, with this `status`, and after the one whose number is `since`."""

    status: int | None = None
    since: int = 0

    def has(self, entry: Entry) -> bool:
        """Whether an entry is one of them."""
        return (
            entry.number > self.since
            and (self.status is None or entry.status == self.status)
            and self.include(entry.method, entry.path, lambda: entry.operation)
        )

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in asdict(self).items() if value) or "a request"
