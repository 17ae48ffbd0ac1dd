"""Whole lists, page after page: a target may hold more than one page of what the suite looks for."""

from collections.abc import Mapping
from dataclasses import replace

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.verdict import NotTested

PAGE = 1000
"""How many items the suite asks for at once: a limit that has nothing special, unlike none and the greatest."""

MOST_PAGES = 40
OVERLAP = 10
"""So many items of a page are asked for again with the next one, to see that it goes on where this one ends."""

ATTEMPTS = 3


def whole(api: Api, name: str, params: Mapping[str, JSON] | None = None) -> Reply:
    """A list with all its items, which most often is one page; the evidence is the first one.

    A page that is not answered as documented is the reply, as it stands.

    Raises:
        NotTested: The list is too long, or its pages do not go on where the one before ends.
    """
    for _ in range(ATTEMPTS):
        reply = _read(api, name, params or {})
        if reply is not None:
            return reply
    raise NotTested(f"{name} lists more than {PAGE} items, and does not stay the same from one page to the next")


def _read(api: Api, name: str, params: Mapping[str, JSON]) -> Reply | None:
    """The list, read once; None where two pages do not fit."""
    first = api.ask(name, params={"limit": PAGE, "offset": 0, **params})
    if not first.done or len(first.body) < PAGE:
        return first
    found = [*first.body]
    seen, last = {repr(one) for one in found}, len(found)
    while last >= PAGE:
        if len(found) > MOST_PAGES * PAGE:
            raise NotTested(f"{name} lists more than {MOST_PAGES * PAGE} items")
        reply = api.ask(name, params={**params, "limit": PAGE, "offset": len(found) - OVERLAP})
        if not reply.done:
            return reply
        end = {repr(one) for one in found[-OVERLAP:]}
        if not end & {repr(one) for one in reply.body}:
            return None
        new = [one for one in reply.body if repr(one) not in seen]
        found += new
        seen |= {repr(one) for one in new}
        last = len(reply.body) if new else 0
    return replace(first, body=found)
