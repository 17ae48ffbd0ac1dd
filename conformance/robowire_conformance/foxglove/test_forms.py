"""The response schemas of all pages: the members of every answer that the suite gets."""

from collections.abc import Iterator

import pytest
from robowire_fixtures.catalogue import load_catalogue

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.calls import Calls
from robowire_conformance.foxglove.forms import MEDIA_TYPE, ZULU, members
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.operations import API, operations
from robowire_conformance.gathering import Judgement
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import proves


def _requirements() -> Iterator[str]:
    """The requirements of the members of all answers that the suite asks for."""
    catalogue = load_catalogue(API)
    asked = [one for one in operations() if not catalogue[one.works].untested and one.component]
    found = dict.fromkeys(requirement for one in asked for requirement in members(one.component))
    yield from (one for one in found if not catalogue[one].untested)
    yield from (ZULU, MEDIA_TYPE)


@pytest.fixture(scope="session")
def forms(request: pytest.FixtureRequest, foxglove_target: Target, api: Api, calls: Calls) -> Judgement:
    """The judgement on the form of all answers, among them one at least to each operation."""
    for ready in calls.all():
        ready.send(api)
    if foxglove_target.profile is not Profile.READ_ONLY:
        request.getfixturevalue("fleet")
        _show(api, request.getfixturevalue("guest"))
    return api.forms


def _show(api: Api, guest: Guest) -> None:
    """Make things that have all members that they may have, and list them."""
    guest.property_("grade", "enum", ("amber",))
    guest.event(guest.device("formed")["id"], metadata={"formed": "yes"})
    guest.site("formed", retainRecordingsSeconds=3600)
    for name in ("GET /custom-properties", "GET /devices", "GET /events", "GET /device-tokens", "GET /site-tokens"):
        api.ask(name)


@pytest.mark.parametrize("requirement", [pytest.param(one, id=one, marks=proves(one)) for one in _requirements()])
def test_answers_have_their_members(forms: Judgement, requirement: str) -> None:
    """A member is there where it is required, and of its type, in every answer."""
    forms.settle(requirement, without="no answer of the target has such a member")
