"""Members of bodies and parameters of queries: what each may be, stated once, and read by that statement.

A deviation makes the mock go wrong by reading with another statement.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any

from robowire_mocks.core import strict_json
from robowire_mocks.foxglove.errors import BadRequest, UnsupportedEncoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from robowire_mocks.foxglove.call import Call

DEPTH: int = 100
"""How deep a body may be nested."""

_WHOLE = re.compile(r"([0-9]{1,4000})(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")


class Kind(Enum):
    """What a member or parameter holds."""

    STRING = auto()
    NUMBER = auto()
    COUNT = auto()  # a whole number that is not negative, as parameters have them
    BOOLEAN = auto()
    MOMENT = auto()  # a timestamp; read as ns
    OBJECT = auto()
    TEXTS = auto()  # an object whose members are strings
    STRINGS = auto()  # an array of strings


@dataclass(frozen=True, slots=True)
class Member:
    """What one member of a body, or one parameter of a query, may be.

    `shortest` and `longest` count characters, `pattern` is searched for (anchor it), `one_of` lists the only values,
    `least` and `most` bound numbers, `unique` forbids an array to repeat an item.
    """

    name: str
    kind: Kind = Kind.STRING
    required: bool = False
    shortest: int = 0
    longest: int | None = None
    pattern: str | None = None
    one_of: tuple[str, ...] | None = None
    least: float | None = None
    most: float | None = None
    unique: bool = False


def body(call: Call) -> Mapping[str, Any]:
    """The JSON object in the request's body, whatever Content-Type it has.

    Raises:
        BadRequest: There is none, it is no JSON that everybody reads alike, or no object.
        UnsupportedEncoding: It is compressed.
    """
    encoding = call.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise UnsupportedEncoding(f"a body with Content-Encoding {encoding[:80]!r} is not read")
    try:
        value = strict_json.loads(call.raw, depth=DEPTH)
    except strict_json.NotJSON as error:
        raise BadRequest(f"the body is not JSON that can be read: {error}") from error
    # FOXGLOVE-PROPERTIES-110, FOXGLOVE-PROPERTIES-160, FOXGLOVE-DEVICETOKENS-110, FOXGLOVE-DEVICETOKENS-120
    # FOXGLOVE-DEVICES-121, FOXGLOVE-DEVICES-131
    if not isinstance(value, dict):
        raise BadRequest("the body is not a JSON object")
    return value


def read(call: Call, given: Mapping[str, Any], members: Iterable[Member]) -> dict[str, Any]:
    """Those of `members` that `given`, a body, has: checked, and converted as their kind says; others are ignored.

    Raises:
        BadRequest: One is not what it may be, or a required one is missing.
    """
    # FOXGLOVE-ERROR-003
    read_members = ((member, call.steps.member(call, member, given)) for member in members)
    return {member.name: value for member, value in read_members if value is not None}


def parameters(call: Call, members: Iterable[Member]) -> dict[str, Any]:
    """Those of `members` that the URL's query has, read as `read` does.

    Raises:
        BadRequest: One is not what it may be, or a required one is missing.
    """
    # FOXGLOVE-ERROR-002
    read_members = ((member, call.steps.parameter(call, member)) for member in members)
    return {member.name: value for member, value in read_members if value is not None}


def member(call: Call, member: Member, given: Mapping[str, Any]) -> Any:  # a member of any kind
    """The value of one member of a body, or None: it is not there, and need not be.

    Raises:
        BadRequest: It is not what it may be, or is missing.
    """
    if member.name not in given:
        return _missing(member)
    value = given[member.name]
    fits, kind = _KINDS[member.kind]
    if not fits(value):
        raise BadRequest(f"{member.name}: must be {kind}")
    check(member, value)
    return call.steps.moment(call, member.name, value) if member.kind is Kind.MOMENT else value


def parameter(call: Call, member: Member) -> Any:  # a parameter of any kind
    """The value of one parameter of the URL's query, or None: it is not there, and need not be.

    Raises:
        BadRequest: It is not what it may be, or is missing.
    """
    if member.name not in call.query:
        return _missing(member)
    text = call.query[member.name]
    value = call.steps.moment(call, member.name, text) if member.kind is Kind.MOMENT else _PARSERS[member.kind](text)
    if value is None:
        raise BadRequest(f"{member.name}: {text[:80]!r} is not {_KINDS[member.kind][1]}")
    check(member, value)
    return value


def check(member: Member, value: Any) -> None:  # a member of any kind
    """Nothing, if `value`, which has the right kind, is within what `member` says.

    Raises:
        BadRequest: It is not.
    """
    for says, holds, text in _LIMITS:
        if says(member) and not holds(member, value):
            raise BadRequest(f"{member.name}: must {text(member)}")


def _missing(member: Member) -> None:
    if member.required:
        raise BadRequest(f"{member.name}: is required")


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number that a double can be."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


_KINDS: Mapping[Kind, tuple[Callable[[Any], bool], str]] = {
    Kind.STRING: (lambda value: isinstance(value, str), "a string"),
    Kind.NUMBER: (is_number, "a number"),
    Kind.COUNT: (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    Kind.BOOLEAN: (lambda value: isinstance(value, bool), "true or false"),
    Kind.MOMENT: (lambda value: isinstance(value, str), "a date-time"),
    Kind.OBJECT: (lambda value: isinstance(value, dict), "an object"),
    Kind.TEXTS: (_is_texts, "an object of strings"),
    Kind.STRINGS: (_is_strings, "an array of strings"),
}


def _whole(text: str) -> int | None:
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found else None


def _number(text: str) -> float | None:
    return float(text) if _DECIMAL.fullmatch(text) and math.isfinite(float(text)) else None


_PARSERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.STRING: lambda text: text,
    Kind.COUNT: _whole,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: {"true": True, "false": False}.get,
}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern)


_LIMITS: tuple[tuple[Callable[[Member], Any], Callable[[Member, Any], bool], Callable[[Member], str]], ...] = (
    (
        lambda member: member.shortest,
        lambda member, value: len(value) >= member.shortest,
        lambda member: f"have at least {member.shortest} characters",
    ),
    (
        lambda member: member.longest is not None,
        lambda member, value: len(value) <= (member.longest or 0),
        lambda member: f"have at most {member.longest} characters",
    ),
    (
        lambda member: member.pattern,
        lambda member, value: bool(_compiled(member.pattern or "").search(value)),
        lambda member: f"match {member.pattern}",
    ),
    (
        lambda member: member.one_of is not None,
        lambda member, value: value in (member.one_of or ()),
        lambda member: f"be one of: {', '.join(member.one_of or ())}",
    ),
    (
        lambda member: member.least is not None,
        lambda member, value: value >= (member.least or 0),
        lambda member: f"be at least {member.least:g}",
    ),
    (
        lambda member: member.most is not None,
        lambda member, value: value <= (member.most or 0),
        lambda member: f"be at most {member.most:g}",
    ),
    (
        lambda member: member.unique,
        lambda _, value: len(set(value)) == len(value),
        lambda _: "not repeat an item",
    ),
)
