"""The clock runs with the system's until it is frozen or moved."""

import time
from datetime import timedelta

import pytest
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from robowire_mocks.core.clock import LATEST_S, Clock


def test_it_follows_the_system_and_who_patches_it() -> None:
    """A new clock tells what time.time() tells, patched or not."""
    with freeze_time("2026-11-20T12:00:00Z") as frozen:
        clock = Clock()
        assert clock.now() == time.time() == 1795176000
        frozen.tick(5)
        assert clock.now() == 1795176005


def test_it_can_begin_elsewhere_and_run() -> None:
    """With a start that is not frozen, time goes on from there."""
    with freeze_time("2026-11-20T12:00:00Z") as frozen:
        clock = Clock(1000.0)
        frozen.tick(5)
        assert clock.now() == 1005


def test_a_frozen_clock_moves_only_when_moved() -> None:
    """Freezing stops it, advancing moves it, resuming lets it run on from there."""
    with freeze_time("2026-11-20T12:00:00Z") as frozen:
        clock = Clock(1000.0, frozen=True)
        frozen.tick(5)
        assert (clock.now(), clock.frozen) == (1000, True)
        clock.advance(60)
        clock.resume()
        frozen.tick(5)
        assert (clock.now(), clock.frozen) == (1065, False)
        clock.freeze()
        frozen.tick(5)
        assert clock.now() == 1065
        clock.freeze(7)
        assert clock.now() == 7


def test_reset_brings_back_the_beginning() -> None:
    """Whatever was done to it, a clock that was reset is as it began."""
    clock = Clock(1000.0, frozen=True)
    clock.resume()
    clock.advance(1e6)
    clock.reset()
    assert (clock.now(), clock.frozen) == (1000, True)


def test_what_it_tells_can_be_taken_and_put_back() -> None:
    """One that runs on, one that stands still, and one that follows the system's, into any other."""
    with freeze_time("2026-11-20T12:00:00Z") as frozen:
        running, standing, following = Clock(1000.0), Clock(2000.0, frozen=True), Clock()
        taken = [clock.take() for clock in (running, standing, following)]
        assert taken == [running.beginning, standing.beginning, following.beginning]
        frozen.tick(60)
        other = Clock(5.0)
        seen = []
        for one in taken:
            other.put_back(one)
            frozen.tick(1)
            seen.append((other.now() - time.time() if one.at is None else other.now(), other.frozen))
        assert seen == [(1001, False), (2000, True), (0, False)]
        assert other.take() == following.take()
        other.reset()
        assert other.now() == 5


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), LATEST_S, 1e300])
def test_it_cannot_leave_the_times_that_ros_can_express(seconds: float) -> None:
    """An impossible move is refused and changes nothing."""
    clock = Clock(1.0, frozen=True)
    with pytest.raises(ValueError, match="cannot tell"):
        clock.advance(seconds)
    assert clock.now() == 1


def test_it_takes_numbers_alone() -> None:
    """Of anything else it says so, and goes on as before."""
    clock = Clock(1_000, frozen=True)
    for move in (clock.advance, clock.freeze):
        for wrong in ("x", timedelta(hours=1)):
            with pytest.raises(TypeError, match=r"^a clock takes seconds as a number, not "):
                move(wrong)  # type: ignore[arg-type]  # as who has no types does
    assert clock.now() == 1_000


def test_it_is_set_back_by_freezing_it_alone() -> None:
    """A negative advance is refused, and says so in a line."""
    clock = Clock(1000.0)
    with pytest.raises(ValueError, match=r"^a clock cannot be advanced by -0.5 s; to set it back, freeze it at"):
        clock.advance(-0.5)
    assert clock.now() >= 1000
    clock.freeze(500)
    clock.resume()
    assert 500 <= clock.now() < 1000


@settings(max_examples=25, deadline=None)
@given(moves=st.lists(st.floats(0, 1e6), max_size=5), freeze=st.booleans())
def test_what_it_tells_of_itself_restores_it(moves: list[float], *, freeze: bool) -> None:
    """Each change is announced, and the last announcement makes another clock the same."""
    told: list[dict[str, float | None]] = []
    with freeze_time("2026-11-20T12:00:00Z"):
        clock = Clock(changed=lambda clock: told.append(clock.state()))
        for seconds in moves:
            clock.advance(seconds)
        if freeze:
            clock.freeze()
        clock.advance(1)
        other = Clock()
        other.restore(told[-1])
        assert len(told) == len(moves) + freeze + 1
        assert (other.now(), other.frozen) == (clock.now(), clock.frozen)
