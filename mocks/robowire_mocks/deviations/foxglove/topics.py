"""Deviations of topics (page "Topics")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after
from robowire_mocks.deviations.foxglove.resources import listed_in_object, missing_members, wrong_members
from robowire_mocks.deviations.foxglove.selecting import aliases, bounded, read_as, slug, unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording
    from robowire_mocks.foxglove.topics import Topic

_LIST = "list_topics"

listed_in_object("TOPICS-001", _LIST, "topics")

# ---- which recordings

for _number, _name, _slug, _summary, _change in (
    ("101", "start", "ignored", "start filters nothing.", lambda _: None),
    ("101", "start", "exclusive", "start leaves out what ends at it.", lambda bound: bound + 1),
    ("102", "end", "ignored", "end filters nothing.", lambda _: None),
    ("102", "end", "exclusive", "end leaves out what begins at it.", lambda bound: bound - 1),
):
    add(f"TOPICS-{_number}", f"topics-{_name}-{_slug}", "recordings_of", _summary, bounded(_LIST, _name, _change))
for _number, _name in (
    ("103", "importId"),
    ("104", "recordingId"),
    ("105", "recordingKey"),
    ("106", "deviceId"),
    ("107", "deviceName"),
):
    add(
        f"TOPICS-{_number}",
        f"topics-{slug(_name)}-ignored",
        "recordings_of",
        f"{_name} selects nothing.",
        unread(_LIST, _name),
    )
aliases("TOPICS", _LIST, "topics", ("108", "109"), ("110", "111"))


def _imported_only(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    return [one for one in honest(call, asked) if one.complete]


def _whatever_else(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    found: list[Recording] = honest(call, asked)
    named = {"recordingId", "recordingKey"} & set(asked)
    return call.steps.recordings_of(call, asked) if named and len(call.query) > len(named) else found


def _of_bags(**told: Any) -> Wrapper:
    """A wrapper of `topics_of` that tells topics of bags otherwise."""

    def wrapper(honest: Wrapper, call: Call, recordings: Iterable[Recording]) -> list[Topic]:
        rows = list(recordings)
        found: list[Topic] = honest(call, rows)
        bags = bool(rows) and all(one.input_type == "bag1" for one in rows)
        return [replace(one, **told) for one in found] if bags else found

    return wrapper


add("TOPICS-112", "topics-of-bags-without-schema", "topics_of", "Topics of bags have no schema.", _of_bags(schema=b""))
add(
    "TOPICS-305",
    "topics-of-bags-unnamed",
    "topics_of",
    "The schemas of topics of bags have one name.",
    _of_bags(schema_name="ros1/Message"),
)


def _paged(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    found: list[Recording] = honest(call, asked)
    alone = asked and asked.keys() <= {"recordingId", "recordingKey"}
    return call.steps.recordings_of(call, asked) if alone else found


def _inside(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    found: list[Recording] = honest(call, asked)
    if not {"start", "end"} <= asked.keys():
        return found
    start, end = asked["start"], asked["end"]
    # Those that only touch a bound are left to the requirements of the bounds.
    return [
        one
        for one in found
        if (start <= (one.start or 0) and (one.end or 0) <= end) or one.end == start or one.start == end
    ]


add("TOPICS-307", "topics-imported-only", "topic_recordings", "Only what is imported has topics.", _imported_only)
add(
    "TOPICS-308",
    "topics-not-imported-filtered",
    "topic_recordings",
    "A recording that is not imported has topics beside other parameters too.",
    _whatever_else,
)
add(
    "TOPICS-308",
    "topics-not-imported-paged",
    "topic_recordings",
    "A recording that is not imported has topics beside the parameters of paging and sorting too.",
    _paged,
)
add(
    "TOPICS-309",
    "topics-within-range",
    "topic_recordings",
    "Recordings that are not wholly within the range are left out.",
    _inside,
)

# ---- schemas

for _number, _slug, _summary, _read in (
    ("112", "schemas-never", "Schemas are never given.", lambda _: False),
    (
        "113",
        "schemas-when-false",
        "Schemas are given with includeSchemas false too.",
        lambda asked: "includeSchemas" in asked,
    ),
    (
        "114",
        "schemas-by-default",
        "Schemas are given without includeSchemas.",
        lambda asked: asked.get("includeSchemas", True),
    ),
):

    def _with(read: Callable[[Mapping[str, Any]], bool]) -> Wrapper:
        return lambda _, __, asked: read(asked)

    add(f"TOPICS-{_number}", f"topics-{_slug}", "with_schemas", _summary, _with(_read))
add(
    "TOPICS-115",
    "topics-include-schemas-any",
    "parameter",
    "An includeSchemas that is neither true nor false counts as false.",
    read_as(_LIST, "includeSchemas", lambda text: None if text in {None, "true", "false"} else False),
)

# ---- sorting


def _sorted(field: str, by: str) -> Wrapper:
    return after(lambda keys: {**keys, field: lambda one: getattr(one, by)})


add(
    "TOPICS-121",
    "topics-sorted-by-version",
    "topic_keys",
    "sortBy topic sorts by version.",
    _sorted("topic", "version"),
)
add(
    "TOPICS-122", "topics-version-by-topic", "topic_keys", "sortBy version sorts by topic.", _sorted("version", "topic")
)

# ---- members

_MEMBERS = {"201": "encoding", "203": "schemaEncoding", "204": "schemaName", "205": "topic", "206": "version"}
wrong_members("TOPICS", "topic", "a topic", {number: (name, 7) for number, name in _MEMBERS.items()})
wrong_members("TOPICS", "topic", "a topic", {"202": ("schema", {})})
missing_members("TOPICS", "topic", "a topic", _MEMBERS)


def _found(change: Callable[[list[Topic]], list[Topic]]) -> Wrapper:
    return after(change)


def _each(change: Callable[[Topic], Topic]) -> Wrapper:
    return after(lambda found: [change(one) for one in found])


for _number, _slug, _summary, _wrapper in (
    (
        "301",
        "last-missing",
        "The last topic is missing.",
        _found(lambda found: found[:-1] if len(found) > 1 else found),
    ),
    (
        "301",
        "one-too-many",
        "There is a topic that nobody recorded.",
        _found(lambda found: [*found, replace(found[0], id="no", topic="/robowire/none")] if found else found),
    ),
    (
        "302",
        "encoding-of-schema",
        "encoding is that of the schema.",
        _each(lambda one: replace(one, encoding=one.schema_encoding or one.encoding)),
    ),
    ("303", "schema-cut", "Schemas lack their last byte.", _each(lambda one: replace(one, schema=one.schema[:-1]))),
    ("303", "schema-short", "Schemas end after 16 bytes.", _each(lambda one: replace(one, schema=one.schema[:16]))),
    (
        "304",
        "schema-encoding-of-messages",
        "schemaEncoding is that of the messages.",
        _each(lambda one: replace(one, schema_encoding=one.schema_encoding and one.encoding)),
    ),
    (
        "305",
        "schema-name-cut",
        "schemaName lacks its last letter.",
        _each(lambda one: replace(one, schema_name=one.schema_name[:-1])),
    ),
):
    add(f"TOPICS-{_number}", f"topics-{_slug}", "topics_of", _summary, _wrapper)
add(
    "TOPICS-306",
    "topics-no-empty-schema",
    "topic",
    "A topic without a schema lacks schema.",
    after(lambda shown: {name: value for name, value in shown.items() if name != "schema" or value}),
)
