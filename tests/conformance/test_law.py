"""A law's smallest violation is reported, also where the target wavers, and nothing else is mistaken for one."""

from functools import partial

import pytest
from hypothesis import strategies as st
from robowire_conformance import law
from robowire_conformance.client import Unreachable
from robowire_conformance.target import Profile, Target, TargetSpec, open_target
from robowire_conformance.verdict import NotTested, Violation, Violations


def _note(tried: list[int], number: int, _flag: bool) -> None:  # noqa: FBT001  # as drawn
    tried.append(number)


@pytest.fixture
def target() -> Target:
    """A target that nobody asks anything."""
    return open_target(TargetSpec("bags", url="http://robot"), profile=Profile.FULL, seed=1, timeout_s=1)


def test_a_law_that_holds_is_tried_on_many(target: Target) -> None:
    """The examples are as many as asked for, and the same for the same seed."""
    seen: list[list[int]] = [[], []]
    for tried in seen:
        law.for_all(target, st.integers(), st.booleans(), examples=30)(partial(_note, tried))
    assert len(seen[0]) == 30
    assert seen[0] == seen[1]


def test_the_smallest_violation_is_raised(target: Target) -> None:
    """What is reported is the smallest input that breaks the law."""
    with pytest.raises(Violation, match=r"^1001 is too much$"):

        @law.for_all(target, st.integers(0, 10**9))
        def _bounded(number: int) -> None:
            if number > 1000:
                raise Violation(f"{number} is too much")


def test_a_wavering_target_is_still_at_fault(target: Target) -> None:
    """A violation that does not happen again has happened."""
    state = {"left": 1}
    with pytest.raises(Violation, match="once"):

        @law.for_all(target, st.integers())
        def _wavering(_number: int) -> None:
            state["left"] -= 1
            if state["left"] == 0:
                raise Violation("once")


def test_groups_of_violations_are_violations(target: Target) -> None:
    """A completed check inside a law keeps all that it found."""
    with pytest.raises(Violations):

        @law.for_all(target, st.integers())
        def _grouped(_number: int) -> None:
            raise Violations("two", [Violation("a"), Violation("b")])


@pytest.mark.parametrize("error", [NotTested("no"), Unreachable("gone"), KeyError("harness")])
def test_anything_else_ends_the_law_at_once(target: Target, error: Exception) -> None:
    """Nothing but a violation is tried to be made smaller."""
    calls = []
    with pytest.raises(type(error)):

        @law.for_all(target, st.integers())
        def _stopped(number: int) -> None:
            calls.append(number)
            raise error

    assert len(calls) == 1


def test_looking_for_a_smaller_violation_is_bounded(target: Target) -> None:
    """A target that is slow to fail is not asked for ever."""
    calls = []
    with pytest.raises(Violation):

        @law.for_all(target, st.lists(st.integers(), min_size=30))
        def _always(numbers: list[int]) -> None:
            calls.append(numbers)
            raise Violation("always")

    assert len(calls) <= law.SHRINK_CALLS + 1
