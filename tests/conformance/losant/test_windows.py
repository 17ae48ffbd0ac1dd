"""Rules by which ranges are cut into windows, told apart by answers made by hand."""

import pytest
from robowire_conformance.client import Answer
from robowire_conformance.evidence import Exchange, Redactor, Sent
from robowire_conformance.losant.aggregations import Kind
from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.history import Track
from robowire_conformance.losant.series import DeviceSeries, Point
from robowire_conformance.losant.windows import CLOSED, HONEST, LABELS, Alignment, Rule, Windowed, fit, fitting

DEVICE = "575ecf887ae143cd83dc4aa2"
TIMES = (1_000_005, 1_000_010, 1_000_014, 1_000_020, 1_000_037)
RAW = tuple((time, float(number)) for number, time in enumerate(TIMES))


def asked(points: dict[int, float], *, start: int = 1_000_000, end: int = 1_000_040, by: int = 10) -> Windowed:
    """A question for counts, and this answer."""
    body = {"start": "", "devices": {}}
    exchange = Exchange(Sent("POST", "http://x/", (), b""), None)
    answer = Answer(200, {}, b"", exchange, 0)  # type: ignore[arg-type]  # nobody looks at its headers
    series = Series({}, answer, body, {DEVICE: _device(points)})
    track = Track(DEVICE, "v", Kind.NUMBER, RAW, TIMES)
    return Windowed(track, start, end, by, "COUNT", series, TIMES)


def _device(points: dict[int, float]) -> DeviceSeries:
    return DeviceSeries(DEVICE, "d", {}, tuple(Point(time, {"v": value}) for time, value in points.items()))


def test_windows_begin_at_the_start_of_the_range() -> None:
    """Half-open windows from the start fit; the empty one is left out."""
    found = fit(Rule(Alignment.START), asked({1_000_000: 1, 1_000_010: 2, 1_000_020: 1, 1_000_030: 1}))
    assert found.mismatch is None
    assert found.compared == 4


def test_windows_may_be_counted_from_the_epoch_or_the_end() -> None:
    """Other alignments are told from each other and all allowed."""
    epoch = asked({1_000_000: 1, 1_000_010: 2, 1_000_020: 1, 1_000_030: 1}, start=1_000_003)
    assert fitting(HONEST, [epoch]) == Rule(Alignment.EPOCH)
    end = asked({1_000_003: 1, 1_000_008: 2, 1_000_018: 1, 1_000_028: 1}, start=1_000_003, end=1_000_038)
    assert fitting(HONEST, [end]) == Rule(Alignment.END)


@pytest.mark.parametrize(
    ("points", "rules"),
    [
        ({1_000_010: 1, 1_000_020: 2, 1_000_030: 1, 1_000_040: 1}, LABELS),
        ({1_000_005: 1, 1_000_015: 2, 1_000_025: 1, 1_000_035: 1}, LABELS),
        ({1_000_005: 1, 1_000_010: 2, 1_000_020: 1, 1_000_037: 1}, LABELS),
        ({1_000_000: 2, 1_000_010: 2, 1_000_030: 1}, CLOSED),
        ({1_000_000: 2, 1_000_010: 3, 1_000_020: 1, 1_000_030: 1}, CLOSED),
    ],
    ids=["end of window", "middle of window", "first report", "closed at the end", "closed at both ends"],
)
def test_mistakes_are_told_from_each_other(points: dict[int, float], rules: tuple[Rule, ...]) -> None:
    """An answer that no allowed rule explains is explained by the mistake that was made."""
    assert fitting(HONEST, [asked(points)]) is None
    assert fitting(rules, [asked(points)]) is not None
    assert fitting(CLOSED if rules is LABELS else LABELS, [asked(points)]) is None


def test_a_point_beside_all_windows_does_not_fit() -> None:
    """A point at no window's time is a mismatch."""
    found = fit(Rule(Alignment.START), asked({1_000_000: 1, 1_000_010: 2, 1_000_012: 1, 1_000_020: 1, 1_000_030: 1}))
    assert found.mismatch is not None
    assert "no window" in found.mismatch.message


def test_an_invented_value_is_noticed() -> None:
    """A window without reports has no value but a count of zero."""
    assert fit(Rule(Alignment.START), asked({1_000_040: 0}, start=1_000_040, end=1_000_060)).mismatch is None
    assert fit(Rule(Alignment.START), asked({1_000_040: 7}, start=1_000_040, end=1_000_060)).invented


def test_redaction_is_not_needed_here() -> None:
    """The exchange of these answers holds no secret."""
    assert Redactor([]).text("x") == "x"
