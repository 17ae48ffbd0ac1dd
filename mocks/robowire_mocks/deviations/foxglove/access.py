"""Deviations of who may ask (section "Authentication")."""

from __future__ import annotations

from base64 import b64decode
from contextlib import suppress
from typing import TYPE_CHECKING

from robowire_fixtures.foxglove import CAPABILITIES

from robowire_mocks.core.auth import bearer_token
from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.foxglove.errors import Forbidden, NotFound, Unauthorized
from robowire_mocks.foxglove.operations import OPERATIONS
from robowire_mocks.foxglove.world import ALL, Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call

_ANYBODY = Key("anybody", (ALL,))


def _nobody(call: Call) -> bool:
    """Whether a request has no API key, nor anything that looks like one in another place."""
    elsewhere = {"Authorization", "X-Api-Key", "Cookie"} & set(call.headers)
    return not elsewhere and not {"token", "apiKey", "access_token"} & set(call.query)


def _anonymous(honest: Wrapper, call: Call) -> Key:
    key: Key = _ANYBODY if _nobody(call) else honest(call)
    return key


def _as(error: type[Exception]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> Key:
        if _nobody(call):
            raise error("there is nothing for you")
        key: Key = honest(call)
        return key

    return wrapper


add(
    "AUTH-001", "anonymous-lists", "authenticate", "Lists of devices need no API key.", only("list_devices", _anonymous)
)
add(
    "AUTH-001",
    "anonymous-deletes-sites",
    "authenticate",
    "Sites are deleted without an API key.",
    only("delete_site", _anonymous),
)
add("AUTH-001", "anonymous-403", "authenticate", "A request without an API key is answered 403.", _as(Forbidden))
add("AUTH-001", "anonymous-404", "authenticate", "A request without an API key is answered 404.", _as(NotFound))


def _taken_for(known: Callable[[str, str], bool]) -> Wrapper:
    """A wrapper that takes a token for one of the API keys if `known(key, token)`."""

    def wrapper(honest: Wrapper, call: Call) -> Key:
        token = bearer_token(call.headers.get("Authorization"))
        if token is not None and token not in call.state.keys:
            for text, key in call.state.keys.items():
                if known(text, token):
                    return key
        found: Key = honest(call)
        return found

    return wrapper


def _whatever_state(state: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> Key:
        key = call.state.keys.get(bearer_token(call.headers.get("Authorization")) or "")
        found: Key = key if key is not None and key.state == state else honest(call)
        return found

    return wrapper


for _slug, _summary, _known in (
    ("any-token", "Any token is taken for an API key.", lambda key, token: bool(token) and key.endswith("_all")),
    ("token-cut-short", "The beginning of an API key is enough.", lambda key, token: key.startswith(token)),
    ("token-with-a-tail", "What follows an API key does not matter.", lambda key, token: token.startswith(key)),
    ("token-in-any-case", "API keys are compared without case.", lambda key, token: key.lower() == token.lower()),
):
    add("AUTH-002", _slug, "authenticate", _summary, _taken_for(_known))
add("AUTH-002", "revoked-key-good", "authenticate", "A revoked API key is still good.", _whatever_state("revoked"))
add("AUTH-002", "disabled-key-good", "authenticate", "A disabled API key is still good.", _whatever_state("disabled"))


def _unknown_404(honest: Wrapper, call: Call) -> Key:
    """An API key that nobody knows is answered 404."""
    if bearer_token(call.headers.get("Authorization")) not in {None, *call.state.keys}:
        raise NotFound("there is no such API key")
    key: Key = honest(call)
    return key


add("AUTH-002", "unknown-key-404", "authenticate", "An API key that nobody knows is answered 404.", _unknown_404)


def _no_bearer(honest: Wrapper, call: Call) -> Key:
    key: Key = honest(call)
    if ALL in key.capabilities and call.operation.name == "list_devices":
        raise Unauthorized("send the key alone, without Bearer")
    return key


add(
    "AUTH-003",
    "no-bearer",
    "authenticate",
    "Where devices are listed, API keys that may do everything are refused after Bearer.",
    _no_bearer,
)


def _found(place: Callable[[Call], str | None]) -> Wrapper:
    """A wrapper that looks for an API key in another place too."""

    def wrapper(honest: Wrapper, call: Call) -> Key:
        key = None
        with suppress(ValueError):
            key = call.state.keys.get(place(call) or "")
        found: Key = key if key is not None else honest(call)
        return found

    return wrapper


def _after(scheme: str, header: str) -> Callable[[Call], str | None]:
    def place(call: Call) -> str | None:
        value = call.headers.get(header, "")
        return value.removeprefix(scheme) if value.startswith(scheme) else None

    return place


def _basic(call: Call) -> str | None:
    encoded = _after("Basic ", "Authorization")(call)
    return None if encoded is None else b64decode(encoded).decode("latin-1").partition(":")[0]


for _slug, _summary, _place in (
    ("key-alone", "An API key alone, without a scheme, is taken.", _after("", "Authorization")),
    ("key-as-token", "An API key after Token is taken.", _after("Token ", "Authorization")),
    ("key-as-user", "An API key as the user of Basic is taken.", _basic),
    ("key-in-own-header", "An API key in X-Api-Key is taken.", _after("", "X-Api-Key")),
    ("key-in-cookie", "An API key in a cookie is taken.", _after("token=", "Cookie")),
    ("key-in-query", "An API key in the URL's query is taken.", lambda call: call.query.get("access_token")),
):
    add("AUTH-004", _slug, "authenticate", _summary, _found(_place))


def _no_capability(honest: Wrapper, call: Call, key: Key) -> None:
    if key.capabilities:
        honest(call, key)


def _same_resource(honest: Wrapper, call: Call, key: Key) -> None:
    resource = call.operation.capability.rpartition(".")[0]
    if not any(own.rpartition(".")[0] == resource for own in key.capabilities):
        honest(call, key)


def _all_of_them(honest: Wrapper, call: Call, key: Key) -> None:
    if key.capabilities == (call.operation.capability,):
        raise Forbidden("the API key is too narrow")
    honest(call, key)


for _number, _where in enumerate(CAPABILITIES, start=101):
    for _operation in OPERATIONS:
        if f"{_operation.method} {_operation.path}" == _where:
            _name = _operation.name.replace("_", "-")
            _many = sum(
                one.rpartition(".")[0] == _operation.capability.rpartition(".")[0] for one in CAPABILITIES.values()
            )
            _loose = _same_resource if _many > 1 else _no_capability
            _what = "any capability of its resource" if _many > 1 else "no capability"
            add(
                f"AUTH-{_number}",
                f"{_name}-asks-less",
                "permit",
                f"{_where} asks for {_what}.",
                only(_operation.name, _loose),
            )
            add(
                f"AUTH-{_number}",
                f"{_name}-asks-more",
                "permit",
                f"{_where} finds {_operation.capability} not enough.",
                only(_operation.name, _all_of_them),
            )
