"""Deviations of what the advanced device query selects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from robowire_fixtures.losant import ID_FIELDS, VALUE_FIELDS

from robowire_mocks.deviations.losant.registry import LOSANT

if TYPE_CHECKING:
    from robowire_generators.telemetry import Device

    from robowire_mocks.deviations.losant.changing import Wrapper
    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.device_query import Predicate

Test = Callable[[Sequence[Any]], bool]


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    LOSANT.add(f"query-{slug}", breaks=f"LOSANT-QUERY-{number}", step=step, summary=summary, wrapper=wrapper)


def _joined(name: str, other: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, join: str, queries: Sequence[Any]) -> Predicate:
        predicate: Predicate = honest(call, other if join == name and len(queries) > 1 else join, queries)
        return predicate

    return wrapper


def _joined_first(name: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, join: str, queries: Sequence[Any]) -> Predicate:
        predicate: Predicate = honest(call, join, queries[:1] if join == name else queries)
        return predicate

    return wrapper


def _nor_as_nand(honest: Wrapper, call: Call, join: str, queries: Sequence[Any]) -> Predicate:
    if join != "$nor" or len(queries) < 2:
        predicate: Predicate = honest(call, join, queries)
        return predicate
    every: Predicate = honest(call, "$and", queries)
    return lambda device: not every(device)


def _any_field(honest: Wrapper, call: Call, query: Any) -> Predicate:
    """Several fields of one query: one that is met is enough."""
    if len(query) < 2:
        predicate: Predicate = honest(call, query)
        return predicate
    parts: list[Predicate] = [honest(call, {name: member}) for name, member in query.items()]
    return lambda device: any(part(device) for part in parts)


def _first_field(honest: Wrapper, call: Call, query: Any) -> Predicate:
    predicate: Predicate = honest(call, dict(list(query.items())[:1]))
    return predicate


_add(201, "and-as-or", "join", "$and selects like $or.", _joined("$and", "$or"))
_add(201, "and-first", "join", "Of $and only the first query counts.", _joined_first("$and"))
_add(202, "or-as-and", "join", "$or selects like $and.", _joined("$or", "$and"))
_add(202, "or-first", "join", "Of $or only the first query counts.", _joined_first("$or"))
_add(203, "nor-first", "join", "Of $nor only the first query counts.", _joined_first("$nor"))
_add(203, "nor-as-nand", "join", "$nor selects what not all of its queries select.", _nor_as_nand)
_add(204, "any-field", "compile", "Of several fields one that is met is enough.", _any_field)
_add(204, "first-field", "compile", "Of several fields only the first counts.", _first_field)


def _plain_ignored(field: str) -> Wrapper:
    """A value by itself is not looked at."""

    def wrapper(honest: Wrapper, call: Call, name: str, condition: Any) -> Predicate:
        if name == field and not isinstance(condition, dict):
            return lambda _: True
        predicate: Predicate = honest(call, name, condition)
        return predicate

    return wrapper


def _plain_begins(field: str) -> Wrapper:
    """A value by itself is a prefix, or the opposite where it is no string."""

    def wrapper(honest: Wrapper, call: Call, name: str, condition: Any) -> Predicate:
        if name == field and isinstance(condition, str):
            predicate: Predicate = honest(call, name, {"$startsWith": condition[:4] or condition or "-"})
        else:
            predicate = honest(call, name, condition)
        return predicate

    return wrapper


_FIELD_NUMBERS = {name: number for number, name in enumerate((*ID_FIELDS, *VALUE_FIELDS), start=211)}
_WORDS = {
    name: "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name) for name in _FIELD_NUMBERS
}

for _field, _number in _FIELD_NUMBERS.items():
    _add(
        _number,
        f"{_WORDS[_field]}-by-itself-ignored",
        "field",
        f"A value by itself is no condition on {_field}.",
        _plain_ignored(_field),
    )
_add(211, "id-by-its-beginning", "field", "An id by itself selects by its first digits.", _plain_begins("id"))
_add(220, "name-by-its-beginning", "field", "A name by itself selects by its first letters.", _plain_begins("name"))
_add(
    222,
    "attribute-name-by-its-beginning",
    "field",
    "An attribute's name is a beginning.",
    _plain_begins("attributeName"),
)


def _as_operator(
    fields: Callable[[str], bool], symbol: str, change: Callable[[Wrapper, Call, str, Any, bool], Test]
) -> Wrapper:
    """A wrapper of `operator` that goes wrong with one operator in some fields."""

    def wrapper(honest: Wrapper, call: Call, name: str, operator: str, *args: Any) -> Test:
        if fields(name) and operator == symbol:
            return change(honest, call, name, *args)
        test: Test = honest(call, name, operator, *args)
        return test

    return wrapper


def _instead(other: str) -> Callable[[Wrapper, Call, str, Any, bool], Test]:
    return lambda honest, call, name, operand, ignore_case: honest(call, name, other, operand, ignore_case)


def _listed(other: str, take: Callable[[Sequence[Any]], Any]) -> Callable[[Wrapper, Call, str, Any, bool], Test]:
    return lambda honest, call, name, operand, ignore_case: honest(call, name, other, take(operand), ignore_case)


def _always(honest: Wrapper, call: Call, name: str, operand: Any, ignore_case: bool) -> Test:  # noqa: ARG001, FBT001  # a step's signature
    return lambda _: True


def _greater_too(field: str) -> Wrapper:
    """$eq, where it is written out, is $gte."""

    def wrapper(honest: Wrapper, call: Call, name: str, condition: Any) -> Predicate:
        if name == field and isinstance(condition, dict):
            condition = {"$gte" if symbol == "$eq" else symbol: operand for symbol, operand in condition.items()}
        predicate: Predicate = honest(call, name, condition)
        return predicate

    return wrapper


_add(231, "id-eq-as-gte", "field", "On id: $eq selects what is greater too.", _greater_too("id"))
_add(241, "name-eq-as-gte", "field", "On name: $eq selects what is greater too.", _greater_too("name"))

_WRONG: tuple[tuple[str, str, str, Any], ...] = (
    ("$ne", "ignored", "$ne selects everything.", _always),
    ("$gt", "as-gte", "$gt selects what is equal too.", _instead("$gte")),
    ("$lt", "as-lte", "$lt selects what is equal too.", _instead("$lte")),
    ("$gte", "as-gt", "$gte does not select what is equal.", _instead("$gt")),
    ("$lte", "as-lt", "$lte does not select what is equal.", _instead("$lt")),
    ("$in", "first", "$in looks at its first value only.", _listed("$in", lambda operand: operand[:1])),
    ("$nin", "last", "$nin looks at its last value only.", _listed("$nin", lambda operand: operand[-1:])),
)
for _place, (_symbol, _slug, _summary, _change) in enumerate(_WRONG, start=1):
    _word = _symbol.removeprefix("$")
    _add(
        231 + _place,
        f"id-{_word}-{_slug}",
        "operator",
        f"On id: {_summary}",
        _as_operator(lambda name: name == "id", _symbol, _change),
    )
    _add(
        241 + _place,
        f"name-{_word}-{_slug}",
        "operator",
        f"On name: {_summary}",
        _as_operator(lambda name: name == "name", _symbol, _change),
    )


def _value_field(name: str) -> bool:
    return name in VALUE_FIELDS


_add(
    249,
    "starts-with-contains",
    "operator",
    "$startsWith selects like $contains.",
    _as_operator(_value_field, "$startsWith", _instead("$contains")),
)
_add(
    249,
    "starts-with-equals",
    "operator",
    "$startsWith selects like $eq.",
    _as_operator(_value_field, "$startsWith", _instead("$eq")),
)
_add(
    250,
    "ends-with-contains",
    "operator",
    "$endsWith selects like $contains.",
    _as_operator(_value_field, "$endsWith", _instead("$contains")),
)
_add(
    250,
    "ends-with-starts",
    "operator",
    "$endsWith selects like $startsWith.",
    _as_operator(_value_field, "$endsWith", _instead("$startsWith")),
)
_add(
    251,
    "contains-starts",
    "operator",
    "$contains selects like $startsWith.",
    _as_operator(_value_field, "$contains", _instead("$startsWith")),
)


def _case(ignored: Callable[[Any], bool | None]) -> Wrapper:
    """A wrapper of `field` that takes `$ci` for something else, None for leaving it as it is."""

    def wrapper(honest: Wrapper, call: Call, name: str, condition: Any) -> Predicate:
        if name in VALUE_FIELDS and isinstance(condition, dict) and (value := ignored(condition)) is not None:
            condition = {**condition, "$ci": value}
        predicate: Predicate = honest(call, name, condition)
        return predicate

    return wrapper


_add(252, "ci-ignored", "field", "$ci changes nothing.", _case(lambda _: False))
_add(253, "ci-always", "field", "Upper and lower case never differ.", _case(lambda _: True))
_add(
    253,
    "ci-false-as-true",
    "field",
    "$ci false is as $ci true.",
    _case(lambda condition: True if "$ci" in condition else None),
)


def _any_operator(honest: Wrapper, call: Call, name: str, condition: Any) -> Predicate:
    if not isinstance(condition, dict) or len(set(condition) - {"$ci"}) < 2:
        predicate: Predicate = honest(call, name, condition)
        return predicate
    case = {"$ci": condition["$ci"]} if "$ci" in condition else {}
    parts: list[Predicate] = [
        honest(call, name, {key: value, **case}) for key, value in condition.items() if key != "$ci"
    ]
    return lambda device: any(part(device) for part in parts)


_add(254, "any-operator", "field", "Of several operators one that is met is enough.", _any_operator)


def _tag_part(part: str, change: Callable[[Device, Any], bool], *, also: bool = False) -> Wrapper:
    """A wrapper of `any_tag` for a plain `$tagKey` or `$tagValue`, alone or with the other one."""

    def wrapper(honest: Wrapper, call: Call, condition: Any) -> Predicate:
        if (
            part in condition
            and (len(condition) == 2) == also
            and all(isinstance(one, str) for one in condition.values())
        ):
            return lambda device: change(device, condition)
        predicate: Predicate = honest(call, condition)
        return predicate

    return wrapper


def _values(device: Device) -> set[str]:
    return {value for values in device.tags.values() for value in values}


_add(
    261,
    "tag-key-any",
    "any_tag",
    "$tagKey selects devices with any tag.",
    _tag_part("$tagKey", lambda device, _: bool(device.tags)),
)
_add(
    261,
    "tag-key-single",
    "any_tag",
    "$tagKey selects devices with that key only.",
    _tag_part("$tagKey", lambda device, condition: list(device.tags) == [condition["$tagKey"]]),
)
_add(
    262,
    "tag-value-first",
    "any_tag",
    "$tagValue looks at a key's first value only.",
    _tag_part(
        "$tagValue",
        lambda device, condition: condition["$tagValue"] in {one[0] for one in device.tags.values() if one},
    ),
)
_add(
    262,
    "tag-value-any",
    "any_tag",
    "$tagValue selects devices with any tag.",
    _tag_part("$tagValue", lambda device, _: bool(device.tags)),
)
_add(
    263,
    "tag-key-and-value-apart",
    "any_tag",
    "$tagKey and $tagValue need not belong together.",
    _tag_part(
        "$tagKey",
        lambda device, condition: condition["$tagKey"] in device.tags and condition["$tagValue"] in _values(device),
        also=True,
    ),
)


def _named_any_key(honest: Wrapper, call: Call, key: str, condition: Any) -> Predicate:
    if not isinstance(condition, str):
        predicate: Predicate = honest(call, key, condition)
        return predicate
    return lambda device: condition in _values(device)


def _named_first(honest: Wrapper, call: Call, key: str, condition: Any) -> Predicate:
    if not isinstance(condition, str):
        predicate: Predicate = honest(call, key, condition)
        return predicate
    return lambda device: condition in tuple(device.tags.get(key, ()))[:1]


_add(264, "named-tag-any-key", "named_tag", "A named tag's value may be under any key.", _named_any_key)
_add(264, "named-tag-first-value", "named_tag", "Of a named tag only the first value counts.", _named_first)


def _tags_eq_ignored(honest: Wrapper, call: Call, condition: Any) -> Predicate:
    if isinstance(condition, dict) and set(condition) == {"$eq"}:
        return lambda _: True
    predicate: Predicate = honest(call, condition)
    return predicate


def _tags_ne_as_eq(honest: Wrapper, call: Call, condition: Any) -> Predicate:
    if isinstance(condition, dict) and set(condition) == {"$ne"}:
        condition = condition["$ne"]
    predicate: Predicate = honest(call, condition)
    return predicate


def _tags_ne_with_tags(honest: Wrapper, call: Call, condition: Any) -> Predicate:
    predicate: Predicate = honest(call, condition)
    if isinstance(condition, dict) and set(condition) == {"$ne"}:
        return lambda device: bool(device.tags) and predicate(device)
    return predicate


_add(265, "tags-eq-ignored", "tags", "$eq of tags selects everything.", _tags_eq_ignored)
_add(266, "tags-ne-as-eq", "tags", "$ne of tags selects like $eq.", _tags_ne_as_eq)
_add(266, "tags-ne-with-tags", "tags", "$ne of tags leaves out devices without tags.", _tags_ne_with_tags)


def _in_first(honest: Wrapper, call: Call, condition: Any) -> Any:
    if isinstance(condition, dict) and "$in" in condition:
        condition = {"$in": condition["$in"][:1]}
    return honest(call, condition)


def _named_nin_as_in(honest: Wrapper, call: Call, key: str, condition: Any) -> Predicate:
    if isinstance(condition, dict) and "$nin" in condition:
        condition = {"$in": condition["$nin"]}
    predicate: Predicate = honest(call, key, condition)
    return predicate


_add(267, "tags-in-first", "tag_text", "$in within tags looks at its first string only.", _in_first)
_add(268, "tags-nin-as-in", "named_tag", "$nin within tags selects like $in.", _named_nin_as_in)
