"""Scenarios name what there is: requirements, operations, rules and faults; and every rule is asked for somewhere."""

import re
import tomllib

import pytest
from robowire_fixtures.catalogue import APIS, load_catalogue
from robowire_fixtures.scenarios import Scenario, load_scenarios
from robowire_mocks.core.documented import Documented
from robowire_mocks.core.faults import Faults
from robowire_mocks.rehearsal import scenarios
from robowire_mocks.rehearsal.rules import RULES
from robowire_mocks.rehearsal.stage import ALWAYS

EVERY = [(api, scenario) for api in APIS for scenario in load_scenarios(api).values()]


@pytest.mark.parametrize(("api", "scenario"), EVERY, ids=str)
def test_a_scenario_can_be_played(api: str, scenario: Scenario) -> None:
    """Its id is made of words, it has a story, and all that it names is there."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", scenario.id)
    assert scenario.story.endswith(".")
    assert scenario.requirements
    assert {expectation.rule for expectation in scenario.expect} <= RULES.keys()
    documented = Documented(api)
    for operation in (*scenario.calls, *scenario.advance):
        documented.check(operation)
    faults = Faults(documented)
    for fault in scenario.faults:
        faults.add(fault)
    assert bool(scenario.faults) + bool(scenario.advance) + bool(scenario.deliver) == 1


def test_every_rule_is_asked_for() -> None:
    """By a scenario, or whatever happens."""
    asked = {expectation.rule for _, scenario in EVERY for expectation in scenario.expect}
    assert asked | {expectation.rule for expectation in ALWAYS} == RULES.keys()


def test_sections_that_are_named_as_sources_exist() -> None:
    """What is said to stand in the document stands in one of its sections."""
    titles = {section.title for section in load_catalogue("foxglove").sections.values()}
    for scenario in load_scenarios("foxglove").values():
        for expectation in scenario.expect:
            named = [part for part in expectation.source.split("; ") if part in titles]
            assert named or re.match(r"RFC \d+|the document|Recordings|Download data|Webhooks", expectation.source)


def test_what_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown scenario, an unknown API, and files that contradict the catalogue or themselves."""
    with pytest.raises(ValueError, match=r"no scenario of bags is called 'nap'; there are: unavailable"):
        scenarios("bags", ["nap"])
    with pytest.raises(ValueError, match="no API is called"):
        load_scenarios("nothing")
    entry = {"id": "x", "title": "X", "story": "X.", "requirements": ["BAGS-X"], "expect": []}
    for entries, why in (([entry], "unknown requirement"), ([entry | {"requirements": []}] * 2, "give 'x' twice")):
        monkeypatch.setattr(tomllib, "loads", lambda _, entries=entries: {"scenario": entries})
        with pytest.raises(ValueError, match=why):
            load_scenarios.__wrapped__("bags")
