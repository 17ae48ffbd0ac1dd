"""The controls' document, and a mock of each API."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import jsonschema_rs
import pytest
from robowire_mocks import create_mock
from robowire_mocks.core.control.document import document
from robowire_mocks.core.mock import Mock

Judge = Callable[[Any, dict[str, Any]], None]


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Iterator[Callable[..., Mock[Any]]]:
    """Makes mocks of any API."""
    del request
    with ExitStack() as stack:
        yield lambda api, **settings: stack.enter_context(create_mock(api, **settings))


@pytest.fixture
def foxglove(make: Callable[..., Mock[Any]]) -> Mock[Any]:
    """A Foxglove mock with the default world."""
    return make("foxglove")


@pytest.fixture(scope="session")
def fits() -> Judge:
    """Tells whether a value is as a schema of the document of the mock of an API says."""

    def judge(value: Any, schema: dict[str, Any], mock: Mock[Any] | None = None) -> None:
        components = document(mock)["components"] if mock else {}
        validator = jsonschema_rs.Draft202012Validator({**schema, "components": components})
        errors = [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)]
        assert errors == []

    return judge
