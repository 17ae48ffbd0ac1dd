"""What each member of the three bodies may be: for every constraint, values just inside of it and just outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance.evidence import JSON

NO_STRINGS: tuple[JSON, ...] = (1, True, None, ["a"], {"a": "b"})
NO_NUMBERS: tuple[JSON, ...] = ("1", True, None, [1], {})
NO_OBJECTS: tuple[JSON, ...] = ("a", 1, True, None, [])
NO_ARRAYS: tuple[JSON, ...] = ("a", 1, True, None, {})
NO_BOOLEANS: tuple[JSON, ...] = ("true", 1, 0, None, [], {})

NAMES = ("voltage", "V", "7", "a_b-C9", "-", "_")
NO_NAMES = ("volt age", "volt.age", "spannung_ä", "a/b", "$a", "٣")  # a digit, but not of ASCII
HEX = "575ecf887ae143cd83dc4aa2"
NO_IDS: tuple[JSON, ...] = (HEX[:-1], HEX + "0", HEX[:-1] + "g", "", f" {HEX}", 1, None)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint on a member of a body: members that keep it, and members that break it."""

    number: int
    keep: tuple[Mapping[str, JSON], ...]
    break_: tuple[Mapping[str, JSON], ...]


def of_member(number: int, member: str, keep: Sequence[JSON], break_: Sequence[JSON]) -> Constraint:
    """A constraint on the value of one member."""
    return Constraint(number, tuple({member: value} for value in keep), tuple({member: value} for value in break_))


def _tags(*tags: JSON) -> JSON:
    return list(tags)


def selectors(device_id: str) -> tuple[Constraint, ...]:
    """The constraints on deviceIds, deviceTags and deviceQuery, alike in all bodies."""
    valid_ids = [device_id, device_id.upper(), device_id.lower()]
    keys = [{"key": key} for key in NAMES]
    return (
        of_member(121, "deviceIds", [[], [device_id]], [*NO_ARRAYS[:-1], device_id, {}]),
        of_member(122, "deviceIds", [[one] for one in valid_ids], [[device_id, one] for one in NO_IDS]),
        of_member(123, "deviceIds", [[device_id] * 1000], [[device_id] * 1001]),
        of_member(124, "deviceTags", [[], [{}]], [*NO_ARRAYS, *([one] for one in NO_OBJECTS)]),
        of_member(125, "deviceTags", [[{"key": "a"}] * 100], [[{"key": "a"}] * 101]),
        of_member(126, "deviceTags", _tags(*([one] for one in keys)), [[{"key": key}] for key in (*NO_NAMES, 1, None)]),
        of_member(127, "deviceTags", [[{"key": "k" * n}] for n in (1, 255)], [[{"key": "k" * n}] for n in (0, 256)]),
        of_member(
            128,
            "deviceTags",
            [[{"value": value}] for value in ("v", "v" * 255, "ä b/c\n✓", "✓" * 255)],
            [[{"value": value}] for value in ("", "v" * 256, 8, True, None, ["v"])],
        ),
        of_member(
            129,
            "deviceTags",
            [[{"key": "floor", "value": "8"}]],
            [[{"key": "floor", "value": "8", "values": ["8"]}], [{"Key": "floor"}]],
        ),
        of_member(
            130,
            "deviceQuery",
            [{}, {"id": device_id}, {"$or": [{"name": {"$ne": "myValue"}}, {"parentId": HEX}]}],
            [*NO_OBJECTS, {"colour": "red"}, {"$not": {}}],
        ),
    )


def _attributes(limit: int | None) -> tuple[Constraint, ...]:
    longest = [f"a{n}" for n in range(limit or 257)]
    return (
        of_member(131, "attributes", [[], ["voltage"]], [*NO_ARRAYS, *([one] for one in NO_STRINGS)]),
        of_member(132, "attributes", [longest], [[*longest, "b"]] if limit else []),
        of_member(133, "attributes", [[name] for name in NAMES], [[name] for name in NO_NAMES]),
        of_member(134, "attributes", [["a" * n] for n in (1, 255)], [["a" * n] for n in (0, 256)]),
    )


def _number(number: int, member: str, *keep: float) -> Constraint:
    return of_member(number, member, keep, NO_NUMBERS)


def of_last_value(device_id: str) -> tuple[Constraint, ...]:
    """The constraints of section "Schemas / Last Value Query"."""
    return (
        Constraint(
            101,
            (
                {
                    "deviceIds": [device_id],
                    "deviceTags": [{"key": "a"}],
                    "deviceQuery": {"id": device_id},
                    "attribute": "voltage",
                    "end": 0,
                },
            ),
            ({"start": 1}, {"attributes": ["voltage"]}, {"x": 1}),
        ),
        of_member(111, "attribute", ["voltage"], NO_STRINGS),
        of_member(112, "attribute", NAMES, NO_NAMES),
        of_member(113, "attribute", ["a", "a" * 255], ["", "a" * 256]),
        *selectors(device_id),
        _number(137, "end", 0, -1000, 1465965600000, 1465965600000.5),
    )


def of_time_series(device_id: str) -> tuple[Constraint, ...]:
    """The constraints of section "Schemas / Time Series Query"."""
    everything = {
        "start": 1465965600000,
        "end": 1465965660000,
        "duration": 60000,
        "resolution": 10000,
        "aggregation": "MEAN",
        "attributes": ["voltage"],
        "deviceIds": [device_id],
        "deviceTags": [{"key": "a", "value": "b"}],
        "deviceQuery": {"id": device_id},
        "limit": 10,
        "order": "asc",
    }
    return (
        Constraint(101, (everything,), ({"attribute": "voltage"}, {"email": "a@example.com"}, {"x": 1})),
        *selectors(device_id),
        *_attributes(None),
        _number(136, "start", 1465965600000, 1465965600000.5),
        _number(137, "end", 1795000000000, 1795000000000.5),
        _number(138, "duration", 60000, 60000.5),
        _number(139, "resolution", 86400000000, 86400000000.5),
        _number(140, "limit", 1, 1000),
        of_member(141, "order", ["asc", "desc"], ["ASC", "Desc", "ascending", "", 1, None, True, ["asc"]]),
        *_aggregations(),
    )


TEN = ("FIRST", "LAST", "COUNT", "MAX", "MIN", "MEDIAN", "MEAN", "SUM", "STD_DEV", "NONE")


def _aggregations() -> tuple[Constraint, ...]:
    def at(value: JSON) -> JSON:
        return {"type": "TIMEATVALUE", "options": {"value": value}}

    def mean(**members: JSON) -> JSON:
        return {"type": "MEAN", **members}

    objects = [{"type": name} for name in TEN]
    bad_types: list[JSON] = [{}, {"type": "mean"}, {"type": "AVG"}, {"type": None}, {"options": {}}, mean(value=1)]
    return (
        of_member(151, "aggregation", TEN, ["mean", "Mean", "AVG", "", "MEAN ", 1, None, True, ["MEAN"]]),
        of_member(152, "aggregation", objects, bad_types),
        of_member(
            153,
            "aggregation",
            [{**one, "options": {}} for one in objects],
            [
                *(mean(options=one) for one in NO_OBJECTS),
                mean(options={"value": 1}),
                {"type": "NONE", "options": {"value": 1}},
            ],
        ),
        of_member(
            154,
            "aggregation",
            [at(1)],
            ["TIMEATVALUE", {"type": "TIMEATVALUE"}, {"type": "TIMEATVALUE", "options": {}}],
        ),
        of_member(
            155,
            "aggregation",
            [at(one) for one in (1, -0.5, True, False, "", "on", "v" * 255)],
            [at(one) for one in (None, [1], {"a": 1}, "v" * 256)],
        ),
        of_member(156, "aggregation", [at(1)], [{"type": "TIMEATVALUE", "options": {"value": 1, "other": 1}}]),
    )


def of_export(device_id: str, callback: str) -> tuple[Constraint, ...]:
    """The constraints of section "Schemas / Devices Data Export"; `callback` is a URL that may be called."""
    everything = {
        "email": "robowire@example.com",
        "callbackUrl": callback,
        "deviceIds": [device_id],
        "deviceTags": [{"key": "a", "value": "b"}],
        "deviceQuery": {"id": device_id},
        "attributes": ["voltage"],
        "start": 1465965600000,
        "end": 1465965660000,
        "options": {"includeDate": True, "includeID": True, "includeBlobData": False, "filePerDevice": False},
    }
    longest = callback + "?" + "x" * (1024 - len(callback) - 1)
    return (
        Constraint(101, (everything,), ({"duration": 1}, {"aggregation": "NONE"}, {"x": 1})),
        of_member(111, "email", ["robowire@example.com"], NO_STRINGS),
        of_member(112, "email", ["robowire@example.com"], ["a" * 1013 + "@example.com"]),
        of_member(113, "email", ["robowire@example.com"], ["nobody", "@", ""]),
        of_member(114, "callbackUrl", [callback], NO_STRINGS),
        of_member(115, "callbackUrl", [longest], [longest + "x"]),
        of_member(116, "callbackUrl", [callback], ["nowhere", "/relative", ""]),
        *selectors(device_id),
        *_attributes(256),
        _number(136, "start", 1465965600000, 1465965600000.5),
        _number(137, "end", 1795000000000, 1795000000000.5),
        of_member(141, "options", [{}], NO_OBJECTS),
        *(_option(number, name) for number, name in enumerate(OPTIONS, start=142)),
        of_member(146, "options", [{"includeEverything": 1}], []),
    )


OPTIONS = ("includeDate", "includeID", "includeBlobData", "filePerDevice")


def _option(number: int, name: str) -> Constraint:
    return of_member(number, "options", [{name: True}, {name: False}], [{name: value} for value in NO_BOOLEANS])
