"""Page "Device tokens": their creation, the secret that is told once, and switching them off and on."""

from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import NOTHING, Api
from robowire_conformance.foxglove.bodies import require_no_object_refused
from robowire_conformance.foxglove.changes import Change, unlike
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.server_clock import ServerClock, between
from robowire_conformance.verdict import NotTested, Violation, proves

LIST, CREATE = "GET /device-tokens", "POST /device-tokens"
READ, EDIT = "GET /device-tokens/{id}", "PATCH /device-tokens/{id}"
NOBODY = "robowire-no-such-token"
SHOWN = ("id", "deviceId", "enabled")
OFF, ON = "FOXGLOVE-DEVICETOKENS-305", "FOXGLOVE-DEVICETOKENS-306"
UNCHANGED = "FOXGLOVE-DEVICETOKENS-309"

Thing = dict[str, Any]


@pytest.fixture(scope="session")
def token(guest: Guest) -> Thing:
    """A device token, as its creation answered."""
    return guest.device_token(guest.device("tokened")["id"])


def shown(body: JSON) -> Thing:
    """The members by which tokens are compared; createdAt has a check of its own."""
    return {name: body.get(name) for name in SHOWN} if isinstance(body, dict) else {}


@proves("FOXGLOVE-DEVICETOKENS-001", "FOXGLOVE-DEVICETOKENS-308")
def test_a_new_token_is_listed(api: Api, token: Thing) -> None:
    """The list holds a token that was created, among things that are told from others."""
    reply = api.ask(LIST)
    listed = [one for one in reply.require_done("FOXGLOVE-DEVICETOKENS-001") if one.get("id") == token["id"]]
    if [one.get("deviceId") for one in listed] != [token["deviceId"]]:
        text = "The list does not hold a token that was created"
        raise reply.violation(text, expected=shown(token), actual=listed, requirement="FOXGLOVE-DEVICETOKENS-308")


@proves("FOXGLOVE-DEVICETOKENS-002")
def test_creation_answers_the_token(api: Api, token: Thing) -> None:
    """The answer to a creation is the device token that is then read."""
    reply = api.ask(READ, token["id"])
    if unlike(reply.require_done(), token, SHOWN):
        text = "The answer to a creation is not the token that is read"
        raise reply.violation(text, expected=shown(reply.body), actual=shown(token))


@proves("FOXGLOVE-DEVICETOKENS-003")
def test_a_token_is_read(api: Api, guest: Guest, token: Thing) -> None:
    """The token of an id is answered, and another one for another id."""
    other = guest.device_token(token["deviceId"])
    for one in (token, other):
        reply = api.ask(READ, one["id"])
        if reply.require_done().get("id") != one["id"]:
            raise reply.violation("Another token is read", expected=one["id"], actual=reply.body)


@proves("FOXGLOVE-DEVICETOKENS-004")
def test_an_edit_answers_the_token(api: Api, token: Thing) -> None:
    """The answer to an edit is the token as it is read then."""
    for enabled in (False, True):
        made = edit(api, token["id"], enabled)
        if unlike(made.reply.require_done(), made.read.require_done(), SHOWN):
            text = "The answer to an edit is not the token as it is then"
            due, got = shown(made.read.body), shown(made.reply.body)
            raise made.reply.violation(text, expected=due, actual=got, requirement=made.read.malformed)


def edit(api: Api, token_id: str, enabled: JSON) -> Change:
    """Switch a token, and read it."""
    return Change(api.ask(EDIT, token_id, body={"enabled": enabled}), api.ask(READ, token_id))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param(READ, NOTHING, id="read", marks=proves("FOXGLOVE-DEVICETOKENS-005")),
        pytest.param(EDIT, {"enabled": True}, id="edit", marks=proves("FOXGLOVE-DEVICETOKENS-006")),
    ],
)
def test_an_unknown_token_is_a_client_error(api: Api, token: Thing, name: str, body: JSON) -> None:
    """An id that no device token has is answered with a client error, while one that one has is not."""
    api.ask(name, token["id"], body=body).require_done()
    for unknown in (NOBODY, token["id"] + "x"):
        reply = api.ask(name, unknown, body=body)
        reply.require_client_error(f"{name} with an id that no token has is not a client error")


@proves("FOXGLOVE-DEVICETOKENS-101")
def test_tokens_are_filtered_by_device(api: Api, guest: Guest, token: Thing) -> None:
    """With deviceId, the list holds all tokens of that device and none of another's."""
    other = guest.device("tokened")
    made = [guest.device_token(other["id"]) for _ in range(2)]
    if any(one.get("deviceId", other["id"]) != other["id"] for one in made):
        raise NotTested("a new token is of another device (see FOXGLOVE-DEVICETOKENS-307)")
    due = {one["id"] for one in made}
    for device_id, ids in ((other["id"], due), (guest.device("tokenless")["id"], set())):
        reply = api.ask(LIST, params={"deviceId": device_id})
        listed = [one.get("id") for one in reply.require_done()]
        if sorted(listed, key=str) != sorted(ids):
            text = "The list for a device does not hold its tokens"
            raise reply.violation(text, expected=sorted(ids), actual=listed)
    if token["id"] not in {one.get("id") for one in api.get("/device-tokens", deviceId=token["deviceId"])}:
        raise Violation("The list for a device lacks its token", expected=token["id"])


@proves("FOXGLOVE-DEVICETOKENS-110")
def test_a_creation_needs_an_object(api: Api, token: Thing) -> None:
    """No body, and one that is no JSON object, create no token."""
    del token
    require_no_object_refused(api, CREATE)


@pytest.mark.parametrize(
    "bodies",
    [
        pytest.param(({},), id="without", marks=proves("FOXGLOVE-DEVICETOKENS-111")),
        pytest.param(
            ({"deviceId": 7}, {"deviceId": True}, {"deviceId": None}, {"deviceId": ["x"]}),
            id="odd",
            marks=proves("FOXGLOVE-DEVICETOKENS-112"),
        ),
        pytest.param(
            ({"deviceId": "robowire-no-such-device"}, {"deviceId": ""}),
            id="unknown",
            marks=proves("FOXGLOVE-DEVICETOKENS-113"),
        ),
    ],
)
def test_a_creation_needs_a_device(api: Api, guest: Guest, token: Thing, bodies: tuple[JSON, ...]) -> None:
    """Without the id of a device, no token is created."""
    del token
    gone = guest.device("gone")["id"]
    api.call("DELETE /devices/{nameOrId}", gone)
    unknown = ({"deviceId": gone},) if bodies[0] == {"deviceId": "robowire-no-such-device"} else ()
    for body in (*bodies, *unknown):
        api.ask(CREATE, body=body).require_client_error(f"A device token is created with {body}")


@proves("FOXGLOVE-DEVICETOKENS-120")
def test_an_edit_needs_an_object(api: Api, token: Thing) -> None:
    """No body, and one that is no JSON object, edit no token."""
    api.call(EDIT, token["id"], body={"enabled": True})
    require_no_object_refused(api, EDIT, token["id"])


@pytest.mark.parametrize(
    "bodies",
    [
        pytest.param(({}, {"robowire": True}), id="without", marks=proves("FOXGLOVE-DEVICETOKENS-121")),
        pytest.param(
            ({"enabled": "false"}, {"enabled": 0}, {"enabled": None}, {"enabled": []}),
            id="odd",
            marks=proves("FOXGLOVE-DEVICETOKENS-122"),
        ),
    ],
)
def test_an_edit_needs_true_or_false(api: Api, token: Thing, bodies: tuple[JSON, ...]) -> None:
    """Without enabled, or with one that is neither true nor false, an edit is refused and changes nothing."""
    api.call(EDIT, token["id"], body={"enabled": True})
    for body in bodies:
        reply = api.ask(EDIT, token["id"], body=body)
        reply.require_refused(f"A device token is edited with {body}")
        again = api.ask("GET /device-tokens/{id}", token["id"])
        if again.require_done().get("enabled") is not True:
            raise again.violation("A refused edit switches a token", expected=True, actual=again.body)


@proves("FOXGLOVE-DEVICETOKENS-301")
def test_a_creation_tells_the_secret(guest: Guest, token: Thing) -> None:
    """The answer to a creation has a token, another one each time."""
    secrets = [token.get("token"), guest.device_token(token["deviceId"]).get("token")]
    if any(secret and not isinstance(secret, str) for secret in secrets):
        raise NotTested("the secret is no string (see FOXGLOVE-DEVICETOKENS-205)")
    if not all(secrets) or len(set(secrets)) < 2:
        raise Violation("A creation does not tell a token of its own", expected="two different texts", actual=secrets)


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("list", id="list", marks=proves("FOXGLOVE-DEVICETOKENS-302")),
        pytest.param("read", id="read", marks=proves("FOXGLOVE-DEVICETOKENS-303")),
        pytest.param("edit", id="edit", marks=proves("FOXGLOVE-DEVICETOKENS-304")),
    ],
)
def test_no_other_answer_tells_the_secret(api: Api, guest: Guest, where: str) -> None:
    """Neither the list nor an answer about one token has its secret."""
    device = guest.device("secret")["id"]
    made = guest.device_token(device)
    if not made.get("token"):
        raise Violation("A creation tells no token", requirement="FOXGLOVE-DEVICETOKENS-301")
    if not isinstance(made["token"], str):
        raise NotTested("the secret is no string (see FOXGLOVE-DEVICETOKENS-205)")
    replies = {
        "list": lambda: [api.ask(LIST, params={"deviceId": device}), api.ask(LIST)],
        "read": lambda: [api.ask(READ, made["id"])],
        "edit": lambda: [api.ask(EDIT, made["id"], body={"enabled": enabled}) for enabled in (False, True)],
    }[where]()
    for reply in replies:
        about = [one for one in _each(reply.require_done()) if one.get("id") == made["id"]]
        if not about:
            raise NotTested("the token is not in the answer")
        if any(one.get("token") is not None for one in about) or made["token"].encode() in reply.answer.body:
            raise reply.violation("The secret of a device token is told again", expected="no token", actual=about)


def _each(body: JSON) -> list[Thing]:
    return body if isinstance(body, list) else [body]


@proves(OFF, ON)
def test_a_token_is_switched(api: Api, guest: Guest, token: Thing) -> None:
    """After an edit a token is enabled or not, as the body said, however often; another one of the device is not."""
    other = guest.device_token(token["deviceId"])
    before = api.get("/device-tokens/{id}", other["id"]).get("enabled")
    for enabled, requirement in ((False, OFF), (False, OFF), (True, ON), (True, ON), (False, OFF)):
        made = edit(api, token["id"], enabled)
        made.require({"enabled": enabled}, effect=requirement, message=f"After enabled {enabled}, a token is otherwise")
        after = api.ask("GET /device-tokens/{id}", other["id"])
        if after.require_done().get("enabled") != before:
            text = "An edit switches another token of the device"
            raise after.violation(text, expected=before, actual=not before, requirement=requirement)


@proves("FOXGLOVE-DEVICETOKENS-307")
def test_a_token_is_of_its_device(api: Api, guest: Guest) -> None:
    """A new token has the device of the body."""
    for _ in range(2):
        device = guest.device("owner")["id"]
        reply = api.ask(CREATE, body={"deviceId": device})
        reply.require_done()
        for answer in (reply, api.ask(READ, str(reply.body.get("id")))):
            if answer.require_done().get("deviceId") != device:
                text = "A new token is of another device"
                raise answer.violation(text, expected=device, actual=answer.body.get("deviceId"))


@proves(UNCHANGED)
def test_created_at_is_the_time_of_creation(api: Api, guest: Guest, server_clock: ServerClock) -> None:
    """The createdAt is when the token was created, by the server's clock, before and after an edit."""
    device = guest.device("timed")["id"]
    before = server_clock.now()
    made = guest.device_token(device)
    after = server_clock.now()
    created = nanoseconds(made.get("createdAt"))
    if created is None:
        raise NotTested("createdAt is no time (see FOXGLOVE-DEVICETOKENS-202)")
    if not between(before, created, after):
        text = "createdAt is not the time of the creation"
        raise Violation(text, expected=[zulu(before), zulu(after)], actual=made["createdAt"])
    edited = edit(api, made["id"], False)  # noqa: FBT003  # the value of enabled
    for reply in (edited.reply, edited.read):
        if "createdAt" in reply.require_done() and nanoseconds(reply.body["createdAt"]) != created:
            text = "createdAt is another one after an edit"
            raise reply.violation(text, expected=made["createdAt"], actual=reply.body)
