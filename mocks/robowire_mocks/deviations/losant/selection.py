"""Deviations of which devices are selected, by ids, tags and both (facts "Losant", on device queries)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.losant.changing import ACTIONS, Wrapper, only
from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.selection import SELECTORS

if TYPE_CHECKING:
    from robowire_generators.telemetry import Device

    from robowire_mocks.losant.call import Call

Entry = Mapping[str, str]


def _ids_first_only(honest: Wrapper, call: Call, devices: Any, ids: Sequence[str]) -> set[str]:
    found: set[str] = honest(call, devices, ids[:1])
    return found


def _ids_and_next(honest: Wrapper, call: Call, devices: Sequence[Device], ids: Sequence[str]) -> set[str]:
    found: set[str] = honest(call, devices, ids)
    places = [number for number, device in enumerate(devices) if device.id in found]
    return found | {devices[(places[-1] + 1) % len(devices)].id} if places else found


def _carrying(applies: Callable[[Entry], bool], carries: Callable[[Device, Entry], bool]) -> Wrapper:
    """A wrapper of `carries` that judges some entries otherwise."""

    def wrapper(honest: Wrapper, call: Call, device: Device, entry: Entry) -> bool:
        found: bool = carries(device, entry) if applies(entry) else honest(call, device, entry)
        return found

    return wrapper


def _both(entry: Entry) -> bool:
    return set(entry) == {"key", "value"}


def _key_alone(entry: Entry) -> bool:
    return set(entry) == {"key"}


def _value_alone(entry: Entry) -> bool:
    return set(entry) == {"value"}


def _values(device: Device) -> set[str]:
    return {value for values in device.tags.values() for value in values}


def _apart(device: Device, entry: Entry) -> bool:
    """Key and value need not belong together."""
    return entry["key"] in device.tags and entry["value"] in _values(device)


def _any_key_if_missing(device: Device, entry: Entry) -> bool:
    return entry["value"] in device.tags.get(entry["key"], _values(device))


def _first_value(device: Device, entry: Entry) -> bool:
    return entry["value"] in device.tags.get(entry["key"], ())[:1]


def _only_value(device: Device, entry: Entry) -> bool:
    return (entry["value"],) == tuple(device.tags.get(entry["key"], ()))


def _all_entries(honest: Wrapper, call: Call, devices: Sequence[Device], entries: Sequence[Entry]) -> set[str]:
    if not entries:
        return set()
    found: list[set[str]] = [honest(call, devices, [entry]) for entry in entries]
    return set.intersection(*found)


def _one_entry(honest: Wrapper, call: Call, devices: Sequence[Device], entries: Sequence[Entry]) -> set[str]:
    found: set[str] = honest(call, devices, entries[:1])
    return found


def _query_selects_all(honest: Wrapper, call: Call, devices: Sequence[Device], query: Any) -> set[str]:
    found: set[str] = honest(call, devices, query)
    return {device.id for device in devices} if found else found


def _query_negated(honest: Wrapper, call: Call, devices: Sequence[Device], query: Any) -> set[str]:
    found: set[str] = honest(call, devices, query)
    return {device.id for device in devices} - found


def _parts(honest: Wrapper, call: Call) -> list[set[str]]:
    from dataclasses import replace

    given = [name for name in SELECTORS if name in call.asked]
    rest = {name: value for name, value in call.asked.items() if name not in SELECTORS}
    return [{one.id for one in honest(replace(call, query={**rest, name: call.asked[name]}))} for name in given]


def _intersection(honest: Wrapper, call: Call) -> list[Device]:
    found: list[Device] = honest(call)
    parts = _parts(honest, call)
    return [device for device in found if all(device.id in part for part in parts)] if len(parts) == 3 else found


def _first_selector(honest: Wrapper, call: Call) -> list[Device]:
    found: list[Device] = honest(call)
    parts = _parts(honest, call)
    return [device for device in found if device.id in parts[0]] if len(parts) == 3 else found


def _as_listed(honest: Wrapper, call: Call) -> list[Device]:
    """Ids that do not ascend, or tags that descend, lose a device."""
    found: list[Device] = honest(call)
    ids = [one.lower() for one in call.asked.get("deviceIds", ())]
    tags = [sorted(entry.items()) for entry in call.asked.get("deviceTags", ())]
    return found if ids == sorted(ids) and tags == sorted(tags) else found[:-1]


def _foreign(honest: Wrapper, call: Call) -> list[Device]:
    """Devices of other applications are found by their ids."""
    found: list[Device] = honest(call)
    ids = {one.lower() for one in call.asked.get("deviceIds", ())}
    others = [one for application in call.state.world.applications.values() for one in application.devices.values()]
    known = set(call.found.devices)
    return [*found, *(device for device in others if device.id in ids and device.id not in known)]


_ROWS: tuple[tuple[str, str, str, str, Wrapper], ...] = (
    ("01", "first-id-only", "by_ids", "Of deviceIds only the first selects.", _ids_first_only),
    ("01", "ids-and-next", "by_ids", "deviceIds select another device too.", _ids_and_next),
    (
        "02",
        "tag-any-value",
        "carries",
        "A tag with key and value selects by its value alone where the key is missing.",
        _carrying(_both, _any_key_if_missing),
    ),
    ("02", "tag-first-value", "carries", "A tag selects by a key's first value only.", _carrying(_both, _first_value)),
    (
        "02",
        "tag-only-value",
        "carries",
        "A tag selects only where it is the key's only value.",
        _carrying(_both, _only_value),
    ),
    (
        "03",
        "tag-key-single-value",
        "carries",
        "A key alone selects only devices with one value of it.",
        _carrying(_key_alone, lambda device, entry: len(device.tags.get(entry["key"], ())) == 1),
    ),
    (
        "03",
        "tag-key-begins",
        "carries",
        "A key alone selects devices with any tag.",
        _carrying(_key_alone, lambda device, _: bool(device.tags)),
    ),
    (
        "04",
        "tag-value-first-key",
        "carries",
        "A value alone selects by a device's first key only.",
        _carrying(_value_alone, lambda device, entry: entry["value"] in next(iter(device.tags.values()), ())),
    ),
    (
        "04",
        "tag-value-everything",
        "carries",
        "A value alone selects devices with any tag.",
        _carrying(_value_alone, lambda device, _: bool(device.tags)),
    ),
    ("05", "tag-apart", "carries", "Key and value of a tag need not belong together.", _carrying(_both, _apart)),
    ("06", "tags-all", "by_tags", "A device must carry all of the tags.", _all_entries),
    ("06", "tags-first", "by_tags", "Of deviceTags only the first selects.", _one_entry),
    ("07", "query-selects-all", "by_query", "A deviceQuery that selects a device selects all.", _query_selects_all),
    ("07", "query-negated", "by_query", "A deviceQuery selects what does not match.", _query_negated),
    ("08", "intersection", "select", "A device must be selected by all three selectors.", _intersection),
    ("08", "first-selector", "select", "Of three selectors only the first one counts.", _first_selector),
    ("09", "order-of-selectors", "select", "Ids and tags out of order select a device less.", _as_listed),
    ("10", "foreign-devices", "select", "Devices of other applications are given too.", _foreign),
)

for _operation, _name, _, _hundred in ACTIONS:
    for _number, _slug, _step, _summary, _wrapper in _ROWS:
        LOSANT.add(
            f"{_name}-{_slug}",
            breaks=f"LOSANT-SELECT-{_hundred}{_number}",
            step=_step,
            summary=f"{_operation}: {_summary}",
            wrapper=only(_operation, _wrapper),
        )


def _nothing_without_selectors(honest: Wrapper, call: Call) -> list[Device]:
    found: list[Device] = honest(call)
    return found if any(name in call.asked for name in SELECTORS) else found[:1]


def _empty_query_selects_nobody(honest: Wrapper, call: Call) -> list[Device]:
    found: list[Device] = honest(call)
    return [] if call.asked.get("deviceQuery") == {} else found


def _tags_in_any_case(honest: Wrapper, call: Call, device: Device, entry: Entry) -> bool:
    lower = {key.lower() for key in device.tags}
    return honest(call, device, entry) or (set(entry) == {"key"} and entry["key"].lower() in lower)


LOSANT.add(
    "last-value-first-device-without-selectors",
    breaks="LOSANT-SELECT-401",
    step="select",
    summary="Without selectors a last value query is about one device, a time series about all.",
    wrapper=only("lastValueQuery", _nothing_without_selectors),
)
LOSANT.add(
    "last-value-empty-query-selects-nobody",
    breaks="LOSANT-SELECT-402",
    step="select",
    summary="An empty deviceQuery selects nobody in a last value query, everybody in a time series.",
    wrapper=only("lastValueQuery", _empty_query_selects_nobody),
)
