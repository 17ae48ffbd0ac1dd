"""The page's introduction: API keys, and the capability that each operation asks for."""

from base64 import b64encode
from collections.abc import Iterator, Mapping

import pytest
from robowire_fixtures.catalogue import Requirement, load_catalogue
from robowire_fixtures.foxglove import CAPABILITIES

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.calls import Calls
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.operations import API, number, page
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves

UNAUTHORIZED, FORBIDDEN = 401, 403
CAPABILITY = 100
"""From this number on, the page's requirements are of one operation's capability each."""


def _capabilities() -> Iterator[Requirement]:
    for requirement in load_catalogue(API):
        if page(requirement) == "AUTH" and number(requirement) > CAPABILITY and not requirement.untested:
            yield requirement


EACH = [
    pytest.param(one.operation, CAPABILITIES[one.operation], id=one.operation, marks=proves(one.id))
    for one in _capabilities()
]


@pytest.mark.parametrize(("name", "capability"), EACH)
def test_an_operation_asks_for_its_capability(
    foxglove_target: Target, api: Api, calls: Calls, name: str, capability: str
) -> None:
    """A key with the capability is let in, and valid keys without it are answered 403."""
    limited = _limited(foxglove_target)
    lacking = _telling([entry for entry in limited.items() if capability not in entry[1]], capability)
    if not lacking:
        raise NotTested(f"limited_tokens of the target profile has none without {capability}")
    ready = calls.prepare(name)
    for token in lacking:
        reply = ready.send(api.with_token(token))
        if reply.status != FORBIDDEN:
            raise reply.violation(
                f"A key without the capability {capability} is not answered 403", expected=403, actual=reply.status
            )
    having = sorted((entry for entry in limited.items() if capability in entry[1]), key=lambda entry: len(entry[1]))
    if not having:
        raise NotTested(f"limited_tokens of the target profile has none with {capability}")
    reply = ready.send(api.with_token(having[0][0]))
    if reply.status in {UNAUTHORIZED, FORBIDDEN}:
        raise reply.violation(
            f"A key with the capability {capability} is not let in", expected=200, actual=reply.status
        )
    if 200 <= reply.status < 300:
        reply.require_form()
    elif not ready.send(api).done:
        raise NotTested(f"the call is answered {reply.status} whatever the key: see what it asks for")


def _limited(target: Target) -> dict[str, frozenset[str]]:
    """The capabilities of each limited token of the target profile.

    Raises:
        NotTested: There is none.
    """
    return {str(entry["token"]): frozenset(entry["capabilities"]) for entry in target.need("limited_tokens")}


def _telling(lacking: list[tuple[str, frozenset[str]]], capability: str) -> list[str]:
    """Of the keys that lack a capability, those that tell most: without any, and with the most alike ones.

    Most alike are capabilities of the same resource, then those of a part of it.
    """
    resource, _, verb = capability.rpartition(".")
    same = [token for token, own in lacking if any(one.rpartition(".")[0] == resource for one in own)]
    parts = [token for token, own in lacking if any(one.startswith(f"{resource}.") for one in own)]
    alike = list(dict.fromkeys([*same, *parts]))
    same_verb = [token for token, own in lacking if any(one.endswith(f".{verb}") for one in own)]
    none = [token for token, own in lacking if not own]
    return list(dict.fromkeys([*none[:1], *alike[:4], *same_verb[:2], *(token for token, _ in lacking[:1])]))


def _require_unauthorized(reply: Reply, whose: str, *, expected: frozenset[int] = frozenset({UNAUTHORIZED})) -> None:
    """401, without anything of the result.

    Raises:
        Violation: It is another answer.
    """
    leaks = isinstance(reply.body, list) or (isinstance(reply.body, dict) and "id" in reply.body)
    if reply.status not in expected or leaks:
        raise reply.violation(
            f"{reply.call.name} {whose} is not refused", expected=" or ".join(map(str, expected)), actual=reply.status
        )


@proves("FOXGLOVE-AUTH-001")
def test_without_a_key_nothing_is_answered(api: Api, calls: Calls) -> None:
    """Each operation answers 401 to a call that would succeed with a key."""
    calls.prepare("GET /devices").send(api).require_done()
    stranger = api.with_token("")
    for ready in calls.all():
        _require_unauthorized(ready.send(stranger), "without an API key")


@proves("FOXGLOVE-AUTH-002")
def test_a_token_that_is_no_key_is_refused(foxglove_target: Target, api: Api, calls: Calls) -> None:
    """Each operation answers 401 to a made-up token, and one of them to tokens that resemble a key, or were one."""
    calls.prepare("GET /devices").send(api).require_done()
    stranger = api.with_token("fox_sk_robowire-made-up")
    for ready in calls.all():
        _require_unauthorized(ready.send(stranger), "with a token that is no API key")
    ready = calls.prepare("GET /devices")
    key = str(foxglove_target.values.get("token") or "")
    for token in _resembling(key):
        _require_unauthorized(ready.send(api.with_token(token)), "with a token that only resembles an API key")
    for state in ("revoked", "disabled"):
        if token := str(foxglove_target.values.get(f"{state}_token", "")):
            either = frozenset({UNAUTHORIZED, FORBIDDEN})
            _require_unauthorized(ready.send(api.with_token(token)), f"with a {state} API key", expected=either)


@proves("FOXGLOVE-AUTH-002")
def test_a_device_token_is_no_key(api: Api, guest: Guest) -> None:
    """The secret of a device token lists no sites, as all routes require an API key."""
    api.get("/sites")
    secret = guest.device_token(guest.device("secret")["id"]).get("token")
    if not isinstance(secret, str) or not secret:
        raise NotTested("a new device token has no token (see FOXGLOVE-DEVICETOKENS-301)")
    reply = api.with_token(secret).ask("GET /sites")
    if reply.done:
        raise reply.violation("A device token is taken for an API key", expected=401, actual=reply.status)


def _resembling(key: str) -> tuple[str, ...]:
    """Texts that a careless comparison takes for a key."""
    if len(key) < 8:
        return ()
    return (key[:-1], key + "x", key.swapcase())


@proves("FOXGLOVE-AUTH-003")
def test_a_bearer_key_authenticates(api: Api, calls: Calls) -> None:
    """The key in Authorization, after Bearer, is what lets a request in."""
    ready = calls.prepare("GET /devices")
    reply = ready.send(api)
    if reply.status in {UNAUTHORIZED, FORBIDDEN}:
        raise reply.violation("The API key of the target profile is refused", expected=200, actual=reply.status)
    reply.require_done()
    if ready.send(api.with_token("")).done:
        raise NotTested("it is answered without a key too (see FOXGLOVE-AUTH-001)")


@proves("FOXGLOVE-AUTH-004")
def test_a_key_in_another_place_is_refused(foxglove_target: Target, api: Api, calls: Calls) -> None:
    """A key in the query, in another header or under another scheme is no bearer token."""
    key = str(foxglove_target.values.get("token") or "")
    if not key:
        raise NotTested("the target profile gives no token")
    calls.prepare("GET /devices").send(api).require_done()
    stranger = api.with_token("")
    if stranger.ask("GET /devices").done:
        raise Violation("Without an API key devices are listed", requirement="FOXGLOVE-AUTH-001")
    basic = b64encode(f"{key}:".encode()).decode()
    places: tuple[Mapping[str, str], ...] = (
        {"Authorization": key},
        {"Authorization": f"Basic {basic}"},
        {"Authorization": f"Basic {key}"},
        {"Authorization": f"Token {key}"},
        {"X-Api-Key": key},
        {"Cookie": f"token={key}"},
    )
    replies = [stranger.ask("GET /devices", headers=headers) for headers in places]
    replies += [stranger.ask("GET /devices", params={name: key}) for name in ("token", "apiKey", "access_token")]
    for reply in replies:
        if not 400 <= reply.status < 500:
            raise reply.violation(
                "An API key that is no bearer token in Authorization is taken", expected="401", actual=reply.status
            )
