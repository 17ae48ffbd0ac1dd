"""Deviations of the query language of events (section "List events")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.qualifiers import Qualifier

Metadata = dict[str, str]


def _form(qualifier: Qualifier) -> str:
    """Which of the documented forms a qualifier has."""
    if qualifier.key is None:
        return "foo"
    if qualifier.key.anything:
        return "*:value"
    if len(qualifier.values) > 1:
        return "key:value1,value2"
    (value,) = qualifier.values
    return "key:*" if value.anything else 'key:"a b"' if value.quoted else "key:value"


def _in(form: str, make: Callable[[str, tuple[str, ...]], Callable[[Metadata], bool]]) -> Wrapper:
    """A wrapper of `event_qualifier` that reads one form its own way; `make` gets the key and the values."""

    def wrapper(honest: Wrapper, call: Call, qualifier: Qualifier) -> Any:
        if _form(qualifier) != form:
            return honest(call, qualifier)
        return make(qualifier.key.text if qualifier.key else "", tuple(one.text for one in qualifier.values))

    return wrapper


def _size(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


for _requirement, _slug, _of, _summary, _make in (
    (
        "121",
        "value-part",
        "key:value",
        "key:value matches values of which value is a part.",
        lambda key, values: lambda metadata: values[0] in metadata.get(key, ""),
    ),
    (
        "121",
        "value-as-number",
        "key:value",
        "key:value compares numbers by their size.",
        lambda key, values: lambda metadata: key in metadata and _size(metadata[key]) == _size(values[0]),
    ),
    (
        "121",
        "value-anywhere",
        "key:value",
        "key:value matches the value under any key, if the key is there.",
        lambda key, values: lambda metadata: key in metadata and values[0] in metadata.values(),
    ),
    (
        "122",
        "first-value",
        "key:value1,value2",
        "Of several values only the first counts.",
        lambda key, values: lambda metadata: metadata.get(key) == values[0],
    ),
    (
        "122",
        "two-values",
        "key:value1,value2",
        "Of several values only two count.",
        lambda key, values: lambda metadata: metadata.get(key) in values[:2],
    ),
    (
        "122",
        "values-joined",
        "key:value1,value2",
        "Several values are one with commas in it.",
        lambda key, values: lambda metadata: metadata.get(key) == ",".join(values),
    ),
    (
        "123",
        "star-is-star",
        "key:*",
        "key:* matches a star.",
        lambda key, _: lambda metadata: metadata.get(key) == "*",
    ),
    (
        "123",
        "star-is-prefix",
        "key:*",
        "key:* matches keys that begin so.",
        lambda key, _: lambda metadata: any(name.startswith(key) for name in metadata),
    ),
    (
        "124",
        "any-value-part",
        "*:value",
        "The value of *:value may be a part of one.",
        lambda _, values: lambda metadata: any(values[0] in value for value in metadata.values()),
    ),
    (
        "124",
        "any-value-or-key",
        "*:value",
        "The value of *:value may be a key.",
        lambda _, values: lambda metadata: any(values[0] in pair for pair in metadata.items()),
    ),
    (
        "124",
        "any-value-first",
        "*:value",
        "Of each event *:value looks at one value only.",
        lambda _, values: lambda metadata: values[0] in list(metadata.values())[:1],
    ),
    (
        "125",
        "text-not-in-keys",
        "foo",
        "Bare text is looked for in values only.",
        lambda _, values: lambda metadata: any(values[0] in value for value in metadata.values()),
    ),
    (
        "125",
        "text-whole-keys",
        "foo",
        "Bare text must be a key as a whole, or part of a value.",
        lambda _, values: lambda metadata: any(values[0] == name or values[0] in metadata[name] for name in metadata),
    ),
    (
        "126",
        "text-not-in-values",
        "foo",
        "Bare text is looked for in keys only.",
        lambda _, values: lambda metadata: any(values[0] in name for name in metadata),
    ),
    (
        "126",
        "text-begins-values",
        "foo",
        "Bare text must be part of a key, or begin a value.",
        lambda _, values: (
            lambda metadata: any(values[0] in name or value.startswith(values[0]) for name, value in metadata.items())
        ),
    ),
    (
        "128",
        "quotes-first-word",
        'key:"a b"',
        "Of a value in quotes only the first word counts.",
        lambda key, values: lambda metadata: metadata.get(key) == values[0].split(" ")[0],
    ),
    (
        "128",
        "quotes-literal",
        'key:"a b"',
        "Quotes belong to the value.",
        lambda key, values: lambda metadata: metadata.get(key) == f'"{values[0]}"',
    ),
):
    add(f"EVENTS-{_requirement}", f"event-query-{_slug}", "event_qualifier", _summary, _in(_of, _make))


def _joined(mixed: bool, join: Callable[[list[bool], list[bool]], bool]) -> Wrapper:  # noqa: FBT001  # bare text beside keys or not
    """A wrapper of `event_query` that joins several qualifiers its own way; bare texts are told apart."""

    def wrapper(honest: Wrapper, call: Call, text: str) -> Any:
        found = call.steps.event_words(call, text)
        keyed = [call.steps.event_qualifier(call, one) for one in found if one.key is not None]
        bare = [call.steps.event_qualifier(call, one) for one in found if one.key is None]
        if len(found) < 2 or bool(keyed and bare) != mixed:
            return honest(call, text)
        return lambda metadata: join([one(metadata) for one in keyed], [one(metadata) for one in bare])

    return wrapper


add(
    "EVENTS-127",
    "event-query-or",
    "event_query",
    "One qualifier of several is enough.",
    _joined(mixed=False, join=lambda keyed, bare: any(keyed + bare)),
)
add(
    "EVENTS-127",
    "event-query-two",
    "event_query",
    "Of several qualifiers only the first two count.",
    _joined(mixed=False, join=lambda keyed, bare: all((keyed + bare)[:2])),
)
add(
    "EVENTS-129",
    "event-query-text-or",
    "event_query",
    "A qualifier or bare text is enough.",
    _joined(mixed=True, join=lambda keyed, bare: all(keyed) or all(bare)),
)
add(
    "EVENTS-129",
    "event-query-text-ignored",
    "event_query",
    "Bare text beside qualifiers does not count.",
    _joined(mixed=True, join=lambda keyed, _: all(keyed)),
)
