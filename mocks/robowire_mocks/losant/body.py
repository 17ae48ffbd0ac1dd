"""The body of a request: JSON that validates against the action's schema (sections "Request Body")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from robowire_fixtures.contract import load_contract
from robowire_fixtures.losant import BODIES

from robowire_mocks.core import strict_json
from robowire_mocks.losant.errors import Malformed, UnsupportedEncoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from robowire_mocks.losant.call import Call

LIMIT: int = 1024 * 1024
"""Bytes of a body that are read."""

DEPTH: int = 100
"""How deep a body may be nested: device queries in device queries, mostly."""

_SHOWN = 5
_TEXT = 200
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One way in which a body differs from its schema: where, which keyword says so, and what is wrong.

    `unexpected` are the members of an object that it may not have, `most` is the limit that a list exceeds.
    """

    path: tuple[str | int, ...]
    keyword: str
    message: str
    unexpected: tuple[str, ...] = ()
    most: int = 0

    def __str__(self) -> str:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:_TEXT]}" for part in self.path)
        return f"{where.removeprefix('.') or 'the body'}: {self.message}"


def read(call: Call) -> Any:  # any JSON value
    """The JSON value in the body, whatever Content-Type it has; none at all is an empty object.

    Raises:
        Malformed: It is not JSON.
        UnsupportedEncoding: It is compressed.
    """
    encoding = call.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise UnsupportedEncoding(f"a body with Content-Encoding {encoding[:_TEXT]!r} is not read")
    # LOSANT-EXPORT-107, LOSANT-LASTVALUE-107, LOSANT-TIMESERIES-107: JSON is UTF-8, and Content-Type changes nothing
    if not call.raw:
        return {}  # LOSANT-EXPORT-105, LOSANT-LASTVALUE-105, LOSANT-TIMESERIES-105
    try:
        return strict_json.loads(call.raw, depth=DEPTH)
    except strict_json.NotJSON as error:
        # LOSANT-EXPORT-103, LOSANT-LASTVALUE-103, LOSANT-TIMESERIES-103
        raise Malformed(f"the body is not JSON that can be read: {error}") from error


def validate(call: Call, value: Any) -> Mapping[str, Any]:  # any JSON value
    """The body, once it is known to be what the action's schema asks for.

    Raises:
        Malformed: It is not; the text says where and why.
    """
    # The schemas state LOSANT-EXPORT-100 to LOSANT-EXPORT-145, LOSANT-LASTVALUE-100 to LOSANT-LASTVALUE-137,
    # LOSANT-TIMESERIES-100 to LOSANT-TIMESERIES-156 and LOSANT-QUERY-001 to LOSANT-QUERY-147.
    found = flaws(call.operation, value)
    if found:
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise Malformed("; ".join(map(str, found[:_SHOWN])) + more)
    checked: Mapping[str, Any] = value
    return checked


def flaws(operation: str, value: Any) -> list[Flaw]:  # any JSON value
    """All differences between a body and the schema of an action's body."""
    errors = _validator(BODIES[operation]).iter_errors(value)
    return [_flaw(leaf) for leaf in _leaves(errors)]


def _flaw(error: jsonschema_rs.ValidationError) -> Flaw:
    facts = error.kind.as_dict()
    unexpected, most = tuple(facts.get("unexpected", ())), int(facts.get("limit", 0))
    return Flaw(tuple(error.instance_path), error.kind.name, _told(error), unexpected, most)


@cache
def _validator(component: str) -> jsonschema_rs.Validator:
    contract = load_contract("losant")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{component}",
        "components": contract["components"],
    }
    return jsonschema_rs.validator_for(schema, validate_formats=True, mask="the value")


def _leaves(errors: Iterator[jsonschema_rs.ValidationError]) -> Iterator[jsonschema_rs.ValidationError]:
    """The errors that say most: for a value that fits none of several schemas, those of the one it comes closest to."""
    for error in errors:
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.OneOfNotValid):
            branches: list[list[jsonschema_rs.ValidationError]] = error.kind.context
            closest = max(branches, key=_closeness)
            yield from _leaves(iter(closest))
        else:
            yield error


def _closeness(branch: Sequence[jsonschema_rs.ValidationError]) -> tuple[int, bool, int]:
    """How far a value went into a schema that it does not fit: the depth, not by its type, the fewer the better."""
    leaves = list(_leaves(iter(branch)))
    depth = min(len(leaf.instance_path) for leaf in leaves)
    return depth, all(leaf.kind.name not in {"type", "required"} for leaf in leaves), -len(leaves)


def _told(error: jsonschema_rs.ValidationError) -> str:
    return error.message if len(error.message) <= _TEXT else f"{error.message[:_TEXT]}…"
