"""Deviations of who may ask (sections "Authentication" and "Error Responses")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_fixtures.losant import SCOPES
from robowire_generators.telemetry import Application, Token

from robowire_mocks.core.auth import bearer_token
from robowire_mocks.deviations.losant.changing import ACTIONS, Wrapper, only
from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.errors import ApplicationNotFound, Forbidden, Unauthorized

if TYPE_CHECKING:
    from robowire_mocks.losant.call import Call

_ANYBODY = Token("", ("all.Application",))


def _anonymous(honest: Wrapper, call: Call) -> Token:
    token: Token = _ANYBODY if "Authorization" not in call.headers else honest(call)
    return token


def _any_token(honest: Wrapper, call: Call) -> Token:
    token: Token = _ANYBODY if bearer_token(call.headers.get("Authorization")) else honest(call)
    known = call.state.world.tokens.get(bearer_token(call.headers.get("Authorization")) or "")
    return known or token


def _no_bearer(honest: Wrapper, call: Call) -> Token:
    if bearer_token(call.headers.get("Authorization")) is not None:
        raise Unauthorized("send the token alone, without Bearer")
    token: Token = honest(call)
    return token


def _no_scope_needed(honest: Wrapper, call: Call, token: Token) -> None:
    if token.scopes:
        honest(call, token)


def _any_scope(honest: Wrapper, call: Call, token: Token) -> None:
    if not token.scopes:
        honest(call, token)


def _other_data_scopes(honest: Wrapper, call: Call, token: Token) -> None:
    if not any(scope.startswith("data.") for scope in token.scopes):
        honest(call, token)


def _not_alone(scope: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, token: Token) -> None:
        if set(token.scopes) == {scope}:
            raise Forbidden(f"{scope} is not enough")
        honest(call, token)

    return wrapper


def _empty_application(honest: Wrapper, call: Call, token: Token) -> Application:
    try:
        found: Application = honest(call, token)
    except ApplicationNotFound:
        found = Application(call.application_id, "", {})
    return found


def _forbidden(honest: Wrapper, call: Call, token: Token) -> Application:
    try:
        found: Application = honest(call, token)
    except ApplicationNotFound as refusal:
        raise Forbidden(str(refusal)) from refusal
    return found


_AUTH = (
    ("01", "anonymous", "authenticate", "{} needs no token.", _anonymous),
    ("02", "any-token", "authenticate", "{} takes any token for a valid one.", _any_token),
    ("03", "no-bearer", "authenticate", "{} refuses tokens that are prepended with Bearer.", _no_bearer),
    ("04", "no-scope-needed", "permit", "{} takes tokens without any scope.", _no_scope_needed),
    ("05", "any-scope", "permit", "{} takes tokens with any scope at all.", _any_scope),
    ("05", "other-data-scopes", "permit", "{} takes the scopes of the other actions.", _other_data_scopes),
)

for _operation, _name, _area, _hundred in ACTIONS:
    _said = f"The action {_operation}"
    for _number, _slug, _step, _summary, _wrapper in _AUTH:
        LOSANT.add(
            f"{_name}-{_slug}",
            breaks=f"LOSANT-AUTH-{_hundred}{_number}",
            step=_step,
            summary=_summary.format(_said),
            wrapper=only(_operation, _wrapper),
        )
    for _place, _scope in enumerate(SCOPES[_operation], start=11):
        LOSANT.add(
            f"{_name}-without-{_scope.replace('.*', '-any').replace('.', '-').lower()}",
            breaks=f"LOSANT-AUTH-{_hundred}{_place}",
            step="permit",
            summary=f"{_said} finds the scope {_scope} not enough.",
            wrapper=only(_operation, _not_alone(_scope)),
        )
    LOSANT.add(
        f"{_name}-unknown-application-empty",
        breaks=f"LOSANT-{_area}-108",
        step="application",
        summary=f"{_said} takes an application that is not there for an empty one.",
        wrapper=only(_operation, _empty_application),
    )
    LOSANT.add(
        f"{_name}-unknown-application-403",
        breaks=f"LOSANT-{_area}-108",
        step="application",
        summary=f"{_said} answers 403 for an application that is not there.",
        wrapper=only(_operation, _forbidden),
    )
