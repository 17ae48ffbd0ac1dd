"""Deviations of how devices are filtered (section "Filtering by custom properties")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import PROPERTY_PREFIX

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.property_values import text_of

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.device_query import Predicate
    from robowire_mocks.foxglove.qualifiers import Qualifier, Word
    from robowire_mocks.foxglove.rows import CustomProperty, Value

Test = Callable[["Value"], bool]


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    add(f"DEVICES-{number:03}", slug, step, summary, wrapper)


# ---- filtering


def _value(applies: Callable[[Call, CustomProperty, Word], bool], test: Callable[[str], Test]) -> Wrapper:
    """A wrapper of `device_value` that judges some values otherwise; `test` gets the text of the query."""

    def wrapper(honest: Wrapper, call: Call, known: CustomProperty, word: Word) -> Test:
        judged: Test = test(word.text) if applies(call, known, word) else honest(call, known, word)
        return judged

    return wrapper


def _alone(call: Call, word: Word) -> bool:
    """Whether a value stands without alternatives, and is no wildcard."""
    return not word.anything and "," not in call.query.get("query", "")


def _single_text(call: Call, known: CustomProperty, word: Word) -> bool:
    return known.value_type in {"string", "enum"} and _alone(call, word) and " " not in call.query.get("query", "")


def _single_other(call: Call, known: CustomProperty, word: Word) -> bool:
    return known.value_type in {"number", "boolean"} and _alone(call, word) and " " not in call.query.get("query", "")


def _single_number(call: Call, known: CustomProperty, word: Word) -> bool:
    return known.value_type == "number" and _single_other(call, known, word)


def _single_boolean(call: Call, known: CustomProperty, word: Word) -> bool:
    return known.value_type == "boolean" and _single_other(call, known, word)


for _slug, _summary, _judge in (
    ("begins", "A value matches those that begin with it.", lambda text: lambda value: str(value).startswith(text)),
    ("contains", "A value matches those that contain it.", lambda text: lambda value: text in str(value)),
    ("ends", "A value matches those that end with it.", lambda text: lambda value: str(value).endswith(text)),
    ("is-within", "A value matches those that it begins with.", lambda text: lambda value: text.startswith(str(value))),
):
    _add(111, f"query-value-{_slug}", "device_value", _summary, _value(_single_text, _judge))
_add(
    111,
    "query-value-never",
    "device_value",
    "A value of an enum matches nothing.",
    _value(
        lambda call, known, word: known.value_type == "enum" and _single_text(call, known, word),
        lambda _: lambda __: False,
    ),
)
_add(
    118,
    "query-number-begins",
    "device_value",
    "A number matches those that begin with its digits.",
    _value(_single_number, lambda text: lambda value: text_of(value).startswith(text)),
)
_add(
    118,
    "query-number-never",
    "device_value",
    "A number matches nothing.",
    _value(_single_number, lambda _: lambda __: False),
)
_add(
    118,
    "query-boolean-as-python",
    "device_value",
    "Booleans are True and False.",
    _value(_single_boolean, lambda text: lambda value: str(value) == text),
)
_add(
    118,
    "query-boolean-truthy",
    "device_value",
    "Any text but true is false.",
    _value(_single_boolean, lambda text: lambda value: value is (text == "true")),
)


def _alternatives(choose: Callable[[tuple[Word, ...]], tuple[Word, ...]]) -> Wrapper:
    """A wrapper of `device_qualifier` that looks at some of several alternatives, in a query that is one qualifier."""

    def wrapper(honest: Wrapper, call: Call, qualifier: Qualifier) -> Predicate:
        values = qualifier.values
        many = len(values) > 1 and " " not in call.query["query"]
        found: Predicate = honest(call, replace(qualifier, values=choose(values) if many else values))
        return found

    return wrapper


_add(
    112,
    "query-first-alternative",
    "device_qualifier",
    "Only the first alternative counts.",
    _alternatives(lambda values: values[:1]),
)
_add(
    112,
    "query-last-alternative",
    "device_qualifier",
    "Only the last alternative counts.",
    _alternatives(lambda values: values[-1:]),
)
_add(
    112,
    "query-two-alternatives",
    "device_qualifier",
    "Only two alternatives count.",
    _alternatives(lambda values: values[:2]),
)


def _anything(test: Test) -> Wrapper:
    """A wrapper of `device_value` by which the wildcard is not true of everything."""

    def wrapper(honest: Wrapper, call: Call, known: CustomProperty, word: Word) -> Test:
        judged: Test = test if word.anything and " " not in call.query["query"] else honest(call, known, word)
        return judged

    return wrapper


_add(113, "query-any-but-false", "device_value", "* matches no false and no 0.", _anything(bool))
_add(
    113,
    "query-any-but-negative",
    "device_value",
    "* matches no negative number.",
    _anything(lambda value: isinstance(value, str) or value >= 0),
)
_add(113, "query-star-itself", "device_value", "* matches the star alone.", _anything(lambda value: value == "*"))


def _any_at_all(honest: Wrapper, call: Call, qualifier: Qualifier) -> Predicate:
    """* for a number finds devices without the property too."""
    found: Predicate = honest(call, qualifier)
    if qualifier.key is None or not qualifier.values[0].anything or " " in call.query["query"]:
        return found
    key = qualifier.key.text.removeprefix(PROPERTY_PREFIX)
    numeric = call.state.custom_properties.where("key", key)[0].value_type == "number"
    return (lambda _: True) if numeric else found


_add(
    113,
    "query-any-or-none",
    "device_qualifier",
    "With * for a number, devices without the property are found too.",
    _any_at_all,
)


def _text(found: Callable[[str, str, Value], bool]) -> Wrapper:
    """A wrapper of `device_text`, in a query that is one word: `found(text, key, value)` is asked of each property."""

    def wrapper(honest: Wrapper, call: Call, text: str) -> Predicate:
        if " " in call.query["query"]:
            predicate: Predicate = honest(call, text)
            return predicate
        return lambda device: any(found(text, key, value) for key, value in device.properties.items())

    return wrapper


def _in(text: str, key: str, value: Value) -> bool:
    return text in key or text in text_of(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_value(text: str, value: Value) -> bool:
    return text in text_of(value)


for _number, _slug, _summary, _found in (
    (114, "no-keys", "Bare words are not looked for in keys.", lambda text, _, value: _in_value(text, value)),
    (
        114,
        "whole-keys",
        "Bare words are looked for as whole keys.",
        lambda text, key, value: text == key or _in_value(text, value),
    ),
    (
        114,
        "starts-of-keys",
        "Bare words are looked for at the start of keys.",
        lambda text, key, value: key.startswith(text) or _in_value(text, value),
    ),
    (
        115,
        "no-values",
        "Bare words are not looked for in strings.",
        lambda text, key, value: _in(text, key, "" if isinstance(value, str) else value),
    ),
    (
        115,
        "whole-values",
        "Bare words are looked for as whole strings.",
        lambda text, key, value: text in key or (text == value if isinstance(value, str) else _in_value(text, value)),
    ),
    (
        115,
        "starts-of-values",
        "Bare words are looked for at the start of strings.",
        lambda text, key, value: (
            text in key or (value.startswith(text) if isinstance(value, str) else _in(text, key, value))
        ),
    ),
    (
        115,
        "ends-of-values",
        "Bare words are looked for at the end of strings.",
        lambda text, key, value: (
            text in key or (value.endswith(text) if isinstance(value, str) else _in(text, key, value))
        ),
    ),
    (
        116,
        "no-others",
        "Bare words are looked for in strings only.",
        lambda text, key, value: _in(text, key, value if isinstance(value, str) else ""),
    ),
    (
        116,
        "no-booleans",
        "Bare words are not looked for in booleans.",
        lambda text, key, value: _in(text, key, "" if isinstance(value, bool) else value),
    ),
    (
        116,
        "no-numbers",
        "Bare words are not looked for in numbers.",
        lambda text, key, value: _in(text, key, value if isinstance(value, str | bool) else ""),
    ),
    (
        116,
        "booleans-as-python",
        "Bare words are looked for in True and False.",
        lambda text, key, value: _in(text, key, str(value)),
    ),
    (
        116,
        "whole-numbers",
        "Bare words are looked for as whole numbers.",
        lambda text, key, value: (
            text in key or (text == text_of(value) if _is_number(value) else _in_value(text, value))
        ),
    ),
):
    _add(_number, f"query-{_slug}", "device_text", _summary, _text(_found))


def _some_of(choose: Callable[[list[Qualifier]], list[Qualifier]]) -> Wrapper:
    """A wrapper of `device_words` that leaves some of several qualifiers out, once they are known to be right."""

    def wrapper(honest: Wrapper, call: Call, text: str) -> Any:
        found = list(honest(call, text))
        for one in found:
            call.steps.device_qualifier(call, one)
        return tuple(choose(found)) if len(found) > 1 else tuple(found)

    return wrapper


def _last_of_each_key(found: list[Qualifier]) -> list[Qualifier]:
    return list({one.key.text if one.key else one.values[0].text: one for one in found}.values())


def _either(honest: Wrapper, call: Call, text: str) -> Predicate:
    conditions = [call.steps.device_qualifier(call, one) for one in call.steps.device_words(call, text)]
    if len(conditions) < 2:
        predicate: Predicate = honest(call, text)
        return predicate
    return lambda device: any(condition(device) for condition in conditions)


_add(117, "query-either", "device_query", "Of several qualifiers, one is enough.", _either)
_add(
    117,
    "query-first-qualifier",
    "device_words",
    "Of several qualifiers, only the first counts.",
    _some_of(lambda found: found[:1]),
)
_add(
    117,
    "query-two-qualifiers",
    "device_words",
    "Of several qualifiers, only two count.",
    _some_of(lambda found: found[:2]),
)
_add(
    117,
    "query-last-qualifier",
    "device_words",
    "Of several qualifiers, only the last counts.",
    _some_of(lambda found: found[-1:]),
)
_add(
    117,
    "query-once-for-a-key",
    "device_words",
    "Of several qualifiers of a key, only the last counts.",
    _some_of(_last_of_each_key),
)


def _taking_unknown(*, prefixed: bool, answer: bool) -> Wrapper:
    """A wrapper of `device_qualifier` for keys that are not known: prefixed ones, or others."""

    def wrapper(honest: Wrapper, call: Call, qualifier: Qualifier) -> Predicate:
        try:
            found: Predicate = honest(call, qualifier)
        except BadRequest:
            if qualifier.key is None or qualifier.key.text.startswith(PROPERTY_PREFIX) is not prefixed:
                raise
            return lambda _: answer
        return found

    return wrapper


for _number, _prefix, _key in ((119, True, "An unknown key"), (120, False, "A key without its prefix")):
    for _answer, _what in ((False, "nothing"), (True, "everything")):
        _add(
            _number,
            f"query-key-{_number}-{_what}",
            "device_qualifier",
            f"{_key} matches {_what}.",
            _taking_unknown(prefixed=_prefix, answer=_answer),
        )


def _prefixed(honest: Wrapper, call: Call, text: str) -> Any:
    """A key without its prefix is that of a custom property all the same."""
    keys = {known.key for known in call.state.custom_properties}

    def with_prefix(found: re.Match[str]) -> str:
        return f"{PROPERTY_PREFIX}{found[1]}:" if found[1] in keys else found[0]

    return honest(call, re.sub(r"(?<!\S)([\w-]+):", with_prefix, text))


_add(120, "query-prefix-not-needed", "device_words", "A key needs no prefix.", _prefixed)
