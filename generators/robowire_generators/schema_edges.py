"""Values on both sides of every edge of a JSON Schema: what a validator must tell apart.

Nothing here says which side a value is on; that is for the validators that are compared, or for the contract's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

JSON = Any

_ANY_TYPE: tuple[JSON, ...] = (None, True, False, 0, -1.5, 1e300, "", "word", [], {}, [[]], [{}], {"other": 1})
_CHARACTERS = ("é", " ", "$", ".", "\n", "\u0663", "\U0001f916", "G")  # \u0663 is a digit, though not of ASCII
_LENGTHS = (22, 23, 24, 25, 254, 255, 256, 257)
"""Around those that patterns of the documents demand."""

_FORMATS: Mapping[str, tuple[str, ...]] = {
    "email": ("a@example.com", "no address", "@example.com", "a@", "a@example.com\n"),
    "uri": ("https://example.com/", "no uri", "//example.com", "https://exa mple.com", "mailto:a@example.com"),
    "date-time": (
        "2016-06-15T03:50:00.000Z",
        "2016-06-15T03:50:00+02:00",
        "2016-06-15",
        "2016-06-15 03:50",
        "2016-13-15T03:50:00Z",
    ),
}


@dataclass(frozen=True, slots=True)
class Edge:
    """A value near one edge: where it differs from a plain one (names and indices), and what was done there."""

    path: tuple[str | int, ...]
    trial: str
    value: JSON


class Edges:
    """The edges of one schema document; `$ref`s are followed within it, `depth` times each on the way down."""

    def __init__(self, document: JSON, depth: int = 2) -> None:
        self._document = document
        self._depth = depth

    def __iter__(self) -> Iterator[Edge]:
        return self._probe(self._document, ())

    def sample(self, schema: JSON, seen: tuple[str, ...] = ()) -> JSON:
        """A plain value that is meant to be valid."""
        schema, seen = self._resolve(schema, seen)
        for key in ("oneOf", "anyOf", "allOf"):
            if key in schema:
                return self.sample(schema[key][0], seen)
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            properties = schema.get("properties", {})
            return {name: self.sample(properties.get(name, {}), seen) for name in schema.get("required", ())}
        if kind == "array":
            return []
        if kind == "string":
            return _text(schema)
        return {"number": 1.5, "integer": 1, "boolean": True, "null": None}.get(kind, "any")

    def _resolve(self, schema: JSON, seen: tuple[str, ...]) -> tuple[JSON, tuple[str, ...]]:
        while isinstance(schema, dict) and "$ref" in schema:
            reference = schema["$ref"]
            seen = (*seen, reference)
            schema = self._document
            for part in reference.removeprefix("#/").split("/"):
                schema = schema[part]
        return (schema if isinstance(schema, dict) else {}), seen

    def _probe(self, schema: JSON, path: tuple[str | int, ...], seen: tuple[str, ...] = ()) -> Iterator[Edge]:
        schema, seen = self._resolve(schema, seen)
        if seen and seen.count(seen[-1]) > self._depth:
            return
        yield from (Edge(path, "of any type", value) for value in _ANY_TYPE)
        yield from (Edge(path, "of the enumeration", value) for value in schema.get("enum", ()))
        for key in ("oneOf", "anyOf", "allOf"):
            for choice in schema.get(key, ()):
                yield from self._probe(choice, path, seen)
            yield from self._mixtures(schema.get(key, ()), path, seen)
        kinds = schema.get("type", ())
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if "string" in kinds:
            yield from _strings(schema, path)
        if "array" in kinds:
            yield from self._arrays(schema, path, seen)
        if "object" in kinds:
            yield from self._objects(schema, path, seen)

    def _arrays(self, schema: JSON, path: tuple[str | int, ...], seen: tuple[str, ...]) -> Iterator[Edge]:
        items = schema.get("items", {})
        plain = self.sample(items, seen)
        for count in sorted({1, schema.get("maxItems", 1), schema.get("maxItems", 300) + 1}):
            yield Edge(path, f"{count} items", [plain] * count)
        for edge in self._probe(items, (*path, 0), seen):
            yield Edge(edge.path, edge.trial, [edge.value])

    def _objects(self, schema: JSON, path: tuple[str | int, ...], seen: tuple[str, ...]) -> Iterator[Edge]:
        base = self.sample(schema, seen)
        for name in base:
            yield Edge((*path, name), "missing", {key: value for key, value in base.items() if key != name})
        yield Edge(path, "another member", base | {"other": 1})
        members = dict(schema.get("properties", {}))
        full = base | {name: self.sample(member, seen) for name, member in members.items()}
        yield Edge(path, "every member", full)
        yield Edge(path, "every member and another one", full | {"$other": 1})
        for one, two in combinations(members, 2):
            yield Edge(path, f"{one} and {two}", base | {one: full[one], two: full[two]})
        for pattern, member in schema.get("patternProperties", {}).items():
            for edge in _strings({"pattern": pattern}, path):
                yield Edge(path, "a member's name", base | {edge.value: self.sample(member, seen)})
            members[_text({"pattern": pattern})] = member
        for name, member in members.items():
            for edge in self._probe(member, (*path, name), seen):
                yield Edge(edge.path, edge.trial, base | {name: edge.value})

    def _mixtures(self, choices: list[JSON], path: tuple[str | int, ...], seen: tuple[str, ...]) -> Iterator[Edge]:
        """Objects that would be two of the choices at once."""
        full = [self._full(choice, seen) for choice in choices]
        for one, two in combinations([members for members in full if members], 2):
            yield Edge(path, "two choices at once", one | two)

    def _full(self, schema: JSON, seen: tuple[str, ...]) -> dict[str, JSON]:
        schema, seen = self._resolve(schema, seen)
        named = schema.get("properties", {}) | {
            _text({"pattern": pattern}): member for pattern, member in schema.get("patternProperties", {}).items()
        }
        return {name: self.sample(member, seen) for name, member in named.items()}


def _text(schema: JSON) -> str:
    """A string that fits the schema's format, pattern or length."""
    if "format" in schema and schema["format"] in _FORMATS:
        return _FORMATS[schema["format"]][0]
    if "{24}" in schema.get("pattern", ""):
        return "575ecf887ae143cd83dc4aa2"
    return "a"


def _strings(schema: JSON, path: tuple[str | int, ...]) -> Iterator[Edge]:
    lengths = {0, 1, *_LENGTHS}
    for key in ("minLength", "maxLength"):
        if key in schema:
            lengths |= {max(0, schema[key] + step) for step in (-1, 0, 1)}
    for length in sorted(lengths):
        yield Edge(path, f"{length} characters", "a" * length)
    plain = _text(schema)
    for character in _CHARACTERS:
        yield Edge(path, f"{character!r} at the end", plain + character)
        yield Edge(path, f"{character!r} at the start", character + plain)
        yield Edge(path, f"{character!r} within", plain[:-1] + character)
    yield Edge(path, "in capitals", plain.upper())
    yield Edge(path, "with a hyphen and an underscore", f"{plain}-_")
    for text in _FORMATS.get(schema.get("format", ""), ()):
        yield Edge(path, "of a format or near it", text)
    if "maxLength" in schema and schema.get("format") == "uri":
        for length in (schema["maxLength"], schema["maxLength"] + 1):
            yield Edge(path, f"a URI of {length} characters", plain + "a" * (length - len(plain)))
