"""Deviations of extensions (page "Extensions")."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    deletes_anything,
    listed_in_object,
    missing_members,
    other_status,
    wrong_members,
)
from robowire_mocks.foxglove import foxe
from robowire_mocks.foxglove.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.foxe import Package
    from robowire_mocks.foxglove.rows import Extension

JUNK = foxe.Package("nobody", "nothing", "0", "Nothing", None, hashlib.sha256(b"").hexdigest())
"""What a deviation takes a broken file for."""


def _lenient(applies: Callable[[bytes, str], bool]) -> Wrapper:
    """A wrapper of `package`: broken files of which `applies` is true are taken, whatever is in them."""

    def wrapper(honest: Wrapper, call: Call, raw: bytes) -> Package:
        try:
            package: Package = honest(call, raw)
        except BadRequest as refusal:
            if not applies(raw, str(refusal)):
                raise
            package = replace(JUNK, version=call.state.fresh_id("v"))
        return package

    return wrapper


def _lacks(name: str) -> Callable[[bytes, str], bool]:
    return lambda _, text: f": {name} is required" in text


def _shown(change: Callable[[Call, Extension, dict[str, Any]], dict[str, Any]]) -> Wrapper:
    """A wrapper of `extension`: what is shown otherwise."""

    def wrapper(honest: Wrapper, call: Call, extension: Extension) -> dict[str, Any]:
        shown = honest(call, extension)
        return {**shown, **change(call, extension, shown)}

    return wrapper


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def _with(name: str, change: Callable[[Any], Any]) -> Callable[[Call, Extension, dict[str, Any]], dict[str, Any]]:
    return lambda _, __, shown: {name: change(shown[name])}


other_status("EXTENSIONS-001", "publish_extension")
add(
    "EXTENSIONS-211",
    "publish-extension-no-content",
    "answer",
    "The answer to a publication is empty.",
    answered("publish_extension", lambda _: {}),
)
listed_in_object("EXTENSIONS-002", "list_extensions", "extensions")
other_status("EXTENSIONS-003", "delete_extension", 204)
add(
    "EXTENSIONS-003",
    "delete-extension-answers-another-id",
    "answer",
    "The answer to an extension's deletion has another id.",
    answered("delete_extension", lambda body: {"id": body["id"][::-1]}),
)
add(
    "EXTENSIONS-004",
    "delete-no-extension",
    "delete_extension",
    "The deletion of an unknown extension is a success.",
    deletes_anything(),
)
add("EXTENSIONS-101", "any-media-type", "media_type", "Any Content-Type will do.", constant(None))


def _zip_too(honest: Wrapper, call: Call) -> None:
    if call.headers.get("Content-Type") != "application/zip":
        honest(call)


add("EXTENSIONS-101", "zip-media-type", "media_type", "The Content-Type application/zip will do.", _zip_too)
add(
    "EXTENSIONS-102",
    "empty-package",
    "package",
    "An empty body is taken for a package.",
    _lenient(lambda raw, _: not raw),
)
add(
    "EXTENSIONS-103",
    "any-file",
    "package",
    "Any file is taken for a package.",
    _lenient(lambda raw, text: bool(raw) and "ZIP" in text),
)
add(
    "EXTENSIONS-104",
    "package-without-manifest",
    "package",
    "A package needs no package.json.",
    _lenient(lambda _, text: "files package.json" in text),
)
for _number, _name in (("105", "publisher"), ("106", "name"), ("107", "displayName")):
    add(
        f"EXTENSIONS-{_number}",
        f"package-without-{'display-name' if _name == 'displayName' else _name}",
        "package",
        f"A package needs no {_name}.",
        _lenient(_lacks(_name)),
    )
wrong_members(
    "EXTENSIONS",
    "extension",
    "an extension",
    {
        "201": ("id", 7),
        "202": ("name", None),
        "203": ("publisher", {"name": "robowire"}),
        "204": ("displayName", None),
        "205": ("description", 7),
        "206": ("activeVersion", 1.0),
        "207": ("sha256Sum", ["0"]),
    },
)
missing_members(
    "EXTENSIONS",
    "extension",
    "an extension",
    {
        "201": "id",
        "202": "name",
        "203": "publisher",
        "204": "displayName",
        "205": "description",
        "206": "activeVersion",
        "207": "sha256Sum",
    },
)
for _number, _operation in (("211", "publish_extension"), ("212", "delete_extension")):
    add(
        f"EXTENSIONS-{_number}",
        f"{_operation.replace('_', '-')}-id-number",
        "answer",
        f"The answer to {_operation.replace('_', ' ')} has a number for an id.",
        answered(_operation, lambda _: {"id": 7}),
    )


def _without_last(honest: Wrapper, call: Call) -> Any:
    return honest(call)[: max(2, len(call.state.extensions) - 1)]


add(
    "EXTENSIONS-301",
    "new-extension-unlisted",
    "list_extensions",
    "The extension that was published last is not in the list.",
    _without_last,
)
add(
    "EXTENSIONS-301",
    "extension-listed-under-other-id",
    "extension",
    "Extensions are listed under other ids than publications answer.",
    _shown(lambda _, extension, __: {"id": extension.id.replace("ext_", "x_")}),
)
for _number, _name, _slug, _summary, _change in (
    ("302", "name", "name-lower", "in lower case", str.lower),
    ("303", "publisher", "publisher-lower", "in lower case", str.lower),
    ("304", "displayName", "display-name-cut", "cut to ten characters", lambda text: text[:10]),
    (
        "305",
        "description",
        "description-ascii",
        "without letters that are not ASCII",
        lambda text: text and _ascii(text),
    ),
    ("306", "activeVersion", "version-prefixed", "with a v before it", lambda text: f"v{text}"),
):
    add(
        f"EXTENSIONS-{_number}",
        f"extension-{_slug}",
        "extension",
        f"The {_name} of an extension is shown {_summary}.",
        _shown(_with(_name, _change)),
    )


add(
    "EXTENSIONS-305",
    "extension-description-made-up",
    "extension",
    "An extension without a description is described by its displayName.",
    _shown(lambda _, __, shown: {"description": shown["description"] or shown["displayName"]}),
)
add(
    "EXTENSIONS-306",
    "extension-version-constant",
    "extension",
    "The activeVersion is always 1.0.",
    _shown(lambda _, __, ___: {"activeVersion": "1.0"}),
)
add(
    "EXTENSIONS-307",
    "extension-sum-of-nothing",
    "extension",
    "The sha256Sum is that of the version.",
    _shown(lambda _, __, shown: {"sha256Sum": hashlib.sha256(shown["activeVersion"].encode()).hexdigest()}),
)


def _md5(call: Call, _: Extension, shown: dict[str, Any]) -> dict[str, Any]:
    raw = call.state.packages.get(shown["sha256Sum"]) or b""
    return {"sha256Sum": hashlib.sha1(raw, usedforsecurity=False).hexdigest()}


add("EXTENSIONS-307", "extension-sum-sha1", "extension", "The sha256Sum is a SHA-1.", _shown(_md5))


def _still_there(honest: Wrapper, call: Call) -> Any:
    extension = call.state.extensions.get(call.path["id"])
    answer = honest(call)
    if extension is not None and len(extension.versions) > 1:
        first = next(iter(extension.versions))
        left = {first: extension.versions[first]}
        call.state.extensions.put(replace(extension, versions=left, active_version=first))
    return answer


add(
    "EXTENSIONS-315",
    "deleted-extension-first-version",
    "delete_extension",
    "A deletion leaves the first version of an extension that has several.",
    _still_there,
)
add(
    "EXTENSIONS-316",
    "sum-of-first-version",
    "extension",
    "The sha256Sum of an extension is that of its first version.",
    _shown(lambda _, extension, __: {"sha256Sum": next(iter(extension.versions.values()), None)}),
)
