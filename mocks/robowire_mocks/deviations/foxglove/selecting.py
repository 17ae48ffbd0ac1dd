"""What deviations of several lists of recordings' data do: choose other recordings, or read a parameter otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import Recording

SELECTORS = (
    "recordingId",
    "recordingKey",
    "key",
    "importId",
    "deviceId",
    "deviceName",
    "device.id",
    "device.name",
)


def slug(name: str) -> str:
    """A parameter's name as a part of a deviation's id."""
    dotted = name.replace("device.", "dotted-")
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in dotted)


def alone(name: str, given: Mapping[str, Any]) -> bool:
    """Whether this is the one member that selects."""
    return [one for one in SELECTORS if one in given] == [name]


def unread(operation: str, name: str) -> Wrapper:
    """A wrapper of `recordings_of`: in an operation, this selector alone selects nothing."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> list[Recording]:
        rest = {one: value for one, value in given.items() if one != name} if alone(name, given) else given
        found: list[Recording] = honest(call, rest)
        return found

    return only(operation, wrapper)


def bounded(operation: str, name: str, change: Callable[[int], int | None]) -> Wrapper:
    """A wrapper of `recordings_of`: a bound is another one, or none."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> list[Recording]:
        changed = {**given, name: change(given[name])} if name in given else given
        found: list[Recording] = honest(call, {one: value for one, value in changed.items() if value is not None})
        return found

    return only(operation, wrapper)


def alias_first(operation: str, alias: str) -> Wrapper:
    """A wrapper of `device_id` or `device_name` for which the alias goes before the proper name."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        return given[alias] if alias in given else honest(call, given)

    return only(operation, wrapper)


def read_as(operation: str, name: str, read: Callable[[str | None], Any]) -> Wrapper:
    """A wrapper of `parameter` that reads one its own way; `read` gets None if it is not there, gives None to leave."""

    def wrapper(honest: Wrapper, call: Call, member: Member) -> Any:
        value = read(call.query.get(name)) if member.name == name else None
        return honest(call, member) if value is None else value

    return only(operation, wrapper)


def aliases(page: str, operation: str, thing: str, ids: tuple[str, str], names: tuple[str, str]) -> None:
    """Declare the deviations of `device.id` and `device.name`: unread alone, and before the proper names.

    `ids` and `names` are the numbers of the requirements of the two, in this order.
    """
    for alias, (number, beside), step in (("device.id", ids, "device_id"), ("device.name", names, "device_name")):
        add(
            f"{page}-{number}",
            f"{thing}-{slug(alias)}-ignored",
            "recordings_of",
            f"{alias} selects nothing.",
            unread(operation, alias),
        )
        add(
            f"{page}-{beside}",
            f"{thing}-{slug(alias)}-first",
            step,
            f"{alias} goes before the proper name.",
            alias_first(operation, alias),
        )
