"""Deviations of errors, of what is to be ignored, and of rate limits (facts "Foxglove", section "Rate limits")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove.errors import BadRequest, TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.core.answer import Answer, Refusal
    from robowire_mocks.foxglove.call import Call


def _error(change: Callable[[str], Any], *statuses: int) -> Wrapper:
    """A wrapper that writes errors, of these statuses or of all, in another way."""

    def wrapper(honest: Wrapper, call: Call, refusal: Refusal) -> Answer:
        answer: Answer = honest(call, refusal)
        if statuses and answer.status not in statuses:
            return answer
        return replace(answer, body=change(answer.body["error"]))

    return wrapper


for _slug, _summary, _change, _statuses in (
    ("error-as-text", "Errors are plain text.", lambda text: text.encode(), ()),
    ("error-as-message", "Errors have message in place of error.", lambda text: {"message": text}, ()),
    ("error-as-object", "error is an object.", lambda text: {"error": {"message": text}}, ()),
    ("error-as-list", "Errors of status 400 are lists.", lambda text: [{"error": text}], (400,)),
    ("error-as-string", "Errors of status 404 are strings.", lambda text: text, (404,)),
    ("error-empty", "Errors of status 409 have no body.", lambda _: b"", (409,)),
    ("error-401-no-text", "Errors of status 401 have null for error.", lambda _: {"error": None}, (401,)),
    ("error-403-page", "Errors of status 403 are HTML.", lambda text: f"<h1>{text}</h1>".encode(), (403,)),
):
    add("ERROR-001", _slug, "error", _summary, _error(_change, *_statuses))

_PARAMETERS = frozenset(
    [
        "limit",
        "offset",
        "sortBy",
        "sortOrder",
        "query",
        "resourceType",
        "deviceId",
        "deviceName",
        "device.id",
        "device.name",
        "start",
        "end",
        "createdAfter",
        "updatedAfter",
        "siteId",
        "updatedSince",
        "includeData",
        "token",
        "apiKey",
        "access_token",
    ]
)
_MEMBERS = frozenset(
    [
        "key",
        "label",
        "resourceType",
        "valueType",
        "values",
        "deviceId",
        "deviceName",
        "device.id",
        "device.name",
        "enabled",
        "name",
        "properties",
        "start",
        "end",
        "metadata",
        "siteId",
        "type",
        "retainRecordingsSeconds",
        "url",
    ]
)


def _refusing(refuses: Callable[[Call], bool]) -> Wrapper:
    """A wrapper of `permit` that refuses some requests too."""

    def wrapper(honest: Wrapper, call: Call, key: Any) -> None:
        honest(call, key)
        if refuses(call):
            raise BadRequest("there is something in the request that nobody expects")

    return wrapper


def _unknown_parameters(call: Call) -> bool:
    return not _PARAMETERS.issuperset(call.query)


add("ERROR-002", "unknown-parameters", "permit", "Unknown parameters are refused.", _refusing(_unknown_parameters))
add(
    "ERROR-002",
    "unknown-parameters-of-lists",
    "permit",
    "Unknown parameters of lists are refused.",
    _refusing(lambda call: call.operation.name.startswith("list_") and _unknown_parameters(call)),
)


def _known_members(*methods: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> Mapping[str, Any]:
        body: Mapping[str, Any] = honest(call)
        if call.operation.method in methods and not _MEMBERS.issuperset(body):
            raise BadRequest("the body has members that nobody expects")
        return body

    return wrapper


add("ERROR-003", "unknown-members", "body", "Unknown members of bodies are refused.", _known_members("POST", "PATCH"))
add("ERROR-003", "unknown-members-of-edits", "body", "Unknown members of edits are refused.", _known_members("PATCH"))


def _typed_without_body(*methods: str) -> Callable[[Call], bool]:
    def refuses(call: Call) -> bool:
        if call.operation.method not in methods or call.headers.get("Content-Length", "0") != "0":
            return False
        return call.headers.get("Content-Type", "").startswith("application/json")

    return refuses


add(
    "ERROR-004",
    "typed-get-refused",
    "permit",
    "A GET with a Content-Type is refused, since it has no body.",
    _refusing(_typed_without_body("GET")),
)
add(
    "ERROR-004",
    "typed-delete-refused",
    "permit",
    "A DELETE with a Content-Type is refused, since it has no body.",
    _refusing(_typed_without_body("DELETE")),
)
add(
    "ERROR-006",
    "empty-query-refused",
    "permit",
    "A question mark without a query is refused.",
    _refusing(lambda call: call.target.endswith("?")),
)


def _media_type(media_type: str, methods: frozenset[str]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, body: Any) -> Answer:
        answer: Answer = honest(call, body)
        if call.operation.method not in methods:
            return answer
        headers = {**answer.headers, "Content-Type": media_type}
        return replace(answer, body=orjson.dumps(answer.body), headers=headers)

    return wrapper


_EACH = frozenset({"GET", "POST", "PATCH", "DELETE"})
add("ERROR-005", "answers-as-text", "answer", "Answers are text/plain.", _media_type("text/plain", _EACH))
add("ERROR-005", "answers-as-html", "answer", "Lists are text/html.", _media_type("text/html", frozenset({"GET"})))


def _too_many(status: int) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, refusal: Refusal) -> Answer:
        answer: Answer = honest(call, refusal)
        return replace(answer, status=status) if isinstance(refusal, TooManyRequests) else answer

    return wrapper


add("RATE-001", "too-many-503", "error", "Requests that are too many are answered 503.", _too_many(503))
add("RATE-001", "too-many-403", "error", "Requests that are too many are answered 403.", _too_many(403))


def _retry_after(header: Callable[[str], str | None]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, refusal: Refusal) -> Answer:
        answer: Answer = honest(call, refusal)
        headers = dict(answer.headers)
        if "Retry-After" in headers:
            value = header(headers.pop("Retry-After"))
            headers |= {} if value is None else {"Retry-After": value}
        return replace(answer, headers=headers)

    return wrapper


add("RATE-002", "too-many-for-how-long", "error", "A 429 has no Retry-After.", _retry_after(lambda _: None))
add("RATE-002", "too-many-for-a-while", "error", "Retry-After is a word.", _retry_after(lambda _: "soon"))
add("RATE-002", "too-many-until-unknown", "error", "Retry-After is negative.", _retry_after(lambda _: "-1"))
add("RATE-003", "too-many-too-short", "error", "Retry-After is zero.", _retry_after(lambda _: "0"))
