"""Who may ask: the token, its scopes, and the application (sections "Authentication" and "Request Path Components")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_fixtures.losant import SCOPES

from robowire_mocks.core.auth import bearer_token, permits
from robowire_mocks.losant.errors import ApplicationNotFound, Forbidden, Unauthorized

if TYPE_CHECKING:
    from robowire_generators.telemetry import Application, Token

    from robowire_mocks.losant.call import Call


def authenticate(call: Call) -> Token:
    """The token of the request.

    Raises:
        Unauthorized: There is none in the Authorization header, or nobody knows it.
    """
    # LOSANT-AUTH-103, LOSANT-AUTH-203, LOSANT-AUTH-303: prepended with Bearer
    text = bearer_token(call.headers.get("Authorization"))
    if text is None:
        # LOSANT-AUTH-101, LOSANT-AUTH-201, LOSANT-AUTH-301
        raise Unauthorized("send the header Authorization: Bearer YOUR_API_ACCESS_TOKEN")
    token = call.state.world.tokens.get(text)
    if token is None:
        raise Unauthorized("the token is not valid")  # LOSANT-AUTH-102, LOSANT-AUTH-202, LOSANT-AUTH-302
    return token


def permit(call: Call, token: Token) -> None:
    """Nothing, if one of the scopes of `token` is enough for the action.

    Raises:
        Forbidden: None is. The document does not choose between 401 and 403.
    """
    # LOSANT-AUTH-111 to LOSANT-AUTH-120, LOSANT-AUTH-211 to LOSANT-AUTH-220, LOSANT-AUTH-311 to LOSANT-AUTH-320
    enough = SCOPES[call.operation]
    if not permits(token.scopes, enough):
        # LOSANT-AUTH-104, LOSANT-AUTH-105, LOSANT-AUTH-204, LOSANT-AUTH-205, LOSANT-AUTH-304, LOSANT-AUTH-305
        raise Forbidden(f"the token has none of the scopes: {', '.join(enough)}")


def application(call: Call, token: Token) -> Application:
    """The application that the path names.

    Raises:
        ApplicationNotFound: There is none, or the token is not for it: it must not even learn that it exists.
    """
    found = call.state.world.applications.get(call.application_id.lower())
    if found is None or not token.allows(found.id):
        # LOSANT-EXPORT-108, LOSANT-LASTVALUE-108, LOSANT-TIMESERIES-108
        raise ApplicationNotFound("Application was not found")
    return found
