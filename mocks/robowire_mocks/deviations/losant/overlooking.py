"""Deviations that accept what a schema forbids, one for each constraint (sections "Schemas")."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from robowire_fixtures.losant import QUERY_JOINS

from robowire_mocks.deviations.losant.attributing import number_of, query_number_of
from robowire_mocks.deviations.losant.changing import ACTIONS, Wrapper, only
from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.body import Flaw, flaws
from robowire_mocks.losant.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from robowire_mocks.losant.call import Call


def overlooking(belongs: Callable[[Any, Flaw], bool]) -> Wrapper:
    """A wrapper of `validate` that cuts out of a body whatever has a flaw of one kind, and judges the rest."""

    def wrapper(honest: Wrapper, call: Call, body: Any) -> Mapping[str, Any]:
        kept = copy.deepcopy(body)
        found = flaws(call.operation, kept)
        others = {flaw.path for flaw in found if not belongs(kept, flaw)}
        found = [flaw for flaw in found if flaw.path not in others]
        for flaw in sorted(found, key=lambda flaw: [str(part).zfill(9) for part in flaw.path], reverse=True):
            kept = _cut(kept, flaw)
        checked: Mapping[str, Any] = honest(call, kept)
        return checked

    return wrapper


def _cut(body: Any, flaw: Flaw) -> Any:
    """The body without what the flaw is in: as little as is sure to leave no flaw behind."""
    path = _cut_at(flaw)
    within = path == flaw.path and len(path) % 2 == 1  # in a body, a member of it, or a query: in no condition
    if not path:
        return {key: value for key, value in body.items() if key not in flaw.unexpected} if flaw.unexpected else {}
    holder = body
    for part in path[:-1]:
        holder = holder[part]
    last = path[-1]
    if flaw.keyword == "maxItems":
        del holder[last][flaw.most :]
    elif flaw.unexpected and (within or path[0] == "deviceTags"):
        for name in flaw.unexpected:
            del holder[last][name]
    else:
        _remove(holder, last)
    return body


def _remove(holder: Any, part: str | int) -> None:
    """Remove an item, or a member that may be gone already."""
    gone = isinstance(holder, dict) and part not in holder
    if not gone:
        del holder[part]


def _cut_at(flaw: Flaw) -> tuple[str | int, ...]:
    """Where to cut: of a device query the whole condition on a field, of an aggregation all of it."""
    path = flaw.path
    if path[:1] == ("aggregation",):
        return path[:1]
    if path[:1] == ("deviceQuery",) and flaw.keyword != "maxItems":
        depth = 1
        while len(path) > depth + 1 and path[depth] in QUERY_JOINS:
            depth += 2
        return path[: depth + 1]
    return path


def _of(number: int) -> Callable[[Any, Flaw], bool]:
    return lambda body, flaw: number_of(body, flaw) == number


def _of_query(number: int) -> Callable[[Any, Flaw], bool]:
    return lambda body, flaw: query_number_of(_query_in(body), flaw) == number


_OF_ALL = {
    101: ("unknown-members", "Members of the body that are not documented are ignored."),
    102: ("no-object", "A body that is no object is taken for an empty one."),
    121: ("device-ids-no-array", "deviceIds that are no array are ignored."),
    122: ("device-ids-malformed", "deviceIds that are no ids are ignored."),
    123: ("device-ids-1001", "Of deviceIds only the first 1000 are looked at."),
    124: ("device-tags-no-array", "deviceTags that are no array of objects are ignored."),
    125: ("device-tags-101", "Of deviceTags only the first 100 are looked at."),
    126: ("tag-keys-any-character", "A tag's key may have any characters."),
    127: ("tag-keys-any-length", "A tag's key may be empty, or longer than 255 characters."),
    128: ("tag-values-anything", "A tag's value may be anything."),
    129: ("tags-unknown-members", "Unknown members of deviceTags are ignored."),
    130: ("device-query-no-object", "A deviceQuery that is no object is ignored."),
    137: ("end-no-number", "An end that is no number is ignored."),
}
_OF_SERIES_AND_EXPORT = {
    131: ("attributes-no-array", "attributes that are no array of strings are ignored."),
    133: ("attributes-any-character", "The name of an attribute may have any characters."),
    134: ("attributes-any-length", "The name of an attribute may have any length."),
    136: ("start-no-number", "A start that is no number is ignored."),
}
_OF_EACH: Mapping[str, Mapping[int, tuple[str, str]]] = {
    "export": {
        111: ("email-no-string", "An email that is no string is ignored."),
        112: ("email-any-length", "An email may be longer than 1024 characters."),
        113: ("email-any-string", "An email may be any string."),
        114: ("callback-no-string", "A callbackUrl that is no string is ignored."),
        115: ("callback-any-length", "A callbackUrl may be longer than 1024 characters."),
        116: ("callback-any-string", "A callbackUrl may be any string."),
        132: ("attributes-257", "Of attributes only the first 256 are looked at."),
        141: ("options-no-object", "options that are no object are ignored."),
        142: ("include-date-anything", "An includeDate that is no boolean is ignored."),
        143: ("include-id-anything", "An includeID that is no boolean is ignored."),
        144: ("include-blob-data-anything", "An includeBlobData that is no boolean is ignored."),
        145: ("file-per-device-anything", "A filePerDevice that is no boolean is ignored."),
        **_OF_SERIES_AND_EXPORT,
    },
    "lastValueQuery": {
        111: ("attribute-no-string", "An attribute that is no string is ignored."),
        112: ("attribute-any-character", "The name of the attribute may have any characters."),
        113: ("attribute-any-length", "The name of the attribute may have any length."),
    },
    "timeSeriesQuery": {
        138: ("duration-no-number", "A duration that is no number is ignored."),
        139: ("resolution-no-number", "A resolution that is no number is ignored."),
        140: ("limit-no-number", "A limit that is no number is ignored."),
        141: ("order-anything", "An order that is neither asc nor desc is ignored."),
        151: ("aggregation-any-name", "An aggregation of an unknown name is ignored."),
        152: ("aggregation-any-object", "An aggregation object of an unknown type is ignored."),
        153: ("aggregation-any-options", "An aggregation whose options are not empty is ignored."),
        154: ("time-at-value-without-value", "TIMEATVALUE without a value is ignored."),
        155: ("time-at-value-any-value", "TIMEATVALUE of an impossible value is ignored."),
        156: ("time-at-value-any-options", "TIMEATVALUE with unknown options is ignored."),
        **_OF_SERIES_AND_EXPORT,
    },
}

for _operation, _name, _area, _ in ACTIONS:
    for _number, (_slug, _summary) in {**_OF_ALL, **_OF_EACH[_operation]}.items():
        LOSANT.add(
            f"{_name}-{_slug}",
            breaks=f"LOSANT-{_area}-{_number}",
            step="validate",
            summary=f"{_operation}: {_summary}",
            wrapper=only(_operation, overlooking(_of(_number))),
        )


def _on_query(numbers: Sequence[tuple[int, str, str]]) -> None:
    for number, slug, summary in numbers:
        LOSANT.add(
            f"query-{slug}",
            breaks=f"LOSANT-QUERY-{number:03}",
            step="validate",
            summary=summary,
            wrapper=overlooking(_of_query(number)),
        )


def _query_in(body: Any) -> Any:
    return body.get("deviceQuery") if isinstance(body, dict) else None


_on_query(
    (
        (1, "unknown-fields", "Unknown fields of the queries in $and, $or and $nor are ignored."),
        (2, "and-anything", "$and may have any number of anything."),
        (3, "or-anything", "$or may have any number of anything."),
        (4, "nor-anything", "$nor may have any number of anything."),
        (31, "tags-anything", "A condition on tags that is none is ignored."),
        (101, "id-any-number-of-operators", "A condition on ids with no operator, or several, is ignored."),
        (102, "id-unknown-operators", "Unknown operators on ids are ignored."),
        (121, "unknown-operators", "Unknown operators are ignored."),
        (128, "starts-with-anything", "A $startsWith of nothing, or of no string, is ignored."),
        (129, "ends-with-anything", "An $endsWith of nothing, or of no string, is ignored."),
        (130, "contains-anything", "A $contains of nothing, or of no string, is ignored."),
        (131, "ci-anything", "A $ci that is no boolean is ignored."),
        (132, "in-anything", "An $in of too many values, or of null, is ignored."),
        (133, "nin-anything", "A $nin of too many values, or of null, is ignored."),
        (141, "tag-key-anything", "A $tagKey that cannot be one is ignored."),
        (142, "tag-value-anything", "A $tagValue that cannot be one is ignored."),
        (143, "named-tag-anything", "A tag's condition that cannot be one is ignored."),
        (144, "tags-mixture", "A condition on tags that mixes both forms is ignored."),
        (145, "tags-beside-eq", "A condition on tags with more than $eq, or a wrong operand, is ignored."),
        (146, "tags-in-anything", "An $in within tags of too many strings, or of none, is ignored."),
        (147, "tags-nin-anything", "A $nin within tags of too many strings, or of none, is ignored."),
        (109, "id-in-anything", "An $in of too many ids, or of what is no id, is ignored."),
        (110, "id-nin-anything", "A $nin of too many ids, or of what is no id, is ignored."),
    )
)
_COMPARISONS = (
    ("eq", 103, 122),
    ("ne", 104, 123),
    ("gt", 105, 124),
    ("lt", 106, 125),
    ("gte", 107, 126),
    ("lte", 108, 127),
)
for _word, _of_ids, _of_values in _COMPARISONS:
    _on_query(
        (
            (_of_ids, f"id-{_word}-anything", f"The operand of ${_word} in a field of ids may be anything."),
            (_of_values, f"{_word}-anything", f"The operand of ${_word} in the other fields may be anything."),
        )
    )
_FIELDS = (
    (11, "id"),
    (12, "gateway-id"),
    (13, "parent-id"),
    (14, "ancestor-id"),
    (15, "experience-user-id"),
    (16, "experience-group-id"),
    (21, "creation-date"),
    (22, "last-updated"),
    (23, "deleted-at"),
    (24, "name"),
    (25, "device-class"),
    (26, "attribute-name"),
    (27, "disconnected-at"),
    (28, "connected-at"),
    (29, "connection-status"),
)
_on_query([(number, f"{slug}-anything", f"The field {slug} may be anything.") for number, slug in _FIELDS])


def _lenient(honest: Wrapper, call: Call) -> Any:
    try:
        return honest(call)
    except Malformed:
        return {}


for _operation, _name, _area, _ in ACTIONS:
    LOSANT.add(
        f"{_name}-no-json",
        breaks=f"LOSANT-{_area}-103",
        step="read",
        summary=f"{_operation}: A body that is no JSON is taken for an empty object.",
        wrapper=only(_operation, _lenient),
    )
