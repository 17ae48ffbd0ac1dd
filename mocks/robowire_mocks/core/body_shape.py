"""What members a JSON body may have by its schema, and those within them; whatever else it has is strange."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TOGETHER = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True)
class Strange:
    """A member that a schema does not have: `place` is where it was found, empty at the top; `known` were possible."""

    name: str
    place: str
    known: frozenset[str]


class BodyShape:
    """What a value may be by any of some schemas of a contract."""

    def __init__(self, contract: Mapping[str, Any], schemas: Iterable[Mapping[str, Any]]) -> None:
        self._contract = contract
        self._parts = [part for schema in schemas for part in _parts(contract, schema)]

    @cached_property
    def known(self) -> frozenset[str] | None:
        """The members that it may have; None if any name will do."""
        names = frozenset(name for part in self._parts for name in part.get("properties", ()))
        return None if not names or any(map(_is_open, self._parts)) else names

    def strange(self, body: Any) -> list[Strange]:
        """The members of a body that it cannot have, each once, those at the top first."""
        found: dict[Strange, None] = {}
        waiting = [(self, body, "")]
        for shape, value, place in waiting:  # which grows on the way: a body may be deeper than Python's stack
            if isinstance(value, list):
                waiting += [(shape.items, one, place) for one in value]
            elif isinstance(value, dict):
                for name, inner in value.items():
                    if shape.known is not None and name not in shape.known:
                        found[Strange(name, place, shape.known)] = None
                    waiting.append((shape.member(name), inner, f"{place}.{name}" if place else name))
        return list(found)

    @cached_property
    def items(self) -> BodyShape:
        """What each item may be, if it is a list."""
        return BodyShape(self._contract, (part["items"] for part in self._parts if "items" in part))

    def member(self, name: str) -> BodyShape:
        """What the member of this name may be, if it is an object."""
        properties = (part.get("properties", {}) for part in self._parts)
        return BodyShape(self._contract, (one[name] for one in properties if name in one))


def resolved(contract: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a node of a contract is, wherever it says that to be found."""
    while "$ref" in node:
        target: Any = contract
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _parts(contract: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema, and those that it is put together of."""
    whole = resolved(contract, schema)
    yield whole
    for word in _TOGETHER:
        for part in whole.get(word, ()):
            yield from _parts(contract, part)


def _is_open(part: Mapping[str, Any]) -> bool:
    """Whether it lets an object have members of any name: as it says, or by naming none at all."""
    bare = part.get("type") == "object" and not part.keys() & {"properties", *_TOGETHER}
    return "patternProperties" in part or part.get("additionalProperties", bare) is not False
