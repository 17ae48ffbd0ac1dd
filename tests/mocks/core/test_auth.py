"""Bearer tokens and scopes."""

import pytest
from robowire_mocks.core.auth import bearer_token, permits


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Bearer a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="),
        (None, None),
        ("", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("abc", None),
        ("Basic abc", None),
        ("Bearer a b", None),
        ("Bearer ä", None),
    ],
)
def test_a_token_is_prepended_with_bearer(header: str | None, token: str | None) -> None:
    """In any case, and nothing follows it."""
    assert bearer_token(header) == token


def test_one_scope_is_enough() -> None:
    """It is compared as it is written."""
    assert permits(["a", "b"], ["b", "c"])
    assert permits(["data.*"], ["data.*"])
    assert not permits(["data.*"], ["data.export"])
    assert not permits([], ["a"])
    assert not permits(["a"], [])
