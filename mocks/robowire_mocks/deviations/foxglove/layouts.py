"""Deviations of layouts (page "Layouts")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.deviations.foxglove.resources import (
    listed_in_object,
    missing_members,
    wrong_members,
)
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.layouts import PERSONAL
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import Layout


def _since(change: int | None, member: str = "updated_at") -> Wrapper:
    """A wrapper of `layout_listed` whose updatedSince is later by `change` ns (None: is not looked at)."""

    def wrapper(honest: Wrapper, call: Call, layout: Layout, asked: Mapping[str, Any]) -> bool:
        given = dict(asked)
        if change is None:
            given.pop("updatedSince", None)
        elif "updatedSince" in given:
            given["updatedSince"] += change
        listed: bool = honest(call, replace(layout, updated_at=getattr(layout, member)), given)
        return listed

    return wrapper


def _data(when: Mapping[str, bool]) -> Wrapper:
    """A wrapper of `layout` that shows data or not by what is said for the request's includeData."""

    def wrapper(honest: Wrapper, call: Call, layout: Layout, with_data: bool) -> Any:  # noqa: FBT001  # a step's signature
        return honest(call, layout, when.get(call.query.get("includeData", ""), with_data))

    return wrapper


def _lenient(honest: Wrapper, call: Call, member: Member) -> Any:
    try:
        return honest(call, member)
    except BadRequest:
        if member.name != "includeData":
            raise
        return None


def _personal_too(honest: Wrapper, call: Call, layout: Layout, asked: Mapping[str, Any]) -> bool:
    shared = replace(layout, permission="ORG_READ") if layout.permission == PERSONAL else layout
    listed: bool = honest(call, shared, asked)
    return listed


listed_in_object("LAYOUTS-001", "list_layouts", "layouts")
add("LAYOUTS-101", "layouts-since-ignored", "layout_listed", "updatedSince filters nothing.", _since(None))
add(
    "LAYOUTS-101",
    "layouts-since-created",
    "layout_listed",
    "updatedSince looks at createdAt.",
    _since(0, "created_at"),
)
add(
    "LAYOUTS-101",
    "layouts-since-a-day-late",
    "layout_listed",
    "updatedSince leaves out what was updated in the day after it.",
    _since(86_400 * SECOND),
)
add("LAYOUTS-102", "layouts-without-data", "layout", "Without includeData, no data are listed.", _data({"": False}))
add(
    "LAYOUTS-103",
    "layouts-never-with-data",
    "layout",
    "With includeData true, no data are listed.",
    _data({"true": False}),
)
add(
    "LAYOUTS-104",
    "layouts-always-with-data",
    "layout",
    "With includeData false, data are listed.",
    _data({"false": True}),
)


def _empty(honest: Wrapper, call: Call, layout: Layout, with_data: bool) -> Any:  # noqa: FBT001  # a step's signature
    shown = honest(call, layout, with_data)
    return shown if with_data or layout.data is None else {**shown, "data": {"layout": None}}


add("LAYOUTS-104", "layouts-emptied-data", "layout", "With includeData false, part of the data is listed.", _empty)
add("LAYOUTS-105", "layouts-any-include", "parameter", "An includeData of any text is ignored.", _lenient)
add(
    "LAYOUTS-301",
    "personal-layouts-listed",
    "layout_listed",
    "Personal layouts are listed too.",
    _personal_too,
)
wrong_members(
    "LAYOUTS",
    "layout",
    "a layout",
    {
        "201": ("id", 7),
        "202": ("name", None),
        "203": ("createdAt", "2026-01-01"),
        "204": ("updatedAt", 0),
        "205": ("savedAt", "never"),
        "206": ("folderName", ["Debugging"]),
        "207": ("permission", "org_read"),
        "208": ("data", '{"layout": null}'),
    },
)
missing_members(
    "LAYOUTS",
    "layout",
    "a layout",
    {"201": "id", "202": "name", "203": "createdAt", "204": "updatedAt", "207": "permission"},
)
