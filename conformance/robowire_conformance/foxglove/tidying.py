"""The removal of recordings: everything that came of the suite's uploads, under whichever ids."""

import time
from collections.abc import Iterator
from typing import Any

from robowire_conformance.client import Unreachable
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.verdict import NotTested, Violation

PAGE = 1000
MOST_PAGES = 20
WAITING_S = 10.0
"""How long imports that are still under way are waited for before what came of them is removed."""

UNDER_WAY = frozenset({"received", "processing", "ready for indexing"})


def remove_recordings(api: Api) -> list[str]:
    """Delete the recordings of all uploaded files; the ids of those that could not be.

    A recording that is at an edge site too loses its imported data only, and is not the suite's.
    """
    if not api.ledger.files:
        return []
    until = time.monotonic() + WAITING_S
    try:
        while _under_way(api) and time.monotonic() < until:
            time.sleep(0.05)
        for one in _own(api):
            api.ask("DELETE /recordings/{keyOrId}", one)
        return [one for one in _own(api) if api.ask("GET /recordings/{keyOrId}", one).done]
    except (Unreachable, NotTested, Violation):
        return []


def _own(api: Api) -> list[str]:
    files = api.ledger.files
    items = _all(api, "/recordings")
    names = {name.rpartition("/")[2] for name in files}
    return [one["id"] for one in items if str(one.get("path")).rpartition("/")[2] in names and "edgeSite" not in one]


def _under_way(api: Api) -> bool:
    """Whether a file that was put is still being imported."""
    requests = {*api.ledger.files.values()}
    pending = _all(api, "/data/pending-imports")
    return any(one.get("requestId") in requests and one.get("status") in UNDER_WAY for one in pending)


def _all(api: Api, path: str) -> Iterator[dict[str, Any]]:
    """The items of a list over its pages; none where it is not answered."""
    for number in range(MOST_PAGES):
        reply = api.ask(f"GET {path}", params={"limit": PAGE, "offset": number * PAGE})
        found = [*_items(reply)]
        yield from (one for one in found if isinstance(one.get("id", one.get("requestId")), str))
        if len(found) < PAGE:
            return


def _items(reply: Reply) -> Iterator[dict[str, Any]]:
    """The objects in an answer, whatever else is wrong with its form: nothing may be left because of that."""
    body: Any = reply.body if 200 <= reply.status < 300 else None
    if isinstance(body, dict):
        body = next((value for value in body.values() if isinstance(value, list)), None)
    yield from (one for one in (body if isinstance(body, list) else ()) if isinstance(one, dict))
