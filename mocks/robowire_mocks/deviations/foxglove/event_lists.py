"""Deviations of how events are filtered, asked for and sorted (section "List events")."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.events import Condition
    from robowire_mocks.foxglove.qualifiers import Qualifier
    from robowire_mocks.foxglove.rows import Event
    from robowire_mocks.foxglove.store import SortKey

Metadata = dict[str, str]

# ---- filters


def _filter(name: str, condition: Callable[[int], Condition]) -> Wrapper:
    """A wrapper of `event_condition` that makes one filter's condition its own way."""

    def wrapper(honest: Wrapper, call: Call, parameter: str, value: Any) -> Any:
        return condition(value) if parameter == name else honest(call, parameter, value)

    return wrapper


def _both(condition: Callable[[int, int], Condition]) -> Wrapper:
    """A wrapper of `event_conditions` that asks more of events where both bounds are given."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Condition]:
        conditions: list[Condition] = honest(call, asked)
        more = [condition(asked["start"], asked["end"])] if {"start", "end"} <= set(asked) else []
        return [*conditions, *more]

    return wrapper


def _anything(_: object) -> Condition:
    return lambda _: True


for _number, _slug, _parameter, _summary, _condition in (
    ("101", "start-ignored", "start", "start filters nothing.", _anything),
    (
        "101",
        "start-a-second-early",
        "start",
        "start lets events in that end a second before it.",
        lambda bound: lambda event: event.end >= bound - SECOND,
    ),
    ("102", "end-ignored", "end", "end filters nothing.", _anything),
    (
        "102",
        "end-a-second-late",
        "end",
        "end lets events in that start a second after it.",
        lambda bound: lambda event: event.start <= bound + SECOND,
    ),
    ("103", "start-exclusive", "start", "start is exclusive.", lambda bound: lambda event: event.end > bound),
    ("104", "end-exclusive", "end", "end is exclusive.", lambda bound: lambda event: event.start < bound),
    (
        "105",
        "start-of-event-after",
        "start",
        "start wants events that begin after it.",
        lambda bound: lambda event: event.start >= bound or event.end == bound,
    ),
    (
        "105",
        "end-of-event-before",
        "end",
        "end wants events that end before it.",
        lambda bound: lambda event: event.end <= bound or event.start == bound,
    ),
    ("106", "created-after-ignored", "createdAfter", "createdAfter filters nothing.", _anything),
    (
        "106",
        "created-after-start",
        "createdAfter",
        "createdAfter looks at start.",
        lambda bound: lambda event: event.start > bound,
    ),
    (
        "106",
        "created-after-exactly",
        "createdAfter",
        "createdAfter lets events of that very time in.",
        lambda bound: lambda event: event.created_at >= bound,
    ),
    ("107", "updated-after-ignored", "updatedAfter", "updatedAfter filters nothing.", _anything),
    (
        "107",
        "updated-after-created",
        "updatedAfter",
        "updatedAfter looks at createdAt.",
        lambda bound: lambda event: event.created_at > bound,
    ),
):
    add(f"EVENTS-{_number}", f"events-{_slug}", "event_condition", _summary, _filter(_parameter, _condition))
add(
    "EVENTS-105",
    "events-around-missing",
    "event_conditions",
    "Events that last longer than the range on both sides are missing.",
    _both(lambda start, end: lambda event: not (event.start < start and event.end > end)),
)


def _unread(name: str) -> Wrapper:
    """A wrapper of `event_device`: this parameter, alone, filters nothing."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Condition:
        named = [one for one in ("deviceId", "deviceName", "device.id", "device.name") if one in asked]
        condition: Condition = _anything(None) if named == [name] else honest(call, asked)
        return condition

    return wrapper


def _prefixed(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Condition:
    """The events of every device whose name begins so."""
    name = asked.get("deviceName", "")
    if "deviceName" not in asked:
        return honest(call, asked)  # type: ignore[no-any-return]  # a wrapper's honest step gives what it gives
    ids = {device.id for device in call.state.devices if device.name.startswith(name)}
    return lambda event: event.device_id in ids


def _alias_first(alias: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        return given[alias] if alias in given else honest(call, given)

    return only("list_events", wrapper)


for _number, _name, _slug in (
    ("108", "deviceId", "device-id"),
    ("109", "deviceName", "device-name"),
    ("110", "device.name", "dotted-name"),
    ("112", "device.id", "dotted-id"),
):
    add(
        f"EVENTS-{_number}",
        f"events-{_slug}-ignored",
        "event_device",
        f"{_name} filters nothing.",
        _unread(_name),
    )
add("EVENTS-109", "events-device-name-prefix", "event_device", "deviceName needs not be whole.", _prefixed)
add("EVENTS-111", "events-dotted-name-first", "device_name", "device.name goes before it.", _alias_first("device.name"))
add("EVENTS-113", "events-dotted-id-first", "device_id", "device.id goes before deviceId.", _alias_first("device.id"))

# ---- the query language


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

# ---- sorting


def _sorted(name: str, key: Callable[[Call], SortKey]) -> Wrapper:
    """A wrapper of `event_keys` with another key for one field."""

    def wrapper(honest: Wrapper, call: Call) -> Mapping[str, SortKey]:
        return {**honest(call), name: key(call)}

    return wrapper


def _by(name: str) -> Callable[[Call], SortKey]:
    return lambda _: attrgetter(name)


def _device_name(call: Call) -> SortKey:
    def key(event: Event) -> str:
        device = call.state.devices.get(event.device_id)
        return device.name if device else ""

    return key


for _requirement, _field, _other, _slug in (
    ("141", "id", "start", "id-by-start"),
    ("142", "deviceId", "start", "device-id-by-start"),
    ("143", "deviceName", "device_id", "device-name-by-id"),
    ("144", "device.name", "device_id", "dotted-name-by-id"),
    ("145", "device.id", "start", "dotted-id-by-start"),
    ("146", "start", "end", "start-by-end"),
    ("147", "createdAt", "start", "created-by-start"),
    ("148", "updatedAt", "created_at", "updated-by-created"),
):
    add(
        f"EVENTS-{_requirement}",
        f"events-sorted-{_slug}",
        "event_keys",
        f"With sortBy {_field}, events are sorted by {_other.replace('_', ' ')}.",
        _sorted(_field, _by(_other)),
    )
for _requirement, _field, _slug in (
    ("142", "deviceId", "device-id-by-name"),
    ("145", "device.id", "dotted-id-by-name"),
):
    add(
        f"EVENTS-{_requirement}",
        f"events-sorted-{_slug}",
        "event_keys",
        f"With sortBy {_field}, events are sorted by the names of devices.",
        _sorted(_field, _device_name),
    )
