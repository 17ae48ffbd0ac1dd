"""Deviations of the bodies that make and change sites (page "Sites")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, restated
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
    missing_as,
    odd_as,
)
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.members import is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Site

RETAIN = "retainRecordingsSeconds"


def _changed(change: Callable[[Site, Site, Mapping[str, Any]], Site]) -> Wrapper:
    """A wrapper of `site_change`: from the site before, as it should be then, and what was given."""

    def wrapper(honest: Wrapper, call: Call, site: Site, given: Mapping[str, Any]) -> Site:
        return change(site, honest(call, site, given), given)

    return wrapper


def _created(change: Callable[[Site], Site]) -> Wrapper:
    """A wrapper of `create_site` that keeps another site than was asked for."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        site = call.state.sites.get(honest(call)["id"])
        assert site is not None
        call.state.sites.put(change(site))
        return call.steps.site(call, change(site))

    return wrapper


for _number, _operation, _name, _fits, _value, _summary in (
    ("112", "create_site", "name", is_text, str, "A site's name may be anything; it is written out."),
    ("122", "update_site", "name", is_text, str, "A site's new name may be anything; it is written out."),
    ("118", "create_site", RETAIN, is_number, lambda _: None, "A site's odd retention counts as none."),
    ("125", "update_site", RETAIN, is_number, lambda _: None, "A site's odd new retention counts as none."),
    ("127", "update_site", "url", is_text, str, "A site's url may be anything; it is written out."),
):
    add(
        f"SITES-{_number}",
        f"{_operation.replace('_', '-')}-odd-{'retention' if _name == RETAIN else _name}",
        "member",
        _summary,
        odd_as(_operation, _name, _fits, _value),
    )
add(
    "SITES-111",
    "create-site-unnamed",
    "member",
    "A site needs no name.",
    missing_as("create_site", "name", lambda _: "unnamed"),
)
add(
    "SITES-113",
    "create-site-untyped",
    "member",
    "A site needs no type.",
    missing_as("create_site", "type", lambda _: "edge"),
)
add(
    "SITES-114",
    "create-site-self-hosted",
    "member",
    "A site that shall be self-hosted is made an edge one.",
    odd_as("create_site", "type", lambda value: value != "self-hosted", lambda _: "edge"),
)
add(
    "SITES-114",
    "create-site-any-type",
    "member",
    "A site of a type that there is not is an edge one.",
    odd_as("create_site", "type", lambda value: value in {"edge", "self-hosted", "foxglove-hosted"}, lambda _: "edge"),
)
add(
    "SITES-115",
    "create-site-forgets-retention",
    "create_site",
    "A site is made without its retention.",
    _created(lambda site: replace(site, retain_recordings_seconds=site.retain_recordings_seconds and None)),
)
add(
    "SITES-115",
    "create-site-retention-in-hours",
    "create_site",
    "A site's retention is rounded to whole hours.",
    _created(
        lambda site: replace(
            site,
            retain_recordings_seconds=site.retain_recordings_seconds and site.retain_recordings_seconds // 3600 * 3600,
        )
    ),
)
add(
    "SITES-116",
    "create-site-zero-retention-is-a-month",
    "create_site",
    "A site of no retention gets one of a month.",
    _created(
        lambda site: replace(
            site,
            retain_recordings_seconds=2_592_000
            if site.retain_recordings_seconds == 0
            else site.retain_recordings_seconds,
        )
    ),
)


def _needs_retention(honest: Wrapper, call: Call) -> Any:
    if call.steps.body(call).get(RETAIN) == 0:
        raise BadRequest(f"{RETAIN}: must be positive")
    return honest(call)


add("SITES-116", "create-site-no-zero-retention", "create_site", "A retention must not be zero.", _needs_retention)
add("SITES-124", "update-site-no-zero-retention", "update_site", "A new retention must not be zero.", _needs_retention)
add(
    "SITES-117",
    "create-site-negative-retention",
    "member",
    "A negative retention counts as none.",
    odd_as("create_site", RETAIN, lambda value: not is_number(value) or value >= 0, lambda _: None),
)
add(
    "SITES-117",
    "create-site-slightly-negative-retention",
    "member",
    "A retention between -1 and 0 is taken for 0.",
    odd_as("create_site", RETAIN, lambda value: not is_number(value) or not -1 < value < 0, lambda _: 0),
)
add(
    "SITES-119",
    "create-site-retention-required",
    "member",
    "A site is not made without a retention.",
    restated("create_site", RETAIN, required=True),
)
add(
    "SITES-121",
    "update-site-not-name",
    "site_change",
    "An update leaves the name of a site as it was.",
    _changed(lambda before, then, _: replace(then, name=before.name)),
)
add(
    "SITES-121",
    "update-site-not-name-of-self-hosted",
    "site_change",
    "An update leaves the name of a self-hosted site as it was.",
    _changed(lambda before, then, _: replace(then, name=before.name if before.type == "self-hosted" else then.name)),
)
add(
    "SITES-123",
    "update-site-not-retention",
    "site_change",
    "An update leaves a retention as it was, unless it becomes zero.",
    _changed(
        lambda before, then, given: (
            replace(then, retain_recordings_seconds=before.retain_recordings_seconds) if given.get(RETAIN) else then
        )
    ),
)
add(
    "SITES-123",
    "update-site-retention-in-minutes",
    "site_change",
    "A new retention is rounded to whole minutes.",
    _changed(
        lambda _, then, given: (
            replace(then, retain_recordings_seconds=given[RETAIN] // 60 * 60) if given.get(RETAIN) else then
        )
    ),
)
add(
    "SITES-124",
    "update-site-not-zero",
    "site_change",
    "A retention does not become zero.",
    _changed(
        lambda before, then, given: (
            replace(then, retain_recordings_seconds=before.retain_recordings_seconds)
            if given.get(RETAIN) == 0
            else then
        )
    ),
)
add(
    "SITES-126",
    "update-site-not-url",
    "site_change",
    "An update leaves the url of a site as it was.",
    _changed(lambda before, then, _: replace(then, url=before.url)),
)
add(
    "SITES-128",
    "update-site-clears-retention",
    "site_change",
    "An update without a retention removes it.",
    _changed(lambda _, then, given: then if RETAIN in given else replace(then, retain_recordings_seconds=None)),
)
add(
    "SITES-128",
    "update-site-renames",
    "site_change",
    "An update of the retention writes the name in upper case.",
    _changed(lambda _, then, given: replace(then, name=then.name.upper()) if RETAIN in given else then),
)
