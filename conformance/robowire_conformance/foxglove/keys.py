"""Recordings that are found by their keys."""

from typing import Any

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.coverage_edge import NOT_FOUND
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.removal import NOBODY, READ, tells

GIVEN = "FOXGLOVE-RECORDINGS-152"


def judge_key(api: Api, page: Page, requirement: str, key: str, *, due: str) -> None:
    """Judge whether a key finds the recording with the id that is due.

    A key that finds its topics is known; that the recording is not given by it is another requirement.
    """
    given = api.ask(READ, key)
    text = "A recording is not found by the key that was given for it"
    if not (given.refused or given.status == NOT_FOUND):
        with page.about(requirement):
            body: Any = given.require_done(requirement)
            page.expect(requirement, given, text, due=due, got=body.get("id"))
    elif tells(api, "GET /data/topics", {"recordingKey": key}, {"recordingKey": NOBODY}):
        page.block(requirement, reason=f"{GIVEN}, which it needs, fails")
    else:
        page.fault(requirement, given.fault(text, due, given.status))
