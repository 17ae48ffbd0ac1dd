"""The controls' own OpenAPI document is valid, has the routes that there are, and tells their answers."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from robowire_fixtures.catalogue import APIS
from robowire_mocks.core.control import PATH, application
from robowire_mocks.core.control.document import common, document
from robowire_mocks.core.control.watching import FILTER
from robowire_mocks.core.fault import Fault, Kind
from robowire_mocks.core.mock import Mock

Make = Callable[..., Mock[Any]]


def operations(paths: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and content of every operation."""
    for path, item in paths.items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


@pytest.mark.parametrize("api", APIS)
def test_it_is_openapi_3_1(api: str, make: Make) -> None:
    """A validator of OpenAPI says so, and each schema in it is a JSON Schema; it is served as it is."""
    mock = make(api)
    served = mock.app.test_client().get(f"{PATH}/openapi.json").get_json()
    assert served == json.loads(json.dumps(document(mock)))
    OpenAPIV31SpecValidator(served).validate()
    for schema in served["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"})


def test_it_has_the_routes_that_there_are() -> None:
    """No route without an operation, no operation without a route; ids are those of the routes."""
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PATH)) or "/", rule.endpoint)
        for rule in application().url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.endswith("More")
    }
    assert routes == {(method, path, one["operationId"]) for method, path, one in operations(common()["paths"])}


@pytest.mark.parametrize("api", APIS)
def test_it_tells_what_an_api_adds(api: str, make: Make) -> None:
    """Each reading and action has an operation that was written for it, with the schema of its answer."""
    mock = make(api)
    own = {(method, path): one for method, path, one in operations(document(mock)["paths"]) if one["tags"] == ["api"]}
    added = {("GET", f"/{name}") for name in mock.readings} | {("POST", f"/{name}") for name in mock.actions}
    assert own.keys() == added
    assert not [place for place, one in own.items() if one["operationId"].startswith(("read_", "do_"))]


def test_what_an_api_does_not_describe_is_described_in_general(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A further API has a valid document without writing one."""
    mock = make("bags")
    monkeypatch.setattr(type(mock), "readings", {"battery": lambda: 0.5})
    monkeypatch.setattr(type(mock), "actions", {"charge": lambda _: None})
    whole = document(mock)
    OpenAPIV31SpecValidator(whole).validate()
    assert whole["paths"]["/battery"]["get"]["operationId"] == "read_battery"
    assert whole["paths"]["/charge"]["post"]["responses"].keys() == {"200", "400", "403"}


@pytest.mark.parametrize("api", APIS)
def test_examples_fit_their_schemas(api: str, make: Make) -> None:
    """Each example of what to send is as the schema beside it says."""
    whole = document(make(api))
    for _, path, operation in operations(whole["paths"]):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            validator = jsonschema_rs.Draft202012Validator({**content["schema"], "components": whole["components"]})
            for name, example in content.get("examples", {}).items():
                assert validator.is_valid(example["value"]), (path, name)


def test_every_operation_that_changes_something_may_be_forbidden() -> None:
    """403 is documented wherever a page of another site could try."""
    assert [
        path for method, path, one in operations(common()["paths"]) if (method != "GET") != ("403" in one["responses"])
    ] == []


def test_it_tells_every_parameter_of_faults_and_entries() -> None:
    """Those of the classes that they are, with the same defaults."""
    schemas = common()["components"]["schemas"]
    fault = schemas["Fault"]["properties"]
    assert fault.keys() == {field.name for field in fields(Fault)}
    assert fault["kind"]["enum"] == list(Kind)
    for field in fields(Fault):
        if "default" in fault[field.name]:
            assert fault[field.name]["default"] == field.default, field.name
    assert list(FILTER) == list(schemas["Call"]["properties"])


def test_methods_are_those_of_the_document(make: Make) -> None:
    """What is asked by another is 405, with those that there are."""
    client = make("foxglove").app.test_client()
    for path, item in common()["paths"].items():
        place = PATH + re.sub(r"{\w+}", "1", path)
        allowed = {method.upper() for method in item if method != "parameters"}
        answer = client.options(place)
        told = {method.strip() for method in answer.headers["Allow"].split(",")} - {"HEAD", "OPTIONS"}
        if path.endswith("/restore"):  # a snapshot's name may end so too
            allowed |= {"PUT", "DELETE"}
        assert told == allowed, path
        assert client.patch(place).status_code == 405
