"""Deviations of site tokens (page "Site tokens")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, without
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
    listed_in_object,
    missing_members,
    no_body_needed,
    other_status,
    wrong_members,
)
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Site, SiteToken

HOUR = 3600 * SECOND

listed_in_object("SITETOKENS-001", "list_site_tokens", "site tokens")
other_status("SITETOKENS-002", "create_site_token")


def _ignored(honest: Wrapper, call: Call, _: str | None) -> list[SiteToken]:
    tokens: list[SiteToken] = honest(call, None)
    return tokens


def _all_of_unknown(honest: Wrapper, call: Call, site_id: str | None) -> list[SiteToken]:
    tokens: list[SiteToken] = honest(call, site_id if site_id in call.state.sites else None)
    return tokens


add("SITETOKENS-101", "site-tokens-unfiltered", "tokens_at", "siteId filters nothing.", _ignored)
add(
    "SITETOKENS-101",
    "site-tokens-of-unknown-site",
    "tokens_at",
    "An unknown siteId filters nothing.",
    _all_of_unknown,
)
add(
    "SITETOKENS-101",
    "site-tokens-one",
    "tokens_at",
    "Of a site's tokens only the last is listed.",
    lambda honest, call, site_id: honest(call, site_id)[-1:] if site_id is not None else honest(call, None),
)


def _any_token(call: Call) -> Any:
    token = next(iter(call.state.site_tokens))
    return {**call.steps.site_token(call, token), "token": token.token}


add(
    "SITETOKENS-110",
    "create-site-token-no-body",
    "create_site_token",
    "Without a JSON object in the body, a site token is answered all the same.",
    no_body_needed(_any_token),
)


def _edge(call: Call) -> str:
    return next(site.id for site in call.state.sites if site.type == "edge")


def _for_any_site(honest: Wrapper, call: Call) -> Any:
    body = call.steps.body(call)
    if "siteId" not in body:
        call = replace(call, steps=replace(call.steps, body=lambda _: {"siteId": _edge(call)}))
    return honest(call)


def _read_any(honest: Wrapper, call: Call) -> Any:
    body = call.steps.body(call)
    if not is_text(body.get("siteId", "")):
        call = replace(call, steps=replace(call.steps, body=lambda _: {"siteId": _edge(call)}))
    return honest(call)


def _first_for_unknown(honest: Wrapper, call: Call, site_id: str) -> Any:
    return honest(call, site_id if site_id in call.state.sites else _edge(call))


add(
    "SITETOKENS-111",
    "create-site-token-without-site",
    "create_site_token",
    "A token without a site is that of the first edge site.",
    _for_any_site,
)
add(
    "SITETOKENS-112",
    "create-site-token-odd-site",
    "create_site_token",
    "A siteId that is no string is that of the first edge site.",
    _read_any,
)
add(
    "SITETOKENS-113",
    "create-site-token-unknown-site",
    "token_site",
    "A token of an unknown site is that of the first edge site.",
    _first_for_unknown,
)
wrong_members(
    "SITETOKENS",
    "site_token",
    "a site token",
    {"201": ("id", 7), "202": ("createdAt", "today"), "203": ("siteId", None)},
)
missing_members("SITETOKENS", "site_token", "a site token", {"201": "id", "202": "createdAt", "203": "siteId"})
add(
    "SITETOKENS-204",
    "site-token-in-object",
    "create_site_token",
    "The secret of a new site token is in an object.",
    after(lambda body: {**body, "token": {"value": body["token"]}}),
)
add(
    "SITETOKENS-301",
    "new-site-token-without-secret",
    "create_site_token",
    "A new site token is answered without its secret.",
    without("token"),
)


def _shown(honest: Wrapper, call: Call, token: SiteToken) -> Any:
    return {**honest(call, token), "token": token.token}


def _shown_of_site(honest: Wrapper, call: Call, token: SiteToken) -> Any:
    return {**honest(call, token), "token": token.token} if "siteId" in call.query else honest(call, token)


add("SITETOKENS-302", "site-tokens-with-secret", "site_token", "Lists of site tokens show their secrets.", _shown)
add(
    "SITETOKENS-302",
    "tokens-of-site-with-secret",
    "site_token",
    "The list of one site's tokens shows their secrets.",
    _shown_of_site,
)


def _anothers(honest: Wrapper, call: Call) -> Any:
    answer = honest(call)
    other = next(site.id for site in call.state.sites if site.id != answer["siteId"])
    return {**answer, "siteId": other}


add(
    "SITETOKENS-303",
    "new-site-token-says-another-site",
    "create_site_token",
    "The answer to a token's creation names another site.",
    _anothers,
)


def _first_three(honest: Wrapper, call: Call, site_id: str | None) -> Any:
    first = list(call.state.site_tokens)[:3]
    return [token for token in honest(call, site_id) if token in first]


add("SITETOKENS-304", "three-site-tokens", "tokens_at", "Only the first three site tokens are listed.", _first_three)


def _an_hour_ago(honest: Wrapper, call: Call) -> Any:
    return honest(replace(call, now=call.now - HOUR))


add(
    "SITETOKENS-305",
    "site-token-created-an-hour-ago",
    "create_site_token",
    "A site token was created an hour before.",
    _an_hour_ago,
)


def _not_for(site_type: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, site_id: str) -> Any:
        site: Site = honest(call, site_id)
        if site.type == site_type:
            raise BadRequest(f"siteId: a site of type {site_type} has no tokens")
        return site

    return wrapper


add("SITETOKENS-306", "no-token-for-edge", "token_site", "Edge sites get no tokens.", _not_for("edge"))
add(
    "SITETOKENS-307",
    "no-token-for-self-hosted",
    "token_site",
    "Self-hosted sites get no tokens.",
    _not_for("self-hosted"),
)
