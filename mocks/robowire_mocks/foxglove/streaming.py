"""Requests for data whose links were given, until the links are over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """What is asked for: recordings by their ids; times in ns, both bounds included, None where there is none.

    `topics` None stands for all. `since` asks for the last message of each channel before `start` that is not earlier.
    """

    recordings: tuple[str, ...]
    start: int | None = None
    end: int | None = None
    topics: frozenset[str] | None = None
    since: int | None = None
    attachments: bool = False
    bag: bool = False


class Streams:
    """Requests by the ids in their links. Hold the state's lock."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[int, StreamRequest]] = {}

    def put(self, stream_id: str, request: StreamRequest, expires: int, now: int) -> None:
        """Keep a request until `expires`, and forget those that are over."""
        over = [one for one, (until, _) in self._waiting.items() if until <= now]
        for one in over:
            del self._waiting[one]
        self._waiting[stream_id] = expires, request

    def take(self) -> Mapping[str, tuple[int, StreamRequest]]:
        """Those that wait now."""
        return dict(self._waiting)

    def put_back(self, waiting: Mapping[str, tuple[int, StreamRequest]]) -> None:
        """Let these wait, and no others."""
        self._waiting = dict(waiting)

    def get(self, stream_id: str) -> StreamRequest | None:
        """The request, or None: it is over, or there was none."""
        return self._waiting.get(stream_id, (0, None))[1]
