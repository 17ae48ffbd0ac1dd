"""Deliveries go out in order, are tried again, and are all remembered."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from robowire_mocks.core.calling import Caller
from robowire_mocks.foxglove import deliveries
from robowire_mocks.foxglove.deliveries import Deliveries, Delivery, Settings

URL = "http://127.0.0.1:9/"


@pytest.fixture
def sending() -> Iterator[Callable[..., Deliveries]]:
    """A maker of deliveries whose clock counts its readers, and which stop at the end."""
    made = []

    def make(**settings: float) -> Deliveries:
        made.append(Deliveries(Settings(**({"wait_s": 0.0} | settings)), count().__next__))  # type: ignore[arg-type]  # attempts are whole
        return made[-1]

    yield make
    for one in made:
        one.stop()


def delivery(outcomes: list[int | str], *, webhook: str = "whk_1", url: str = URL, event: str = "whe_1") -> Delivery:
    """A delivery whose attempts have these outcomes one after the other; they are taken out."""

    def send(caller: Caller, at: int) -> int | str:
        assert at >= 0
        assert caller.refused(URL) is None
        return outcomes.pop(0)

    return Delivery(webhook, event, "ping", url, send)


def test_a_delivery_that_is_taken_is_made_once(sending: Callable[..., Deliveries]) -> None:
    """Any status from 200 to 299 is a success."""
    sent = sending()
    for status in (200, 204, 299):
        sent.add(delivery([status, 500]))
    assert [(one.number, one.outcome, one.delivered) for one in sent.attempts()] == [
        (1, 200, True),
        (1, 204, True),
        (1, 299, True),
    ]


@pytest.mark.parametrize("refused", [199, 302, 404, 500, "not delivered: connection refused"])
def test_a_delivery_that_fails_is_tried_again(sending: Callable[..., Deliveries], refused: int | str) -> None:
    """Before the one behind it, until it succeeds; each attempt has a time of its own."""
    sent = sending()
    sent.add(delivery([refused, refused, 200]))
    sent.add(delivery([200], event="whe_2"))
    attempts = sent.attempts()
    assert [(one.delivery.event_id, one.number) for one in attempts] == [
        ("whe_1", 1),
        ("whe_1", 2),
        ("whe_1", 3),
        ("whe_2", 1),
    ]
    assert [one.attempted_at for one in attempts] == [0, 1, 2, 3]


def test_a_delivery_is_given_up_in_the_end(sending: Callable[..., Deliveries]) -> None:
    """After as many attempts as the settings say; the waits between them double."""
    sent = sending(attempts=3)
    sent.add(delivery([500, 500, 500, 200]))
    assert [one.number for one in sent.attempts()] == [1, 2, 3]
    assert Settings(attempts=4, wait_s=0.5).waits == (0, 0.5, 1, 2)


def test_what_may_not_be_called_is_not_tried_again(sending: Callable[..., Deliveries]) -> None:
    """It never will."""
    sent = sending()
    sent.add(delivery(["not sent: …"] * 9, url="http://example.com/"))
    assert len(sent.attempts()) == 1
    assert sent.refused("http://example.com/") is not None


def test_a_failure_of_the_mock_stops_no_other_delivery(
    sending: Callable[..., Deliveries], caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the mock's log."""
    sent = sending()
    sent.add(delivery([]))
    sent.add(delivery([200]))
    assert [one.outcome for one in sent.attempts()] == [200]
    assert "whk_1 failed" in caplog.text


def test_what_waits_is_dropped_with_its_webhook(sending: Callable[..., Deliveries]) -> None:
    """An attempt that waits for its time is not made any more; others' are."""
    sent = sending(wait_s=3600)
    waiting: list[int | str] = [500] * 9
    sent.add(delivery(waiting))
    sent.add(delivery([200], webhook="whk_2"))
    sent.forget("whk_1")
    assert [one.delivery.webhook_id for one in sent.attempts()][-1] == "whk_2"
    sent.forget("unknown")
    assert len(waiting) >= 8


def test_a_queue_that_is_full_takes_no_more(
    sending: Callable[..., Deliveries], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is dropped is in the log, as attempt 0."""
    monkeypatch.setattr(deliveries, "QUEUE_LIMIT", 0)
    sent = sending()
    sent.add(delivery([200]))
    assert [(one.number, one.delivered) for one in sent.attempts()] == [(0, False)]


def test_after_a_stop_deliveries_begin_anew(sending: Callable[..., Deliveries]) -> None:
    """With an empty log."""
    sent = sending()
    sent.add(delivery([200]))
    assert sent.attempts()
    sent.stop()
    assert sent.attempts() == []
    sent.add(delivery([201]))
    assert [one.outcome for one in sent.attempts()] == [201]
