"""Differences from the contract name the requirement that they break."""

from typing import Any

import pytest
from robowire_conformance import shape
from robowire_conformance.outcome import dig
from robowire_conformance.verdict import Violations

ENTRY: dict[str, Any] = {
    "filename": "2023-10-31_14-30-00.bag",
    "size": "6.8KB",
    "size_bytes": 6922,
    "end": "31-Oct-2023 14:36:17",
    "download_url": "http://192.168.25.25:8090/bags/2023-10-31_14-30-00.bag/download",
}


def broken(value: object) -> list[str]:
    """The requirements that a bag list breaks."""
    return [finding.requirement for finding in shape.findings("bags", "BagList", value)]


def test_the_documents_example_breaks_nothing() -> None:
    """What the document shows fits, and so do members that it does not show."""
    assert broken([ENTRY, ENTRY | {"more": [1, 2]}]) == []


@pytest.mark.parametrize(
    ("value", "requirement"),
    [
        ({}, "BAGS-LIST-001"),
        (["name.bag"], "BAGS-LIST-001"),
        ([ENTRY | {"filename": ""}], "BAGS-LIST-002"),
        ([ENTRY | {"size": 6.8}], "BAGS-LIST-004"),
        ([ENTRY | {"size_bytes": "6922"}], "BAGS-LIST-006"),
        ([ENTRY | {"end": "2023-10-31"}], "BAGS-LIST-008"),
        ([{name: value for name, value in ENTRY.items() if name != "size_bytes"}], "BAGS-LIST-006"),
        ([{name: value for name, value in ENTRY.items() if name != "download_url"}], "BAGS-LIST-010"),
    ],
)
def test_a_difference_belongs_to_the_nearest_requirement(value: object, requirement: str) -> None:
    """A wrong member breaks its own requirement, and so does a missing one."""
    assert broken(value) == [requirement]


def test_a_member_has_its_own_requirement_beside_a_shared_schema() -> None:
    """What refers to a schema tells more than the schema, and less than its members."""
    times = dict.fromkeys(("start", "end", "createdAt", "updatedAt"), "2026-01-01T00:00:00Z")
    event = {"id": "evt_1", "metadata": {}, **times}
    broken = [shape.findings("foxglove", "Event", event | {"device": device}) for device in ("tug", {"id": 7})]
    assert [finding.requirement for (finding,) in broken] == ["FOXGLOVE-EVENTS-205", "FOXGLOVE-DEVICES-221"]


def test_a_finding_says_where_and_what() -> None:
    """The message leads to the place; expected and actual stand beside it."""
    (finding,) = shape.findings("bags", "BagList", [ENTRY, ENTRY | {"size_bytes": -1}])
    assert finding.message.startswith("BagList[1].size_bytes: -1 is less than")
    assert (finding.expected, finding.actual) == ({"minimum": 0}, -1)


def test_missing_members_are_named() -> None:
    """The message names the member."""
    messages = [finding.message for finding in shape.findings("bags", "Error", {})]
    assert messages == ["Error has no error"]


def test_each_requirement_is_raised_once() -> None:
    """A thousand wrong entries are one violation of each requirement."""
    wrong = [ENTRY | {"size_bytes": "x", "filename": 1}] * 50
    with pytest.raises(Violations) as caught:
        shape.raise_all(shape.findings("bags", "BagList", wrong))
    assert sorted(one.requirement for one in dig(caught.value)) == ["BAGS-LIST-002", "BAGS-LIST-006"]
    shape.raise_all([])


def test_an_unknown_schema_is_the_harness_at_fault() -> None:
    """A misspelt component does not pass for an answer that fits."""
    with pytest.raises(KeyError, match="no schema 'Bag'"):
        shape.findings("bags", "Bag", {})
