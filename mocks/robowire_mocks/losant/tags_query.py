"""The condition on tags of the advanced device query.

The document shows its schema only. A condition on key and value is met by one tag that meets both. A named key whose
condition is null is met by a device that has no such tag, and `$nin` by every device that `$in` is not met by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_generators.telemetry import Device

    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.device_query import Predicate


def tags(call: Call, condition: Any) -> Predicate:  # null, a match, or one within `$eq` or `$ne`
    """What is true of the devices whose tags meet a condition."""
    match condition:
        case {"$eq": operand}:
            return call.steps.tag_match(call, operand)  # LOSANT-QUERY-265
        case {"$ne": operand}:
            matches = call.steps.tag_match(call, operand)
            return lambda device: not matches(device)  # LOSANT-QUERY-266
        case _:
            return call.steps.tag_match(call, condition)


def tag_match(call: Call, condition: Mapping[str, Any] | None) -> Predicate:
    """What is true of the devices that have no tags at all (null), such a tag, or such values under each key."""
    if condition is None:
        return lambda device: not device.tags
    if "$tagKey" in condition or "$tagValue" in condition:
        return call.steps.any_tag(call, condition)
    named = [call.steps.named_tag(call, key, member) for key, member in condition.items()]
    return lambda device: all(test(device) for test in named)


def any_tag(call: Call, condition: Mapping[str, Any]) -> Predicate:
    """What is true of the devices that have a tag which meets both conditions.

    With `$nin`, of those that have none of which the texts are in the list, among the tags that meet the other one.
    """
    # LOSANT-QUERY-261, LOSANT-QUERY-262, LOSANT-QUERY-263
    tests = [
        (part, call.steps.tag_text(call, condition[name]))
        for part, name in enumerate(("$tagKey", "$tagValue"))
        if name in condition and not _excludes(condition[name])
    ]
    excluded = [
        (part, call.steps.tag_text(call, {"$in": condition[name]["$nin"]}))
        for part, name in enumerate(("$tagKey", "$tagValue"))
        if name in condition and _excludes(condition[name])
    ]

    def matches(device: Device) -> bool:
        tags = [tag for tag in _tags(device) if all(test(tag[part]) for part, test in tests)]
        if excluded:
            return not any(test(tag[part]) for tag in tags for part, test in excluded)  # LOSANT-QUERY-268
        return bool(tags)

    return matches


def named_tag(call: Call, key: str, condition: Any) -> Predicate:  # a text, null, `$in` or `$nin`
    """What is true of the devices whose values under `key` meet a condition."""
    # LOSANT-QUERY-264
    if condition is None:
        return lambda device: not device.tags.get(key)
    if _excludes(condition):
        within = call.steps.tag_text(call, {"$in": condition["$nin"]})
        return lambda device: not any(map(within, device.tags.get(key, ())))  # LOSANT-QUERY-268
    test = call.steps.tag_text(call, condition)
    return lambda device: any(map(test, device.tags.get(key, ())))


def tag_text(call: Call, condition: Any) -> Callable[[str], bool]:  # noqa: ARG001  # as above; a step gets the call
    """What is true of the keys, or values, of tags that are a text, or one of several; null is no tag's."""
    if isinstance(condition, dict):
        texts = condition["$in"]
        return lambda text: text in texts  # LOSANT-QUERY-267
    return lambda text: text == condition


def _excludes(condition: Any) -> bool:  # a text, null, `$in` or `$nin`
    return isinstance(condition, dict) and "$nin" in condition


def _tags(device: Device) -> list[tuple[str, str]]:
    return [(key, value) for key, values in device.tags.items() for value in values]
