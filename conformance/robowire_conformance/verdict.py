"""What a check says: that it proves requirements, that the subject broke one, or that it could not run."""

import unittest
from collections.abc import Sequence
from enum import StrEnum

import pytest

from robowire_conformance.evidence import JSON, Exchange

PROVES = "robowire_proves"
"""The name of the pytest marker that `proves` sets."""

DISTURBS = "robowire_disturbs"
"""The name of the pytest marker that `disturbs` sets."""

disturbs: pytest.MarkDecorator = getattr(pytest.mark, DISTURBS)
"""Marks a check that moves the target's clock or makes it purge: it runs last, alone, and only in profile `full`."""


class Status(StrEnum):
    """The verdict on one requirement, as the report writes it."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    KNOWN = "known"
    NOT_TESTED = "not-tested"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"


class Violation(Exception):  # noqa: N818  # the house's word for a subject at fault; an error is a harness at fault
    """The subject does not behave as documented.

    Args:
        message: What is wrong, in one sentence that needs no reading of source.
        expected: What was due, as text or a JSON value.
        actual: What came.
        exchange: The request and response that show it.
        requirement: The id that is broken, where a check proves several. If it is not one of the check's own, the
            check is `not-tested`, because a prerequisite fails; and that one fails, whatever its own checks saw.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: JSON = None,
        actual: JSON = None,
        exchange: Exchange | None = None,
        requirement: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.actual = actual
        self.exchange = exchange
        self.requirement = requirement


class NotTested(unittest.SkipTest):
    """A check could not run, and says why.

    A `SkipTest`, since Hypothesis and pytest let such an exception through at once.
    """


class Leftover(Exception):  # noqa: N818  # a statement about the target
    """Something that the suite created on the target could not be removed; raised while tidying up."""


class Violations(ExceptionGroup[Violation]):
    """Everything that a completed check found; requirements of the check that it does not name have passed."""

    def derive(self, excs: Sequence[Violation]) -> "Violations":  # type: ignore[override]  # holds nothing else
        """Keep the class when the group is split."""
        return Violations(self.message, excs)


def proves(*requirements: str) -> pytest.MarkDecorator:
    """Mark a check with the ids of the requirements that it proves; a decorator, or `pytest.param(marks=…)`."""
    marker: pytest.MarkDecorator = getattr(pytest.mark, PROVES)(*requirements)
    return marker
