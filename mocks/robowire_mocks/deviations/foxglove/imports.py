"""Deviations of imports, as the deprecated pages have them (page "Imports")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.deviations.foxglove.filtering import anything, by, declare_filters, declare_orders
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    deletes_anything,
    listed_in_object,
    missing_members,
    other_status,
    wrong_members,
)
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

PAGE, LIST, MANY, ONE, THING = "IMPORTS", "list_imports", "delete_imports", "delete_import", "imports"

listed_in_object(f"{PAGE}-001", LIST, THING)
other_status(f"{PAGE}-002", MANY, 202)
other_status(f"{PAGE}-003", ONE, 202)
add(
    f"{PAGE}-002",
    "delete-imports-as-list",
    "answer",
    "The deletion of several imports is answered with an array.",
    answered(MANY, lambda body: body["deletionResults"]),
)
add(
    f"{PAGE}-004",
    "delete-any-import",
    "delete_import",
    "What is no import's id is deleted.",
    deletes_anything("importId"),
)

FILTERS = frozenset({"deviceId", "filename", "start", "end", "dataStart", "dataEnd"})

# ---- the list

declare_filters(
    PAGE,
    "import_condition",
    THING,
    (
        ("101", "device-ignored", "deviceId", "filters no imports", anything),
        ("101", "device-in-vain", "deviceId", "finds no imports", lambda _: lambda __: False),
        ("102", "filename-ignored", "filename", "filters no imports", anything),
        ("102", "filename-in-vain", "filename", "finds no imports", lambda _: lambda __: False),
        (
            "107",
            "filename-prefix",
            "filename",
            "needs not be whole for imports",
            lambda text: lambda one: one.path.startswith(text[:-5]),
        ),
        ("103", "start-ignored", "start", "filters no imports", anything),
        (
            "103",
            "start-exclusive",
            "start",
            "leaves out the import of that time",
            lambda at: lambda one: one.imported_at > at,
        ),
        (
            "103",
            "start-of-data",
            "start",
            "looks at the data of imports",
            lambda at: lambda one: (one.start or 0) >= at,
        ),
        ("104", "end-ignored", "end", "filters no imports", anything),
        (
            "104",
            "end-exclusive",
            "end",
            "leaves out the import of that time",
            lambda at: lambda one: one.imported_at < at,
        ),
        ("105", "data-start-ignored", "dataStart", "filters no imports", anything),
        (
            "105",
            "data-start-exclusive",
            "dataStart",
            "leaves out imports that begin at it",
            lambda at: lambda one: one.end is not None and one.end >= at and one.start != at,
        ),
        ("106", "data-end-ignored", "dataEnd", "filters no imports", anything),
        (
            "106",
            "data-end-exclusive",
            "dataEnd",
            "leaves out imports that end at it",
            lambda at: lambda one: one.start is not None and one.start <= at and one.end != at,
        ),
    ),
)


def _first_only(honest: Wrapper, call: Call, name: str, value: Any) -> Any:
    """The condition of the first parameter of the call; the others let everything in."""
    first = next((one for one in call.query if one in FILTERS), name)
    return honest(call, name, value) if name == first else anything(value)


add(
    f"{PAGE}-108",
    "imports-first-filter-only",
    "import_condition",
    "Of several parameters that filter imports only the first one is read.",
    _first_only,
)
declare_orders(
    PAGE,
    "import_keys",
    THING,
    (
        ("111", "import-by-filename", "importId", "their filenames", by("path")),
        ("112", "device-by-filename", "deviceId", "their filenames", by("path")),
        ("113", "time-by-filename", "importTime", "their filenames", by("path")),
        ("114", "start-by-end", "dataStart", "their ends", lambda _: lambda one: one.end or 0),
        ("115", "end-by-start", "dataEnd", "their starts", lambda _: lambda one: one.start or 0),
    ),
)
wrong_members(
    PAGE,
    "listed_import",
    "an import",
    {
        "201": ("id", 1),
        "202": ("importId", 1),
        "203": ("orgId", "robowire"),
        "204": ("deviceId", 1),
        "205": ("deviceName", 1),
        "206": ("filename", ["a.mcap"]),
        "207": ("importTime", "now"),
        "208": ("start", 0),
        "209": ("end", "later"),
        "210": ("inputType", 1),
        "211": ("outputType", 1),
        "212": ("inputSize", "8 MB"),
        "213": ("totalOutputSize", "8 MB"),
        "214": ("date", 20260101),
        "215": ("deleted", "no"),
    },
)
missing_members(
    PAGE,
    "listed_import",
    "an import",
    {
        "201": "id",
        "202": "importId",
        "203": "orgId",
        "206": "filename",
        "207": "importTime",
        "208": "start",
        "209": "end",
        "311": "inputType",
    },
)
add(
    f"{PAGE}-311",
    "listed-import-without-sizes",
    "listed_import",
    "An import lacks totalOutputSize.",
    lambda honest, call, one: {key: value for key, value in honest(call, one).items() if key != "totalOutputSize"},
)


def _listed(change: Callable[[Recording], Recording]) -> Wrapper:
    """A wrapper of `listed_import` that shows another row."""
    return lambda honest, call, recording: honest(call, change(recording))


def _told(name: str, change: Callable[[dict[str, Any]], Any]) -> Wrapper:
    """A wrapper of `listed_import` that tells another value of a member, if it is there."""

    def wrapper(honest: Wrapper, call: Call, recording: Recording) -> Any:
        shown = honest(call, recording)
        return {**shown, name: change(shown)} if name in shown else shown

    return wrapper


def _bags_left_out(honest: Wrapper, call: Call, recording: Recording) -> bool:
    listed: bool = honest(call, recording)
    return listed and not (call.operation.name == LIST and recording.input_type == "bag1")


add(f"{PAGE}-301", "imports-without-bags", "is_import", "Bags are not listed as imports.", _bags_left_out)
for _number, _slug, _name, _what, _change in (
    ("302", "filename-in-capitals", "filename", "in capitals", lambda shown: shown["filename"].upper()),
    ("303", "device-name-is-id", "deviceName", "the device's id", lambda shown: shown["deviceId"]),
    ("306", "bag-as-mcap", "inputType", "mcap0 always", lambda _: "mcap0"),
    (
        "306",
        "type-as-mcap1",
        "inputType",
        "mcap1 for MCAP files",
        lambda one: one["inputType"].replace("mcap0", "mcap1"),
    ),
    ("307", "output-mcap1", "outputType", "mcap1", lambda _: "mcap1"),
    ("308", "size-in-kilobytes", "inputSize", "in kilobytes", lambda shown: shown["inputSize"] // 1000),
    ("309", "date-with-dashes", "date", "written with dashes", lambda shown: shown["start"][:10]),
    ("309", "date-of-end", "date", "that of its end", lambda shown: shown["end"][:10].replace("-", "")),
    ("312", "output-nothing", "totalOutputSize", "0", lambda _: 0),
    ("313", "organisation-by-import", "orgId", "that of nobody", lambda _: "00000000-0000-4000-8000-000000000000"),
):
    add(
        f"{PAGE}-{_number}",
        f"import-{_slug}",
        "listed_import",
        f"The {_name} of an import is {_what}.",
        _told(_name, _change),
    )
add(
    f"{PAGE}-304",
    "import-start-in-seconds",
    "listed_import",
    "The start of an import is told in whole seconds.",
    _listed(lambda one: replace(one, start=(one.start or 0) // SECOND * SECOND)),
)
add(
    f"{PAGE}-305",
    "import-end-in-seconds",
    "listed_import",
    "The end of an import is told in whole seconds.",
    _listed(lambda one: replace(one, end=(one.end or 0) // SECOND * SECOND)),
)
add(
    f"{PAGE}-310",
    "import-time-early",
    "listed_import",
    "The importTime of an import is an hour before its file was uploaded.",
    _listed(lambda one: replace(one, imported_at=one.created_at - 3600 * SECOND)),
)
