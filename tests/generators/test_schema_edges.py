"""The edges of a schema are all there: whichever constraint is taken away, some value of them shows it."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest
from robowire_fixtures.contract import load_contract, load_schema
from robowire_generators.schema_edges import Edges

CONSTRAINTS = {
    "type",
    "enum",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "maxItems",
    "minProperties",
    "maxProperties",
    "required",
    "additionalProperties",
    "oneOf",
}
SCHEMAS = sorted(load_contract("losant")["components"]["schemas"])


def constraints(schema: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a schema has constraints, not following references; a type beside an enumeration adds nothing to it."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in CONSTRAINTS and "properties" not in path[-1:] and not (key == "type" and "enum" in schema):
                yield (*path, key)
            if key not in {"enum", "required"}:
                yield from constraints(value, (*path, key))
    elif isinstance(schema, list):
        for place, value in enumerate(schema):
            yield from constraints(value, (*path, place))


def without(schema: Any, path: tuple[str | int, ...]) -> Any:
    """The schema without one constraint."""
    changed = deepcopy(schema)
    node = changed
    for part in path[:-1]:
        node = node[part]
    del node[path[-1]]
    return changed


def alone(component: str) -> dict[str, Any]:
    """A schema of the contract, itself at the top of the document."""
    definitions: dict[str, Any] = load_schema("losant", component)["definitions"]
    schema: dict[str, Any] = definitions[component]
    return schema | {"definitions": definitions}


def verdicts(schema: Any, values: list[Any]) -> list[bool]:
    """Which of the values a schema accepts, first if formats are not looked at, then if they are."""
    validators = [jsonschema_rs.Draft7Validator(schema, validate_formats=formats) for formats in (False, True)]
    return [validator.is_valid(value) for validator in validators for value in values]


@pytest.mark.parametrize("component", SCHEMAS)
def test_every_constraint_has_its_edge(component: str) -> None:
    """Without any one of its constraints, a schema judges some of its edges otherwise."""
    schema = alone(component)
    own = load_schema("losant", component)["definitions"][component]
    values = [edge.value for edge in Edges(schema, depth=0)]
    plain = verdicts(schema, values)
    unseen = [path for path in constraints(own) if verdicts(without(schema, path), values) == plain]
    assert unseen == []
    assert True in plain
    assert False in plain
