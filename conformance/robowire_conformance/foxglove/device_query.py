"""Section "Filtering by custom properties", as a reference evaluator of the query language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "properties."


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One part of a query: a key with the values that it may have (`*` for any), or, without a key, bare text."""

    key: str
    values: tuple[str, ...]

    def matches(self, properties: Mapping[str, Any]) -> bool:
        """Whether a device with these properties is one of those that the qualifier asks for."""
        if not self.key:
            return any(self.values[0] in text for pair in properties.items() for text in (pair[0], written(pair[1])))
        if self.key not in properties:
            return False
        return "*" in self.values or written(properties[self.key]) in self.values

    def __str__(self) -> str:
        return f"{PREFIX}{self.key}:{','.join(self.values)}" if self.key else self.values[0]


@dataclass(frozen=True, slots=True)
class Query:
    """Qualifiers, all of which have to match."""

    qualifiers: tuple[Qualifier, ...]

    def matches(self, properties: Mapping[str, Any]) -> bool:
        """Whether a device with these properties is in the answer."""
        return all(qualifier.matches(properties) for qualifier in self.qualifiers)

    def __str__(self) -> str:
        return " ".join(str(qualifier) for qualifier in self.qualifiers)


def parse(text: str) -> Query:
    """A query of the plain form, without quotes, that the section describes.

    Raises:
        ValueError: A key lacks its prefix, or a qualifier its key or its values.
    """
    return Query(tuple(_qualifier(part) for part in text.split()))


def _qualifier(text: str) -> Qualifier:
    key, colon, values = text.partition(":")
    if not colon:
        return Qualifier("", (text,))
    if not key.startswith(PREFIX) or key == PREFIX or not all(values.split(",")):
        raise ValueError(f"{text} is no qualifier")
    return Qualifier(key.removeprefix(PREFIX), tuple(values.split(",")))


def written(value: Any) -> str:  # a property's value
    """A property's value as text, as queries have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
