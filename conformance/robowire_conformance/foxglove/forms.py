"""The form of answers: what the contract's schemas say of every success, and what every client error shares."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from robowire_fixtures.contract import load_contract

from robowire_conformance import shape
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.instants import is_zulu, nanoseconds
from robowire_conformance.foxglove.operations import API
from robowire_conformance.gathering import Fault, Judgement

ZULU = "FOXGLOVE-TIME-001"
ERROR = "FOXGLOVE-ERROR-001"
MEDIA_TYPE = "FOXGLOVE-ERROR-005"

MakeFault = Callable[[str, object, object], Fault]

Schema = Mapping[str, Any]


def judge_form(component: str, item: JSON, judgement: Judgement, fault: MakeFault) -> None:
    """Judge an answer, or an item of one, by its schema, and note which members were seen as they have to be."""
    found = shape.findings(API, component, item)
    for finding in found:
        judgement.fault(finding.requirement, fault(finding.message, finding.expected, finding.actual))
    broken = {finding.requirement for finding in found}
    for schema, value in _seen(_schema(component), item):
        requirement = schema.get("x-requirement", "")
        if requirement and requirement not in broken:
            judgement.saw(requirement)
        if _is_moment(schema) and nanoseconds(value) is not None:
            _judge_moment(value, judgement, fault)


def judge_error(body: JSON, judgement: Judgement, fault: MakeFault) -> None:
    """Judge the body of a client error."""
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        judgement.saw(ERROR)
    else:
        judgement.fault(ERROR, fault("A client error tells no error", 'a JSON object {"error": "text"}', body))


def judge_media_type(value: str | None, judgement: Judgement, fault: MakeFault) -> None:
    """Judge the Content-Type of a success, whatever its parameters."""
    if value is not None and value.partition(";")[0].strip().lower() == "application/json":
        judgement.saw(MEDIA_TYPE)
    else:
        judgement.fault(
            MEDIA_TYPE, fault("A success is not of the media type application/json", "application/json", value)
        )


def _judge_moment(value: JSON, judgement: Judgement, fault: MakeFault) -> None:
    if is_zulu(value):
        judgement.saw(ZULU)
    else:
        judgement.fault(ZULU, fault("A time is not answered in Zulu form", "a date-time that ends in Z", value))


def members(component: str) -> Iterator[str]:
    """The requirements of a schema's members, those of the schemas that it refers to among them."""
    yield from dict.fromkeys(_members(_schema(component)))


def _members(schema: Schema) -> Iterator[str]:
    if "$ref" in schema:
        yield from _members(_schema(schema["$ref"].rpartition("/")[2]))
    for part in (*schema.get("allOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from _members(part)
    for member in schema.get("properties", {}).values():
        if "x-requirement" in member:
            yield member["x-requirement"]
        yield from _members(member)


@cache
def _schema(component: str) -> Schema:
    """A schema of the contract, also through references to others."""
    schema: Schema = load_contract(API)["components"]["schemas"][component]
    return schema


def _seen(schema: Schema, value: JSON) -> Iterator[tuple[Schema, JSON]]:
    """The schemas of members that are there and not null, with their values, at any depth."""
    if "$ref" in schema:
        yield from _seen(_schema(schema["$ref"].rpartition("/")[2]), value)
    if isinstance(value, list) and "items" in schema:
        for element in value:
            yield from _seen(schema["items"], element)
    if not isinstance(value, dict):
        return
    for part in schema.get("allOf", ()):
        yield from _seen(part, value)
    for name, member in schema.get("properties", {}).items():
        if value.get(name) is not None:
            yield member, value[name]
            yield from _seen(member, value[name])


def _is_moment(schema: Schema) -> bool:
    if "$ref" in schema:
        return _is_moment(_schema(schema["$ref"].rpartition("/")[2]))
    branches = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
    return schema.get("format") == "date-time" or any(_is_moment(one) for one in branches)
