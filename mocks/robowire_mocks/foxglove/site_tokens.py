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

_FILTERS = (Member("siteId"),)
_NEW = (Member("siteId", required=True),)  # FOXGLOVE-SITETOKENS-111, FOXGLOVE-SITETOKENS-112


def list_site_tokens(call: Call) -> list[dict[str, Any]]:
    """All site tokens, or those of one site, without their secrets (FOXGLOVE-SITETOKENS-001)."""
    asked = call.steps.parameters(call, _FILTERS)
    tokens = call.state.site_tokens
    # FOXGLOVE-SITETOKENS-101
    rows = tokens.where("site_id", asked["siteId"]) if "siteId" in asked else tokens
    return [call.steps.site_token_json(call, token) for token in rows]  # FOXGLOVE-SITETOKENS-302


def create_site_token(call: Call) -> dict[str, Any]:
    """A new site token with its secret (FOXGLOVE-SITETOKENS-002)."""
    given = call.steps.read(call, call.steps.body(call), _NEW)  # FOXGLOVE-SITETOKENS-110
    site = call.state.sites.get(given["siteId"])
    if site is None:
        raise NotFound(f"there is no site {given['siteId'][:80]!r}")  # FOXGLOVE-SITETOKENS-113
    if site.type == "foxglove-hosted":  # FOXGLOVE-SITETOKENS-306, FOXGLOVE-SITETOKENS-307: the others may
        raise BadRequest("siteId: a site that Foxglove hosts has no tokens")
    # FOXGLOVE-SITETOKENS-303, FOXGLOVE-SITETOKENS-305
    token = SiteToken(call.state.fresh_id("stt"), site.id, call.now, call.state.fresh_token("fox_st"))
    call.state.site_tokens.put(token)  # FOXGLOVE-SITETOKENS-304
    # FOXGLOVE-SITETOKENS-204, FOXGLOVE-SITETOKENS-301
    return {**call.steps.site_token_json(call, token), "token": token.token}


def delete_site_token(call: Call) -> dict[str, Any]:
    """Remove the site token with the path's id; published, though not in the saved text."""
    token = call.state.site_tokens.get(call.path["id"])
    if token is None:
        raise NotFound(f"there is no site token {call.path['id'][:80]!r}")
    call.state.site_tokens.remove(token.id)
    return {"id": token.id}


def site_token_json(call: Call, token: SiteToken) -> dict[str, Any]:
    """A site token as lists show it."""
    return {
        "id": token.id,  # FOXGLOVE-SITETOKENS-201
        "createdAt": call.steps.zulu(call, token.created_at),  # FOXGLOVE-SITETOKENS-202
        "siteId": token.site_id,  # FOXGLOVE-SITETOKENS-203
    }
