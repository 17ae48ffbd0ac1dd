"""Section "Special Behavior: Latched Topics" of the Bag Player API."""

import pytest

from robowire_conformance.bags.latched import MEMBERSHIP
from robowire_conformance.gathering import Judgement
from robowire_conformance.verdict import proves

RULES = tuple(f"BAGS-LATCHED-{number:03}" for number in range(1, 8))


@pytest.mark.parametrize("requirement", [pytest.param(rule, marks=proves(rule), id=rule) for rule in RULES])
def test_latched_topics_are_flagged_and_backfilled(chunks: Judgement, requirement: str) -> None:
    """Latched topics, and only they, are flagged and add their most recent earlier message to a chunk."""
    chunks.settle(requirement, without="no chunk shows a latched topic with an earlier message")


@pytest.mark.parametrize(
    ("topic", "requirement"),
    [pytest.param(topic, rule, marks=proves(rule), id=rule) for topic, rule in MEMBERSHIP.items()],
)
def test_the_documented_topics_are_latched(chunks: Judgement, topic: str, requirement: str) -> None:
    """Each of the fourteen topics is treated as latched."""
    chunks.settle(requirement, without=f"no bag of the target holds messages of {topic}")
