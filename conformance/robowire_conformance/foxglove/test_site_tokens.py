"""Sections on site tokens: they are created for edge sites of the suite's own, and for one that the profile names."""

from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import JSON_BODY, Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import require_rejected
from robowire_conformance.foxglove.server_clock import ServerClock, between
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, proves

LIST, POST = "GET /site-tokens", "POST /site-tokens"
OF_SITE, FOR_EDGE = "FOXGLOVE-SITETOKENS-303", "FOXGLOVE-SITETOKENS-306"


def create(api: Api, site: str) -> Reply:
    """A new token of an edge site."""
    reply = api.ask(POST, body={"siteId": site})
    reply.require_accepted("No token is created for an edge site", FOR_EDGE)
    return reply


@pytest.fixture(scope="module")
def sites(guest: Guest) -> tuple[str, str]:
    """The ids of two edge sites."""
    return str(guest.site()["id"]), str(guest.site()["id"])


@pytest.fixture(scope="module")
def tokens(api: Api, sites: tuple[str, str]) -> list[dict[str, Any]]:
    """Two tokens of the first site and one of the second, as their creation was answered."""
    made = []
    for site in (sites[0], sites[1], sites[0]):
        reply = create(api, site)
        if reply.body.get("siteId") not in {site, None}:
            text = "A new token is another site's"
            raise reply.violation(text, expected=site, actual=reply.body["siteId"], requirement=OF_SITE)
        made.append({"siteId": site, **reply.body})
    return made


def listed(api: Api, **params: JSON) -> Reply:
    """A list of tokens."""
    reply = api.ask(LIST, params=params or None)
    reply.require_done()
    return reply


def ids(reply: Reply) -> list[Any]:
    """The ids in a list."""
    return [one.get("id") for one in reply.body if isinstance(one, dict)]


@proves("FOXGLOVE-SITETOKENS-001")
def test_the_list_is_an_array(api: Api, tokens: list[dict[str, Any]]) -> None:
    """A list of tokens is answered, with some in it."""
    reply = listed(api)
    if not reply.body:
        raise reply.violation("The list is empty", expected=[one["id"] for one in tokens], actual=[])


@proves("FOXGLOVE-SITETOKENS-002")
def test_the_answer_is_the_token(api: Api, sites: tuple[str, str]) -> None:
    """The answer is a token with an id."""
    reply = create(api, sites[0])
    if not isinstance(reply.require_done().get("id"), str):
        raise reply.violation("The answer is no site token", expected="an id", actual=reply.body)


@proves("FOXGLOVE-SITETOKENS-101")
def test_site_id_filters(api: Api, tokens: list[dict[str, Any]], sites: tuple[str, str]) -> None:
    """The list is of the tokens of one site, and of no other."""
    whole = listed(api)
    for site in sites:
        reply = listed(api, siteId=site)
        due = [one["id"] for one in tokens if one.get("siteId") == site and one["id"] in ids(whole)]
        own = [one for one in ids(reply) if one in [token["id"] for token in tokens]]
        strangers = [one for one in reply.body if isinstance(one, dict) and one.get("siteId", site) != site]
        if sorted(own) != sorted(due) or strangers:
            raise reply.violation(
                "The list is not of the site's tokens", expected=sorted(due), actual=sorted(ids(reply))
            )
    if not any(one["id"] in ids(whole) for one in tokens):
        raise NotTested("FOXGLOVE-SITETOKENS-304, which it needs, fails")
    unknown = api.ask(LIST, params={"siteId": f"{sites[0]}-none"})
    if unknown.done and unknown.body:
        raise unknown.violation("There are tokens of a site that does not exist", expected=[], actual=ids(unknown))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        pytest.param(text, value, marks=proves(f"FOXGLOVE-SITETOKENS-{number}"), id=f"{number}-{text}")
        for number, text, value in (
            ("111", "without siteId", ...),
            ("112", "with a siteId that is a list", lambda site: [site]),
            ("112", "with a siteId that is an object", lambda site: {"id": site}),
            ("112", "with a siteId that is null", lambda _: None),
            ("113", "for a site that does not exist", lambda site: f"{site}-none"),
            ("113", "for a site of a made-up id", lambda _: "robowire-none"),
        )
    ],
)
def test_a_token_is_not_created(
    api: Api, tokens: list[dict[str, Any]], sites: tuple[str, str], text: str, change: Any
) -> None:
    """What names no site by a string is refused."""
    del tokens  # right ones can be created
    body = {} if change is ... else {"siteId": change(sites[0])}
    require_rejected(api.ask(POST, body=body), f"A site token is created {text}")


@pytest.mark.parametrize("content", [None, b"", b"[]", b"null", b'"text"', b"{", b"[{}]"], ids=repr)
@proves("FOXGLOVE-SITETOKENS-110")
def test_a_body_is_required(api: Api, tokens: list[dict[str, Any]], content: bytes | None) -> None:
    """Anything but a JSON object is refused."""
    del tokens
    reply = api.ask(POST, content=content, headers=JSON_BODY)
    require_rejected(reply, f"A site token is created with the body {content!r}")


@proves("FOXGLOVE-SITETOKENS-301")
def test_the_secret_is_in_the_creations_answer(api: Api, sites: tuple[str, str]) -> None:
    """Each creation's answer has a secret, and no two have the same."""
    seen: list[JSON] = []
    for site in sites:
        reply = create(api, site)
        token = reply.require_done().get("token")
        if not token or token in seen:
            got = "the same as before" if token else token
            raise reply.violation("The answer has no token of its own", expected="a new secret", actual=got)
        seen.append(token)


@proves("FOXGLOVE-SITETOKENS-302")
def test_the_list_keeps_the_secret(api: Api, tokens: list[dict[str, Any]], sites: tuple[str, str]) -> None:
    """No token in a list has its secret, under whichever name."""
    secrets = {one["token"] for one in tokens if isinstance(one.get("token"), str)}
    for reply in (listed(api), listed(api, siteId=sites[0])):
        for one in reply.body:
            if isinstance(one, dict) and (one.get("token") is not None or secrets & set(map(str, one.values()))):
                raise reply.violation("The list shows a secret", expected="no token", actual=sorted(one))


@proves("FOXGLOVE-SITETOKENS-303")
def test_the_token_is_the_sites(api: Api, sites: tuple[str, str]) -> None:
    """A new token has the siteId that was given."""
    for site in sites:
        reply = create(api, site)
        got = reply.require_done().get("siteId")
        if got != site:
            raise reply.violation("A new token is another site's", expected=site, actual=got)


@proves("FOXGLOVE-SITETOKENS-304")
def test_a_new_token_is_listed(api: Api, tokens: list[dict[str, Any]]) -> None:
    """It is in the list, once, as it was answered."""
    reply = listed(api)
    for token in tokens:
        found = [one for one in reply.body if isinstance(one, dict) and one.get("id") == token["id"]]
        due = {name: token.get(name) for name in ("id", "siteId", "createdAt")}
        got = [{name: one.get(name) for name in due} for one in found]
        if len(got) != 1 or not _same(got[0], due):
            raise reply.violation("A new token is not in the list, once and as answered", expected=[due], actual=got)


def _same(got: dict[str, JSON], due: dict[str, JSON]) -> bool:
    """Whether a token is the other, whose time may be written otherwise."""
    times = nanoseconds(got.pop("createdAt")), nanoseconds(due["createdAt"])
    return times[0] == times[1] and got == {name: value for name, value in due.items() if name != "createdAt"}


@proves("FOXGLOVE-SITETOKENS-305")
def test_created_at_is_the_creations_time(api: Api, sites: tuple[str, str], server_clock: ServerClock) -> None:
    """It lies between what the target's clock says before and after."""
    before = server_clock.now()
    reply = create(api, sites[0])
    told = reply.require_done().get("createdAt")
    created, after = nanoseconds(told), server_clock.now()
    if created is None or not between(before, created, after):
        due = f"between {zulu(before)} and {zulu(after)}"
        raise reply.violation("createdAt is not the time of creation", expected=due, actual=told)


@proves("FOXGLOVE-SITETOKENS-306")
def test_an_edge_site_has_tokens(api: Api, sites: tuple[str, str]) -> None:
    """A token is created for a site of type edge."""
    create(api, sites[0])


@proves("FOXGLOVE-SITETOKENS-307")
def test_a_self_hosted_site_has_tokens(foxglove_target: Target, api: Api) -> None:
    """A token is created for a site of type self-hosted; it stays where a server gives no way to delete it."""
    foxglove_target.allow(Profile.FULL)
    known = str(foxglove_target.need("self_hosted_site_id"))
    site = api.get("/sites/{id}", known)
    if site.get("type") != "self-hosted":
        raise NotTested("the site that self_hosted_site_id names is not of type self-hosted")
    reply = api.ask(POST, body={"siteId": known})
    reply.require_accepted("No token is created for a self-hosted site")
