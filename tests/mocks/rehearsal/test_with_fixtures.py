"""Rehearsals in a person's own tests: the fixtures' mocks, served and in process."""

from typing import TYPE_CHECKING, Any

import pytest
import small_clients as clients
from robowire_mocks.rehearsal import Place, Scenario, rehearsing, scenarios

if TYPE_CHECKING:
    from robowire_mocks.testing.handle import MockHandle


@pytest.mark.parametrize("scenario", scenarios("foxglove", ["down", "links-elsewhere", "link-expires"]), ids=str)
def test_a_client_bears_it(foxglove_mock: "MockHandle[Any]", scenario: Scenario) -> None:
    """One test for each scenario, with a clean mock for each."""
    with rehearsing(scenario, foxglove_mock) as stage:
        clients.downloads_patiently(Place(foxglove_mock.url, foxglove_mock.token))
    stage.verdict.assert_right()


def test_a_client_that_does_not(bags_mock: "MockHandle[Any]") -> None:
    """Fails the test that says what is wrong."""
    with rehearsing("download-cut", bags_mock) as stage:
        clients.keeps_half_a_bag(Place(bags_mock.url, ""))
    with pytest.raises(AssertionError, match="it ended as if it had it"):
        stage.verdict.assert_right()


def test_a_client_without_a_socket(foxglove_mock: "MockHandle[Any]") -> None:
    """Where links lead elsewhere is answered in process too."""
    from robowire_mocks.in_process import in_place_of

    with (
        in_place_of("https://api.foxglove.dev", foxglove_mock),
        rehearsing("links-elsewhere", foxglove_mock.mock) as stage,
    ):
        clients.downloads_with_the_key(Place("https://api.foxglove.dev/v1", foxglove_mock.token))
    assert stage.verdict.failed
