"""Sections on sites: edge sites of the suite's own are created, changed and deleted; others are looked at."""

from typing import Any

import orjson
import pytest
from robowire_fixtures.foxglove import SITE_TYPES

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import JSON_BODY, Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import require_rejected, unknown_ids
from robowire_conformance.foxglove.sites import (
    DAY,
    DELETE,
    EDGE,
    GET,
    PATCH,
    POST,
    RETAIN,
    SELF_HOSTED,
    MakeSite,
    create,
    find,
    listed,
    update,
)
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves


@proves("FOXGLOVE-SITES-001")
def test_the_list_is_an_array(api: Api) -> None:
    """A list of sites is answered, with at least one in it."""
    if not api.get("/sites"):
        raise NotTested("the target lists no site")


@proves("FOXGLOVE-SITES-001")
@pytest.mark.parametrize("key", ["hosted_site_id", "self_hosted_site_id"])
def test_sites_of_all_types_are_listed(foxglove_target: Target, api: Api, key: str) -> None:
    """The sites that the target profile names are in the list, as each is by its id."""
    known = str(foxglove_target.need(key))
    reply, found = listed(api, known)
    if find(api, known).done and [one.get("type") for one in found] != [find(api, known).body.get("type")]:
        raise reply.violation("A site that its id finds is not in the list", expected=known, actual=found)


@proves("FOXGLOVE-SITES-002")
def test_the_answer_is_the_site(api: Api, guest: Guest) -> None:
    """The answer has an id, and the name and the type of the body."""
    create(api, guest)


@proves("FOXGLOVE-SITES-003")
def test_a_site_is_found_by_its_id(api: Api, new_site: MakeSite) -> None:
    """Each id gives the site that has it."""
    for site in (new_site(), new_site()):
        reply = find(api, site["id"])
        got = {name: reply.body.get(name) for name in ("id", "name", "type")}
        due = {name: site.get(name) for name in got}
        if got != due:
            raise reply.violation("Another site is answered", expected=due, actual=got)


@proves("FOXGLOVE-SITES-301")
def test_a_new_site_is_listed(api: Api, site: dict[str, Any]) -> None:
    """It is in the list, once, with its name and type."""
    reply, found = listed(api, site["id"])
    got = [{name: one.get(name) for name in ("name", "type")} for one in found]
    due = [{name: site.get(name) for name in ("name", "type")}]
    if got != due:
        raise reply.violation("A new site is not in the list, once and as it is", expected=due, actual=got)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        pytest.param(text, change, marks=proves(f"FOXGLOVE-SITES-{number}"), id=f"{number}-{text}")
        for number, text, change in (
            ("111", "without name", {"name": ...}),
            ("112", "with a name that is a list", {"name": ["robowire"]}),
            ("112", "with a name that is an object", {"name": {"text": "robowire"}}),
            ("112", "with a name that is null", {"name": None}),
            ("113", "without type", {"type": ...}),
            ("114", "of type self-hosted", {"type": SELF_HOSTED}),
            ("114", "of type foxglove-hosted", {"type": "foxglove-hosted"}),
            ("114", "of an unknown type", {"type": "robowire"}),
            ("114", "with a type that is a list", {"type": [EDGE]}),
            ("117", "that keeps recordings for less than no time", {RETAIN: -1}),
            ("117", "that keeps recordings for a bit less than no time", {RETAIN: -0.5}),
            ("118", "that keeps recordings for a text", {RETAIN: "robowire"}),
            ("118", "that keeps recordings for a list", {RETAIN: [DAY]}),
            ("118", "that keeps recordings for an object", {RETAIN: {"days": 1}}),
        )
    ],
)
def test_a_site_is_not_created(
    api: Api, guest: Guest, site: dict[str, Any], text: str, change: dict[str, JSON]
) -> None:
    """What the body lacks, or has of a wrong type or value, is refused."""
    del site  # a right one can be created
    whole = {"name": guest.name("wrong"), "type": EDGE, RETAIN: DAY, **change}
    reply = api.ask(POST, body={name: value for name, value in whole.items() if value is not ...})
    require_rejected(reply, f"A site is created {text}")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param({RETAIN: DAY}, (DAY,), marks=proves("FOXGLOVE-SITES-115"), id="a day"),
        pytest.param({RETAIN: 3601}, (3601,), marks=proves("FOXGLOVE-SITES-115"), id="an hour and a second"),
        pytest.param({RETAIN: 0}, (0, None), marks=proves("FOXGLOVE-SITES-116"), id="for ever"),
        pytest.param({}, (), marks=proves("FOXGLOVE-SITES-119"), id="left out"),
    ],
)
def test_a_site_keeps_recordings_for_a_time(
    api: Api, guest: Guest, site: dict[str, Any], given: dict[str, JSON], shown: tuple[JSON, ...]
) -> None:
    """The time is accepted and shown, also when the site is read again."""
    del site  # one can be created in some way
    reply = api.ask(POST, body={"name": guest.name("retain"), "type": EDGE, **given})
    if not reply.done:
        raise reply.violation(f"A site is not created with {given}", expected=200, actual=reply.status)
    for answer in (reply, api.ask(GET, reply.body["id"])) if shown else ():
        if answer.done and answer.body.get(RETAIN) not in shown:
            got = answer.body.get(RETAIN)
            raise answer.violation("A site does not show its retention period", expected=given[RETAIN], actual=got)


@proves("FOXGLOVE-SITES-115")
def test_a_fraction_of_a_second_is_kept_or_refused(api: Api, guest: Guest, site: dict[str, Any]) -> None:
    """The period is a number; a server that takes a fraction does not change it."""
    del site
    given = {"name": guest.name("fraction"), "type": EDGE, RETAIN: 0.5}
    reply = api.ask(POST, body=given)
    if reply.done and reply.body.get(RETAIN) != given[RETAIN]:
        raise reply.violation("A retention period is changed", expected=given[RETAIN], actual=reply.body.get(RETAIN))


@proves("FOXGLOVE-SITES-118")
def test_a_text_of_digits_is_refused_or_becomes_a_number(api: Api, guest: Guest, site: dict[str, Any]) -> None:
    """A server that reads numbers in texts shows them as numbers."""
    del site
    reply = api.ask(POST, body={"name": guest.name("digits"), "type": EDGE, RETAIN: "3600"})
    if not (reply.done and reply.body.get(RETAIN) == 3600):
        require_rejected(reply, "A site is created that keeps recordings for a text of digits")


@pytest.mark.parametrize("content", [None, b"", b"[]", b"null", b'"text"', b"{", b"[{}]"], ids=repr)
@pytest.mark.parametrize(
    ("call", "on_one"),
    [
        pytest.param(POST, False, marks=proves("FOXGLOVE-SITES-110"), id="POST"),
        pytest.param(PATCH, True, marks=proves("FOXGLOVE-SITES-120"), id="PATCH"),
    ],
)
def test_a_body_is_required(
    api: Api,
    site: dict[str, Any],
    call: str,
    on_one: bool,  # noqa: FBT001  # a parameter of the test
    content: bytes | None,
) -> None:
    """Anything but a JSON object is refused."""
    update(api, site["id"], {"name": site["name"]})
    ids = [site["id"]] if on_one else []
    reply = api.ask(call, *ids, content=content, headers=JSON_BODY)
    require_rejected(reply, f"{call} takes the body {content!r}")


@pytest.mark.parametrize(
    ("call", "body"),
    [
        pytest.param(GET, None, marks=proves("FOXGLOVE-SITES-006"), id="GET"),
        pytest.param(PATCH, {"name": "robowire"}, marks=proves("FOXGLOVE-SITES-007"), id="PATCH"),
        pytest.param(DELETE, None, marks=proves("FOXGLOVE-SITES-008"), id="DELETE"),
    ],
)
def test_an_unknown_site(api: Api, new_site: MakeSite, call: str, body: dict[str, JSON] | None) -> None:
    """Ids that nothing has are answered with a client error."""
    site = new_site()
    content = None if body is None else orjson.dumps(body)
    for unknown in unknown_ids(site["id"]):
        reply = api.ask(call, unknown, content=content, headers=JSON_BODY)
        require_rejected(reply, f"{call} of an id that no site has is not refused")
    api.ask(call, site["id"], content=content, headers=JSON_BODY).require_done()


@proves("FOXGLOVE-SITES-005")
@pytest.mark.parametrize("given", [{}, {RETAIN: DAY}], ids=["plain", "with a retention period"])
def test_deleting_answers_the_id(api: Api, site: dict[str, Any], given: dict[str, JSON]) -> None:
    """The answer has the id of the site that was deleted."""
    if given:
        api.ask(PATCH, site["id"], body=given)
    reply = api.ask(DELETE, site["id"])
    if reply.require_done().get("id") != site["id"]:
        raise reply.violation("The answer has another id", expected=site["id"], actual=reply.body.get("id"))


@proves("FOXGLOVE-SITES-302")
def test_a_deleted_site_is_gone(api: Api, new_site: MakeSite) -> None:
    """It is neither found by its id nor in the list, and a site beside it still is."""
    gone, kept = new_site(), new_site()
    find(api, gone["id"])
    api.call(DELETE, gone["id"])
    _require_own(api.ask(GET, gone["id"]), gone, "FOXGLOVE-SITES-006")
    require_rejected(api.ask(GET, gone["id"]), "A site that was deleted is still found by its id")
    _require_own(api.ask(PATCH, gone["id"], body={"name": gone["name"]}), gone, "FOXGLOVE-SITES-007")
    require_rejected(api.ask(PATCH, gone["id"], body={"name": gone["name"]}), "A site that was deleted is updated")
    reply, found = listed(api, gone["id"])
    if found:
        raise reply.violation("A site that was deleted is still in the list", expected="not there", actual=found)
    find(api, kept["id"])


def _require_own(reply: Reply, site: dict[str, Any], requirement: str) -> None:
    """Make sure that no other site is answered for one that is gone."""
    if reply.done and reply.body.get("id") != site["id"]:
        text = "Another site is answered for an id that no site has"
        raise reply.violation(text, expected="a client error", actual=reply.body, requirement=requirement)


@pytest.mark.parametrize(
    ("member", "type_", "value"),
    [
        pytest.param("url", SELF_HOSTED, "https://robowire.example", marks=proves("FOXGLOVE-SITES-304"), id="url"),
        pytest.param(RETAIN, EDGE, DAY, marks=proves("FOXGLOVE-SITES-305"), id=RETAIN),
    ],
)
def test_a_member_is_for_sites_of_one_type(
    foxglove_target: Target, api: Api, member: str, type_: str, value: JSON, request: pytest.FixtureRequest
) -> None:
    """Sites of other types do not have it, also not after an update that gave it and was not refused."""
    types = set(SITE_TYPES) - {type_}
    others = [one for one in api.get("/sites") if one.get("type") in types]
    if foxglove_target.profile is not Profile.READ_ONLY and type_ != EDGE:
        site = request.getfixturevalue("site")
        api.ask(PATCH, site["id"], body={member: value})
        others += [one for one in (find(api, site["id"]).body, site) if one.get("type") in types]
    if not others:
        raise NotTested(f"the target lists no site of another type than {type_}")
    for one in others:
        if one.get(member) is not None:
            raise Violation(
                f"A site of type {one.get('type')} has {member}",
                expected=f"no {member}",
                actual=one[member],
                exchange=api.ask(GET, str(one.get("id"))).exchange,
            )
