"""Deviations of sites (page "Sites")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, only
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    deletes_anything,
    listed_in_object,
    missing_members,
    no_body_needed,
    other_status,
    where_nothing_is,
    wrong_members,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Site
    from robowire_mocks.foxglove.state import State

RETAIN = "retainRecordingsSeconds"


def _first_site(call: Call) -> Any:
    return call.steps.site(call, next(iter(call.state.sites)))


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


add(
    "SITES-007",
    "update-no-site",
    "update_site",
    "The update of an unknown site is a success.",
    where_nothing_is(_first_site),
)
add(
    "SITES-008",
    "delete-no-site",
    "delete_site",
    "The deletion of an unknown site is a success.",
    deletes_anything(),
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
    "any-site-is-given-retention",
    "site_allows",
    "An update may give a retention to any site.",
    _allows(RETAIN),
)
add(
    "SITES-305",
    "any-site-has-retention",
    "site",
    "Every site has a retention.",
    after(lambda site: {RETAIN: 0, **site} if site["type"] != "edge" else site),
)
