"""Lists that are longer than a page are read whole, from a server of a list that may change meanwhile."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from robowire_conformance.client import Client
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.whole import PAGE, whole
from robowire_conformance.verdict import NotTested


@dataclass
class Listing:
    """A server of devices; `change` is done to their ids after each answer."""

    ids: list[str]
    change: Callable[[list[str]], object] = lambda _: None
    asked: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve a page."""
        query = parse_qs(environ["QUERY_STRING"])
        limit, offset = (int(query[name][0]) for name in ("limit", "offset"))
        self.asked.append((limit, offset))
        page = [{"id": one, "name": one} for one in self.ids[offset : offset + limit]]
        self.change(self.ids)
        start_response("200 -", [("Content-Type", "application/json")])
        return [json.dumps(page).encode()]


def read(listing: Listing) -> list[str]:
    """The ids of the whole list."""
    body: Any = whole(Api(Client("http://127.0.0.1", app=listing)), "GET /devices").require_done()
    return [one["id"] for one in body]


def ids(count: int) -> list[str]:
    """So many ids."""
    return [f"dev_{number}" for number in range(count)]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (7, 1), (PAGE - 1, 1), (PAGE, 2), (2 * PAGE + 5, 3)])
def test_a_list_is_read_to_its_end(count: int, pages: int) -> None:
    """All items are there once; what fits on one page takes one request."""
    listing = Listing(ids(count))
    assert read(listing) == ids(count)
    assert len(listing.asked) == pages


@pytest.mark.parametrize("change", [lambda listed: listed.insert(0, f"new_{len(listed)}"), lambda listed: listed.pop()])
def test_a_list_that_changes_a_little_is_read(change: Callable[[list[str]], object]) -> None:
    """What was there all the time is there once, though pages have moved meanwhile."""
    found = read(Listing(ids(2 * PAGE), change))
    assert [one for one in found if not one.startswith("new")][: 2 * PAGE - 9] == ids(2 * PAGE)[: 2 * PAGE - 9]


def test_a_list_that_does_not_hold_still_tells_nothing() -> None:
    """Pages that do not follow one another are no list."""
    with pytest.raises(NotTested, match="does not stay the same"):
        read(Listing(ids(2 * PAGE), lambda listed: listed.reverse()))


def test_a_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with too many items is not read for ever."""
    monkeypatch.setattr("robowire_conformance.foxglove.whole.MOST_PAGES", 1)
    with pytest.raises(NotTested, match=f"more than {PAGE} items"):
        read(Listing(ids(3 * PAGE)))
