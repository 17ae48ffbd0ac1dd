"""What the suite puts up with: bounds in time and size, and how long it waits where it is asked to."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MIB = 1024 * 1024
DEFAULT_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What the suite puts up with.

    `timeout_s` holds for a whole request, redirects and body included; `patience_s` is the total that a run spends on
    waiting in vain where a 429 asks for it, and `paced_s` on waiting after which a request is answered. After
    `give_up` requests in a row without an answer the target is not asked again, if a look at its root gets no answer
    either; after `give_up_partly` in a row, even if that does. Between the beginnings of two requests there are at
    least `pause_s`.
    """

    timeout_s: float = DEFAULT_TIMEOUT_S
    download_timeout_s: float = 30 * DEFAULT_TIMEOUT_S
    patience_s: float = 6 * DEFAULT_TIMEOUT_S
    paced_s: float = 60 * DEFAULT_TIMEOUT_S
    body_bytes: int = 64 * MIB
    give_up: int = 3
    give_up_partly: int = 8
    pause_s: float = 0.0

    @classmethod
    def of(cls, timeout_s: float, requests_per_second: float = 0.0) -> "Limits":
        """The limits that go with a time-out and, unless it is 0, a rate."""
        pause_s = 1 / requests_per_second if requests_per_second else 0.0
        return cls(timeout_s, 30 * timeout_s, patience_s=6 * timeout_s, paced_s=60 * timeout_s, pause_s=pause_s)


@dataclass(slots=True)
class Health:
    """Whether the target answers: the breaker that keeps a hanging server from costing a time-out per check.

    `waited_s` was spent on 429 in vain, or is being spent, and `paced_s` on requests that then were answered.
    `next_s` is when, on the monotonic clock, it may be asked again.
    """

    silent: int = 0
    dead: bool = False
    waited_s: float = 0.0
    paced_s: float = 0.0
    answered: bool = False
    next_s: float = 0.0


def retry_after(value: str | None) -> float:
    """The seconds to wait: as the header says, in either of its forms; 1 s if it says nothing one can use."""
    if value is None:
        return 1.0
    try:
        return max(0.1, float(value))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return 1.0
    return max(0.1, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
