"""One request to the Bags API, as its steps see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from robowire_mocks.bags.folder import StoredBag
from robowire_mocks.bags.query import TimeRange
from robowire_mocks.bags.storage import Storage
from robowire_mocks.formats.rosbag1 import Bag

if TYPE_CHECKING:
    from robowire_mocks.bags.steps import Steps  # noqa: TC004  # it imports this module


class Operation(Enum):
    """The documented operations."""

    LIST = "list"
    DOWNLOAD = "download"
    PLAYER = "player"


@dataclass(frozen=True, slots=True)
class Call:
    """A request and what is known of it so far.

    `origin` is scheme and host by which the client reached the mock, `args` the query. `stored`, `bag` and `range`
    are set once the steps that find them have run.
    """

    operation: Operation
    steps: Steps
    storage: Storage
    origin: str
    filename: str = ""
    args: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stored: StoredBag | None = None
    bag: Bag | None = None
    range: TimeRange | None = None

    @property
    def opened(self) -> Bag:
        """The bag, in steps that come after it was opened."""
        assert self.bag is not None
        return self.bag

    @property
    def asked(self) -> TimeRange:
        """The range, in steps of a chunk."""
        assert self.range is not None
        return self.range
