"""Sections on sites: edge sites of the suite's own are created, changed and deleted; others are looked at."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from robowire_fixtures.foxglove import SITE_TYPES

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import JSON_BODY, Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import require_rejected, unknown_ids
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves

LIST, GET, POST = "GET /sites", "GET /sites/{id}", "POST /sites"
PATCH, DELETE = "PATCH /sites/{id}", "DELETE /sites/{id}"
RETAIN = "retainRecordingsSeconds"
DAY = 86_400
EDGE, SELF_HOSTED = "edge", "self-hosted"
NO_SELF_HOSTED = "the target has no self-hosted site whose url can be put back: give self_hosted_site_id"

MakeSite = Callable[[], dict[str, Any]]


def create(api: Api, guest: Guest) -> Reply:
    """An edge site, with a retention period only if it cannot be created without (FOXGLOVE-SITES-119)."""
    body = {"name": guest.name("site"), "type": EDGE}
    reply = api.ask(POST, body=body)
    if not reply.done:
        reply = api.ask(POST, body={**body, RETAIN: DAY})
    made = reply.require_done()
    got = {name: made.get(name) for name in body}
    if got != body or not isinstance(made.get("id"), str):
        text = "The answer is not the site that was asked for"
        raise reply.mismatch(text, expected=body, actual=made, requirement=reply.call.works)
    return reply


@pytest.fixture(scope="module")
def new_site(api: Api, guest: Guest) -> MakeSite:
    """Makes an edge site."""
    return lambda: dict(create(api, guest).body)


@pytest.fixture
def site(new_site: MakeSite) -> dict[str, Any]:
    """An edge site."""
    return new_site()


def find(api: Api, known: str) -> Reply:
    """A site as it is now."""
    reply = api.ask(GET, known)
    reply.require_done()
    return reply


def listed(api: Api, known: str) -> tuple[Reply, list[dict[str, Any]]]:
    """The list, and what it has under an id."""
    reply = api.ask(LIST)
    return reply, [one for one in reply.require_done() if isinstance(one, dict) and one.get("id") == known]


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
        raise reply.mismatch("A site that its id finds is not in the list", expected=known, actual=found)


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
            raise reply.mismatch("Another site is answered", expected=due, actual=got)


@proves("FOXGLOVE-SITES-301")
def test_a_new_site_is_listed(api: Api, site: dict[str, Any]) -> None:
    """It is in the list, once, with its name and type."""
    reply, found = listed(api, site["id"])
    got = [{name: one.get(name) for name in ("name", "type")} for one in found]
    due = [{name: site.get(name) for name in ("name", "type")}]
    if got != due:
        raise reply.mismatch("A new site is not in the list, once and as it is", expected=due, actual=got)


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
        raise reply.mismatch(f"A site is not created with {given}", expected=200, actual=reply.status)
    for answer in (reply, api.ask(GET, reply.body["id"])) if shown else ():
        if answer.done and answer.body.get(RETAIN) not in shown:
            got = answer.body.get(RETAIN)
            raise answer.mismatch("A site does not show its retention period", expected=given[RETAIN], actual=got)


CHANGES: tuple[tuple[str, dict[str, JSON], tuple[JSON, ...]], ...] = (
    ("121", {"name": "robowire renamed"}, ("robowire renamed",)),
    ("123", {RETAIN: 7 * DAY}, (7 * DAY,)),
    ("123", {RETAIN: 61}, (61,)),
    ("124", {RETAIN: 0}, (0, None)),
)
"""The requirement, the body of an update, and what the site may show then."""


@proves("FOXGLOVE-SITES-115")
def test_a_fraction_of_a_second_is_kept_or_refused(api: Api, guest: Guest, site: dict[str, Any]) -> None:
    """The period is a number; a server that takes a fraction does not change it."""
    del site
    given = {"name": guest.name("fraction"), "type": EDGE, RETAIN: 0.5}
    reply = api.ask(POST, body=given)
    if reply.done and reply.body.get(RETAIN) != given[RETAIN]:
        raise reply.mismatch("A retention period is changed", expected=given[RETAIN], actual=reply.body.get(RETAIN))


@proves("FOXGLOVE-SITES-118")
def test_a_text_of_digits_is_refused_or_becomes_a_number(api: Api, guest: Guest, site: dict[str, Any]) -> None:
    """A server that reads numbers in texts shows them as numbers."""
    del site
    reply = api.ask(POST, body={"name": guest.name("digits"), "type": EDGE, RETAIN: "3600"})
    if not (reply.done and reply.body.get(RETAIN) == 3600):
        require_rejected(reply, "A site is created that keeps recordings for a text of digits")


EACH = [pytest.param(body, shown, marks=proves(f"FOXGLOVE-SITES-{n}"), id=str(body)) for n, body, shown in CHANGES]


def update(api: Api, known: str, body: dict[str, JSON]) -> Reply:
    """Update a site, successfully."""
    reply = api.ask(PATCH, known, body=body)
    reply.require_done()
    return reply


def shows(body: dict[str, Any], given: dict[str, JSON], shown: tuple[JSON, ...]) -> bool:
    """Whether a site shows what an update gave it."""
    return body.get(next(iter(given))) in shown


@pytest.mark.parametrize(("given", "shown"), EACH)
def test_an_update_changes_what_it_names(
    api: Api, site: dict[str, Any], given: dict[str, JSON], shown: tuple[JSON, ...]
) -> None:
    """What the body gives is there, in the answer or when it is read again."""
    control = api.ask(PATCH, site["id"], body={"name": site["name"]}) if "name" not in given else None
    if given.get(RETAIN) == 0:
        api.ask(PATCH, site["id"], body={RETAIN: DAY})
    if control is not None:
        control.require_done()
    reply = api.ask(PATCH, site["id"], body=given)
    if not reply.done:
        requirement = "" if control is not None else reply.call.works
        raise reply.mismatch(
            f"An update with {given} is not accepted", expected=200, actual=reply.status, requirement=requirement
        )
    answers = reply, find(api, site["id"])
    if not any(shows(answer.body, given, shown) for answer in answers):
        raise reply.mismatch(f"An update with {given} changes nothing", expected=given, actual=reply.body)


@proves("FOXGLOVE-SITES-004")
@pytest.mark.parametrize(("given", "shown"), [change[1:] for change in CHANGES])
def test_the_answer_is_the_site_as_it_is_then(
    api: Api, site: dict[str, Any], given: dict[str, JSON], shown: tuple[JSON, ...]
) -> None:
    """What an update has changed is in its answer, with the site's id."""
    reply = api.ask(PATCH, site["id"], body=given)
    if given.get(RETAIN) == 0 and not reply.done:
        raise NotTested("see FOXGLOVE-SITES-124")
    if reply.require_done().get("id") != site["id"]:
        raise reply.mismatch("The answer is another site", expected=site["id"], actual=reply.body.get("id"))
    if shows(find(api, site["id"]).body, given, shown) and not shows(reply.body, given, shown):
        raise reply.mismatch("The answer is not the site as it is then", expected=given, actual=reply.body)


@proves("FOXGLOVE-SITES-303")
def test_an_update_lasts(api: Api, site: dict[str, Any]) -> None:
    """What the answers have said is there when the site is read again, and in the list."""
    for _, given, shown in CHANGES[:2]:
        reply = update(api, site["id"], given)
        if not shows(reply.body, given, shown):
            continue  # what an update changes is another requirement
        again = find(api, site["id"])
        in_list, found = listed(api, site["id"])
        for answer, body in ((again, again.body), *((in_list, one) for one in found)):
            if not shows(body, given, shown):
                raise answer.mismatch("What an update changed does not last", expected=given, actual=body)


@proves("FOXGLOVE-SITES-128")
@pytest.mark.parametrize("given", [change[1] for change in CHANGES[:2]])
def test_what_is_left_out_stays(api: Api, site: dict[str, Any], given: dict[str, JSON]) -> None:
    """An update of one member changes no other."""
    if RETAIN not in given:
        api.ask(PATCH, site["id"], body={RETAIN: DAY})
    before = find(api, site["id"]).body
    update(api, site["id"], given)
    again = find(api, site["id"])
    others = [name for name in ("id", "name", "type", RETAIN) if name not in given]
    due, got = ({name: body.get(name) for name in others} for body in (before, again.body))
    if got != due:
        raise again.mismatch(f"An update with {given} changes other members", expected=due, actual=got)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({name: value}, marks=proves(f"FOXGLOVE-SITES-{number}"), id=f"{name}-{value}")
        for number, name, values in (
            ("122", "name", (["robowire"], {"text": "robowire"}, True)),
            ("125", RETAIN, ("robowire", [DAY], {"days": 1})),
        )
        for value in values
    ],
)
def test_a_site_is_not_updated(api: Api, site: dict[str, Any], body: dict[str, JSON]) -> None:
    """What is of a wrong type is refused."""
    update(api, site["id"], {"name": site["name"]})
    require_rejected(api.ask(PATCH, site["id"], body=body), f"A site is updated with {body}")


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
        raise reply.mismatch("The answer has another id", expected=site["id"], actual=reply.body.get("id"))


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
        raise reply.mismatch("A site that was deleted is still in the list", expected="not there", actual=found)
    find(api, kept["id"])


def _require_own(reply: Reply, site: dict[str, Any], requirement: str) -> None:
    """Make sure that no other site is answered for one that is gone."""
    if reply.done and reply.body.get("id") != site["id"]:
        text = "Another site is answered for an id that no site has"
        raise reply.mismatch(text, expected="a client error", actual=reply.body, requirement=requirement)


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


@pytest.fixture
def self_hosted(foxglove_target: Target, api: Api) -> dict[str, Any]:
    """The self-hosted site of the target profile; what the suite changes about it is put back."""
    known = str(foxglove_target.need("self_hosted_site_id"))
    foxglove_target.allow(Profile.FULL)
    site: dict[str, Any] = {**find(api, known).body, "id": known}
    if site.get("type") != SELF_HOSTED or not all(isinstance(site.get(name), str) for name in ("url", "name")):
        raise NotTested(NO_SELF_HOSTED)
    return site


@proves("FOXGLOVE-SITES-121")
def test_a_self_hosted_site_is_renamed(api: Api, self_hosted: dict[str, Any]) -> None:
    """The name of an update is the site's then; the old one is put back."""
    given = {"name": f"{self_hosted['name']} renamed"}
    try:
        reply = api.ask(PATCH, self_hosted["id"], body=given)
        again = find(api, self_hosted["id"])
    finally:
        api.ask(PATCH, self_hosted["id"], body={"name": self_hosted["name"]})
    reply.require_accepted("A self-hosted site is not renamed")
    if given["name"] not in {reply.body.get("name"), again.body.get("name")}:
        got = again.body.get("name")
        raise reply.mismatch("A self-hosted site is not renamed", expected=given["name"], actual=got)


@proves("FOXGLOVE-SITES-126")
def test_the_url_of_a_self_hosted_site_changes(api: Api, self_hosted: dict[str, Any]) -> None:
    """The url of an update is the site's then; the old one is put back."""
    given = {"url": "https://robowire.example/site"}
    try:
        reply = api.ask(PATCH, self_hosted["id"], body=given)
        again = find(api, self_hosted["id"])
    finally:
        api.ask(PATCH, self_hosted["id"], body={"url": self_hosted["url"]})
    reply.require_accepted("An update does not change the url")
    if given["url"] not in {reply.body.get("url"), again.body.get("url")}:
        got = again.body.get("url")
        raise reply.mismatch("An update does not change the url", expected=given["url"], actual=got)


@proves("FOXGLOVE-SITES-127")
def test_a_url_is_a_string(api: Api, self_hosted: dict[str, Any]) -> None:
    """A list or an object is no url, whatever it holds."""
    update(api, self_hosted["id"], {"url": self_hosted["url"]})
    for url in ([self_hosted["url"]], {"href": self_hosted["url"]}, True):
        reply = api.ask(PATCH, self_hosted["id"], body={"url": url})
        if reply.done:
            api.ask(PATCH, self_hosted["id"], body={"url": self_hosted["url"]})
        require_rejected(reply, f"A site is updated with the url {url}")
