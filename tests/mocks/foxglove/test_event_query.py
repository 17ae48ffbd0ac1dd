"""A compiled query of events says the same as one that is evaluated by hand."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robowire_generators.strategies_events import metadata, queries
from robowire_mocks.foxglove.call import Call
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.event_query import event_query
from robowire_mocks.foxglove.mock import FoxgloveMock
from robowire_mocks.foxglove.world import World

Qualifier: TypeAlias = tuple[str | None, list[str | None]]
"""A key and values, None for any; or bare text, whose key is "" here."""

TEXTS = st.text(alphabet='ab ,:*"\\', max_size=3)
METADATA = st.dictionaries(TEXTS, TEXTS, max_size=3)


@pytest.fixture(scope="module")
def matches() -> Callable[[str, Mapping[str, str]], bool]:
    """Whether metadata meet a query, as the mock has it."""
    mock = FoxgloveMock(World())
    call = Call(Any, mock.steps, mock.state, 0)  # type: ignore[arg-type]  # the query does not ask for the operation
    return lambda text, metadata: event_query(call, text)(metadata)


def by_hand(qualifier: Qualifier, metadata: Mapping[str, str]) -> bool:
    """Whether metadata meet a qualifier, by the sentences of the document."""
    key, values = qualifier
    if key == "" and len(values) == 1:
        return any(str(values[0]) in text for text in (*metadata.keys(), *metadata.values()))
    wanted = [value for name, value in metadata.items() if key is None or name == key]
    return any(value in values or None in values for value in wanted)


def written(qualifier: Qualifier) -> str:
    """A qualifier as text, everything in quotes."""
    key, values = qualifier
    words = ["*" if value is None else quoted(value) for value in values]
    return words[0] if key == "" else f"{'*' if key is None else quoted(key)}:{','.join(words)}"


def quoted(text: str) -> str:
    """A word in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


KEYED = st.tuples(
    st.none() | TEXTS.filter(bool),
    st.lists(st.none() | TEXTS, min_size=1, max_size=3),
)
TEXT = st.tuples(st.just(""), st.lists(TEXTS, min_size=1, max_size=1))


@given(asked=st.lists(KEYED | TEXT, max_size=3), has=METADATA)
def test_any_key_and_value_can_be_asked_for(matches: Any, asked: list[Qualifier], has: Mapping[str, str]) -> None:
    """Spaces, commas, colons, stars and quotation marks among them."""
    assert matches(" ".join(map(written, asked)), has) == all(by_hand(one, has) for one in asked)


@given(query=queries(), has=metadata())
def test_the_documented_forms_mean_what_they_say(matches: Any, query: str, has: Mapping[str, str]) -> None:
    """Without quotes where none are needed."""
    assert matches(query, has) == all(by_hand(read(one), has) for one in split(query))


def split(query: str) -> list[str]:
    """The qualifiers of a query in which no quote holds another."""
    parts = query.split('"')
    kept = [part.replace(" ", "\n") if number % 2 == 0 else part for number, part in enumerate(parts)]
    return "".join(kept).split("\n")


def read(text: str) -> Qualifier:
    """A qualifier in one of the documented forms, its quotes taken away."""
    key, colon, values = text.partition(":")
    if not colon:
        return "", [text]
    return None if key == "*" else key, [None if value == "*" else value for value in values.split(",")]


def test_texts_are_compared_as_they_are_written(matches: Any) -> None:
    """In their case, and whole where a key is named."""
    assert not matches("Kind:stop", {"kind": "stop"})
    assert not matches("kind:sto", {"kind": "stop"})
    assert not matches("STOP", {"kind": "stop"})
    assert matches("sto", {"kind": "stop"})


def test_a_malformed_query_is_a_bad_request(matches: Any) -> None:
    """The text says which parameter it is."""
    with pytest.raises(BadRequest, match="query: "):
        matches("kind:", {})
