"""The operations of the Foxglove API as the contract and the catalogue have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from robowire_fixtures.catalogue import Requirement, load_catalogue
from robowire_fixtures.contract import load_contract

API = "foxglove"

_METHODS = ("get", "post", "patch", "delete", "put")
_GENERAL = ("AUTH", "PAGING", "TIME", "RATE", "ERROR")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, by the name that the catalogue gives it, like `GET /devices/{nameOrId}`.

    `works` is the requirement that it answers as documented, on which nearly all checks of it depend; `component` is
    the schema of its answer, or of one item of it where `listed`. It `redirects` where its success is a 302.
    """

    name: str
    works: str
    component: str
    listed: bool
    redirects: bool = False

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.name.partition(" ")[0]

    @property
    def creates(self) -> bool:
        """Whether a successful call leaves something behind that has an id."""
        return self.name in CREATIONS

    def path(self, *ids: str) -> str:
        """Its path with ids and names, percent-encoded, in place."""
        parts = self.name.partition(" ")[2].split("/")
        values = iter(ids)
        return "/".join(next(values) if part.startswith("{") else part for part in parts)


CREATIONS: Mapping[str, str] = {
    "POST /devices": "DELETE /devices/{nameOrId}",
    "POST /custom-properties": "DELETE /custom-properties/{id}",
    "POST /device-tokens": "DELETE /device-tokens/{id}",
    "POST /events": "DELETE /events/{id}",
    "POST /sites": "DELETE /sites/{id}",
    "POST /site-tokens": "DELETE /site-tokens/{id}",
    "POST /extension-upload": "DELETE /extensions/{id}",
}
"""The operations that create something, and the one that removes it; three of these are published elsewhere only."""

ELSEWHERE = frozenset({"DELETE /custom-properties/{id}", "DELETE /device-tokens/{id}", "DELETE /site-tokens/{id}"})
"""The operations that the saved reference does not have; the suite asks for them to tidy up, and judges nothing."""


@cache
def operation(name: str) -> Operation:
    """An operation of the contract.

    Raises:
        KeyError: The contract has none of that name.
    """
    if name in ELSEWHERE:
        return Operation(name, "", "", listed=False)
    method, _, path = name.partition(" ")
    described = load_contract(API)["paths"][path][method.lower()]
    component, listed = _answer(described)
    return Operation(name, _works(name), component, listed, redirects="302" in described["responses"])


@cache
def operations() -> tuple[Operation, ...]:
    """All operations of the contract, in its order."""
    paths = load_contract(API)["paths"]
    return tuple(
        operation(f"{method.upper()} {path}") for path, entry in paths.items() for method in _METHODS if method in entry
    )


def _answer(described: Mapping[str, Any]) -> tuple[str, bool]:
    """The component of an answer, or of its items, and whether it is a list."""
    content = described["responses"].get("200", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = _named(schema)
    whole = load_contract(API)["components"]["schemas"].get(name, schema)
    return (_named(whole["items"]), True) if whole.get("type") == "array" else (name, False)


def _named(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def page(requirement: Requirement) -> str:
    """The page in a requirement's id."""
    return requirement.id.split("-")[1]


def number(requirement: Requirement) -> int:
    """The number in a requirement's id."""
    return int(requirement.id.rpartition("-")[2])


def _works(name: str) -> str:
    """The first requirement of the page of an operation that is of its method, path and answer."""
    return next(
        one.id
        for one in load_catalogue(API)
        if one.operation == name and page(one) not in _GENERAL and number(one) < 100
    )
