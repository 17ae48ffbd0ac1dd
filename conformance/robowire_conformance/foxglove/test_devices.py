"""Page "Devices": listing, reading and deleting, by id and by name; sorting."""

from typing import Any

import pytest

from robowire_conformance.foxglove.asking import NOTHING, Api
from robowire_conformance.foxglove.custom_properties import Kinds
from robowire_conformance.foxglove.device_sorting import BY, judge_sorting
from robowire_conformance.foxglove.fleet import Fleet, every
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.reaching import OPERATIONS, REQUIREMENTS, WAYS, Reach
from robowire_conformance.gathering import Judgement
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves

NOBODY = "robowire-nobody-has-this-name"
READ, DELETE, UPDATE = OPERATIONS["read"], OPERATIONS["delete"], OPERATIONS["update"]


@pytest.fixture(scope="session")
def sorting(api: Api, fleet: Fleet) -> Judgement:
    """The judgement on lists sorted by every field, both ways."""
    return judge_sorting(api, fleet)


@proves("FOXGLOVE-DEVICES-001")
def test_the_list_is_an_array_of_devices(api: Api, devices: list[dict[str, Any]]) -> None:
    """What the list holds are devices: they can be read one by one."""
    for listed in devices[:1] + devices[-1:]:
        if api.get("/devices/{nameOrId}", listed["id"]).get("name") not in {listed.get("name"), listed["id"]}:
            raise NotTested("a listed device is not read by its id (see FOXGLOVE-DEVICES-301)")
    _require_discerning(api)


def _require_discerning(api: Api) -> None:
    """Make sure that not every text reaches a device.

    Raises:
        NotTested: It does.
    """
    if api.ask(READ, NOBODY).done:
        raise NotTested("a device is read by whatever text (see FOXGLOVE-DEVICES-006)")


@proves("FOXGLOVE-DEVICES-002")
def test_creation_answers_the_device(api: Api, guest: Guest) -> None:
    """The answer to a creation is the device as it is then read, with the name of the body."""
    name = guest.name("created")
    reply = api.ask("POST /devices", body={"name": name})
    body = reply.require_done()
    if body.get("name") != name or not body.get("id"):
        raise reply.violation("The answer is not the device of the body", expected={"name": name}, actual=body)
    found = api.get("/devices/{nameOrId}", body["id"])
    if (found.get("id"), found.get("name")) != (body["id"], name):
        raise NotTested("the device is not read as it was answered (see FOXGLOVE-DEVICES-301)")


@proves("FOXGLOVE-DEVICES-003")
def test_reading_answers_one_device(api: Api, devices: list[dict[str, Any]]) -> None:
    """A listed device is answered as one object of the same id and name."""
    listed = devices[0]
    reply = api.ask(READ, listed["id"])
    if {key: reply.require_done().get(key) for key in ("id", "name")} != {
        key: listed.get(key) for key in ("id", "name")
    }:
        _require_known_by_id(api, devices, listed)
    _require_discerning(api)


def _require_known_by_id(api: Api, devices: list[dict[str, Any]], listed: dict[str, Any]) -> None:
    """Another device may have this one's id for a name, and is then rightly the answer.

    Raises:
        Violation: None has.
    """
    if not any(one.get("name") == listed["id"] for one in devices):
        reply = api.ask(READ, listed["id"])
        raise reply.violation(
            "Reading a listed device by its id answers another one",
            expected=listed,
            actual=reply.body,
            requirement=REQUIREMENTS["read"][0],
        )


@proves("FOXGLOVE-DEVICES-004")
def test_deletion_answers_the_id(api: Api, guest: Guest) -> None:
    """The answer to a deletion has the id of the device that is gone, also where it was named."""
    device, named = guest.device("deleted"), guest.device("deleted")
    for text, known in ((named["name"], named["id"]), (device["id"], device["id"])):
        reply = api.ask(DELETE, text)
        answered = reply.require_done(REQUIREMENTS["delete"][text == named["name"]]).get("id")
        if isinstance(answered, str) and answered != known:
            requirement = REQUIREMENTS["delete"][text == named["name"]] if api.ask(READ, known).done else ""
            raise reply.violation(
                "A deletion answers another id", expected=known, actual=reply.body, requirement=requirement
            )
    if api.ask(DELETE, device["id"]).done:
        raise NotTested("a device is deleted twice (see FOXGLOVE-DEVICES-007, -314)")


@pytest.mark.parametrize(
    "verb",
    [
        pytest.param(verb, id=verb, marks=proves(f"FOXGLOVE-DEVICES-{number:03}"))
        for verb, number in (("read", 6), ("delete", 7), ("update", 8))
    ],
)
def test_an_unknown_device_is_a_client_error(
    request: pytest.FixtureRequest, foxglove_target: Target, api: Api, verb: str
) -> None:
    """A text that is no device's name or id reaches none, while one that is does."""
    if foxglove_target.profile is Profile.READ_ONLY and verb == "read":
        known = request.getfixturevalue("devices")[0]["id"]
    else:
        known = request.getfixturevalue("guest").device("known")["id"]
    body: Any = {"properties": {}} if verb == "update" else NOTHING
    api.ask(OPERATIONS[verb], known, body=body).require_done()
    texts = [NOBODY, "00000000-0000-4000-8000-000000000000", known + "x"]
    if foxglove_target.profile is not Profile.READ_ONLY:
        texts += _former(api, request.getfixturevalue("guest"))
    for text in texts:
        reply = api.ask(OPERATIONS[verb], text, body=body)
        reply.require_client_error(f"{reply.call.name} with a text that is no device's is not a client error")
    if verb == "delete":
        again = api.ask(OPERATIONS[verb], known)
        again.require_client_error("A device that was deleted can be deleted again")


def _former(api: Api, guest: Guest) -> list[str]:
    """The id and the name of a device that was deleted, and the beginning of a name."""
    gone = guest.device("gone")
    api.call(DELETE, gone["id"])
    if any(one.get("id") == gone["id"] for one in every(api, "/devices")):
        raise Violation("A deleted device is in the list", requirement="FOXGLOVE-DEVICES-314")
    return [gone["id"], gone["name"], guest.device("beginning")["name"][:-1]]


@pytest.mark.parametrize(
    ("verb", "way"),
    [
        pytest.param(verb, way, id=f"{verb}-{way.__name__}", marks=proves(requirement))
        for verb, requirements in REQUIREMENTS.items()
        for way, requirement in zip(WAYS, requirements, strict=True)
    ],
)
def test_a_device_is_reached(api: Api, guest: Guest, verb: str, way: Any) -> None:  # one of WAYS
    """An id, a name, and the same name percent-encoded reach the device; a name goes before another one's id."""
    way(Reach(api, guest, verb))


@proves("FOXGLOVE-DEVICES-313")
def test_a_new_device_is_listed(api: Api, fleet: Fleet, devices: list[dict[str, Any]]) -> None:
    """Each of the devices that were created is in the list, once, with its name."""
    listed = [(one["id"], one.get("name")) for one in devices if one["id"] in fleet.names]
    if sorted(listed, key=str) != sorted(fleet.names.items()):
        text = "The list lacks devices that were created, or has them otherwise"
        due, got = sorted(fleet.names.items()), sorted(listed, key=str)
        raise api.ask("GET /devices").violation(text, expected=due, actual=got)


@proves("FOXGLOVE-DEVICES-314")
def test_a_deleted_device_is_no_longer_listed(api: Api, guest: Guest, kinds: Kinds) -> None:
    """A device is in the list, is deleted, and is not there any more, also where a query would match it."""
    device = guest.device("doomed", properties={kinds["text"]["key"]: "doomed"})
    if not any(one.get("id") == device["id"] for one in every(api, "/devices")):
        raise Violation("A device that was created is not in the list", requirement="FOXGLOVE-DEVICES-313")
    reply = api.ask(DELETE, device["id"])
    reply.require_done()
    queries: tuple[dict[str, str], ...] = ({}, {"query": f"properties.{kinds['text']['key']}:doomed"})
    for params in queries:
        if any(one.get("id") == device["id"] for one in every(api, "/devices", **params)):
            text = "A device is in the list after its deletion"
            raise reply.violation(text, expected="no such device", actual=device["id"])


@proves("FOXGLOVE-DEVICES-315")
def test_a_device_with_data_is_not_deleted(foxglove_target: Target, api: Api) -> None:
    """Deleting a device that has data is refused, and the device stays."""
    device = str(foxglove_target.need("device_with_data"))
    foxglove_target.allow(Profile.FULL)
    before = api.get("/devices/{nameOrId}", device)
    reply = api.ask(DELETE, device)
    reply.require_client_error("A device with which data are associated is deleted")
    after = api.ask(READ, device)
    if not after.done or after.body.get("id") != before.get("id"):
        raise after.violation("A device is gone although its deletion was refused", expected=before, actual=after.body)


@pytest.mark.parametrize(
    "requirement", [pytest.param(one, id=one, marks=proves(one)) for one in dict.fromkeys(BY.values())]
)
def test_devices_are_sorted(sorting: Judgement, requirement: str) -> None:
    """A list with sortBy is in the order of that field, whichever way."""
    sorting.settle(requirement)


@pytest.mark.parametrize(
    "requirement",
    [pytest.param(f"FOXGLOVE-PAGING-{number}", marks=proves(f"FOXGLOVE-PAGING-{number}")) for number in (114, 115)],
)
def test_devices_are_sorted_the_way_that_is_asked_for(sorting: Judgement, requirement: str) -> None:
    """With sortOrder asc values ascend, with desc they descend, by whatever field."""
    sorting.settle(requirement)
