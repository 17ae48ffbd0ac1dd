"""Deviations of how events are filtered and sorted (section "List events")."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.events import Condition
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
