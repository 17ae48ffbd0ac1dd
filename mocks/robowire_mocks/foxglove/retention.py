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
        for site, recording in _copies(state):
            end = call.steps.kept_until(call, site, recording)
            if end is None:
                continue
            if call.now >= end:  # FOXGLOVE-SITES-311
                _expire(state, recording)
            else:
                kept.append(end)
        self._due = min(kept, default=None)
        self._seen = (state.recordings.changes, state.sites.changes)


def kept_until(call: Call, site: Site, recording: Recording) -> int | None:  # noqa: ARG001  # a step gets the call
    """Until when a site keeps its copy of a recording; None stands for ever."""
    if not site.retain_recordings_seconds:  # FOXGLOVE-SITES-307
        return None
    return recording.created_at + round(site.retain_recordings_seconds * SECOND)  # FOXGLOVE-SITES-308


def _copies(state: State) -> list[tuple[Site, Recording]]:
    """The recordings at edge sites that say how long they keep them."""
    sites = [site for site in state.sites if site.retain_recordings_seconds is not None]
    return [(site, one) for site in sites for one in state.recordings.where("edge_site_id", site.id)]


def _expire(state: State, recording: Recording) -> None:
    if recording.complete:
        state.recordings.put(replace(recording, edge_site_id=None))
    else:
        forget(state, recording)
