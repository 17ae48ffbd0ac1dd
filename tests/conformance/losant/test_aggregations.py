"""The reference aggregations on values whose answers are known by hand."""

import math

import pytest
from robowire_conformance.losant.aggregations import Deviation, Due, Kind, aggregate, is_sorted, kind_of


def raw(*values: float | str | bool) -> list[tuple[int, float | str | bool]]:
    """Values reported one after the other."""
    return list(enumerate(values))


@pytest.mark.parametrize(
    ("name", "values", "due"),
    [
        ("FIRST", (3.0, 1.0, 2.0), 3.0),
        ("LAST", (3.0, 1.0, 2.0), 2.0),
        ("COUNT", (3.0, 1.0, 2.0), 3),
        ("MAX", (3.0, -1.0, 2.0), 3.0),
        ("MIN", (3.0, -1.0, 2.0), -1.0),
        ("MEDIAN", (3.0, -1.0, 2.0), 2.0),
        ("MEDIAN", (4.0, 1.0, 2.0, 10.0), 3.0),
        ("MEAN", (1.0, 2.0, 4.5), 2.5),
        ("SUM", (0.1,) * 10, 1.0),
        ("STD_DEV", (2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0), 2.0),
    ],
)
def test_numbers_are_aggregated(name: str, values: tuple[float, ...], due: float) -> None:
    """Each aggregation of numbers accepts its answer and refuses one that is a little off."""
    expected = aggregate(name, raw(*values), Kind.NUMBER, Deviation.POPULATION)
    assert expected.accepts(due)
    assert not expected.accepts(due + 1e-9)
    assert not expected.accepts(None)


def test_either_deviation_is_accepted_until_one_is_chosen() -> None:
    """Population and sample deviation both fit; once one is known, the other does not."""
    values = raw(1.0, 2.0, 3.0, 4.0)
    population, sample = math.sqrt(1.25), math.sqrt(5 / 3)
    assert all(aggregate("STD_DEV", values, Kind.NUMBER).accepts(one) for one in (population, sample))
    assert not aggregate("STD_DEV", values, Kind.NUMBER, Deviation.SAMPLE).accepts(population)
    assert not aggregate("STD_DEV", values, Kind.NUMBER, Deviation.POPULATION).accepts(sample)


def test_one_value_may_have_no_sample_deviation() -> None:
    """The deviation of one value is zero of the population; of a sample it may be missing."""
    assert aggregate("STD_DEV", raw(5.0), Kind.NUMBER).accepts(None)
    assert not aggregate("STD_DEV", raw(5.0), Kind.NUMBER, Deviation.POPULATION).accepts(None)


@pytest.mark.parametrize(
    ("name", "due"),
    [("FIRST", True), ("LAST", False), ("COUNT", 4), ("SUM", 2), ("MEAN", 0.5), ("MIN", 0), ("MAX", 1)],
)
def test_truth_values_count_as_zero_and_one(name: str, due: float) -> None:
    """FIRST and LAST stay truth values, the others are numbers: true and 1 are told apart."""
    expected = aggregate(name, [(0, True), (1, False), (2, True), (3, False)], Kind.BOOLEAN)
    assert expected.accepts(due)
    assert not expected.accepts(int(due) if isinstance(due, bool) else bool(due))


@pytest.mark.parametrize("name", ["MAX", "MIN", "MEDIAN", "MEAN", "SUM", "STD_DEV"])
def test_texts_yield_no_value(name: str) -> None:
    """A text can be counted, and be first or last, and nothing else."""
    assert aggregate(name, raw("1", "2"), Kind.STRING).accepts(None)
    assert not aggregate(name, raw("1", "2"), Kind.STRING).accepts("1")


def test_of_values_of_one_time_any_may_be_the_first() -> None:
    """Ties leave open which value was first or last."""
    tied = [(5, 1.0), (5, 2.0), (6, 3.0)]
    assert aggregate("FIRST", tied, Kind.NUMBER).values == (1.0, 2.0)
    assert aggregate("LAST", tied, Kind.NUMBER).values == (3.0,)


def test_sums_allow_for_the_order_of_summing() -> None:
    """A sum may be off by what doubles lose, in proportion to the sizes of the values."""
    expected = aggregate("SUM", raw(1e16, 1.0, -1e16), Kind.NUMBER)
    assert expected.accepts(1.0)
    assert expected.accepts(0.0)
    assert not expected.accepts(100.0)


def test_sums_that_may_overflow_are_not_compared() -> None:
    """Values at the edge of doubles have no one sum."""
    assert aggregate("SUM", raw(1.7e308, 1.7e308, -1.7e308), Kind.NUMBER).anything


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((1, 2.5), Kind.NUMBER),
        ((True, False), Kind.BOOLEAN),
        (("on", "12"), Kind.STRING),
        (("39.1,-84.5", "-8.25,100"), Kind.POSITION),
        (("39.1,-84.5", "here"), Kind.STRING),
        ((1, "1"), None),
        ((), None),
    ],
)
def test_kinds_are_told_from_values(values: tuple[float | str | bool, ...], kind: Kind | None) -> None:
    """Positions are texts that all look like latitude and longitude; mixed values have no kind."""
    assert kind_of(values) is kind


def test_what_is_due_is_shown_to_people() -> None:
    """Values and their absence are named."""
    assert str(Due((1, 2), nothing=True)) == "1 or 2 or no value"


def test_order_lets_equal_times_stand_anyhow() -> None:
    """Ascending and descending are not strict."""
    assert is_sorted([1, 1, 2], "asc")
    assert is_sorted([2, 1, 1], "desc")
    assert not is_sorted([2, 1], "asc")
