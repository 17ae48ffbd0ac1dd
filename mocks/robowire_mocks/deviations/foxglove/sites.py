"""Deviations of sites (page "Sites")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, only, restated
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    deletes_anything,
    is_text,
    listed_in_object,
    missing_as,
    missing_members,
    no_body_needed,
    odd_as,
    other_status,
    wrong_members,
)
from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.members import is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Site
    from robowire_mocks.foxglove.state import State

RETAIN = "retainRecordingsSeconds"


def _first_site(call: Call) -> Any:
    return call.steps.site(call, next(iter(call.state.sites)))


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


listed_in_object("SITES-001", "list_sites", "sites")
other_status("SITES-002", "create_site")
other_status("SITES-003", "get_site", 203)
other_status("SITES-004", "update_site", 202)
other_status("SITES-005", "delete_site", 204)
add(
    "SITES-002",
    "create-site-answers-another-name",
    "answer",
    "The answer to a site's creation has another name.",
    answered("create_site", lambda body: {**body, "name": "a site"}),
)


def _neighbour(honest: Wrapper, call: Call) -> Any:
    site: Site = honest(call)
    return [one for one in call.state.sites if one.type == site.type][-1]


add("SITES-003", "get-site-last", "site_at", "An id gives the last site of its type.", only("get_site", _neighbour))


def _as_before(honest: Wrapper, call: Call) -> Any:
    before = call.steps.site(call, call.steps.site_at(call))
    honest(call)
    return before


add("SITES-004", "update-site-answers-before", "update_site", "An update answers the site as it was.", _as_before)
add(
    "SITES-005",
    "delete-site-answers-another-id",
    "answer",
    "The answer to a site's deletion has another id.",
    answered("delete_site", lambda body: {"id": body["id"][::-1]}),
)
add(
    "SITES-006",
    "get-any-site",
    "site_at",
    "An unknown id gives the first site.",
    only("get_site", any_of(lambda state: state.sites)),
)


def _update_no_site(honest: Wrapper, call: Call) -> Any:
    try:
        return honest(call)
    except NotFound:
        return _first_site(call)


add("SITES-007", "update-no-site", "update_site", "The update of an unknown site is a success.", _update_no_site)
add(
    "SITES-008",
    "delete-no-site",
    "delete_site",
    "The deletion of an unknown site is a success.",
    deletes_anything("delete_site"),
)
for _number, _operation, _answer in (
    ("110", "create_site", _first_site),
    ("120", "update_site", lambda call: call.steps.site(call, call.steps.site_at(call))),
):
    _slug = _operation.replace("_", "-")
    add(
        f"SITES-{_number}",
        f"{_slug}-no-body",
        _operation,
        f"Without a JSON object in the body, {_operation.replace('_', ' ')} is answered all the same.",
        no_body_needed(_answer),
    )
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
    "A site may be created that is self-hosted.",
    restated("create_site", "type", one_of=("edge", "self-hosted")),
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
wrong_members(
    "SITES",
    "site",
    "a site",
    {"201": ("id", 7), "202": ("name", None), "203": ("type", "Edge"), "204": ("url", False), "205": (RETAIN, -1)},
)
missing_members("SITES", "site", "a site", {"201": "id", "202": "name", "203": "type"})
add(
    "SITES-205",
    "site-retention-text",
    "site",
    "The retention of a site is a string.",
    after(lambda site: {**site, RETAIN: str(site[RETAIN])} if RETAIN in site else site),
)
add(
    "SITES-211",
    "delete-site-id-number",
    "answer",
    "The answer to a site's deletion has a number for an id.",
    answered("delete_site", lambda _: {"id": 7}),
)


def _without_last(honest: Wrapper, call: Call) -> Any:
    shown = honest(call)
    return shown[:-1] if len(call.state.sites) > 4 else shown


add("SITES-301", "new-site-unlisted", "list_sites", "The site that was made last is not in the list.", _without_last)


_DELETED: WeakKeyDictionary[State, dict[str, Site]] = WeakKeyDictionary()


def _remembered(honest: Wrapper, call: Call) -> Any:
    """A deleted site is still found by its id."""
    known = call.path["id"]
    kept = _DELETED.setdefault(call.state, {})
    if call.operation.name == "delete_site" and known in call.state.sites:
        kept[known] = honest(call)
    if call.operation.name == "get_site" and known not in call.state.sites and known in kept:
        return kept[known]
    return honest(call)


add("SITES-302", "deleted-site-found", "site_at", "A deleted site is still found by its id.", _remembered)


def _forgotten(honest: Wrapper, call: Call) -> Any:
    before = call.steps.site_at(call)
    answer = honest(call)
    call.state.sites.put(before)
    return answer


add("SITES-303", "update-site-forgotten", "update_site", "An update is answered, and forgotten.", _forgotten)
add(
    "SITES-304",
    "any-site-has-url",
    "site",
    "Every site has a url.",
    after(lambda site: {"url": "https://sites.example", **site}),
)


def _allows(name: str) -> Wrapper:
    """A wrapper of `site_allows` that lets sites of any type have a member."""

    def wrapper(honest: Wrapper, call: Call, site: Site, given: Mapping[str, Any]) -> None:
        honest(call, site, {key: value for key, value in given.items() if key != name})

    return wrapper


add("SITES-304", "any-site-is-given-url", "site_allows", "An update may give a url to any site.", _allows("url"))
add(
    "SITES-305",
    "any-site-has-retention",
    "site",
    "Every site has a retention.",
    after(lambda site: {RETAIN: 0, **site} if site["type"] != "edge" else site),
)
