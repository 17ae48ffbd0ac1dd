"""Section "Webhooks": the five payloads, received where the target profile says that they are sent."""

from collections.abc import Iterator

import pytest

from robowire_conformance.foxglove.deliveries import Endpoint, endpoint_address
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.server_clock import ServerClock
from robowire_conformance.foxglove.webhook_judging import SETTLED, WebhookJudge
from robowire_conformance.foxglove.webhook_uploads import judge_recordings
from robowire_conformance.listener import Listener
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, proves


@pytest.fixture(scope="module")
def endpoint(foxglove_target: Target) -> Iterator[Endpoint]:
    """Where the target's webhooks come in; they are pointed there if that can be asked for."""
    foxglove_target.allow(Profile.ADDITIVE)
    address, path = endpoint_address(foxglove_target)
    try:
        with Listener.open(address) as listener:
            if foxglove_target.hooks.point_webhooks is not None:
                foxglove_target.point_webhooks(listener.url(path.removeprefix("/")))
            elif address.port == 0:
                raise NotTested("webhook_target has port 0 and nothing points the target's webhooks there: give a port")
            yield Endpoint(foxglove_target, listener, path)
    except OSError as error:
        raise NotTested(f"the suite cannot listen at webhook_target: {error.strerror}") from None


@pytest.fixture(scope="module")
def webhooks(endpoint: Endpoint, guest: Guest, server_clock: ServerClock) -> Page:
    """The judgement on what came to the endpoint of what was done."""
    judge = WebhookJudge(endpoint, guest, server_clock)
    if judge.judge():
        judge_recordings(judge)
        judge.conclude()
    return judge.page


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in SETTLED])
def test_webhooks_tell_what_happens(webhooks: Page, requirement: str) -> None:
    """What happens is told, by a POST request in the form of its event type."""
    webhooks.settle(requirement, without="no webhook has shown it")
