"""What the checks of the Foxglove API share: the target to ask, and what they make on it."""

from collections.abc import Iterator

import pytest

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.guest import Guest, tidy
from robowire_conformance.target import Target


@pytest.fixture(scope="session")
def api(foxglove_target: Target) -> Iterator[Api]:
    """The target, asked with its all-powerful token; what was created through it is removed in the end."""
    opened = Api(foxglove_target.client)
    yield opened
    tidy(opened)


@pytest.fixture(scope="session")
def guest(foxglove_target: Target, api: Api) -> Guest:
    """Makes things of the suite's own on the target."""
    return Guest.at(foxglove_target, api)
