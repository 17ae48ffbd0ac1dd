"""The OpenAPI document of the controls: what all mocks have, and what an API adds.

An API describes its own controls in `control.yaml` beside its mock; what that leaves out is described in general.
"""

from __future__ import annotations

import copy
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from robowire_mocks.core.mock import Mock

_OWN = {"tags": ["api"]}
_ANY = {"description": "What it gives.", "content": {"application/json": {"schema": {}}}}
_BAD = {"$ref": "#/components/responses/BadRequest"}
_FORBIDDEN = {"$ref": "#/components/responses/Forbidden"}


def document(mock: Mock[Any]) -> dict[str, Any]:
    """The document of the controls that `mock` has."""
    base, own = common(), _own(mock.api)
    paths = dict(base["paths"])
    for path, operations in [*_undescribed(mock, own), *own.get("paths", {}).items()]:
        paths[path] = {**paths.get(path, {}), **operations}
    components = dict(base["components"])
    for kind, entries in own.get("components", {}).items():
        components[kind] = {**components.get(kind, {}), **entries}
    return {**base, "paths": paths, "components": components}


@cache
def common() -> dict[str, Any]:
    """What all mocks have; the result is shared: do not change it."""
    return _read(files("robowire_mocks.core.control").joinpath("openapi.yaml"))


@cache
def _own(api: str) -> dict[str, Any]:
    place = files(f"robowire_mocks.{api}").joinpath("control.yaml")
    return _read(place) if place.is_file() else {}


def _read(place: Traversable) -> dict[str, Any]:
    import yaml  # for those who read the document alone

    text = place.read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe loaders
    return read


def _undescribed(mock: Mock[Any], own: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Operations for what the API adds and does not describe."""
    described = own.get("paths", {})
    for name in mock.readings:
        if "get" not in described.get(f"/{name}", {}):
            yield f"/{name}", {"get": _operation(f"read_{name}", f"Read {name}.")}
    for name in mock.actions:
        if "post" not in described.get(f"/{name}", {}):
            body = {"content": {"application/json": {"schema": {"type": "object"}}}}
            operation = _operation(f"do_{name}", f"Do {name}.")
            operation["responses"] |= {"400": _BAD, "403": _FORBIDDEN}
            yield f"/{name}", {"post": {**operation, "requestBody": body}}


def _operation(name: str, summary: str) -> dict[str, Any]:
    return copy.deepcopy({**_OWN, "operationId": name, "summary": summary, "responses": {"200": _ANY}})
