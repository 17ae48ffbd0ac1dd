"""Compare a JSON value with a schema of the contract, and say which requirement each difference breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import jsonschema_rs
from robowire_fixtures.contract import load_contract

from robowire_conformance.evidence import JSON, Exchange
from robowire_conformance.verdict import Violation, Violations

_ATTRIBUTE = "x-requirement"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between a value and the contract, and the requirement that it breaks."""

    requirement: str
    message: str
    expected: JSON
    actual: JSON

    def violation(self, exchange: Exchange | None = None) -> Violation:
        """The finding as something to raise."""
        return Violation(
            self.message,
            expected=self.expected,
            actual=self.actual,
            exchange=exchange,
            requirement=self.requirement,
        )


@cache
def _root(api: str, component: str) -> dict[str, Any]:
    components = load_contract(api)["components"]
    if component not in components["schemas"]:
        raise KeyError(f"the contract of {api} has no schema {component!r}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{component}",
        "components": components,
    }


@cache
def _validator(api: str, component: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_root(api, component), validate_formats=True)


def findings(api: str, component: str, instance: JSON) -> list[Finding]:
    """The differences between `instance` and a schema under `components/schemas`, in the validator's order.

    Each belongs to the nearest `x-requirement` at or above the schema that it breaks; a member that is missing
    belongs to the member's own.

    Raises:
        KeyError: The contract has no such schema.
    """
    root = _root(api, component)
    return [_finding(root, component, error) for error in _validator(api, component).iter_errors(instance)]


def raise_all(found: Sequence[Finding], exchange: Exchange | None = None) -> None:
    """Raise the first finding of each requirement, if there is any.

    Raises:
        Violations: There is a finding.
    """
    first: dict[str, Finding] = {}
    for finding in found:
        first.setdefault(finding.requirement, finding)
    if first:
        raise Violations("the answer differs from the contract", [item.violation(exchange) for item in first.values()])


def _finding(root: dict[str, Any], component: str, error: jsonschema_rs.ValidationError) -> Finding:
    path = error.evaluation_path  # through references: what refers to a schema may say more than the schema
    schema: JSON = root
    requirement = ""
    for part in path[:-1]:
        schema = _referred(root, schema["$ref"]) if part == "$ref" else schema[part]
        if isinstance(schema, dict):
            requirement = schema.get(_ATTRIBUTE, requirement)
    where = _where(component, error.instance_path)
    if error.kind.name == "required":
        member = error.kind.as_dict()["property"]
        own = schema.get("properties", {}).get(member, {})
        own_requirement = own.get(_ATTRIBUTE, requirement)
        return Finding(
            own_requirement,
            f"{where} has no {member}",
            f"a member {member!r}",
            list(cast("dict[str, JSON]", error.instance)),
        )
    return Finding(requirement, f"{where}: {error.message}", _rule(str(path[-1]), schema), error.instance)


def _referred(root: dict[str, Any], reference: str) -> JSON:
    found: JSON = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _rule(keyword: str, schema: JSON) -> JSON:
    return {keyword: schema[keyword]} if isinstance(schema, dict) and keyword in schema else schema


def _where(component: str, path: Sequence[str | int]) -> str:
    return component + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
