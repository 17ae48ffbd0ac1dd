"""Section "List coverage": how far ranges have to be apart to be discrete."""

from fractions import Fraction
from typing import TYPE_CHECKING

from robowire_conformance import law
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.coverage import Cover, ranges, shown
from robowire_conformance.foxglove.coverage_filters import ALL, ID, ONLY
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.judging import Page, require_rejected
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.spans import Span, gaps, merged
from robowire_conformance.target import Target
from robowire_conformance.verdict import Violation

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

JOINED, DISCRETE, FRACTION, ZERO, NEGATIVE = (f"FOXGLOVE-COVERAGE-{number}" for number in range(105, 110))
NUMBER, BOOLEAN, EXACT = (f"FOXGLOVE-COVERAGE-{number}" for number in (123, 124, 125))
TOLERANCES = (JOINED, DISCRETE, FRACTION, ZERO, NEGATIVE, NUMBER, BOOLEAN, EXACT)

EXAMPLES = 15
NEAR = SECOND // 1000
"""So close (ns) to a gap no tolerance is judged but the gap itself: doubles may fall on either side."""


def judge_tolerance(target: Target, shelf: Shelf) -> Page:
    """Judge whole seconds first, then their fractions, and none at all."""
    page, cover = Page(), Cover(shelf)
    (gap,) = gaps(cover.spans(0))[:1] or (0,)
    whole = gap // SECOND
    for requirement, tolerances in ((JOINED, (whole + 1, whole + 10, 3600)), (DISCRETE, (whole, whole // 2, 5))):
        with page.about(requirement):
            for tolerance in tolerances:
                _expect(cover, page, requirement, str(tolerance))
    with page.about(ZERO):
        _expect(cover, page, ZERO, "0")
    with page.about(FRACTION):
        for part in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
            if abs((whole + part) * SECOND - gap) > NEAR:
                _expect(cover, page, FRACTION, f"{float(whole + part):g}")
    with page.about(EXACT):
        _judge_exact(cover, page, gap)
    page.needs((JOINED, DISCRETE), FRACTION, ZERO)
    page.needs((JOINED, DISCRETE, FRACTION), EXACT)
    if not page.faulty(*TOLERANCES):
        with page.about(JOINED, DISCRETE, FRACTION):
            _judge_any(target, cover)
    for requirement, parameter, values in (
        (NEGATIVE, "tolerance", ("-1", "-0.5")),
        (NUMBER, "tolerance", ("ten", "1,5")),
        (BOOLEAN, "includeEdgeRecordings", ("maybe", "2")),
    ):
        with page.about(requirement):
            for value in values:
                reply = cover.ask(**{parameter: value})
                require_rejected(reply, f"Coverage with {parameter}={value} is not refused", requirement)
                page.saw(requirement)
    return page


def _judge_exact(cover: Cover, page: Page, gap: int) -> None:
    """A tolerance of just the gap, where that is a number that every double has."""
    if gap * 4 % SECOND:
        page.block(EXACT, reason="the suite's recordings are no whole quarters of a second apart")
    else:
        _expect(cover, page, EXACT, f"{gap / SECOND:g}")


def _expect(cover: Cover, page: Page, requirement: str, tolerance: str) -> None:
    reply, due, got = _merged(cover, 0, tolerance, requirement)
    page.expect(requirement, reply, f"The ranges are not those of a tolerance of {tolerance} s", due=due, got=got)


def _merged(cover: Cover, number: int, tolerance: str, requirement: str) -> tuple[Reply, list[str], list[str]]:
    """The ranges of a device with a tolerance: the answer, what is due and what came."""
    spans = cover.spans(number)
    reply = cover.ask(deviceId=cover.shelf.devices[number][0], tolerance=tolerance)
    reply.require_done(requirement)
    found: list[Span] = ranges(reply)
    everything = [span for other, _ in enumerate(cover.shelf.devices) for span in cover.spans(other)]
    _require_founded(reply, found, spans, everything)
    return reply, shown(merged(spans, round(Fraction(tolerance) * SECOND))), shown(found)


def _require_founded(reply: Reply, found: list[Span], spans: list[Span], everything: list[Span]) -> None:
    """Make sure that the ranges are made of the device's data, however they are joined.

    Raises:
        Violation: They are not; of what is said of all ranges.
    """
    edges = {time for span in found for time in span}
    if edges <= {time for span in spans for time in span}:
        return
    foreign = edges <= {time for span in everything for time in span}
    text = "The ranges are not made of the device's data"
    raise Violation(
        text,
        expected=shown(spans),
        actual=shown(found),
        exchange=reply.exchange,
        requirement=ID if foreign else ONLY if found else ALL,
    )


def _judge_any(target: Target, cover: Cover) -> None:
    """Coverage is the recordings' spans, merged, at any tolerance."""
    apart = [gap for number, _ in enumerate(cover.shelf.devices) for gap in gaps(cover.spans(number))]

    @law.for_all(target, _tolerances(apart), examples=EXAMPLES)
    def ranges_are_merged_spans(tolerance: Fraction) -> None:
        for number, _ in enumerate(cover.shelf.devices):
            reply, due, got = _merged(cover, number, f"{float(tolerance):g}", DISCRETE)
            if due != got:
                short = any(gap < tolerance * SECOND for gap in gaps(cover.spans(number)))
                blamed = (
                    FRACTION if tolerance.denominator > 1 else JOINED if short and len(got) > len(due) else DISCRETE
                )
                text = f"The ranges are not those of a tolerance of {float(tolerance):g} s"
                raise reply.violation(text, expected=due, actual=got, requirement=blamed)


def _tolerances(apart: list[int]) -> "SearchStrategy[Fraction]":
    """Tolerances in milliseconds, from some seconds on, many near to the gaps but none at them."""
    from hypothesis import strategies as st

    near = [gap // NEAR + shift for gap in apart for shift in (-1000, -2, 3, 1000)]
    milliseconds = st.integers(3000, 300_000) | st.sampled_from(near)
    return milliseconds.filter(lambda one: all(abs(one * NEAR - gap) > NEAR for gap in apart)).map(
        lambda one: Fraction(one, 1000)
    )
