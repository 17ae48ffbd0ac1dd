"""Whether a body is accepted or refused: each constraint is tried with values that keep it and values that break it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from robowire_fixtures.losant import PATHS, STATUSES

from robowire_conformance.client import Answer
from robowire_conformance.evidence import JSON
from robowire_conformance.losant.asking import DataApi
from robowire_conformance.losant.constraints import Constraint
from robowire_conformance.verdict import NotTested, Violation

BAD_REQUEST = 400
NONSENSE: tuple[JSON, ...] = ([], {"deviceIds": 1}, {"robowire": True}, "nonsense")
"""Bodies that break the schemas in different ways."""

AREAS = {"export": "EXPORT", "lastValueQuery": "LASTVALUE", "timeSeriesQuery": "TIMESERIES"}
"""What the requirements of each action are called."""


@dataclass(frozen=True, slots=True)
class Prober:
    """Sends bodies to one action: a plain valid one, with the members of a probe put over it."""

    api: DataApi
    operation: str
    base: Mapping[str, JSON]
    _controls: list[bool] = field(default_factory=list)
    _discerns: list[bool] = field(default_factory=list)

    def send(self, body: JSON) -> Answer:
        """Send a body."""
        return self.api.post(PATHS[self.operation], body)

    def accepts(self, answer: Answer) -> bool:
        """Whether an answer has the status of success, with a JSON object."""
        return answer.status == STATUSES[self.operation]

    def require_discerning(self) -> None:
        """Make sure that not every body is accepted, or nothing can be told from an acceptance.

        Raises:
            NotTested: The plain body is not accepted, or one that breaks the schema thoroughly is.
        """
        self.require_control()
        if not self._discerns:
            answers = [self.send(body) for body in NONSENSE]
            self._discerns.append(any(400 <= answer.status < 500 for answer in answers))
        if not self._discerns[0]:
            raise NotTested(f"whatever the body, it is accepted (see LOSANT-{AREAS[self.operation]}-101, -102)")

    def require_control(self) -> None:
        """Make sure that the plain body is accepted, or nothing can be told from a refusal.

        Raises:
            NotTested: It is not.
        """
        if not self._controls:
            self._controls.append(self.accepts(self.send(self.base)))
        if not self._controls[0]:
            raise NotTested(f"a plain valid body is not accepted (see LOSANT-{AREAS[self.operation]}-001)")

    def require(self, constraint: Constraint) -> None:
        """Try both sides of a constraint.

        Raises:
            Violation: A body that keeps it is not accepted, or one that breaks it is not answered 400.
            NotTested: Not even a plain body is accepted.
        """
        if constraint.break_:
            self.require_control()
        else:
            self.require_discerning()
        for members in constraint.keep:
            self.require_accepted({**self.base, **members}, members)
        for members in constraint.break_:
            self.require_refused({**self.base, **members}, members)

    def require_accepted(self, body: JSON, shown: JSON) -> None:
        """A valid body has the status of success.

        Raises:
            Violation: It has another one.
        """
        answer = self.send(body)
        if not self.accepts(answer):
            raise Violation(
                f"{_short(shown)} is valid but not accepted",
                expected=STATUSES[self.operation],
                actual=answer.status,
                exchange=answer.exchange,
            )

    def require_refused(self, body: JSON, shown: JSON) -> None:
        """A body that breaks the schema is answered 400.

        Raises:
            Violation: It is answered otherwise.
        """
        answer = self.send(body)
        if answer.status != BAD_REQUEST:
            raise Violation(
                f"{_short(shown)} is not valid but not refused",
                expected=BAD_REQUEST,
                actual=answer.status,
                exchange=answer.exchange,
            )


def _short(value: JSON) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 120 else f"{text[:80]} … ({len(text)} characters)"
