"""A range is two finite decimal numbers, or it is an error."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from robowire_generators.demo import DEMO_BAGS

BAG = f"/bags/{DEMO_BAGS[0].name}/player"
NUMBERS = [
    "0", "1", "-1", "1.5", ".5", "5.", "1e9", "1E9", "1e-3", "1698762600.25", "-0.0", "%2B5", "1e%2B9", "1e-400", "007",
]  # fmt: skip
NO_NUMBERS = [
    "", "%20", "abc", "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e999", "-1e999", "1_000", "0x10", "1,5",
    "1.2.3", "1e", "e5", ".", "-", "--1", "%201", "1%20", "1%0a", "1%00", "%D9%A1", "%ff", "true", "null", "[1]",
    "1;2", "1f", "1e+9",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_decimal_numbers_are_bounds(client: FlaskClient, number: str) -> None:
    """With sign, fraction and exponent."""
    assert client.get(f"{BAG}?start_time={number}&end_time=5e9").status_code == 200
    assert client.get(f"{BAG}?start_time=-1e300&end_time={number}").status_code == 200


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_anything_else_is_no_bound(client: FlaskClient, text: str) -> None:
    """Not even what Python's float() would take; a plus in a query is a space."""
    for query in (
        f"start_time={text}&end_time=5e9",
        f"start_time=0&end_time={text}",
        f"start_time={text}&end_time={text}",
    ):
        answer = client.get(f"{BAG}?{query}")
        assert (answer.status_code, list(answer.get_json())) == (400, ["error"]), query


@pytest.mark.parametrize(
    "query",
    [
        "start_time=0",
        "end_time=0",
        "start_time",
        "start_time&end_time",
        "start_time=0&end_time",
        "start_time=0&start_time=0&end_time=1",
        "start_time=0&end_time=1&end_time=1",
        "start_time=2&end_time=1",
        "start_time=1e300&end_time=-1e300",
        "start_time=0&END_TIME=1",
    ],
)
def test_half_a_range_or_a_range_and_a_half_is_an_error(client: FlaskClient, query: str) -> None:
    """One-sided, empty, repeated, or ending before it starts."""
    answer = client.get(f"{BAG}?{query}")
    assert (answer.status_code, list(answer.get_json())) == (400, ["error"])


@pytest.mark.parametrize("query", ["", "?", "?x=1", "?start=0&end=1", "?START_TIME=0", "?%ff=%ff", "?&&&"])
def test_other_parameters_do_not_matter(client: FlaskClient, query: str) -> None:
    """Metadata are given for them."""
    assert set(client.get(f"{BAG}{query}").get_json()) == {"total_messages", "start_time", "end_time"}


def test_a_very_long_number_is_read_or_refused(client: FlaskClient) -> None:
    """It costs no more than it says, and its text is not given back whole."""
    digits = "1" * 20_000
    answer = client.get(f"{BAG}?start_time={digits}&end_time=5e9")
    assert answer.status_code == 400
    assert len(answer.data) < 500
    assert client.get(f"{BAG}?start_time=0.{digits}&end_time=5e9").status_code == 200


def test_errors_are_json_whatever_they_quote(client: FlaskClient) -> None:
    """What was sent comes back escaped."""
    text = '"</script>\\\n\x01☃'
    assert "☃" in client.get(f"{BAG}?start_time={quote(text)}&end_time=1").get_json()["error"]
