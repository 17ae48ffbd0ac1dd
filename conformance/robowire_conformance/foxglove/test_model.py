"""All pages at once: whatever happens in whatever order, the server agrees with a simple model."""

import pytest
from hypothesis import strategies as st

from robowire_conformance import law
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.custom_properties import Kinds
from robowire_conformance.foxglove.guest import DEVICE, Guest
from robowire_conformance.foxglove.interleaving import REQUIREMENTS, STEPS, Choice, play
from robowire_conformance.foxglove.model import Model
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.target import Target
from robowire_conformance.verdict import Violation, proves

CHOICES = st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 7), st.integers(0, 11))


@pytest.fixture(scope="session")
def interleaved(foxglove_target: Target, api: Api, guest: Guest, kinds: Kinds) -> Judgement:
    """The judgement on some interleavings of all steps, each from nothing."""
    keys = {hint: one["key"] for hint, one in kinds.items()}
    judgement = Judgement()
    try:

        @law.for_all(foxglove_target, st.lists(CHOICES, min_size=20, max_size=40), examples=6)
        def agrees(choices: list[Choice]) -> None:
            _play(Model(api, guest, keys, judgement), choices)

    except Violation as violation:
        if not violation.requirement or violation.exchange is None:
            raise
        fault = Fault(violation.message, violation.expected, violation.actual, violation.exchange, 0)
        judgement.fault(violation.requirement, fault)
    return judgement


def _play(model: Model, choices: list[Choice]) -> None:
    """Take the steps and compare all in the end; what was made is removed."""
    before = len(model.api.ledger.made)
    try:
        play(model, choices)
    finally:
        for one in sorted(model.api.ledger.made[before:], key=lambda made: made.removal == DEVICE):
            model.api.ask(one.removal, one.id)


@pytest.mark.parametrize("requirement", [pytest.param(one, id=one, marks=proves(one)) for one in REQUIREMENTS])
def test_the_server_agrees_with_the_model(interleaved: Judgement, requirement: str) -> None:
    """After any steps, what is read is what the model has."""
    interleaved.settle(requirement, without="no interleaving came to it")
