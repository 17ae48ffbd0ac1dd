"""Retention at edge sites: copies of recordings that are older than their site keeps them are gone.

The document names the period at `retainRecordingsSeconds`; where it is silent: it counts from a recording's createdAt,
and a recording that was imported stays at its primary site.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from robowire_mocks.foxglove.importing import forget
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording, Site
    from robowire_mocks.foxglove.state import State


class Retention:
    """When the next copy is to go: looked for again only when recordings or sites have changed."""

    def __init__(self) -> None:
        self._seen = (-1, -1)
        self._due: int | None = None

    def apply(self, call: Call) -> None:
        """Remove what is over; hold the state's lock."""
        state = call.state
        seen = (state.recordings.changes, state.sites.changes)
        if seen == self._seen and (self._due is None or call.now < self._due):
            return
        kept: list[int] = []
        for end, recording in _ends(state):
            if call.steps.expired(call, recording, end):
                _expire(state, recording)
            else:
                kept.append(end)
        self._due = min(kept, default=None)
        self._seen = (state.recordings.changes, state.sites.changes)


def expired(call: Call, recording: Recording, end: int) -> bool:  # noqa: ARG001  # a step gets the call
    """Whether the edge copy of a recording is gone, which is kept until `end`."""
    return call.now >= end  # FOXGLOVE-SITES-308


def _ends(state: State) -> list[tuple[int, Recording]]:
    """Until when each copy at an edge site that keeps none for ever is kept."""
    periods = {site.id: _period(site) for site in state.sites if site.retain_recordings_seconds}
    return [
        (one.created_at + periods[one.edge_site_id], one)
        for one in (state.recordings if periods else ())
        if one.edge_site_id in periods
    ]


def _period(site: Site) -> int:
    return round((site.retain_recordings_seconds or 0) * SECOND)


def _expire(state: State, recording: Recording) -> None:
    if recording.complete:
        state.recordings.put(replace(recording, edge_site_id=None))
    else:
        forget(state, recording)
