"""The evaluator of event queries: the document's own examples, its edges, and what it leaves open."""

import pytest
from hypothesis import given
from robowire_conformance.foxglove.event_query import matches, parse
from robowire_generators import strategies_events as events
from robowire_generators.strategies_events import Form

METADATA = {"key": "value with spaces", "key1": "value1", "key2": "value2", "dock_2": "7%"}


@pytest.mark.parametrize(
    ("query", "verdict"),
    [
        ("key1:value1 key2:value2", True),
        ("key1:value1 key2:value1", False),
        ('key:"value with spaces"', True),
        ('key:"value with"', False),
        ("key1:value1 spaces", True),
        ("key1:value", False),
        ("key1:value1 key1:value2", False),
        ("key1:other,value1", True),
        ("key3:value1,value2", False),
        ("key1:*", True),
        ("key3:*", False),
        ("*:value2", True),
        ("*:key2", False),
        ('*:"value with spaces"', True),
        ("with", True),
        ("ey2", True),
        ("2v", False),
        ("dock_2", True),
        ("dock-2", False),
        ("dock_2:7%", True),
        ("dock_2:7.", False),
        ("KEY1:value1", False),
        ("key1:VALUE1", False),
        ("*:Value2", False),
        ('key:"value  with spaces"', False),
    ],
)
def test_a_query_matches_or_not(query: str, verdict: bool) -> None:  # noqa: FBT001
    """Qualifiers are joined by AND; values are equal whole, and bare text is a part of a key or a value."""
    assert matches(query, METADATA) is verdict


@pytest.mark.parametrize("query", ["SPACES", "Ey2", "*:x,value1"])
def test_what_readings_differ_about_is_unknown(query: str) -> None:
    """Whether bare text has a letter case is not said, nor what several values after a star mean."""
    assert matches(query, METADATA) is None


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "a  b",
        "key:",
        ":value",
        "key:a:b",
        '"a b"',
        '"a b":c',
        'key:"a,b"',
        'key:"a b",c',
        "key:val*",
        "or",
        "-a",
    ],
)
def test_a_query_of_no_documented_form_is_unknown(query: str) -> None:
    """No server is judged by what the document does not speak of."""
    assert parse(query) is None
    assert matches(query, METADATA) is None


def test_metadata_without_members_match_nothing_that_names_any() -> None:
    """There is no key and no value; only what two stars mean is open."""
    assert [matches(query, {}) for query in ("a:b", "a:*", "*:b", "a", "*:*")] == [False, False, False, False, None]


@given(events.queries())
def test_drawn_queries_are_of_the_documented_forms(query: str) -> None:
    """Each query that the strategies give can be parsed."""
    assert parse(query) is not None


@given(events.queries(), events.metadata())
def test_drawn_queries_leave_nothing_open(query: str, metadata: dict[str, str]) -> None:
    """Each query that the strategies give matches, or does not."""
    assert matches(query, metadata) is not None


@given(events.qualifiers(Form.KEY_VALUES), events.metadata())
def test_several_values_are_any_of_them(query: str, metadata: dict[str, str]) -> None:
    """`key:a,b` selects what `key:a` or `key:b` selects."""
    key, _, values = query.partition(":")
    assert matches(query, metadata) is any(matches(f"{key}:{value}", metadata) for value in values.split(","))


@given(events.queries(), events.queries(), events.metadata())
def test_a_query_is_the_intersection_of_its_qualifiers(first: str, second: str, metadata: dict[str, str]) -> None:
    """Two queries in one select what both select."""
    assert matches(f"{first} {second}", metadata) is bool(matches(first, metadata) and matches(second, metadata))
