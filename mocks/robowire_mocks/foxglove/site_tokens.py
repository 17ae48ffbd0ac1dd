"""Site tokens: credentials of sites that their owner runs (sections "List site tokens" and "Create a site token").

The document names Self-hosted and Edge Sites; a site that Foxglove hosts has no use for one, and gets none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.members import Member
from robowire_mocks.foxglove.rows import SiteToken

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Site

_FILTERS = (Member("siteId"),)
_NEW = (Member("siteId", required=True),)  # FOXGLOVE-SITETOKENS-111, FOXGLOVE-SITETOKENS-112


def list_site_tokens(call: Call) -> list[dict[str, Any]]:
    """All site tokens, or those of one site, without their secrets."""
    # FOXGLOVE-SITETOKENS-001
    asked = call.steps.parameters(call, _FILTERS)
    tokens = call.steps.tokens_at(call, asked.get("siteId"))
    return [call.steps.site_token(call, token) for token in tokens]  # FOXGLOVE-SITETOKENS-302


def create_site_token(call: Call) -> dict[str, Any]:
    """A new site token with its secret."""
    # FOXGLOVE-SITETOKENS-002
    given = call.steps.read(call, call.steps.body(call), _NEW)  # FOXGLOVE-SITETOKENS-110
    site = call.steps.token_site(call, given["siteId"])
    # FOXGLOVE-SITETOKENS-303, FOXGLOVE-SITETOKENS-305
    token = SiteToken(call.state.fresh_id("stt"), site.id, call.now, call.state.fresh_token("fox_st"))
    call.state.site_tokens.put(token)  # FOXGLOVE-SITETOKENS-304
    # FOXGLOVE-SITETOKENS-204, FOXGLOVE-SITETOKENS-301
    return {**call.steps.site_token(call, token), "token": token.token}


def delete_site_token(call: Call) -> dict[str, Any]:
    """Remove the site token with the path's id; published, though not in the saved text."""
    token = call.state.site_tokens.get(call.path["id"])
    if token is None:
        raise NotFound(f"there is no site token {call.path['id'][:80]!r}")
    call.state.site_tokens.remove(token.id)
    return {"id": token.id}


def tokens_at(call: Call, site_id: str | None) -> list[SiteToken]:
    """The tokens of a site, or of all; none of a site that is not there."""
    # FOXGLOVE-SITETOKENS-101
    tokens = call.state.site_tokens
    return list(tokens) if site_id is None else tokens.where("site_id", site_id)


def token_site(call: Call, site_id: str) -> Site:
    """The site that gets a token.

    Raises:
        NotFound: There is none with this id.
        BadRequest: Foxglove hosts it.
    """
    site = call.state.sites.get(site_id)
    if site is None:
        raise NotFound(f"there is no site {site_id[:80]!r}")  # FOXGLOVE-SITETOKENS-113
    if site.type == "foxglove-hosted":  # FOXGLOVE-SITETOKENS-306, FOXGLOVE-SITETOKENS-307: the others may
        raise BadRequest("siteId: a site that Foxglove hosts has no tokens")
    return site


def site_token(call: Call, token: SiteToken) -> dict[str, Any]:
    """A site token as lists show it."""
    return {
        "id": token.id,  # FOXGLOVE-SITETOKENS-201
        "createdAt": call.steps.zulu(call, token.created_at),  # FOXGLOVE-SITETOKENS-202
        "siteId": token.site_id,  # FOXGLOVE-SITETOKENS-203
    }
