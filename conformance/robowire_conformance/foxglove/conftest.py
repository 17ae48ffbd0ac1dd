"""What the checks of the Foxglove API share: the target to ask, and what they make on it."""

from collections.abc import Iterator
from typing import Any

import pytest

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.calls import Calls
from robowire_conformance.foxglove.custom_properties import Kinds
from robowire_conformance.foxglove.edge import Journey, travel
from robowire_conformance.foxglove.fleet import GRADES, KINDS, Fleet, every, make_fleet
from robowire_conformance.foxglove.guest import Guest, tidy
from robowire_conformance.foxglove.lake import Lake, make_lake
from robowire_conformance.foxglove.library import Library, make_library
from robowire_conformance.foxglove.queue import Queue, make_queue
from robowire_conformance.foxglove.server_clock import ServerClock
from robowire_conformance.foxglove.shelf import Shelf, make_shelf
from robowire_conformance.foxglove.sites import MakeSite, create
from robowire_conformance.foxglove.stock import Stock, make_stock
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation


@pytest.fixture(scope="session")
def api(foxglove_target: Target) -> Iterator[Api]:
    """The target, asked with its all-powerful token; what was created through it is removed in the end."""
    opened = Api(foxglove_target.client)
    _require_discerning(opened)
    yield opened
    tidy(opened)


def _require_discerning(api: Api) -> None:
    """Make sure that the target does not answer 200 to everything, or nothing could be told from its answers.

    Raises:
        NotTested: It does.
    """
    nonsense = ("/devices/robowire-nobody", "/events/robowire-none", "/sites/robowire-none", "/robowire-no-such-path")
    if all(api.client.get(path).status in range(200, 300) for path in nonsense):
        raise NotTested("the target answers 200 to whatever it is asked")


@pytest.fixture(scope="session")
def guest(foxglove_target: Target, api: Api) -> Guest:
    """Makes things of the suite's own on the target."""
    return Guest.at(foxglove_target, api)


@pytest.fixture(scope="session")
def calls(request: pytest.FixtureRequest, foxglove_target: Target) -> Calls:
    """A valid call of each operation that the profile allows."""
    guest = None if foxglove_target.profile is Profile.READ_ONLY else request.getfixturevalue("guest")
    return Calls(foxglove_target, guest, lambda: request.getfixturevalue("library"))


@pytest.fixture(scope="session")
def fleet(guest: Guest) -> Fleet:
    """Devices that differ in every kind of custom property."""
    return make_fleet(guest)


@pytest.fixture(scope="session")
def kinds(guest: Guest) -> Kinds:
    """A custom property of each type."""
    return {hint: guest.property_(hint, kind, GRADES if kind == "enum" else ()) for hint, kind in KINDS.items()}


@pytest.fixture(scope="session")
def devices(request: pytest.FixtureRequest, foxglove_target: Target, api: Api) -> list[dict[str, Any]]:
    """The listed devices that stay as they are: those of the fleet, or all where the profile forbids to make one."""
    own = None if foxglove_target.profile is Profile.READ_ONLY else request.getfixturevalue("fleet").names
    listed = every(api, "/devices")
    found = [one for one in listed if isinstance(one.get("id"), str) and (own is None or one["id"] in own)]
    if own is not None and not found:
        raise Violation("The list holds no device that was created", requirement="FOXGLOVE-DEVICES-313")
    if not found:
        raise NotTested("the target lists no device")
    return found


@pytest.fixture(scope="session")
def stock(api: Api, guest: Guest) -> Stock:
    """Events of several devices, with metadata and times full of coincidences."""
    return make_stock(api, guest)


@pytest.fixture(scope="session")
def server_clock(api: Api, guest: Guest) -> ServerClock:
    """What time it is by the target's clock."""
    return ServerClock(api, guest)


@pytest.fixture(scope="session")
def new_site(api: Api, guest: Guest) -> MakeSite:
    """Makes an edge site."""
    return lambda: dict(create(api, guest).body)


@pytest.fixture
def site(new_site: MakeSite) -> dict[str, Any]:
    """An edge site."""
    return new_site()


@pytest.fixture(scope="session")
def library(guest: Guest) -> Library:
    """Recordings that were uploaded and imported, of which everything is known."""
    return make_library(guest)


@pytest.fixture(scope="session")
def shelf(api: Api, library: Library) -> Shelf:
    """The same recordings with what their files hold."""
    return make_shelf(api, library)


@pytest.fixture(scope="session")
def journey(
    foxglove_target: Target,
    guest: Guest,
    library: Library,  # noqa: ARG001  # where no upload is imported, nothing of this is to be judged
) -> Journey:
    """The target profile's edge recording, imported and its imported data deleted again."""
    return travel(foxglove_target, guest)


@pytest.fixture(scope="session")
def lake(foxglove_target: Target, guest: Guest) -> Lake:
    """Recordings that were put into the inbox of a self-hosted site, and imported there."""
    return make_lake(foxglove_target, guest)


@pytest.fixture(scope="session")
def queue(guest: Guest, library: Library) -> Queue:
    """Pending imports of valid files and of broken ones."""
    return make_queue(guest, library)
