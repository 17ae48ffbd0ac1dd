"""The advanced device query evaluated on what a target tells of its devices; what it does not tell stays unknown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance.evidence import JSON

Verdict = bool | None
"""Whether a device matches; None where that cannot be told, or where the documents leave it open."""


@dataclass(frozen=True, slots=True)
class Known:
    """What answers tell of a device. It may have more attributes than those that have reported."""

    id: str
    name: str
    tags: Mapping[str, Sequence[str]]
    attributes: frozenset[str] = frozenset()


def matches(query: Mapping[str, JSON], device: Known) -> Verdict:
    """Whether a device matches a query: all of its members have to."""
    return every([_member(name, condition, device) for name, condition in query.items()])


def every(verdicts: Sequence[Verdict]) -> Verdict:
    """Whether all hold."""
    if False in verdicts:
        return False
    return None if None in verdicts else True


def some(verdicts: Sequence[Verdict]) -> Verdict:
    """Whether any holds."""
    if True in verdicts:
        return True
    return None if None in verdicts else False


def opposite(verdict: Verdict) -> Verdict:
    """Whether it does not hold."""
    return None if verdict is None else not verdict


def _member(name: str, condition: JSON, device: Known) -> Verdict:
    if name in LOGIC:
        # What an empty list of conditions selects is left open.
        return LOGIC[name]([matches(query, device) for query in condition]) if condition else None
    if name == "tags":
        return tags_match(condition, device.tags)
    if name == "attributeName":
        return _has_attribute(condition, device)
    values = {"id": device.id, "name": device.name}
    return field_matches(condition, values[name]) if name in values else None


LOGIC: Mapping[str, Callable[[Sequence[Verdict]], Verdict]] = {
    "$and": every,
    "$or": some,
    "$nor": lambda verdicts: opposite(some(verdicts)),
}


def _has_attribute(condition: JSON, device: Known) -> Verdict:
    """A device with an attribute of this name matches; of the attributes without values nothing is known."""
    wanted = condition.get("$eq") if isinstance(condition, dict) and list(condition) == ["$eq"] else condition
    return True if isinstance(wanted, str) and wanted in device.attributes else None


def field_matches(condition: JSON, value: str) -> Verdict:
    """Whether a text fulfils a condition: a value that it equals, or operators that all hold."""
    if not isinstance(condition, dict):
        return _equal(value, condition, fold=False)
    fold = condition.get("$ci") is True
    operators = {name: wanted for name, wanted in condition.items() if name != "$ci"}
    if not operators:
        return None
    return every([OPERATORS[name](value, wanted, fold) for name, wanted in operators.items()])


def _equal(value: str, wanted: JSON, fold: bool) -> Verdict:  # noqa: FBT001  # one of a table of operators
    if not isinstance(wanted, str):
        return False if wanted is None else None
    return _fold(value, fold) == _fold(wanted, fold)


def _among(value: str, wanted: JSON, fold: bool) -> Verdict:  # noqa: FBT001
    return some([_equal(value, one, fold) for one in wanted]) if wanted else False


def _compare(test: Callable[[str, str], bool]) -> Callable[[str, JSON, bool], Verdict]:
    """An operator of order; where letter case would decide, the order is left open."""

    def compare(value: str, wanted: JSON, fold: bool) -> Verdict:  # noqa: FBT001
        if not isinstance(wanted, str):
            return None
        verdicts = {test(value, wanted), test(value.casefold(), wanted.casefold())}
        return verdicts.pop() if len(verdicts) == 1 and (value.isascii() and wanted.isascii()) and not fold else None

    return compare


def _part(test: Callable[[str, str], bool]) -> Callable[[str, JSON, bool], Verdict]:
    def part(value: str, wanted: JSON, fold: bool) -> Verdict:  # noqa: FBT001
        return test(_fold(value, fold), _fold(wanted, fold))

    return part


def _fold(text: str, fold: bool) -> str:  # noqa: FBT001
    return text.casefold() if fold else text


OPERATORS: Mapping[str, Callable[[str, JSON, bool], Verdict]] = {
    "$eq": _equal,
    "$ne": lambda value, wanted, fold: opposite(_equal(value, wanted, fold)),
    "$gt": _compare(lambda value, wanted: value > wanted),
    "$lt": _compare(lambda value, wanted: value < wanted),
    "$gte": _compare(lambda value, wanted: value >= wanted),
    "$lte": _compare(lambda value, wanted: value <= wanted),
    "$startsWith": _part(str.startswith),
    "$endsWith": _part(str.endswith),
    "$contains": _part(lambda value, wanted: wanted in value),
    "$in": _among,
    "$nin": lambda value, wanted, fold: opposite(_among(value, wanted, fold)),
}


def tags_match(condition: JSON, tags: Mapping[str, Sequence[str]]) -> Verdict:
    """Whether a device's tags fulfil a condition."""
    if isinstance(condition, dict) and list(condition) == ["$eq"]:
        return tags_match(condition["$eq"], tags)
    if isinstance(condition, dict) and list(condition) == ["$ne"]:
        return opposite(tags_match(condition["$ne"], tags))
    if condition is None:
        return not tags or None
    pairs = [(key, value) for key, values in tags.items() for value in values]
    if "$tagKey" in condition or "$tagValue" in condition:
        key, value = condition.get("$tagKey", ...), condition.get("$tagValue", ...)
        if _is_negative(key) or _is_negative(value):
            return None
        return some([every([_text(one, key), _text(other, value)]) for one, other in pairs]) if pairs else False
    return every([_tag(wanted, tags.get(key, ())) for key, wanted in condition.items()]) if condition else None


def _tag(wanted: JSON, values: Sequence[str]) -> Verdict:
    """Whether a tag's values fulfil a condition; what the absence of the tag means to `$nin` is left open."""
    if wanted is None:
        return not values
    if _is_negative(wanted):
        held = [value not in wanted["$nin"] for value in values]
        return None if not held or len(set(held)) > 1 else held[0]
    return some([_text(value, wanted) for value in values]) if values else False


def _is_negative(wanted: JSON) -> bool:
    return wanted is None or (isinstance(wanted, dict) and "$nin" in wanted)


def _text(text: str, wanted: JSON) -> Verdict:
    if wanted is ...:
        return True
    return text in wanted["$in"] if isinstance(wanted, dict) else text == wanted
