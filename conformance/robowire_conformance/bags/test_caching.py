"""Section "Caching" of the Bag Player API."""

from robowire_fixtures.bags import CACHE_CONTROL, CACHE_MAX_AGE_S

from robowire_conformance.bags.asking import player_path
from robowire_conformance.bags.library import Library
from robowire_conformance.bags.ranges import SECOND, fit
from robowire_conformance.client import Answer
from robowire_conformance.verdict import NotTested, Violation, proves

TAKE_BACK = {"no-store", "no-cache", "private"}
"""Directives with which an answer is not cached for everyone for so long, whatever else is said."""


@proves("BAGS-CACHE-001")
def test_metadata_may_be_cached(library: Library) -> None:
    """Every bag's metadata carry the documented header."""
    answers = [library.client.get(player_path(filename)) for filename in library.require_readable()]
    _require_header(answers, "metadata", "BAGS-PLAYER-001")


@proves("BAGS-CACHE-002")
def test_chunks_may_be_cached(library: Library) -> None:
    """Chunks carry the documented header, those without messages of the range too."""
    answers = []
    for filename, recording in library.require_readable().items():
        first = recording.start_ns
        for asked in (fit(recording, first, first + SECOND), fit(recording, first + SECOND // 2, first + SECOND // 2)):
            params = {"start_time": asked.start, "end_time": asked.end}
            answers.append(library.client.get(player_path(filename), params=params))
    _require_header(answers, "chunk", "BAGS-CHUNK-001")


def _require_header(answers: list[Answer], what: str, prerequisite: str) -> None:
    answered = [answer for answer in answers if answer.status == 200]
    if not answered:
        raise NotTested(f"no {what} is answered (see {prerequisite})")
    for answer in answered:
        value = answer.headers.get("cache-control")
        if value is None or not _caches(value):
            text = f"A {what} answer does not carry the documented Cache-Control"
            raise Violation(text, expected=CACHE_CONTROL, actual=value, exchange=answer.exchange)


def _caches(value: str) -> bool:
    """Whether a header says the documented directives; case, spaces, order and harmless further ones are free."""
    directives = [directive.strip().lower() for directive in value.split(",")]
    ages = {age.partition("=")[2].strip(' "') for age in directives if age.startswith("max-age")}
    shared = {age.partition("=")[2].strip(' "') for age in directives if age.startswith("s-maxage")}
    names = {directive.partition("=")[0].strip() for directive in directives}
    due = {str(CACHE_MAX_AGE_S)}
    return "public" in names and ages == due and shared <= due and not names & TAKE_BACK
