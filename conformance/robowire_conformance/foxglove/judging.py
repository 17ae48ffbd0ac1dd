"""Judging many requirements of one page side by side, each with what it depends on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.verdict import NotTested, Violation

_OTHER_TROUBLES = frozenset({401, 405, 408, 429})
WRONG = "a client error: 400, or another 4xx that tells what is wrong"


def rejects(reply: Reply) -> bool:
    """Whether a request is answered with a client error that a wrong body, or an id that nothing has, may get."""
    return 400 <= reply.status < 500 and reply.status not in _OTHER_TROUBLES


def require_rejected(reply: Reply, message: str, requirement: str = "") -> None:
    """Make sure of a client error.

    Raises:
        Violation: The request is answered otherwise.
    """
    if not rejects(reply):
        raise reply.violation(message, expected=WRONG, actual=reply.status, requirement=requirement)


def formed(reply: Reply, requirement: str = "") -> JSON:
    """The body of a success whose form is as documented, so that its members can be relied on.

    Raises:
        Violation: It is no success, against `requirement` if that is given; or its form is wrong.
    """
    body = reply.require_done(requirement)
    if malformed := reply.malformed:
        raise reply.violation("The form of an answer is not as documented", requirement=malformed)
    return body


def unknown_ids(known: str) -> tuple[str, ...]:
    """Ids that nothing has: one of the same form, and a made-up one."""
    last = "1" if known[-1] != "1" else "2"
    return f"{known[:-6]}{'robowire'[: len(known[-6:]) - 1]}{last}", "robowire-none"


def leave_to_form(page: "Page", reply: Reply, requirements: Sequence[str]) -> None:
    """Take back what is said of an answer's values where its form is wrong, which explains it."""
    if reply.malformed:
        page.dismiss(*requirements, reason=f"{reply.malformed}, which it needs, fails")


class Page(Judgement):
    """A judgement on one page of the document; `closed` are the requirements that cannot be told."""

    def __init__(self) -> None:
        super().__init__()
        self.closed: set[str] = set()

    def expect(self, requirement: str, reply: Reply, message: str, *, due: JSON, got: JSON) -> bool:
        """Note that a requirement is fulfilled, or violated where what came is not what was due."""
        if due == got:
            self.saw(requirement)
            return True
        self.fault(requirement, reply.fault(message, due, got))
        return False

    @contextmanager
    def about(self, *requirements: str) -> Iterator[None]:
        """Judge some requirements; what stops that is noted as the reason why they are not told."""
        try:
            yield
        except Violation as violation:
            if violation.requirement and violation.exchange is not None:
                fault = Fault(violation.message, violation.expected, violation.actual, violation.exchange, 0)
                self.fault(violation.requirement, fault)
            others = [one for one in requirements if one != violation.requirement]
            cause = (
                f"{violation.requirement}, which it needs, fails" if violation.requirement else "a prerequisite fails"
            )
            self.block(*others, reason=f"{cause}: {violation.message}")
        except NotTested as reason:
            self.block(*requirements, reason=str(reason))

    def block(self, *requirements: str, reason: str) -> None:
        """Note why requirements cannot be told, and that they are not worth judging further."""
        self.closed.update(requirements)
        super().block(*requirements, reason=reason)

    def blocked(self, requirement: str) -> bool:
        """Whether a requirement cannot be told any more."""
        return requirement in self.closed

    def rests(self, base: "Page", needed: Sequence[str], *requirements: str) -> None:
        """Take back what is said of requirements where another page says that one that they need is violated."""
        broken = next((one for one in needed if base.faulty(one) or base.blocked(one)), None)
        if broken is not None:
            self.dismiss(*requirements, reason=f"{broken}, which it needs, fails")

    def needs(self, needed: Sequence[str], *requirements: str) -> None:
        """Take back what is said of requirements where one that they need is violated."""
        broken = next((one for one in needed if self.faulty(one)), None)
        if broken is not None:
            self.dismiss(*(one for one in requirements if one != broken), reason=f"{broken}, which it needs, fails")
