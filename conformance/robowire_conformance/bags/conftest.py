"""What the checks of the Bags API share: the list, the downloaded bags, and the answers of the player."""

import pytest

from robowire_conformance.bags.exploration import explore, judge
from robowire_conformance.bags.library import MOST_BAGS, MOST_BYTES, Library
from robowire_conformance.bags.listing import ask_list
from robowire_conformance.client import Answer
from robowire_conformance.gathering import Judgement
from robowire_conformance.target import Target


@pytest.fixture(scope="session")
def bag_list(bags_target: Target) -> Answer:
    """The target's answer to a request for its bag list."""
    return ask_list(bags_target.client)


@pytest.fixture(scope="session")
def library(bags_target: Target, bag_list: Answer, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The target's bags, downloaded and read independently."""
    folder = tmp_path_factory.mktemp("bags")
    most = int(bags_target.values.get("max_bags", MOST_BAGS))
    largest = int(bags_target.values.get("max_bag_bytes", MOST_BYTES))
    return Library(bags_target.client, bag_list, folder, most=most, largest=largest)


@pytest.fixture(scope="session")
def chunks(bags_target: Target, library: Library) -> Judgement:
    """The judgement on the chunks of many ranges of every bag."""
    return judge(explore(bags_target, library))
