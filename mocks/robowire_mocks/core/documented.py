"""What an API's document has: the operation that a call is, and for a call that it does not have, the nearest one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from robowire_fixtures.contract import load_contract

from robowire_mocks.core.body_shape import BodyShape, resolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NEAR = 0.6  # how alike two words or paths are that one may be meant for the other; from 0 to 1


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document: `path` is below host and port, with parameters in braces.

    `parameters` are those of the query, `body` is what a JSON body may be; None where there is none. `summary` is a
    short sentence.
    """

    name: str
    method: str
    path: str
    parameters: frozenset[str]
    body: BodyShape | None
    summary: str = ""

    @property
    def segments(self) -> list[str]:
        """The parts of the path."""
        return self.path.strip("/").split("/")


class Documented:
    """The operations of an API's contract; it is read when it is first looked at, and not before."""

    def __init__(self, api: str) -> None:
        self._api = api

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """By their names."""
        return {operation.name: operation for operation in _operations(self._api)}

    @cached_property
    def _added(self) -> frozenset[str]:
        """Parameters of the query that the vendor's own clients add to every call."""
        return frozenset(load_contract(self._api).get("x-clients-add", ()))

    @cached_property
    def _by_length(self) -> dict[int, list[tuple[list[str], Operation]]]:
        """The operations and the parts of their paths, by how many those are."""
        found: dict[int, list[tuple[list[str], Operation]]] = {}
        for one in self.operations.values():
            found.setdefault(len(one.segments), []).append((one.segments, one))
        return found

    def operation_of(self, method: str, path: str) -> str | None:
        """The name of the operation that a call is; None if the document has none.

        `path` is below host and port, and percent-encoded, as a value may have slashes in it. HEAD counts as GET.
        """
        wanted = "GET" if method == "HEAD" else method
        return next((one.name for one in self._at(path) if one.method == wanted), None)

    def has_path(self, template: str) -> bool:
        """Whether the document has this path, whatever its parameters are called; Flask's rules will do too."""
        return any(_nameless(one.path) == _nameless(template) for one in self.operations.values())

    def check(self, operation: str) -> None:
        """Nothing, if there is such an operation.

        Raises:
            ValueError: There is none; the text names the nearest.
        """
        if operation not in self.operations:
            raise ValueError(f"no operation is called {operation!r}{_meant(operation, self.operations)}")

    def unknown_place(self, method: str, path: str) -> str:
        """What a path or its method is not, and the nearest that the document has; empty if the document has it."""
        here = list(self._at(path))
        methods = sorted({one.method for one in here})
        if not here:
            return f"the document has no path {unquote(path)}{self._nearest_path(path)}"
        if ("GET" if method == "HEAD" else method) in methods:
            return ""
        return f"the document has no {method} of {here[0].path}; it has {', '.join(methods)}"

    def unknown_parameters(self, operation: str, names: Iterable[str]) -> str:
        """The parameters in the query that the operation does not have, with the nearest of each; empty if none."""
        known = self.operations[operation].parameters
        strange = dict.fromkeys(name for name in names if name not in known and name not in self._added)
        return "; ".join(f"{operation} has no parameter {name!r}{_meant(name, known)}" for name in strange)

    def unknown_members(self, operation: str, body: Any) -> str:
        """The same of the members of a JSON body, and of the objects within it."""
        shape = self.operations[operation].body
        return "; ".join(
            f"{operation} has no member {one.name!r}{f' in {one.place!r}' if one.place else ''}"
            f"{_meant(one.name, one.known)}"
            for one in (shape.strange(body) if shape is not None and isinstance(body, dict) else ())
            if one.name not in self._added
        )

    def _at(self, path: str) -> Iterator[Operation]:
        given, open_ended = [unquote(part) for part in path.strip("/").split("/")], path.endswith("/")
        alike = self._by_length.get(len(given), ())
        return (one for segments, one in alike if _fit(segments, given) and (not open_ended or one.path.endswith("/")))

    def _nearest_path(self, path: str) -> str:
        """The template that is most like `path` when its parameters are filled with the path's own values."""
        given = unquote(path).strip("/")
        paths = dict.fromkeys(one.path for one in self.operations.values())
        alike = {one: SequenceMatcher(None, given, _filled(one, given)).ratio() for one in paths}
        best = max(alike, key=alike.__getitem__, default="")
        return f"; the nearest is {best}" if best and alike[best] >= _NEAR else ""


@cache
def documented(api: str) -> Documented:
    """What the document of `api` has, the same for all that ask: it is read once."""
    return Documented(api)


def _fit(segments: list[str], given: list[str]) -> bool:
    """Whether a path is the one that a template describes: a parameter is anything but nothing."""
    return all(
        mine == theirs or (mine[:1] == "{" and theirs != "") for mine, theirs in zip(segments, given, strict=True)
    )


def _filled(template: str, given: str) -> str:
    segments = given.split("/")
    parts = enumerate(template.strip("/").split("/"))
    return "/".join(
        segments[index] if part.startswith("{") and index < len(segments) else part for index, part in parts
    )


def _nameless(template: str) -> str:
    return re.sub(r"{[^}]*}|<[^>]*>", "{}", template).rstrip("/")


def _meant(name: str, known: Iterable[str]) -> str:
    """The known name that is most like `name`, however they are written; else all of them."""
    plain = {re.sub(r"[\W_]", "", one).lower(): one for one in sorted(known)}
    near = get_close_matches(re.sub(r"[\W_]", "", name).lower(), plain, 1, _NEAR)
    if near:
        return f"; the nearest is {plain[near[0]]!r}"
    return f"; it has {', '.join(sorted(known))}" if plain else ""


@cache
def _operations(api: str) -> tuple[Operation, ...]:
    contract = load_contract(api)
    base = urlsplit(contract["servers"][0]["url"]).path
    return tuple(
        Operation(
            item[method]["operationId"],
            method.upper(),
            base + path,
            frozenset(_parameters(contract, [*item.get("parameters", []), *item[method].get("parameters", [])])),
            _body(contract, item[method]),
            item[method].get("summary", ""),
        )
        for path, item in contract["paths"].items()
        for method in _METHODS
        if method in item
    )


def _parameters(contract: dict[str, Any], parameters: list[dict[str, Any]]) -> Iterator[str]:
    for parameter in parameters:
        whole = resolved(contract, parameter)
        if whole["in"] == "query":
            yield whole["name"]


def _body(contract: dict[str, Any], operation: dict[str, Any]) -> BodyShape | None:
    body = resolved(contract, operation.get("requestBody", {}))
    schema = body.get("content", {}).get("application/json", {}).get("schema")
    return None if schema is None else BodyShape(contract, [schema])
