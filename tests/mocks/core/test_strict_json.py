"""JSON is strict, and the same whether made whole or in pieces."""

import json
import math
from typing import Any, NoReturn

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robowire_mocks.core.strict_json import blocks, dumps, pieces

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def strict(text: bytes) -> Any:  # whatever JSON holds
    """Parse as a strict reader does: UTF-8, and no words that JSON does not have."""

    def refuse(word: str) -> NoReturn:
        raise AssertionError(word)

    return json.loads(text.decode(), parse_constant=refuse)


def test_what_json_cannot_say_is_null() -> None:
    """NaN and infinities become null, in numpy's arrays too."""
    value = {"a": [math.nan, math.inf, -math.inf], "b": np.array([1.5, math.nan])}
    assert strict(dumps(value)) == {"a": [None, None, None], "b": [1.5, None]}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_pieces_make_the_same_text(value: Any) -> None:
    """A value in pieces is the value whole."""
    assert b"".join(pieces(value)) == dumps(value)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(JSON, max_size=5), st.dictionaries(st.text(), JSON, max_size=3))
def test_an_iterator_is_an_array(items: list[Any], members: dict[str, Any]) -> None:
    """A member that is an iterator is written as the list of its items."""
    members["items"] = items
    assert strict(b"".join(pieces({**members, "items": iter(items)}))) == strict(dumps(members))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=9)), st.integers(1, 20))
def test_blocks_join_pieces(texts: list[bytes], size: int) -> None:
    """Blocks hold the same bytes, each but the last at least as many as asked for."""
    made = list(blocks(iter(texts), size))
    assert b"".join(made) == b"".join(texts)
    assert all(len(block) >= size for block in made[:-1])
