"""Page "Devices", section "Filtering by custom properties": each form of a qualifier, and several at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from robowire_conformance import law
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.changes import properties_of
from robowire_conformance.foxglove.device_query import PREFIX, Qualifier, Query
from robowire_conformance.foxglove.fleet import GRADES, Fleet
from robowire_conformance.foxglove.test_devices import NOBODY
from robowire_conformance.foxglove.whole import PAGE
from robowire_conformance.target import Target
from robowire_conformance.verdict import Violation, proves

EXACT, EITHER, ANY = "FOXGLOVE-DEVICES-111", "FOXGLOVE-DEVICES-112", "FOXGLOVE-DEVICES-113"
IN_KEY, IN_VALUE, IN_NUMBER = "FOXGLOVE-DEVICES-114", "FOXGLOVE-DEVICES-115", "FOXGLOVE-DEVICES-116"
SEVERAL, WRITTEN = "FOXGLOVE-DEVICES-117", "FOXGLOVE-DEVICES-118"

TEXTS = ("quartz", "quartzite", "basalt", "zq", "quart", "uartz", "Quartz")
NUMBERS = ("9", "10", "-3", "2.5", "2.25", "100", "0", "1", "25")
VALUES = {"text": TEXTS, "grade": (*GRADES, "ambe", "CORAL"), "count": NUMBERS, "flag": ("true", "false", "tru")}
"""Values of the fleet, and others that resemble them, by the hints of the keys."""

IN_VALUES = ("uart", "zite", "basal", "zq", "bery", "ora")
IN_NUMBERS = ("10", "00", "2.5", "tru", "alse")
"""Pieces of values that are strings, and of those that are not."""


def _exact(fleet: Fleet, hints: Sequence[str]) -> SearchStrategy[Qualifier]:
    return st.sampled_from([Qualifier(fleet.keys[hint], (value,)) for hint in hints for value in VALUES[hint]])


def _either(fleet: Fleet) -> SearchStrategy[Qualifier]:
    hints = st.sampled_from([*VALUES])
    return hints.flatmap(
        lambda hint: st.builds(
            Qualifier,
            st.just(fleet.keys[hint]),
            st.lists(st.sampled_from(VALUES[hint]), min_size=2, max_size=3, unique=True).map(tuple),
        )
    )


def _any(fleet: Fleet) -> SearchStrategy[Qualifier]:
    return st.sampled_from([Qualifier(key, ("*",)) for key in fleet.keys.values()])


def _in_key(fleet: Fleet) -> SearchStrategy[Qualifier]:
    pieces = [piece for key in fleet.keys.values() for piece in (key, key[3:], key[-4:])]
    return st.sampled_from([Qualifier("", (piece,)) for piece in pieces])


def _in(pieces: Sequence[str]) -> SearchStrategy[Qualifier]:
    return st.sampled_from([Qualifier("", (piece,)) for piece in pieces])


FORMS: Mapping[str, Callable[[Fleet], SearchStrategy[Qualifier]]] = {
    EXACT: lambda fleet: _exact(fleet, ("text", "grade")),
    WRITTEN: lambda fleet: _exact(fleet, ("count", "flag")),
    EITHER: _either,
    ANY: _any,
    IN_KEY: _in_key,
    IN_VALUE: lambda fleet: _in(IN_VALUES),  # noqa: ARG005  # as the others
    IN_NUMBER: lambda fleet: _in(IN_NUMBERS),  # noqa: ARG005
}
"""Qualifiers of each form."""


def _form(fleet: Fleet, qualifier: Qualifier) -> str:
    """The requirement that a qualifier of the suite's is about."""
    if qualifier.key:
        typed = qualifier.key in {fleet.keys["count"], fleet.keys["flag"]}
        if qualifier.values == ("*",):
            return ANY
        return EITHER if len(qualifier.values) > 1 else WRITTEN if typed else EXACT
    if qualifier.values[0] in IN_NUMBERS:
        return IN_NUMBER
    return IN_VALUE if qualifier.values[0] in IN_VALUES else IN_KEY


def require_filtered(api: Api, fleet: Fleet, query: Query, requirement: str) -> None:
    """Make sure that a query gives the fleet's devices that it matches, and no device that it does not match.

    Raises:
        Violation: It gives others.
    """
    reply = api.ask("GET /devices", params={"query": str(query), "limit": PAGE, "offset": 0})
    listed = fleet.own(reply.require_done(requirement))
    due = [one for one, properties in fleet.properties.items() if query.matches(properties)]
    full = len(reply.body) >= PAGE
    wrong = [one for one in listed if one not in due] or [one for one in due if one not in listed and not full]
    strangers = [one for one in reply.body if one.get("id") not in fleet.names and not _explained(one, query)]
    if wrong or strangers:
        raise reply.violation(
            f"The query {query} gives other devices than those that match it",
            expected=[_shown(fleet, one) for one in due],
            actual=[_shown(fleet, one) for one in listed] + strangers[:3],
            requirement=requirement,
        )


def _explained(device: dict[str, Any], query: Query) -> bool:
    """Whether a device of somebody else's may be in the answer, by the properties that it shows there, if any."""
    return device.get("properties") is None or query.matches(properties_of(device))


def _shown(fleet: Fleet, device_id: str) -> dict[str, Any]:
    return {"id": device_id, "properties": dict(fleet.properties[device_id])}


@pytest.mark.parametrize("requirement", [pytest.param(one, id=one, marks=proves(one)) for one in FORMS])
def test_a_qualifier_filters(foxglove_target: Target, api: Api, fleet: Fleet, requirement: str) -> None:
    """One qualifier gives the same devices as filtering by hand."""

    @law.for_all(foxglove_target, FORMS[requirement](fleet), examples=20)
    def same(qualifier: Qualifier) -> None:
        require_filtered(api, fleet, Query((qualifier,)), requirement)


@proves(SEVERAL)
def test_several_qualifiers_intersect(foxglove_target: Target, api: Api, fleet: Fleet) -> None:
    """Two or three qualifiers of any form give the devices that each of them gives."""
    qualifiers = st.one_of([form(fleet) for form in FORMS.values()])

    @law.for_all(foxglove_target, st.lists(qualifiers, min_size=2, max_size=3, unique=True), examples=25)
    def intersect(chosen: list[Qualifier]) -> None:
        query = Query(tuple(chosen))
        try:
            require_filtered(api, fleet, query, SEVERAL)
        except Violation:
            for qualifier in chosen:
                require_filtered(api, fleet, Query((qualifier,)), _form(fleet, qualifier))
            raise


@proves("FOXGLOVE-DEVICES-119")
def test_an_unknown_key_is_refused(api: Api, fleet: Fleet) -> None:
    """A query by a key that no custom property has is refused, while one by a known key is answered."""
    api.get("/devices", query=fleet.query("text", "quartz"))
    for query in (f"{PREFIX}{NOBODY}:1", f"{PREFIX}{NOBODY}:*", f"{fleet.query('text', 'quartz')} {PREFIX}{NOBODY}:1"):
        reply = api.ask("GET /devices", params={"query": query})
        reply.require_refused(f"The query {query}, by a key that no custom property has, is not refused")


@proves("FOXGLOVE-DEVICES-120")
def test_a_key_without_its_prefix_is_refused(api: Api, fleet: Fleet) -> None:
    """A query by a key that is not prefixed is refused."""
    api.get("/devices", query=fleet.query("text", "quartz"))
    for query in (
        f"{fleet.keys['text']}:quartz",
        f"name:{fleet.keys['text']}",
        f"property.{fleet.keys['text']}:quartz",
    ):
        reply = api.ask("GET /devices", params={"query": query})
        reply.require_refused(f"The query {query}, by a key without its prefix, is not refused")
