"""Hypothesis strategies for the Losant Data API: small worlds full of coincidences, and bodies that speak of them.

Bodies are valid unless a strategy's name says otherwise; `edge_bodies` gives those on one side of a schema's edges.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st
from robowire_fixtures import losant
from robowire_fixtures.contract import load_schema

from robowire_generators.mutation import mutate
from robowire_generators.schema_edges import Edges
from robowire_generators.telemetry.loading import make
from robowire_generators.telemetry.signals import EXTREMES
from robowire_generators.telemetry.spec import ApplicationSpec, ClockSpec, DeviceSpec, StateSpec, TokenSpec, WorldSpec
from robowire_generators.telemetry.world import Application, AttributeType, TelemetryWorld

JSON = Any
Body = dict[str, JSON]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""Where the clock of these worlds stands."""

_KEYS = ("floor", "Floor", "type", "a-b_9")
_TEXTS = ("8", "agv", "AGV", "a,b", 'say "hi"', "línea\nnueva", " ", "8 ")
_NAMES = ("voltage", "Voltage", "on", "place", "label", "raw")
_TIMES_MS = (-7_200_000, -3_600_001, -3_600_000, -600_000, -599_999, -300_000, -60_000, -1001, -1000, -999, -1, 0)
_RESOLUTIONS = (1, 7, 250.5, 1000, 60_000, 300_000, 3_600_000)
_PLACES = ("0,0", "48.137154,11.576124", "-90,180")
_IDS = st.integers(0, 40).map(lambda number: f"64f0a1b2c3d4e5f6a7b8{number:04x}")


def world_specs() -> st.SearchStrategy[WorldSpec]:
    """Worlds of one or two applications with up to five devices each, their states written out; time stands still."""
    return st.builds(
        _world,
        st.lists(st.lists(_devices(), max_size=5, unique_by=lambda device: device.id), min_size=1, max_size=2),
    )


def worlds() -> st.SearchStrategy[TelemetryWorld]:
    """The worlds of `world_specs`, loaded."""
    return world_specs().map(make)


def _world(applications: list[list[DeviceSpec]]) -> WorldSpec:
    seen: set[str] = set()
    specs = []
    for number, devices in enumerate(applications):
        own = [device for device in devices if device.id not in seen]
        seen |= {device.id for device in own}
        specs.append(ApplicationSpec(id=f"{number + 1:024x}", name=f"Application {number + 1}", device=tuple(own)))
    tokens = (
        TokenSpec(token="all", scopes=losant.WIDE_SCOPES),  # noqa: S106  # a mock's, and no secret
        TokenSpec(token="none"),  # noqa: S106  # as above
    )
    return WorldSpec(clock=ClockSpec(start=NOW, frozen=True), token=tokens, application=tuple(specs))


@st.composite
def _devices(draw: st.DrawFn) -> DeviceSpec:
    attributes = draw(st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(AttributeType), max_size=4))
    states = st.builds(StateSpec, time=st.sampled_from(_TIMES_MS), data=_data(attributes))
    tags = st.lists(st.sampled_from(_TEXTS), min_size=1, max_size=3, unique=True).map(tuple)
    return DeviceSpec(
        id=draw(_IDS),
        name=draw(st.sampled_from([*_TEXTS, "Truck {n}"])),
        tags=draw(st.dictionaries(st.sampled_from(_KEYS), tags, max_size=3)),
        attributes=attributes,
        state=tuple(draw(st.lists(states, max_size=12))),
        device_class=draw(st.sampled_from(["standalone", "gateway"])),
        experience_group_id=draw(st.none() | _IDS),
        connection_status=draw(st.sampled_from(["connected", "disconnected"])),
    )


def _data(attributes: Mapping[str, AttributeType]) -> st.SearchStrategy[Mapping[str, JSON]]:
    return st.fixed_dictionaries({}, optional={name: attribute_values(kind) for name, kind in attributes.items()})


def attribute_values(kind: AttributeType) -> st.SearchStrategy[JSON]:
    """Values that an attribute of this type may report: few, so that they recur, and extreme ones."""
    few: Mapping[AttributeType, st.SearchStrategy[JSON]] = {
        AttributeType.NUMBER: st.integers(-2, 2)
        | st.floats(-10, 10).map(lambda x: round(x, 2))
        | st.sampled_from(EXTREMES),
        AttributeType.BOOLEAN: st.booleans(),
        AttributeType.GPS: st.sampled_from(_PLACES),
    }
    return few.get(kind, st.sampled_from(_TEXTS) | st.just(""))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What bodies may speak of: ids, names, tags, attributes and times, of a world and a few unknown ones."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    attributes: tuple[str, ...]
    times: tuple[int, ...]

    @classmethod
    def of(cls, application: Application) -> "Vocabulary":
        """The words for one application."""
        devices = application.devices.values()
        tags = [(key, value) for device in devices for key, values in device.tags.items() for value in values]
        times = {int(time) + step for device in devices for time in device.history.times[:20] for step in (-1, 0, 1)}
        return cls(
            (*application.devices, "f" * 24),
            (*(device.name for device in devices), "nobody"),
            (*dict.fromkeys(tags), ("nothing", "none")),
            (*dict.fromkeys(name for device in devices for name in device.attributes), "unknown"),
            (*sorted(times), *_TIMES_MS),
        )


def selections(words: Vocabulary) -> st.SearchStrategy[Body]:
    """`deviceIds`, `deviceTags` and `deviceQuery`, any of them or none."""
    tag = st.sampled_from(words.tags)
    tags = st.one_of(
        tag.map(lambda pair: {"key": pair[0], "value": pair[1]}),
        tag.map(lambda pair: {"key": pair[0]}),
        tag.map(lambda pair: {"value": pair[1]}),
        st.builds(lambda one, two: {"key": one[0], "value": two[1]}, tag, tag),
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "deviceIds": st.lists(st.sampled_from(words.ids), max_size=4),
            "deviceTags": st.lists(tags, max_size=3),
            "deviceQuery": device_queries(words),
        },
    )


def device_queries(words: Vocabulary) -> st.SearchStrategy[Body]:
    """Advanced device queries with every field and operator, nested."""
    ids = st.sampled_from(words.ids)
    texts = st.sampled_from(words.names)
    values = texts | st.sampled_from([*words.attributes, "gateway", "connected"]) | st.sampled_from(words.times)
    fields: dict[str, st.SearchStrategy[JSON]] = dict.fromkeys(losant.ID_FIELDS, _id_condition(ids))
    fields |= dict.fromkeys(losant.VALUE_FIELDS, _value_condition(values))
    fields["tags"] = _tags_condition(words)
    plain = st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: fields[name] for name in names})
    )
    return st.recursive(
        plain,
        lambda inner: st.builds(
            lambda join, queries, beside: beside | {join: queries},
            st.sampled_from(losant.QUERY_JOINS),
            st.lists(inner, max_size=3),
            plain,
        ),
        max_leaves=5,
    )


def _id_condition(ids: st.SearchStrategy[str]) -> st.SearchStrategy[JSON]:
    operand = ids | st.none()
    comparison = st.builds(lambda name, value: {name: value}, st.sampled_from(losant.COMPARISONS), operand)
    listed = st.builds(lambda name, value: {name: value}, st.sampled_from(losant.LISTS), st.lists(ids, max_size=3))
    return operand | comparison | listed


def _value_condition(values: st.SearchStrategy[JSON]) -> st.SearchStrategy[JSON]:
    operand = values | st.none() | st.booleans()
    fragment = values.filter(lambda value: isinstance(value, str)).map(lambda text: text[:3]).filter(bool)
    operators: dict[str, st.SearchStrategy[JSON]] = dict.fromkeys(losant.COMPARISONS, operand)
    operators |= dict.fromkeys(losant.FRAGMENTS, fragment)
    operators |= dict.fromkeys(losant.LISTS, st.lists(values, max_size=3))
    operators["$ci"] = st.booleans()
    several = st.lists(st.sampled_from(sorted(operators)), max_size=3, unique=True)
    return operand | several.flatmap(lambda names: st.fixed_dictionaries({name: operators[name] for name in names}))


def _tags_condition(words: Vocabulary) -> st.SearchStrategy[JSON]:
    keys = st.sampled_from([key for key, _ in words.tags])
    match = (
        st.none()
        | st.fixed_dictionaries({"$tagKey": _tag_text(keys)}, optional={"$tagValue": _tag_text(_values(words))})
        | st.fixed_dictionaries({"$tagValue": _tag_text(_values(words))})
        | st.dictionaries(keys, _tag_text(_values(words)), max_size=2)
    )
    return match | st.builds(lambda name, inner: {name: inner}, st.sampled_from(["$eq", "$ne"]), match)


def _values(words: Vocabulary) -> st.SearchStrategy[str]:
    return st.sampled_from([value for _, value in words.tags])


def _tag_text(texts: st.SearchStrategy[str]) -> st.SearchStrategy[JSON]:
    listed = st.builds(lambda name, some: {name: some}, st.sampled_from(losant.LISTS), st.lists(texts, max_size=3))
    return texts | st.none() | listed


def _with_selection(words: Vocabulary, members: Mapping[str, st.SearchStrategy[JSON]]) -> st.SearchStrategy[Body]:
    own = st.fixed_dictionaries({}, optional=dict(members))
    return st.builds(lambda selection, rest: selection | rest, selections(words), own)


def last_value_queries(words: Vocabulary) -> st.SearchStrategy[Body]:
    """Bodies of a last value query."""
    members = {"attribute": st.sampled_from(words.attributes), "end": st.sampled_from(words.times)}
    return _with_selection(words, members)


def time_series_queries(words: Vocabulary) -> st.SearchStrategy[Body]:
    """Bodies of a time series query, with every aggregation."""
    times = st.sampled_from(words.times)
    members: dict[str, st.SearchStrategy[JSON]] = {
        "start": times,
        "end": times,
        "duration": st.sampled_from([1, 1000, 600_000, 7_200_000, 10**9]),
        "resolution": st.sampled_from(_RESOLUTIONS),
        "aggregation": aggregations(),
        "attributes": st.lists(st.sampled_from(words.attributes), max_size=3, unique=True),
        "limit": st.integers(1, 5),
        "order": st.sampled_from(losant.ORDERS),
    }
    return _with_selection(words, members)


def aggregations() -> st.SearchStrategy[JSON]:
    """Aggregations by name and in the object form."""
    names = st.sampled_from([*losant.WINDOW_AGGREGATIONS, losant.RAW])
    values = st.sampled_from([0, 1, 0.5, True, False, "", "8", "agv"])
    return st.one_of(
        names,
        names.map(lambda name: {"type": name}),
        names.map(lambda name: {"type": name, "options": {}}),
        values.map(lambda value: {"type": losant.TIME_AT_VALUE, "options": {"value": value}}),
    )


def exports(words: Vocabulary) -> st.SearchStrategy[Body]:
    """Bodies of an export, without a callback."""
    members: dict[str, st.SearchStrategy[JSON]] = {
        "email": st.just("export@example.com"),
        "attributes": st.lists(st.sampled_from(words.attributes), max_size=3, unique=True),
        "start": st.sampled_from(words.times),
        "end": st.sampled_from(words.times),
        "options": st.fixed_dictionaries({}, optional=dict.fromkeys(losant.EXPORT_OPTIONS, st.booleans())),
    }
    return _with_selection(words, members)


def edge_bodies(operation: str, *, valid: bool) -> st.SearchStrategy[JSON]:
    """Bodies of an operation near the edges of its schema: on the inside of it, or outside.

    Raises:
        KeyError: There is no such operation.
    """
    return st.sampled_from(_edge_bodies(losant.BODIES[operation], valid))


@cache
def _edge_bodies(component: str, valid: bool) -> tuple[JSON, ...]:  # noqa: FBT001  # private
    import jsonschema_rs  # comes with the suite, as Hypothesis does

    schema = load_schema("losant", component)
    validator = jsonschema_rs.Draft7Validator(schema, validate_formats=True)
    random = Random(0)
    values = [edge.value for edge in Edges(schema, depth=1)]
    values += [mutate(value, random) for value in random.sample(values, k=2000)]
    return tuple(value for value in values if validator.is_valid(value) == valid)
