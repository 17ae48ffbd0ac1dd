"""Everything that can happen on a server, in any order; after each step the server has to agree with the model."""

from collections.abc import Callable, Sequence

from robowire_conformance.foxglove.model import Model
from robowire_conformance.foxglove.model_devices import (
    create_a_device,
    delete_a_device,
    list_devices,
    query_devices,
    read_a_device,
    rename_a_device,
    take_over_a_name,
    update_a_device,
)
from robowire_conformance.foxglove.model_others import (
    change_an_event,
    create_a_device_token,
    create_a_site,
    create_a_site_token,
    create_an_event,
    delete_a_site,
    delete_an_event,
    list_device_tokens,
    list_events,
    list_sites,
    rename_a_site,
    switch_a_device_token,
)

Choice = tuple[int, int, int]
"""Which step to take, on which of the things there are, and with which of the values."""

STEPS: Sequence[Callable[[Model, int, int], None]] = (
    create_a_device,
    update_a_device,
    update_a_device,
    rename_a_device,
    take_over_a_name,
    read_a_device,
    list_devices,
    query_devices,
    delete_a_device,
    create_an_event,
    change_an_event,
    delete_an_event,
    list_events,
    create_a_device_token,
    switch_a_device_token,
    list_device_tokens,
    create_a_site,
    rename_a_site,
    delete_a_site,
    list_sites,
    create_a_site_token,
)
"""What can happen, the more important more often."""

REVIEW = (list_devices, query_devices, list_events, list_device_tokens, list_sites)
"""Steps that change nothing, with which each interleaving ends."""

REQUIREMENTS = tuple(
    f"FOXGLOVE-{name}"
    for name in (
        *(f"DEVICES-{number:03}" for number in (2, 4, 111, 132, 135, 137, 138, 301, 302, 313, 314, 318)),
        *(f"EVENTS-{number:03}" for number in (4, 108, 301, 302, 303, 307)),
        *(f"DEVICETOKENS-{number}" for number in (101, 305, 306, 307)),
        *(f"SITES-{number:03}" for number in (2, 5, 121, 301, 302, 303)),
        "SITETOKENS-101",
    )
)
"""What a disagreement may break."""


def play(model: Model, choices: Sequence[Choice]) -> None:
    """Take steps and look at all in the end.

    Raises:
        Violation: The server does not agree with the model.
    """
    for number, which, value in choices:
        step = STEPS[number % len(STEPS)]
        model.history.append(step.__name__.replace("_", " "))
        step(model, which, value)
    for which, step in enumerate(REVIEW):
        step(model, which, which)
