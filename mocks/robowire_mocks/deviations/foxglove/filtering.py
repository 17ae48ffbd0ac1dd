"""What deviations of lists of recordings and imports do: filters that are not read, or misread, and odd orders."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.foxglove.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.store import SortKey

    Condition: TypeAlias = Callable[[Any], bool]

_NAMES = ("deviceId", "deviceName", "device.id", "device.name")


def anything(_: object) -> Condition:
    """A condition that everything meets."""
    return lambda _: True


def filtered(name: str, condition: Callable[[Any], Condition]) -> Wrapper:
    """A wrapper of a step that gives one filter's condition: that of the filter `name` is another."""

    def wrapper(honest: Wrapper, call: Call, parameter: str, value: Any) -> Any:
        return condition(value) if parameter == name else honest(call, parameter, value)

    return wrapper


def declare_filters(
    page: str, step: str, thing: str, table: Iterable[tuple[str, str, str, str, Callable[[Any], Condition]]]
) -> None:
    """Declare filters that go wrong: number, slug, parameter, what it does, and the condition that it has instead."""
    for number, slug, parameter, what, condition in table:
        add(f"{page}-{number}", f"{thing}-{slug}", step, f"{parameter} {what}.", filtered(parameter, condition))


def declare_devices(page: str, operation: str, step: str, thing: str, numbers: tuple[int, int, int, int]) -> None:
    """Declare how the device that narrows a list is misread; `numbers` are those of deviceId, deviceName and aliases.

    Each alias's next number is that of its yielding to the proper name.
    """
    for name, number in zip(_NAMES, numbers, strict=True):
        slug = name.replace(".", "-").replace("deviceI", "device-i").replace("deviceN", "device-n")
        slug = f"dotted-{slug.removeprefix('device-')}" if "." in name else slug
        add(f"{page}-{number}", f"{thing}-{slug}-ignored", step, f"{name} filters no {thing}.", _unread(name))
    for alias, number, step_of, slug in (
        ("device.id", numbers[2] + 1, "device_id", "dotted-id-first"),
        ("device.name", numbers[3] + 1, "device_name", "dotted-name-first"),
    ):
        summary = f"In lists of {thing}, {alias} goes before {alias.replace('.i', 'I').replace('.n', 'N')}."
        add(f"{page}-{number}", f"{thing}-{slug}", step_of, summary, only(operation, _alias_first(alias)))
        summary = f"In lists of {thing}, {alias} has to name a device even where it is ignored."
        checked = slug.replace("-first", "-checked")
        add(f"{page}-{number}", f"{thing}-{checked}", step_of, summary, only(operation, alias_checked(alias)))
    add(
        f"{page}-{numbers[1]}",
        f"{thing}-device-name-prefix",
        step,
        f"The beginning of a deviceName is enough for a list of {thing}.",
        _prefixed,
    )


def _unread(name: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Any:
        return anything(None) if [one for one in _NAMES if one in asked] == [name] else honest(call, asked)

    return wrapper


def _prefixed(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Any:
    if [one for one in _NAMES if one in asked] != ["deviceName"]:
        return honest(call, asked)
    ids = {device.id for device in call.state.devices if device.name.startswith(asked["deviceName"][:-1])}
    return lambda row: row.device_id in ids


def _alias_first(alias: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        return given[alias] if alias in given else honest(call, given)

    return wrapper


def alias_checked(alias: str) -> Wrapper:
    """A wrapper of `device_id` or `device_name` that refuses an alias which names no device, though it is ignored."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        value, named = honest(call, given), given.get(alias)
        if named is not None and value != named:
            devices = call.state.devices
            if named not in devices and not devices.where("name", named):
                raise NotFound(f"{alias}: there is no such device")
        return value

    return wrapper


def by(name: str) -> Callable[[Call], SortKey]:
    """The order of a member of rows."""
    return lambda _: attrgetter(name)


def by_device_name(call: Call) -> SortKey:
    """The order of devices' names."""

    def key(row: Any) -> str | None:
        device = call.state.devices.get(row.device_id or "")
        return None if device is None else device.name

    return key


def declare_orders(
    page: str, step: str, thing: str, table: Iterable[tuple[str, str, str, str, Callable[[Call], SortKey]]]
) -> None:
    """Declare lists in another order: number, slug, `sortBy`, what they are sorted by, and the key."""
    for number, slug, field, what, key in table:
        summary = f"With sortBy {field}, {thing.replace('-', ' ')} are sorted by {what}."
        add(f"{page}-{number}", f"{thing}-sorted-{slug}", step, summary, _sorted(field, key))


def _sorted(field: str, key: Callable[[Call], SortKey]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> Mapping[str, SortKey]:
        return {**honest(call), field: key(call)}

    return wrapper
