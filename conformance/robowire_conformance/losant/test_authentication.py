"""Sections "Authentication" and "Request Headers" of the three actions: tokens and their scopes."""

from collections.abc import Iterator

import orjson
import pytest
from robowire_fixtures.losant import OPERATIONS, PATHS, SCOPES, STATUSES

from robowire_conformance.client import Answer, Client
from robowire_conformance.losant.asking import JSON_BODY, read
from robowire_conformance.losant.probing import Prober
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves

HUNDREDS = {operation: 100 * number for number, operation in enumerate(OPERATIONS, start=1)}
REFUSED = frozenset({401, 403})
PROBERS = {"export": "export_prober", "lastValueQuery": "last_value_prober", "timeSeriesQuery": "time_series_prober"}


def _each(number: int) -> list[object]:
    """A case per action, proving its own requirement of this number."""
    return [
        pytest.param(operation, marks=proves(f"LOSANT-AUTH-{hundred + number}"), id=operation)
        for operation, hundred in HUNDREDS.items()
    ]


@pytest.fixture
def prober(request: pytest.FixtureRequest, operation: str) -> Prober:
    """Bodies for the action at hand, which the target's own token may send."""
    found: Prober = request.getfixturevalue(PROBERS[operation])
    return found


def _send(client: Client, prober: Prober, authorization: str | None = None) -> Answer:
    headers = {**JSON_BODY, **({} if authorization is None else {"Authorization": authorization})}
    path = prober.api.path(PATHS[prober.operation])
    return client.request("POST", path, headers=headers, content=orjson.dumps(prober.base))


def _require_refused(answer: Answer, whose: str) -> None:
    """A client error, of which the document leaves the status open, without anything of the result.

    Raises:
        Violation: It is another answer.
    """
    body = read(answer)
    leaks = isinstance(body, dict) and bool({"devices", "jobId", "jobQueued"} & set(body))
    if not 400 <= answer.status < 500 or leaks:
        text = f"A request {whose} is not refused"
        raise Violation(text, expected="401 or 403", actual=answer.status, exchange=answer.exchange)


@pytest.mark.parametrize("operation", _each(1))
def test_without_a_token_it_is_refused(losant_target: Target, prober: Prober, operation: str) -> None:  # noqa: ARG001
    """Without a token there is no answer."""
    prober.require_control()
    _require_refused(_send(losant_target.client.with_token(""), prober), "without a token")


@pytest.mark.parametrize("operation", _each(2))
def test_an_invalid_token_is_refused(losant_target: Target, prober: Prober, operation: str) -> None:  # noqa: ARG001
    """A token that no one has issued is worth nothing."""
    prober.require_control()
    for token in ("robowire-invalid", "0" * 64, "e30.e30.c2ln"):
        _require_refused(_send(losant_target.client.with_token(token), prober), "with an invalid token")
    nothing = _send(losant_target.client.with_token(""), prober, "Bearer")
    _require_refused(nothing, "with an empty token")


@pytest.mark.parametrize("operation", _each(3))
def test_a_bearer_token_authenticates(losant_target: Target, prober: Prober, operation: str) -> None:
    """The token in Authorization, after Bearer, is what authenticates."""
    answer = _send(losant_target.client, prober)
    if answer.status in REFUSED:
        text = "A request with the bearer token of the target profile is refused"
        raise Violation(text, expected=STATUSES[operation], actual=answer.status, exchange=answer.exchange)
    prober.require_control()
    if prober.accepts(_send(losant_target.client.with_token(""), prober)):
        raise NotTested(f"it is answered without a token too (see LOSANT-AUTH-{HUNDREDS[operation] + 1})")


def _limited(target: Target) -> Iterator[tuple[frozenset[str], str]]:
    """The limited tokens of the target profile and their scopes.

    Raises:
        NotTested: There is none.
    """
    for entry in target.need("limited_tokens"):
        yield frozenset(entry["scopes"]), str(entry["token"])


@pytest.mark.parametrize("operation", _each(4))
def test_a_token_without_scopes_is_refused(losant_target: Target, prober: Prober, operation: str) -> None:  # noqa: ARG001
    """A token that has no scope at all may do nothing."""
    prober.require_control()
    tokens = [token for scopes, token in _limited(losant_target) if not scopes]
    if not tokens:
        raise NotTested("limited_tokens of the target profile has none without scopes: add {token = …, scopes = []}")
    for token in tokens:
        _require_refused(_send(losant_target.client.with_token(token), prober), "of a token without scopes")


@pytest.mark.parametrize("operation", _each(5))
def test_a_token_with_other_scopes_is_refused(losant_target: Target, prober: Prober, operation: str) -> None:
    """A token with none of the ten scopes may not do it, whatever else it may."""
    prober.require_control()
    listed = set(SCOPES[operation])
    others = [(scopes, token) for scopes, token in _limited(losant_target) if scopes and not scopes & listed]
    if not others:
        raise NotTested(f"limited_tokens of the target profile has none with scopes that are not those of {operation}")
    for scopes, token in others:
        answer = _send(losant_target.client.with_token(token), prober)
        _require_refused(answer, f"of a token for {', '.join(sorted(scopes))}")


@pytest.mark.parametrize(
    ("operation", "scope"),
    [
        pytest.param(operation, scope, marks=proves(f"LOSANT-AUTH-{HUNDREDS[operation] + 11 + number}"))
        for operation in OPERATIONS
        for number, scope in enumerate(SCOPES[operation])
    ],
)
def test_each_scope_is_enough(losant_target: Target, prober: Prober, operation: str, scope: str) -> None:
    """A token that has this one of the ten scopes may do it, while one that is none may not."""
    prober.require_control()
    listed = set(SCOPES[operation])
    tokens = [token for scopes, token in _limited(losant_target) if scopes & listed == {scope}]
    if not tokens:
        raise NotTested(f"limited_tokens of the target profile has none with {scope} and no other of the ten scopes")
    if _send(losant_target.client.with_token("robowire-invalid"), prober).status == STATUSES[operation]:
        raise NotTested(f"it is answered whatever the token (see LOSANT-AUTH-{HUNDREDS[operation] + 2})")
    answer = _send(losant_target.client.with_token(tokens[0]), prober)
    if answer.status != STATUSES[operation]:
        text = f"A token with the scope {scope} is not enough"
        raise Violation(text, expected=STATUSES[operation], actual=answer.status, exchange=answer.exchange)
