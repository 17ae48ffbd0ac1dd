"""Section "Update a site": what an update changes, keeps and refuses; a self-hosted site is put back as it was."""

from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.judging import require_rejected
from robowire_conformance.foxglove.sites import (
    DAY,
    PATCH,
    RETAIN,
    SELF_HOSTED,
    find,
    listed,
    update,
)
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, proves

NO_SELF_HOSTED = "the target has no self-hosted site whose url can be put back: give self_hosted_site_id"

CHANGES: tuple[tuple[str, dict[str, JSON], tuple[JSON, ...]], ...] = (
    ("121", {"name": "robowire renamed"}, ("robowire renamed",)),
    ("123", {RETAIN: 7 * DAY}, (7 * DAY,)),
    ("123", {RETAIN: 61}, (61,)),
    ("124", {RETAIN: 0}, (0, None)),
)
"""The requirement, the body of an update, and what the site may show then."""


EACH = [pytest.param(body, shown, marks=proves(f"FOXGLOVE-SITES-{n}"), id=str(body)) for n, body, shown in CHANGES]


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
        raise reply.violation(
            f"An update with {given} is not accepted", expected=200, actual=reply.status, requirement=requirement
        )
    answers = reply, find(api, site["id"])
    if not any(shows(answer.body, given, shown) for answer in answers):
        raise reply.violation(f"An update with {given} changes nothing", expected=given, actual=reply.body)


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
        raise reply.violation("The answer is another site", expected=site["id"], actual=reply.body.get("id"))
    if shows(find(api, site["id"]).body, given, shown) and not shows(reply.body, given, shown):
        raise reply.violation("The answer is not the site as it is then", expected=given, actual=reply.body)


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
                raise answer.violation("What an update changed does not last", expected=given, actual=body)


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
        raise again.violation(f"An update with {given} changes other members", expected=due, actual=got)


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


@pytest.fixture
def self_hosted(foxglove_target: Target, api: Api) -> dict[str, Any]:
    """The self-hosted site of the target profile; what the suite changes about it is put back."""
    known = str(foxglove_target.need("self_hosted_site_id"))
    foxglove_target.allow(Profile.FULL)
    site: dict[str, Any] = {**find(api, known).body, "id": known}
    if site.get("type") != SELF_HOSTED or not all(isinstance(site.get(name), str) for name in ("url", "name")):
        raise NotTested(NO_SELF_HOSTED)
    return site


@pytest.mark.parametrize(
    ("member", "value"),
    [
        pytest.param("name", "robowire renamed", marks=proves("FOXGLOVE-SITES-121"), id="name"),
        pytest.param("url", "https://robowire.example/site", marks=proves("FOXGLOVE-SITES-126"), id="url"),
    ],
)
def test_a_self_hosted_site_changes(api: Api, self_hosted: dict[str, Any], member: str, value: str) -> None:
    """What an update says is the site's then; the old one is put back."""
    try:
        reply = api.ask(PATCH, self_hosted["id"], body={member: value})
        again = find(api, self_hosted["id"])
    finally:
        api.ask(PATCH, self_hosted["id"], body={member: self_hosted[member]})
    text = f"An update does not change the {member} of a self-hosted site"
    reply.require_accepted(text)
    if value not in {reply.body.get(member), again.body.get(member)}:
        raise reply.violation(text, expected=value, actual=again.body.get(member))


@proves("FOXGLOVE-SITES-305")
def test_a_self_hosted_site_takes_no_retention(api: Api, self_hosted: dict[str, Any]) -> None:
    """An update that gives it one, by which everything is kept, is refused or changes nothing."""
    reply = api.ask(PATCH, self_hosted["id"], body={RETAIN: 0})
    shown = find(api, self_hosted["id"])
    told = [one.body.get(RETAIN) for one in (reply, shown) if one.done]
    if any(one is not None for one in told):
        raise reply.violation(f"A self-hosted site has {RETAIN} after an update", expected=None, actual=told)


@proves("FOXGLOVE-SITES-127")
def test_a_url_is_a_string(api: Api, self_hosted: dict[str, Any]) -> None:
    """A list or an object is no url, whatever it holds."""
    update(api, self_hosted["id"], {"url": self_hosted["url"]})
    for url in ([self_hosted["url"]], {"href": self_hosted["url"]}, True):
        reply = api.ask(PATCH, self_hosted["id"], body={"url": url})
        if reply.done:
            api.ask(PATCH, self_hosted["id"], body={"url": self_hosted["url"]})
        require_rejected(reply, f"A site is updated with the url {url}")
