"""What the suite makes, and its removal whatever happens: against a small server that keeps things by name and id."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from robowire_conformance.client import Client
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.guest import Guest, property_key, tidy
from robowire_conformance.foxglove.uploads import Uploads
from robowire_conformance.verdict import Leftover, NotTested, Violation


@dataclass
class Shelf:
    """A server of collections; `broken` calls fail, a `silent` server hides ids, a `lying` one keeps all."""

    things: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    silent: bool = False
    lying: bool = False
    count: int = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve a request."""
        method = environ["REQUEST_METHOD"]
        _, collection, *rest = environ["PATH_INFO"].split("/")
        status, body = self._answer(method, collection, "".join(rest), environ["wsgi.input"].read())
        start_response(f"{status} -", [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]

    def _answer(self, method: str, collection: str, known: str, content: bytes) -> tuple[int, Any]:
        shelf = self.things.setdefault(collection.replace("extension-upload", "extensions"), {})
        if f"{method} {collection}" in self.broken:
            return 500, {}
        if method == "POST":
            self.count += 1
            thing = {"id": f"{collection}-{self.count}", **json.loads(content or b"{}")}
            shelf[thing["id"]] = thing
            return 200, {} if self.silent else thing
        if method == "GET":
            return 200, [*shelf.values()]
        named = next((one["id"] for one in shelf.values() if one.get("name") == known), known)
        if method == "DELETE" and named in shelf:
            return 200, {"id": (shelf[named] if self.lying else shelf.pop(named))["id"]}
        return 404, {"error": "there is none"}


@pytest.fixture
def shelf() -> Shelf:
    """A server with nothing on it."""
    return Shelf()


@pytest.fixture
def guest(shelf: Shelf) -> Guest:
    """A guest of it."""
    api = Api(Client("http://127.0.0.1", app=shelf))
    return Guest(api, "robowire-0-abcdef", Uploads(api, 1.0))


def left(shelf: Shelf) -> list[str]:
    """The ids of all that is on a server."""
    return [known for things in shelf.things.values() for known in things]


def test_all_that_was_made_is_removed(shelf: Shelf, guest: Guest) -> None:
    """Things of every kind are gone after tidying up, and nobody else's."""
    shelf.things["devices"] = {"theirs": {"id": "theirs", "name": "theirs"}}
    device = guest.device()
    guest.event(device["id"])
    guest.device_token(device["id"])
    guest.site_token(guest.site()["id"])
    guest.property_("text", "string")
    guest.extension(b"{}")
    assert len(left(shelf)) == 8
    tidy(guest.api)
    assert left(shelf) == ["theirs"]


def test_what_was_made_by_mistake_is_removed_too(shelf: Shelf, guest: Guest) -> None:
    """A creation that should have been refused is undone."""
    guest.api.ask("POST /devices", body={"name": 7})
    tidy(guest.api)
    assert left(shelf) == []


def test_a_device_that_is_named_as_another_ones_id_does_not_hide_it(shelf: Shelf, guest: Guest) -> None:
    """Both of two devices are removed, of which one has the other's id for its name."""
    first = guest.device()
    guest.api.ask("POST /devices", body={"name": first["id"]})
    tidy(guest.api)
    assert left(shelf) == []


def test_what_is_deleted_in_between_is_not_deleted_again(guest: Guest) -> None:
    """The ledger knows what a check has removed itself."""
    device = guest.device()
    guest.api.call("DELETE /devices/{nameOrId}", device["id"])
    assert guest.api.ledger.made == []


def test_things_whose_ids_were_not_told_are_found_by_name(shelf: Shelf, guest: Guest) -> None:
    """A device that was made although the answer does not show it is removed."""
    shelf.silent = True
    with pytest.raises(Violation, match="no id"):
        guest.device()
    tidy(guest.api)
    assert left(shelf) == []


def test_what_cannot_be_removed_is_left_over(shelf: Shelf, guest: Guest) -> None:
    """A deletion that fails is a Leftover, which names the thing."""
    device = guest.device()
    shelf.broken = frozenset({"DELETE devices"})
    with pytest.raises(Leftover, match=device["id"]):
        tidy(guest.api)


def test_what_is_still_listed_is_left_over(shelf: Shelf, guest: Guest) -> None:
    """A deletion that is answered well and does nothing is noticed."""
    site = guest.site()
    shelf.lying = True
    with pytest.raises(Leftover, match=site["id"]):
        tidy(guest.api)


def test_a_custom_property_that_cannot_be_removed_is_none(shelf: Shelf, guest: Guest) -> None:
    """The reference has no way to delete custom properties: one that stays is nobody's fault."""
    guest.property_("text", "string")
    shelf.broken = frozenset({"DELETE custom-properties"})
    tidy(guest.api)


def test_a_custom_property_that_was_left_is_used_again(shelf: Shelf, guest: Guest) -> None:
    """A property of the key is taken as it is, one of another type is not."""
    known = {"id": "old", "key": property_key("text"), "valueType": "string"}
    shelf.things["custom-properties"] = {"old": known}
    assert guest.property_("text", "string")["id"] == "old"
    with pytest.raises(NotTested, match="not of the suite's making"):
        guest.property_("text", "number")


def test_a_free_key_is_numbered_where_none_can_be_deleted(shelf: Shelf, guest: Guest) -> None:
    """A key that is taken is freed by deletion, or else gets a number; there is an end to it."""
    guest.new_property("text")
    assert guest.free_key("text") == property_key("text")
    guest.new_property("text")
    shelf.broken = frozenset({"DELETE custom-properties"})
    keys = [guest.new_property("text")["key"] for _ in range(8)]
    assert keys == [property_key("text", number) for number in range(2, 10)]
    with pytest.raises(NotTested, match="earlier runs left"):
        guest.free_key("text")


def test_a_long_key_stays_within_its_limit() -> None:
    """The number of a key takes the place of its end."""
    assert [len(property_key("k" * 32, number)) for number in (1, 2)] == [32, 32]
    assert property_key("k" * 32, 2) != property_key("k" * 32)
