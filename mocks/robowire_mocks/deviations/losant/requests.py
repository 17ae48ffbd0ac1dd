"""Deviations that refuse valid requests: at the edges of what is accepted, and for what must not matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from robowire_fixtures.losant import BODIES, QUERY_JOINS

from robowire_mocks.deviations.losant.changing import ACTIONS, Wrapper, only
from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.errors import Malformed

if TYPE_CHECKING:
    from robowire_mocks.losant.call import Call

Body = Mapping[str, Any]


def refusing(refuses: Callable[[Body], bool]) -> Wrapper:
    """A wrapper of `validate` that refuses some valid bodies too."""

    def wrapper(honest: Wrapper, call: Call, body: Any) -> Body:
        checked: Body = honest(call, body)
        if refuses(checked):
            raise Malformed("the body is not valid")
        return checked

    return wrapper


def _example(operation: str) -> Callable[[Body], bool]:
    file = files("robowire_fixtures").joinpath("losant", "examples", f"{BODIES[operation]}.json")
    example = json.loads(file.read_text(encoding="utf-8"))
    telling = "deviceTags" if operation == "timeSeriesQuery" else "deviceIds"
    return lambda body: set(body) == set(example) and body[telling] == example[telling]


def _everything(operation: str) -> Callable[[Body], bool]:
    most = {"export": 9, "lastValueQuery": 5, "timeSeriesQuery": 11}[operation]
    return lambda body: len(body) == most


def _empty(honest: Wrapper, call: Call) -> Any:
    body = honest(call)
    if call.raw and body == {}:
        raise Malformed("the body is empty")
    return body


def _none(honest: Wrapper, call: Call) -> Any:
    if not call.raw:
        raise Malformed("there is no body")
    return honest(call)


def _parameters(honest: Wrapper, call: Call) -> Any:
    if call.parameters & {"_actions", "_links", "_embedded"}:
        raise Malformed("the URL has parameters")
    return honest(call)


def _charset(honest: Wrapper, call: Call) -> Any:
    if "charset" in call.headers.get("Content-Type", ""):
        raise Malformed("the Content-Type must be application/json")
    return honest(call)


def _tag(member: str, test: Callable[[str], bool]) -> Callable[[Body], bool]:
    return lambda body: any(member in tag and test(tag[member]) for tag in body.get("deviceTags", ()))


def _items(member: str, number: int) -> Callable[[Body], bool]:
    return lambda body: member in body and len(body[member]) == number


def _fraction(member: str) -> Callable[[Body], bool]:
    return lambda body: body.get(member, 0) % 1 != 0


_READING = (
    (104, "empty-object-refused", "read", "The empty object is refused.", _empty),
    (105, "no-body-refused", "read", "A request without a body is refused.", _none),
    (106, "parameters-refused", "read", "A URL with parameters is refused.", _parameters),
    (107, "charset-refused", "read", "A Content-Type with a charset is refused.", _charset),
)
_EDGES = (
    (121, "no-ids-refused", "Empty deviceIds are refused.", _items("deviceIds", 0)),
    (
        122,
        "upper-case-ids-refused",
        "deviceIds in upper case are refused.",
        lambda body: any(one != one.lower() for one in body.get("deviceIds", ())),
    ),
    (123, "1000-ids-refused", "1000 deviceIds are refused.", _items("deviceIds", 1000)),
    (
        124,
        "empty-tag-refused",
        "An empty object in deviceTags is refused.",
        lambda body: {} in body.get("deviceTags", ()),
    ),
    (125, "100-tags-refused", "100 deviceTags are refused.", _items("deviceTags", 100)),
    (126, "hyphens-refused", "A hyphen in a tag's key is refused.", _tag("key", lambda text: "-" in text)),
    (
        127,
        "long-tag-keys-refused",
        "A tag's key of 255 characters is refused.",
        _tag("key", lambda text: len(text) == 255),
    ),
    (
        128,
        "long-tag-values-refused",
        "A tag's value of 255 characters is refused.",
        _tag("value", lambda text: len(text) == 255),
    ),
)
_EDGES_OF_EACH: Mapping[str, tuple[tuple[int, str, str, Callable[[Body], bool]], ...]] = {
    "export": (
        (115, "long-callback-refused", "A callbackUrl of 1024 characters is refused.", _items("callbackUrl", 1024)),
        (132, "256-attributes-refused", "256 attributes are refused.", _items("attributes", 256)),
        (136, "fractional-start-refused", "A start with a fraction is refused.", _fraction("start")),
        (137, "fractional-end-refused", "An end with a fraction is refused.", _fraction("end")),
        (
            146,
            "unknown-options-refused",
            "Members of options that are not documented are refused.",
            lambda body: bool(
                set(body.get("options", ())) - {"includeDate", "includeID", "includeBlobData", "filePerDevice"}
            ),
        ),
    ),
    "lastValueQuery": (
        (113, "long-attribute-refused", "An attribute of 255 characters is refused.", _items("attribute", 255)),
        (137, "fractional-end-refused", "An end with a fraction is refused.", _fraction("end")),
    ),
    "timeSeriesQuery": (
        (132, "257-attributes-refused", "257 attributes are refused.", _items("attributes", 257)),
        (
            134,
            "long-attributes-refused",
            "An attribute of 255 characters is refused.",
            lambda body: any(len(one) == 255 for one in body.get("attributes", ())),
        ),
        (136, "fractional-start-refused", "A start with a fraction is refused.", _fraction("start")),
        (138, "fractional-duration-refused", "A duration with a fraction is refused.", _fraction("duration")),
        (139, "fractional-resolution-refused", "A resolution with a fraction is refused.", _fraction("resolution")),
        (
            155,
            "time-at-empty-refused",
            "TIMEATVALUE of the empty string is refused.",
            lambda body: body.get("aggregation") == {"type": "TIMEATVALUE", "options": {"value": ""}},
        ),
        (
            311,
            "time-at-value-refused",
            "TIMEATVALUE in windows of less than a day is refused.",
            lambda body: (
                0 < (body.get("resolution") or 0) < 86_400_000
                and isinstance(body.get("aggregation"), dict)
                and body["aggregation"]["type"] == "TIMEATVALUE"
            ),
        ),
    ),
}

for _operation, _name, _area, _ in ACTIONS:
    for _number, _slug, _step, _summary, _wrapper in _READING:
        LOSANT.add(
            f"{_name}-{_slug}",
            breaks=f"LOSANT-{_area}-{_number}",
            step=_step,
            summary=f"{_operation}: {_summary}",
            wrapper=only(_operation, _wrapper),
        )
    _rows = (
        (100, "example-refused", "The document's example is refused.", _example(_operation)),
        (101, "everything-refused", "A body with all members is refused.", _everything(_operation)),
        *_EDGES,
        *_EDGES_OF_EACH[_operation],
    )
    for _number, _slug, _summary, _refuses in _rows:
        LOSANT.add(
            f"{_name}-{_slug}",
            breaks=f"LOSANT-{_area}-{_number}",
            step="validate",
            summary=f"{_operation}: {_summary}",
            wrapper=only(_operation, refusing(_refuses)),
        )


def _queries(query: Any) -> list[Body]:
    """A device query and all within it."""
    nested = [inner for join in QUERY_JOINS for one in query.get(join, ()) for inner in _queries(one)]
    return [query, *nested]


def _somewhere(test: Callable[[Body], bool]) -> Wrapper:
    return refusing(lambda body: "deviceQuery" in body and any(map(test, _queries(body["deviceQuery"]))))


def _longest(operator: str, fields: Callable[[str], bool]) -> Wrapper:
    def test(query: Body) -> bool:
        conditions = [value for name, value in query.items() if fields(name) and isinstance(value, dict)]
        return any(len(condition.get(operator, ())) == 100 for condition in conditions)

    return _somewhere(test)


def _joins_within(query: Body) -> bool:
    return any(set(one) & set(QUERY_JOINS) for join in QUERY_JOINS for one in query.get(join, ()))


_QUERY_EDGES = (
    (
        2,
        "and-100-refused",
        "$and of 100 queries is refused.",
        _somewhere(lambda query: len(query.get("$and", ())) == 100),
    ),
    (3, "or-100-refused", "$or of 100 queries is refused.", _somewhere(lambda query: len(query.get("$or", ())) == 100)),
    (
        4,
        "nor-100-refused",
        "$nor of 100 queries is refused.",
        _somewhere(lambda query: len(query.get("$nor", ())) == 100),
    ),
    (5, "nested-joins-refused", "A join within a join is refused.", _somewhere(_joins_within)),
    (109, "id-in-100-refused", "$in of 100 ids is refused.", _longest("$in", lambda name: name == "id")),
    (110, "id-nin-100-refused", "$nin of 100 ids is refused.", _longest("$nin", lambda name: name == "id")),
    (
        121,
        "no-operators-refused",
        "No operators at all are refused.",
        _somewhere(lambda query: query.get("name") == {}),
    ),
    (132, "in-100-refused", "$in of 100 values is refused.", _longest("$in", lambda name: name == "name")),
    (133, "nin-100-refused", "$nin of 100 values is refused.", _longest("$nin", lambda name: name == "name")),
)
for _number, _slug, _summary, _wrapper in _QUERY_EDGES:
    LOSANT.add(
        f"query-{_slug}", breaks=f"LOSANT-QUERY-{_number:03}", step="validate", summary=_summary, wrapper=_wrapper
    )
