"""Deviations of how devices are sorted by custom properties and else (section "List devices")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import PROPERTY_PREFIX

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove.property_values import text_of

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Device, Value
    from robowire_mocks.foxglove.store import SortKey

Test = Callable[["Value"], bool]


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    add(f"DEVICES-{number:03}", slug, step, summary, wrapper)


# ---- sorting


def _by(applies: Callable[[Call, str], bool], change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper of `device_keys`: what is sorted by in some fields is changed."""

    def changed(key: SortKey) -> SortKey:
        def other(device: Device) -> Any:
            value = key(device)
            return None if value is None else change(value)

        return other

    def wrapper(honest: Wrapper, call: Call) -> Mapping[str, SortKey]:
        return {field: changed(key) if applies(call, field) else key for field, key in honest(call).items()}

    return wrapper


def _field(name: str) -> Callable[[Call, str], bool]:
    return lambda _, field: field == name


def _of_type(value_type: str) -> Callable[[Call, str], bool]:
    def applies(call: Call, field: str) -> bool:
        key = field.removeprefix(PROPERTY_PREFIX)
        known = call.state.custom_properties.where("key", key) if key != field else []
        return bool(known) and known[0].value_type == value_type

    return applies


def _backwards(text: str) -> str:
    return text[::-1]


def _shortest_first(text: str) -> tuple[int, str]:
    return len(text), text


def _as_text(value: float) -> str:
    return text_of(value)


_add(
    101, "sorted-by-reversed-id", "device_keys", "By id, devices are sorted by its end.", _by(_field("id"), _backwards)
)
_add(
    101,
    "sorted-by-no-id",
    "device_keys",
    "By id, devices are sorted by a hash of it.",
    _by(_field("id"), lambda text: sum(map(ord, text)) % 7),
)
_add(
    102,
    "sorted-by-reversed-name",
    "device_keys",
    "By name, devices are sorted by its end.",
    _by(_field("name"), _backwards),
)
_add(
    102,
    "sorted-by-length-of-name",
    "device_keys",
    "By name, short names come first.",
    _by(_field("name"), _shortest_first),
)
_add(
    103,
    "sorted-by-length-of-text",
    "device_keys",
    "By a string, short ones come first.",
    _by(_of_type("string"), _shortest_first),
)
_add(
    103,
    "sorted-by-end-of-text",
    "device_keys",
    "By a string, devices are sorted by its end.",
    _by(_of_type("string"), _backwards),
)
_add(
    104,
    "sorted-by-number-as-text",
    "device_keys",
    "By a number, devices are sorted by its text.",
    _by(_of_type("number"), _as_text),
)
_add(
    104,
    "sorted-by-size-of-number",
    "device_keys",
    "By a number, its sign is not looked at.",
    _by(_of_type("number"), abs),
)
_add(
    104,
    "sorted-by-whole-number",
    "device_keys",
    "By a number, tens come after units.",
    _by(_of_type("number"), lambda number: number % 10),
)


def _scattered(value_type: str) -> Wrapper:
    """A wrapper of `device_keys` by which devices of one value do not stand together."""
    applies = _of_type(value_type)

    def wrapper(honest: Wrapper, call: Call) -> Mapping[str, SortKey]:
        def by_age(key: SortKey) -> SortKey:
            order = {device.id: place for place, device in enumerate(call.state.devices)}
            return lambda device: None if key(device) is None else order.get(device.id)

        return {field: by_age(key) if applies(call, field) else key for field, key in honest(call).items()}

    return wrapper


_add(105, "sorted-by-no-enum", "device_keys", "By an enum, devices are sorted by age.", _scattered("enum"))
_add(106, "sorted-by-no-boolean", "device_keys", "By a boolean, devices are sorted by age.", _scattered("boolean"))
