"""The reference evaluator of the devices' query language, by cases worked out by hand."""

import pytest
from robowire_conformance.foxglove.device_query import Qualifier, Query, parse, written

PROPERTIES = {"zone": "dock 2", "count": 10, "weight": 2.5, "flag": True, "grade": "amber"}


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("properties.grade:amber", True),
        ("properties.grade:ambe", False),
        ("properties.grade:beryl,amber", True),
        ("properties.grade:beryl,coral", False),
        ("properties.grade:*", True),
        ("properties.other:*", False),
        ("properties.other:amber", False),
        ("properties.count:10", True),
        ("properties.count:1", False),
        ("properties.weight:2.5", True),
        ("properties.flag:true", True),
        ("properties.flag:false", False),
        ("amb", True),
        ("ight", True),
        ("tru", True),
        ("2.", True),
        ("properties.grade", False),
        ("properties.grade:amber properties.count:10", True),
        ("properties.grade:amber properties.count:9", False),
        ("properties.grade:* zon", True),
        ("properties.grade:* zone2", False),
    ],
)
def test_a_query_matches_as_the_section_says(query: str, matches: bool) -> None:  # noqa: FBT001  # a case's outcome
    """Exact values, either value, any value, contained text, and all of several qualifiers."""
    assert parse(query).matches(PROPERTIES) is matches


def test_a_query_is_written_as_it_is_read() -> None:
    """Writing a query and reading it again gives the same query."""
    query = Query((Qualifier("grade", ("amber", "beryl")), Qualifier("", ("foo",)), Qualifier("count", ("*",))))
    assert parse(str(query)) == query


@pytest.mark.parametrize("query", ["grade:amber", "properties.:x", "properties.grade:", "properties.grade:a,,b", "x:y"])
def test_what_is_no_query_is_refused(query: str) -> None:
    """A key without its prefix, no key, and no value are none of the section's forms."""
    with pytest.raises(ValueError, match="no qualifier"):
        parse(query)


def test_values_are_written_as_json_has_them() -> None:
    """Whole numbers have no fraction, and booleans are small."""
    assert [written(value) for value in (1.0, 1, 2.5, True, False, "x")] == ["1", "1", "2.5", "true", "false", "x"]
