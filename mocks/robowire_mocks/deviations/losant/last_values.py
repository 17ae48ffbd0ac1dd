"""Deviations of last values (section "Last Value Query")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_generators.telemetry import AttributeType

from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.engine.iso import iso_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_generators.telemetry import Device

    from robowire_mocks.deviations.losant.changing import Wrapper
    from robowire_mocks.losant.call import Call

Json = dict[str, Any]
DAY = 86_400_000


def _add(number: str, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    LOSANT.add(f"last-value-{slug}", breaks=f"LOSANT-LASTVALUE-{number}", step=step, summary=summary, wrapper=wrapper)


def _position(change: Callable[[Any, int], int]) -> Wrapper:
    """A wrapper of `last_data` that gives the value of another position of the column, whose last one is given."""

    def wrapper(honest: Wrapper, call: Call, device: Device, attribute: str, position: int) -> Json:
        values = device.history.columns[attribute].values
        given: Json = honest(call, device, attribute, change(values, position))
        return given

    return wrapper


def _greatest(values: Any, position: int) -> int:
    return int(values[: position + 1].argmax()) if values.dtype != object else position


def _entry(change: Callable[[Call, Json], Json]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, device: Device, end: int) -> Json | None:
        entry: Json | None = honest(call, device, end)
        return None if entry is None else change(call, entry)

    return wrapper


def _day_old(honest: Wrapper, call: Call, device: Device, end: int) -> Json | None:
    """Values that are older than a day are left out."""
    entry: Json | None = honest(call, device, end)
    return None if entry is not None and entry["time"] < iso_time(end - DAY) else entry


def _with_few(honest: Wrapper, call: Call, device: Device, end: int) -> Json | None:
    """Devices with several attributes are left out."""
    return None if len(device.attributes) > 1 and len(device.tags) > 1 else honest(call, device, end)


def _zero(honest: Wrapper, call: Call, device: Device, end: int) -> Json | None:
    """A device without the attribute has 0."""
    entry: Json | None = honest(call, device, end)
    if entry is None and "attribute" in call.asked:
        return {"time": iso_time(call.now), "data": {call.asked["attribute"]: 0}}
    return entry


def _typed(kind: AttributeType, change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper of `last_data` that gives values of one type otherwise."""

    def wrapper(honest: Wrapper, call: Call, device: Device, attribute: str, position: int) -> Json:
        given: Json = honest(call, device, attribute, position)
        right = device.attributes.get(attribute) is kind
        return {name: change(value) for name, value in given.items()} if right else given

    return wrapper


def _to_end(honest: Wrapper, call: Call, times: Any, end: int) -> int:
    """A value at the end counts for columns with an even number of values."""
    found: int = honest(call, times, end + 1 if len(times) % 2 == 0 else end)
    return found


def _swapped(text: str) -> str:
    return ",".join(reversed(text.split(",")))


_add("011", "is-first", "last_data", "The last value is the first one.", _position(lambda _, __: 0))
_add(
    "011",
    "is-second-to-last",
    "last_data",
    "The last value is the one before.",
    _position(lambda _, position: max(position - 1, 0)),
)
_add("011", "is-greatest", "last_data", "The last value is the greatest one.", _position(_greatest))
_add(
    "012",
    "time-is-now",
    "last_value",
    "The time of a last value is now.",
    _entry(lambda call, entry: {**entry, "time": iso_time(call.now)}),
)
_add(
    "012",
    "time-is-late",
    "last_value",
    "The time of a last value is a second late.",
    _entry(
        lambda _, entry: {
            **entry,
            "time": entry["time"][:17] + str((int(entry["time"][17:19]) + 1) % 60).zfill(2) + entry["time"][19:],
        }
    ),
)
_add(
    "013",
    "called-value",
    "last_value",
    "The value is called value.",
    _entry(lambda _, entry: {**entry, "data": {"value": next(iter(entry["data"].values()), 0)}}),
)
_add("014", "of-a-day", "last_value", "Values older than a day are left out.", _day_old)
_add("014", "of-simple-devices", "last_value", "Some devices are left out.", _with_few)
_add("015", "zero-for-none", "last_value", "A device without a value has 0.", _zero)
_NUMBER, _BOOLEAN = AttributeType.NUMBER, AttributeType.BOOLEAN
_STRING, _GPS = AttributeType.STRING, AttributeType.GPS
_add("021", "number-as-text", "last_data", "A number is given as a string.", _typed(_NUMBER, str))
_add("021", "number-rounded", "last_data", "A number is rounded to an integer.", _typed(_NUMBER, round))
_add("022", "boolean-as-number", "last_data", "A boolean is given as a number.", _typed(_BOOLEAN, int))
_add(
    "022",
    "boolean-as-text",
    "last_data",
    "A boolean is given as a string.",
    _typed(_BOOLEAN, lambda one: str(one).lower()),
)
_add("023", "string-quoted", "last_data", "A string is given in quotes.", _typed(_STRING, lambda one: f'"{one}"'))
_add("024", "gps-swapped", "last_data", "A position is given with longitude first.", _typed(_GPS, _swapped))
_add("205", "at-end-for-some", "before", "A value at the end counts for some attributes.", _to_end)
