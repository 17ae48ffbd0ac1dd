"""Deviations of caching (section "Caching")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_fixtures.bags import CACHE_CONTROL

from robowire_mocks.deviations.bags.changing import with_headers
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADERS: Mapping[str, tuple[str, dict[str, str]]] = {
    "uncached": ("{} carry no Cache-Control.", {}),
    "private": (
        "{} may be cached by the client only.",
        {"Cache-Control": CACHE_CONTROL.replace("public", "private")},
    ),
    "no-store": ("{} carry the documented directives, and no-store.", {"Cache-Control": f"{CACHE_CONTROL}, no-store"}),
    "ten-times": ("{} may be cached for 300 days.", {"Cache-Control": f"{CACHE_CONTROL}0"}),
}

for _id, (_summary, _headers) in _HEADERS.items():
    BAGS.add(
        f"metadata-{_id}",
        breaks="BAGS-CACHE-001",
        step="metadata",
        summary=_summary.format("Metadata"),
        wrapper=with_headers(_headers),
    )
    BAGS.add(
        f"chunk-{_id}",
        breaks="BAGS-CACHE-002",
        step="chunk",
        summary=_summary.format("Chunks"),
        wrapper=with_headers(_headers),
    )
